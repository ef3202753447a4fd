// What the form refuses by itself, at the field, before anything is sent. The application checks again.
import type { Settings } from "../../ipc/bindings/Settings";
import type { Key } from "../../shared/i18n.svelte";

/** Field names as the application says them, such as `integrations.0.refresh_minutes`. */
export type Problems = Readonly<Record<string, Key>>;

function inRange(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

/** A name or an address with nothing behind it; unsecured on this PC only. */
function isServer(host: string): boolean {
  return /^(https:\/\/)?[^\s/@?#:]+(:\d{1,5})?\/?$/.test(host) || /^http:\/\/(127\.\d+\.\d+\.\d+|\[::1\])(:\d{1,5})?\/?$/.test(host);
}

/** Every field that cannot be saved, with its sentence. */
export function findProblems(settings: Settings): Problems {
  const problems: Record<string, Key> = {};
  const refuse = (wrong: boolean, field: string, key: Key): void => {
    if (wrong) problems[field] = key;
  };
  const { general, dialing, hotkeys } = settings;
  refuse(!inRange(general.hide_after_seconds, 3, 600), "general.hide_after_seconds", "wrong.hide_after");
  refuse(!/^$|^[^\s@]+@[^\s@]+$/.test(general.email), "general.email", "wrong.email");
  refuse(!/^[A-Z]{2}$/.test(dialing.country), "dialing.country", "wrong.country");
  refuse(!/^\d{0,8}$/.test(dialing.area_code), "dialing.area_code", "wrong.digits");
  refuse(!/^\d{0,3}$/.test(dialing.outside_digit), "dialing.outside_digit", "wrong.digits");
  for (const [name, combination] of Object.entries(hotkeys)) {
    refuse(/Ctrl\+Alt\+(Shift\+)?[A-Z]$/i.test(combination), `hotkeys.${name}`, "wrong.hotkey");
  }
  settings.lines.forEach((line, at) => {
    const field = (name: string): string => `lines.${at}.${name}`;
    refuse(line.name.trim() === "", field("name"), "wrong.empty");
    refuse(line.host.trim() === "", field("host"), "wrong.empty");
    refuse(line.user.trim() === "", field("user"), "wrong.empty");
    refuse(line.extension.trim() === "", field("extension"), "wrong.empty");
    if (line.provider === "broadworks") {
      refuse(line.host.trim() !== "" && !isServer(line.host.trim()), field("host"), "wrong.server");
      for (const root of ["actions_root", "events_root", "channel_root"] as const) {
        refuse(!/^[A-Za-z0-9._/-]+$/.test(line[root]) || line[root].split("/").includes(".."), field(root), "wrong.root");
      }
      return;
    }
    refuse(!inRange(line.port, 1, 65_535), field("port"), "wrong.port");
    refuse(!inRange(line.consult_ring_seconds, 5, 120), field("consult_ring_seconds"), "wrong.consult_ring");
    const print = line.fingerprint.replace(/[\s:]/g, "");
    refuse(line.tls === "fingerprint" && !/^[0-9a-f]{64}$/i.test(print), field("fingerprint"), "wrong.fingerprint");
    refuse(line.consult === "two_legs" && line.hold_context.trim() === "", field("hold_context"), "wrong.empty");
    refuse(line.answer === "redial" && line.answer_context.trim() === "", field("answer_context"), "wrong.empty");
  });
  settings.integrations.forEach((integration, at) => {
    const field = (name: string): string => `integrations.${at}.${name}`;
    refuse(integration.name.trim() === "", field("name"), "wrong.empty");
    refuse(!inRange(integration.refresh_minutes, 1, 1440), field("refresh_minutes"), "wrong.minutes");
    refuse(!inRange(integration.credit_share_percent, 1, 100), field("credit_share_percent"), "wrong.percent");
    refuse(integration.client_id.trim() === "", field("client_id"), "wrong.empty");
    refuse(integration.modules.length === 0, field("modules"), "wrong.modules");
    refuse(integration.refresh_at.some((time) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)), field("refresh_at"), "wrong.times");
    refuse(integration.data_centre === "custom" && !/^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/.test(integration.custom_address), field("custom_address"), "wrong.custom_address");
  });
  return problems;
}
