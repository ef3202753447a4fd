// Times as people read them.
import { afterEach, expect, test } from "vitest";
import { initials } from "./initials";
import { language } from "./i18n.svelte";
import { formatAgo, formatClock, formatElapsed, formatMoment } from "./time";

const noon = new Date(2026, 10, 20, 12, 0, 0).getTime();
const hour = 3_600_000;
afterEach(() => language.choose("en"));

test("a timer counts minutes and then hours", () => {
  expect(formatElapsed(4_900)).toBe("0:04");
  expect(formatElapsed(727_000)).toBe("12:07");
  expect(formatElapsed(3_729_000)).toBe("1:02:09");
  expect(formatElapsed(-50), "a clock that is behind shows no negative time").toBe("0:00");
});

test("midnight is 00:00 and never 24:00", () => {
  expect(formatClock(new Date(2026, 10, 20, 0, 5).getTime())).toBe("00:05");
});

test("the day is named where it is not today", () => {
  expect(formatMoment(noon - hour, noon)).toBe("11:00");
  expect(formatMoment(noon - 24 * hour, noon)).toBe("yesterday 12:00");
  language.choose("de");
  expect(formatAgo(noon - 20 * hour, noon)).toBe("gestern 16:00");
  expect(formatAgo(noon - 72 * hour, noon)).toBe("vor 3 Tagen");
});

test("initials are the first letters of the first and last word in any alphabet", () => {
  expect(initials("Erika Mustermann")).toBe("EM");
  expect(initials("Łukasz de Wiśniewski")).toBe("ŁW");
  expect(initials("Jürgen Krüger-Schwarzenbach")).toBe("JK");
  expect(initials("— & —")).toBe("");
});
