// Times as people read them, in the language of the window.
import { language } from "./i18n.svelte";

const DAY = 86_400_000;

/** `0:04`, `12:07`, `1:02:09`: how long something has lasted. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const rest = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** `11:30`. */
export function formatClock(at: number): string {
  return new Intl.DateTimeFormat(language.current, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** `11:30` for today, with the day in front for any other. */
export function formatMoment(at: number, now: number): string {
  const days = dayNumber(at) - dayNumber(now);
  if (days === 0) return formatClock(at);
  if (days === -1 || days === 1) return `${nameDay(days)} ${formatClock(at)}`;
  const day = new Intl.DateTimeFormat(language.current, { day: "numeric", month: "short" }).format(at);
  return `${day}, ${formatClock(at)}`;
}

/** `today 16:20`, `yesterday 16:20`, `3 days ago`, `12 Mar 2026`: when something was. */
export function formatAgo(at: number, now: number): string {
  const days = dayNumber(at) - dayNumber(now);
  if (days >= -1) return `${nameDay(days)} ${formatClock(at)}`;
  if (days > -14) return nameDay(days);
  return formatDate(at);
}

/** `12 Mar 2026`. */
export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(language.current, { dateStyle: "medium" }).format(at);
}

/** `850 ms`, `3.4 s`, `2 min 10 s`: how long a piece of work took. */
export function formatDuration(milliseconds: number): string {
  const unit = (value: number, name: string, digits = 0): string =>
    new Intl.NumberFormat(language.current, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits }).format(value);
  if (milliseconds < 1) return unit(milliseconds, "millisecond", 2);
  if (milliseconds < 1000) return unit(milliseconds, "millisecond");
  if (milliseconds < 60_000) return unit(milliseconds / 1000, "second", 1);
  const seconds = Math.round(milliseconds / 1000);
  return `${unit(Math.floor(seconds / 60), "minute")} ${unit(seconds % 60, "second")}`;
}

function nameDay(days: number): string {
  return new Intl.RelativeTimeFormat(language.current, { numeric: "auto" }).format(days, "day");
}

function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}
