// The states, kinds and places of calls as texts and tones. A missing one is a type error.
import type { Ability } from "../bindings/Ability";
import type { Availability } from "../bindings/Availability";
import type { Card } from "../bindings/Card";
import type { EndReason } from "../bindings/EndReason";
import type { LastContact } from "../bindings/LastContact";
import type { NumberKind } from "../bindings/NumberKind";
import type { Request } from "../bindings/Request";
import { type Key, language } from "../../shared/i18n.svelte";

/** Green talks, amber waits, red ends, blue acts. */
export type Tone = "talk" | "wait" | "end" | "act";

export interface StateWords {
  readonly text: Key;
  readonly tone: Tone;
}

const endings: Record<EndReason, StateWords> = {
  hung_up: { text: "state.hung_up", tone: "act" },
  missed: { text: "state.missed", tone: "end" },
  answered_elsewhere: { text: "state.answered_elsewhere", tone: "act" },
  picked_up: { text: "state.picked_up", tone: "act" },
  redirected: { text: "state.redirected", tone: "act" },
  transferred_away: { text: "state.transferred_away", tone: "act" },
  declined: { text: "state.declined", tone: "act" },
  busy: { text: "state.busy", tone: "end" },
  failed: { text: "state.failed", tone: "end" },
  ended_while_away: { text: "state.ended_while_away", tone: "act" },
};

const running = {
  calling_own_phone: { text: "state.calling_own_phone", tone: "act" },
  dialing: { text: "state.dialing", tone: "act" },
  ringing: { text: "state.ringing", tone: "talk" },
  active: { text: "state.active", tone: "talk" },
  parked: { text: "state.parked", tone: "wait" },
  queued: { text: "state.queued", tone: "wait" },
} as const satisfies Record<Extract<Card["state"], string>, StateWords>;

/** How the call stands, in one or two words. */
export function sayState(card: Pick<Card, "state" | "consulting">): StateWords {
  const { state, consulting } = card;
  if (typeof state === "object" && "ended" in state) return endings[state.ended.reason];
  if (consulting?.phase === "completing") return { text: "state.completing", tone: "act" };
  if (consulting?.phase === "cancelling") return { text: "state.cancelling", tone: "act" };
  if (typeof state === "object") {
    return { text: state.held.by === "us" ? "state.waiting" : "state.held_by_remote", tone: "wait" };
  }
  if (consulting?.role === "consult" && state === "active") return { text: "state.consulting", tone: "talk" };
  return running[state];
}

/** Has the call ended? */
export function isEnded(card: Pick<Card, "state">): boolean {
  return typeof card.state === "object" && "ended" in card.state;
}

/** Since when the timer of the card counts; an ended call stands still at its length. */
export function timerOf(card: Card, now: number): number {
  if (card.ended_at !== null) return card.ended_at - (card.answered_at ?? card.started_at);
  if (card.state === "ringing") return now - card.started_at;
  if (card.state === "active" && card.answered_at !== null && card.consulting === null) return now - card.answered_at;
  return now - card.state_since;
}

const kinds: Record<NumberKind, Key> = {
  phone: "kind.phone",
  mobile: "kind.mobile",
  home: "kind.home",
  assistant: "kind.assistant",
  other: "kind.other",
};

export function sayNumberKind(kind: NumberKind): Key {
  return kinds[kind];
}

const availabilities: Record<Availability, { readonly text: Key; readonly tone: "good" | "bad" | "none" }> = {
  unknown: { text: "availability.unknown", tone: "none" },
  free: { text: "availability.free", tone: "good" },
  ringing: { text: "availability.ringing", tone: "bad" },
  busy: { text: "availability.busy", tone: "bad" },
  away: { text: "availability.away", tone: "none" },
};

export function sayAvailability(availability: Availability): { readonly text: Key; readonly tone: "good" | "bad" | "none" } {
  return availabilities[availability];
}

/** How the last call with this number went: one phrase, without its time. */
export function sayLastContact(last: LastContact): Key {
  if (last.reason === "missed") return "last.missed";
  if (last.reason === "busy" || last.reason === "failed") return "last.not_reached";
  return last.direction === "incoming" ? "last.incoming" : "last.outgoing";
}

/** The country of a number in the language of the window. */
export function sayRegion(region: string): string {
  try {
    return new Intl.DisplayNames(language.current, { type: "region" }).of(region) ?? region;
  } catch {
    return region;
  }
}

/** The name of the button for each ability. */
export const abilityNames: Record<Ability, Key> = {
  answer: "do.answer",
  decline: "do.decline",
  redirect: "do.redirect",
  hang_up: "do.hang_up",
  hold: "do.hold",
  resume: "do.resume",
  consult: "do.consult",
  complete_transfer: "do.complete",
  cancel_consult: "do.cancel_consult",
  swap: "do.swap",
  blind_transfer: "do.transfer",
  send_dtmf: "do.keypad",
};

/** Abilities that need no further word from the agent, with their request. */
export type DirectAbility = Exclude<Ability, "redirect" | "consult" | "blind_transfer" | "send_dtmf">;

const requests: Record<DirectAbility, (call: string) => Request> = {
  answer: (call) => ({ request: "answer", call }),
  decline: (call) => ({ request: "decline", call }),
  hang_up: (call) => ({ request: "hang_up", call }),
  hold: (call) => ({ request: "hold", call }),
  resume: (call) => ({ request: "resume", call }),
  complete_transfer: (call) => ({ request: "complete", call }),
  cancel_consult: (call) => ({ request: "cancel", call }),
  swap: (call) => ({ request: "swap", call }),
};

/** The request behind a button; `null` for those that need a target or digits first. */
export function requestFor(ability: Ability, call: string): Request | null {
  return ability in requests ? requests[ability as DirectAbility](call) : null;
}
