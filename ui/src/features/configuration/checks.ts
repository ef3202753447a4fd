// The subjects and results of "Check the telephone system" as texts.
import type { Check } from "../../ipc/bindings/Check";
import type { CheckResult } from "../../ipc/bindings/CheckResult";
import type { IconName } from "../../shared/icons";
import { type Key, allLocales, t } from "../../shared/i18n.svelte";

interface ResultWords {
  readonly text: Key;
  readonly icon: IconName;
  readonly tone: "good" | "bad" | "warn" | "unknown";
}

const results: Record<CheckResult, ResultWords> = {
  there: { text: "check.there", icon: "check", tone: "good" },
  missing: { text: "check.missing", icon: "missing", tone: "bad" },
  too_much: { text: "check.too_much", icon: "much", tone: "warn" },
  unknown: { text: "check.unknown", icon: "unsure", tone: "unknown" },
};

export function sayResult(result: CheckResult): ResultWords {
  return results[result];
}

/** The subject's own text; a right or a subject of a newer telephone system is named as it is. */
export function saySubject(subject: string): string {
  const key = `check.subject.${subject}`;
  if (key in allLocales.en) return t(key as Key);
  if (subject.startsWith("right_")) return t("check.right", { right: subject.slice("right_".length) });
  return subject.replaceAll("_", " ");
}

/** What the administrator can do about a line; nothing where all is well or nobody can tell. */
export function sayAdvice({ subject, result }: Pick<Check, "subject" | "result">): string | null {
  const general = subject.startsWith("right_") ? "right" : subject;
  const key = result === "missing" ? `check.do.${subject}` : result === "too_much" ? `check.less.${general}` : "";
  return key in allLocales.en ? t(key as Key) : null;
}
