// Who is at the other end, as far as may be said: title, line, badges and the reason under the claim.
//
// A name is a title only where the whole number names one record. A company's number names the
// company. What the telephone system or the caller says about himself is marked as such.
import type { Card } from "../bindings/Card";
import type { MatchView } from "../bindings/MatchView";
import type { OwnerView } from "../bindings/OwnerView";
import type { IconName } from "../../shared/icons";
import { type Key, isolate, t } from "../../shared/i18n.svelte";
import { sayNumberKind, sayRegion } from "./calls";

export type ModuleTone = "contact" | "lead" | "account" | "unknown";

/** What a card or a row shows of the other side. */
export interface Person {
  readonly title: string;
  /** The title is a number: tabular figures, never cut to a name. */
  readonly titleIsNumber: boolean;
  /** The line under the title. */
  readonly line: string;
  readonly tone: ModuleTone;
  readonly sign: IconName | undefined;
  /** The number again, when the title is not the number. */
  readonly number: string | null;
  /** The only record, with its badge and button. */
  readonly record: MatchView | null;
  /** All records that it may be, each with its own button. */
  readonly list: readonly MatchView[];
  readonly owner: OwnerView | null;
  readonly note: string | null;
  readonly noEmail: boolean;
  readonly noCalls: boolean;
  /** What the caller says of himself: a claim, shown as one. */
  readonly claim: string | null;
  /** Why the card thinks so. */
  readonly why: string;
  /** The CRM's own page for a new record is offered. */
  readonly mayCreate: boolean;
}

const nobody = {
  titleIsNumber: false, tone: "unknown", sign: undefined, number: null, record: null, list: [],
  owner: null, note: null, noEmail: false, noCalls: false, why: "", line: "", claim: null, mayCreate: false,
} as const satisfies Omit<Person, "title">;

/** The colour of a record, by the CRM's own name of its module. */
export function toneOf(found: MatchView): ModuleTone {
  const module = found.record.module.toLowerCase();
  if (module.startsWith("lead")) return "lead";
  if (module.startsWith("account") || module.startsWith("compan")) return "account";
  return "contact";
}

const modules: Readonly<Record<string, Key>> = { Contacts: "module.contact", Leads: "module.lead", Accounts: "module.account" };

/** What kind of record it is, in the window's language; a module of the company's own keeps its name. */
export function sayModule(found: MatchView): string {
  const key = modules[found.record.module];
  return key === undefined ? found.module_label : t(key);
}

/** Reads a card as a person. */
export function readPerson(card: Card): Person {
  const { who } = card;
  switch (who.kind) {
    case "withheld":
      return { ...nobody, title: t("who.withheld"), line: t("who.withheld.line"), sign: "hidden", why: t("why.withheld") };
    case "certain":
      return certain(card, who.found);
    case "company":
      return company(card, who.company, who.account, who.people);
    case "several":
      return several(card, who.found);
    case "looking_up":
      return byNumber(card, t("why.looking_up"), false);
    case "unknown":
      return byNumber(card, card.crm_trouble !== null && who.among === 0 ? "" : t("why.unknown", { count: who.among }), true);
    case "no_crm":
      return byNumber(card, t("why.no_crm"), false);
  }
}

function certain(card: Card, found: MatchView): Person {
  return {
    ...nobody,
    title: found.name,
    line: join([found.company, found.city]),
    tone: toneOf(found),
    number: card.party.number,
    record: found,
    owner: found.owner,
    note: found.note,
    noEmail: found.opt_out.email,
    noCalls: found.opt_out.call,
    why: found.number_kind === null ? t("why.exact") : t("why.exact_kind", { kind: t(sayNumberKind(found.number_kind)) }),
  };
}

function company(card: Card, name: string, account: MatchView | null, people: readonly MatchView[]): Person {
  const basis = account?.basis ?? people[0]?.basis ?? "stem";
  const why = basis === "block" ? t("why.block") : basis === "stem" ? t("why.stem") : t("why.shared");
  return {
    ...nobody,
    title: name,
    line: t("who.someone"),
    tone: "account",
    number: card.party.number,
    record: account,
    list: people,
    owner: account?.owner ?? null,
    note: account?.note ?? null,
    why,
  };
}

function several(card: Card, found: readonly MatchView[]): Person {
  return {
    ...nobody,
    title: card.party.number ?? t("who.no_number"),
    titleIsNumber: card.party.number !== null,
    line: t("who.several", { count: found.length }),
    sign: "people",
    list: found,
    why: t("why.several", { count: found.length }),
  };
}

/** Nobody is known: the number, where it is from, and what the caller says of himself. */
function byNumber(card: Card, why: string, mayCreate: boolean): Person {
  const { party } = card;
  if (party.presentation === "withheld") {
    return { ...nobody, title: t("who.withheld"), line: t("who.withheld.line"), sign: "hidden", why: t("why.withheld") };
  }
  if (party.presentation === "pending") {
    return { ...nobody, title: t("who.pending"), line: t("who.pending.line"), sign: "phone", why: "" };
  }
  if (isInternal(card) && party.name !== null) {
    const line = t("who.extension", { number: party.number ?? "" });
    return { ...nobody, title: party.name, line, tone: "contact", why: t("why.telephone_system") };
  }
  const claim = party.name === null ? null : t("who.claims", { name: isolate(party.name) });
  return {
    ...nobody,
    title: party.number ?? t("who.no_number"),
    titleIsNumber: party.number !== null,
    line: place(card) ?? (isInternal(card) ? t("who.inside") : ""),
    claim,
    sign: "phone",
    why,
    mayCreate: mayCreate && party.number !== null && !isInternal(card),
  };
}

/** A short number without a country is one of the house. */
export function isInternal(card: Card): boolean {
  return card.party.place === null && /^\d{1,6}$/.test(card.party.dial ?? "");
}

function place(card: Card): string | null {
  const from = card.party.place;
  if (from === null) return null;
  const region = sayRegion(from.region);
  return from.mobile ? t("who.mobile", { region }) : region;
}

function join(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}
