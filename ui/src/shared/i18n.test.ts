// Every language says everything, with the same holes and the plural forms that it needs.
import { afterEach, describe, expect, test } from "vitest";
import { allLocales, type Key, language, type Message, t, type Tongue } from "./i18n.svelte";

const keys = Object.keys(allLocales.en) as Key[];
const others: Tongue[] = ["de", "ru"];

/** The placeholders of a message; every plural form must have the same ones or fewer. */
function holes(message: Message): string[] {
  const texts = typeof message === "string" ? [message] : Object.values(message);
  return [...new Set(texts.flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();
}

afterEach(() => language.choose("en"));

describe.each(others)("the texts in %s", (tongue) => {
  test("are the same keys as in English", () => {
    expect(Object.keys(allLocales[tongue])).toEqual(keys);
  });

  test("have the same holes as in English", () => {
    const wrong = keys.filter((key) => holes(allLocales[tongue][key]).join() !== holes(allLocales.en[key]).join());
    expect(wrong, "a hole that is not filled is shown as it is").toEqual([]);
  });

  test("have every plural form of the language", () => {
    const forms = new Intl.PluralRules(tongue).resolvedOptions().pluralCategories;
    const wrong = keys.filter((key) => {
      const message: Message = allLocales[tongue][key];
      return typeof message !== "string" && forms.some((form) => message[form] === undefined);
    });
    expect(wrong, "an Integer of each kind must find its form").toEqual([]);
  });
});

test("a plural follows the language", () => {
  language.choose("ru");
  expect(t("who.several", { count: 1 })).toContain("запись");
  expect(t("who.several", { count: 3 })).toContain("записи");
  expect(t("who.several", { count: 5 })).toContain("записей");
});

test("a regional tag falls back to its language and an unknown one to English", () => {
  language.choose("de-AT");
  expect(t("do.answer")).toBe("Annehmen");
  language.choose("xx");
  expect(t("do.answer")).toBe("Answer");
});

test("numbers in a text are grouped as the language does", () => {
  language.choose("de");
  expect(t("why.unknown", { count: 48210 })).toContain("48.210");
});
