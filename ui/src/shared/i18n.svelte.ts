// The texts of all windows: typed keys over the JSON locales, plurals by the language's own rules.
import deTexts from "../../../assets/locales/de.json";
import enTexts from "../../../assets/locales/en.json";
import ruTexts from "../../../assets/locales/ru.json";

/** Every text that exists. A key that a locale lacks is a type error here and a failing test. */
export type Key = keyof typeof enTexts;
/** A text, or one text for each plural form of the language. */
export type Message = string | Readonly<Record<string, string>>;
export type Locale = Readonly<Record<Key, Message>>;
export type Values = Readonly<Record<string, string | number>>;

const locales = { en: enTexts, de: deTexts, ru: ruTexts } satisfies Record<string, Locale>;
export type Tongue = keyof typeof locales;

class Language {
  current = $state<Tongue>("en");

  /** Takes a language tag such as `de` or `de-AT`; what is not known is English. */
  choose(tag: string): void {
    const base = tag.toLowerCase().split("-")[0] ?? "en";
    this.current = base in locales ? (base as Tongue) : "en";
    if (typeof document !== "undefined") document.documentElement.lang = this.current;
  }
}

export const language = new Language();

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    if (value === undefined) return hole;
    return typeof value === "number" ? formatNumber(value) : value;
  });
}

/** A whole number with the language's own grouping. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language.current).format(value);
}

/** The text of `key`. For a plural, `values.count` chooses the form. */
export function t(key: Key, values: Values = {}): string {
  const message: Message = locales[language.current][key];
  if (typeof message === "string") return fill(message, values);
  const form = new Intl.PluralRules(language.current).select(Number(values["count"] ?? 0));
  return fill(message[form] ?? message["other"] ?? "", values);
}

const isolateStart = String.fromCodePoint(0x2068);
const isolateEnd = String.fromCodePoint(0x2069);

/** Keeps a foreign text from turning the sentence around it: the writing direction ends with it. */
export function isolate(text: string): string {
  return isolateStart + text + isolateEnd;
}

/** For the tests: all locales as they are on disk. */
export const allLocales: Readonly<Record<Tongue, Locale>> = locales;
