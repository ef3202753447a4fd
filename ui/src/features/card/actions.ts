// Which buttons a card has, in which order and how loud. Only what can be done now is in the list.
import type { Ability } from "../../ipc/bindings/Ability";
import type { Card } from "../../ipc/bindings/Card";
import type { IconName } from "../../shared/icons";

export interface Action {
  readonly ability: Ability;
  readonly look: "plain" | "primary" | "answer" | "end";
  readonly icon: IconName;
  /** Only the icon; the name stays for screen readers and as tooltip. */
  readonly bare: boolean;
}

const loud: readonly Action[] = [
  { ability: "answer", look: "answer", icon: "phone", bare: false },
  { ability: "complete_transfer", look: "primary", icon: "check", bare: false },
  { ability: "cancel_consult", look: "plain", icon: "back", bare: false },
  { ability: "swap", look: "plain", icon: "swap", bare: false },
  { ability: "resume", look: "primary", icon: "play", bare: false },
  { ability: "redirect", look: "plain", icon: "forward", bare: false },
  { ability: "hold", look: "plain", icon: "pause", bare: false },
  { ability: "consult", look: "plain", icon: "people", bare: false },
  { ability: "blind_transfer", look: "plain", icon: "forward", bare: false },
  { ability: "decline", look: "end", icon: "hang_up", bare: true },
  { ability: "hang_up", look: "end", icon: "hang_up", bare: false },
];

/** The buttons of `card`. */
export function actionsOf(card: Pick<Card, "can" | "answer_way">): Action[] {
  return loud
    .filter(({ ability }) => card.can.includes(ability))
    .filter(({ ability }) => ability !== "answer" || card.answer_way === "here")
    .map((action) => soften(action, card.can.includes("complete_transfer")));
}

/** In a consultation completing is the one loud button, and hanging up needs little room. */
function soften(action: Action, consulting: boolean): Action {
  if (!consulting) return action;
  if (action.ability === "resume") return { ...action, look: "plain" };
  return action.ability === "hang_up" ? { ...action, bare: true } : action;
}

/** The agent takes this call at the telephone; the card says so instead of offering a button. */
export function answersAtTelephone(card: Pick<Card, "state" | "answer_way" | "direction">): boolean {
  return card.state === "ringing" && card.direction === "incoming" && card.answer_way === "at_telephone";
}
