// The phone window: running calls, what can be done with each, the keypad and dialling.
import type { Ability } from "../../ipc/bindings/Ability";
import type { Card } from "../../ipc/bindings/Card";
import type { MatchView } from "../../ipc/bindings/MatchView";
import type { PhoneView } from "../../ipc/bindings/PhoneView";
import type { Purpose } from "../../ipc/bindings/Purpose";
import type { Request } from "../../ipc/bindings/Request";
import type { Shell, Stop } from "../../ipc/shell";
import { requestFor } from "../../ipc/words/calls";
import { type Sentence, sayFailure } from "../../ipc/words/troubles";

type PhoneShell = Pick<Shell, "ask" | "onEvent" | "openPicker">;

const purposes: Partial<Record<Ability, Purpose>> = {
  redirect: "redirect",
  consult: "consult",
  blind_transfer: "transfer",
};

/** Calls that belong together: a consultation is one group of two, every other call stands alone. */
export interface Group {
  readonly key: string;
  readonly joined: boolean;
  readonly cards: readonly Card[];
}

export class PhoneController {
  view = $state<PhoneView>({ cards: [], lines: [], journal_waiting: 0, revision: 0 });
  /** The application has told its state: before that, nothing is claimed. */
  heard = $state(false);
  typed = $state("");
  dialing = $state(false);
  dialTrouble = $state<Sentence | null>(null);
  /** The number that was asked about: the answer is for this one, whatever is typed by then. */
  dialAsked = $state<string | null>(null);
  refusal = $state<{ call: string; sentence: Sentence } | null>(null);
  /** The call whose keypad is open. */
  keypad = $state<string | null>(null);
  digits = $state("");
  readonly groups = $derived(groupCards(this.view.cards));
  readonly #shell: PhoneShell;

  constructor(shell: PhoneShell) {
    this.#shell = shell;
  }

  async start(): Promise<Stop> {
    const stop = await this.#shell.onEvent((event) => {
      if (event.event === "phone") this.#show(event.body);
    });
    const reply = await this.#shell.ask({ request: "phone" });
    if (reply.reply === "phone") this.#show(reply.body);
    return stop;
  }

  async press(card: Card, ability: Ability): Promise<void> {
    if (card.pending !== null || !card.can.includes(ability)) return;
    if (ability === "send_dtmf") return this.#toggleKeypad(card.call);
    const purpose = purposes[ability];
    if (purpose !== undefined) return this.#shell.openPicker(purpose, card.call);
    const request = requestFor(ability, card.call);
    if (request !== null) await this.#send(card.call, request);
  }

  async sendDigit(card: Card, digit: string): Promise<void> {
    this.digits = (this.digits + digit).slice(-24);
    await this.#send(card.call, { request: "send_dtmf", call: card.call, digits: digit });
  }

  async openRecord(card: Card, found: MatchView): Promise<void> {
    await this.#send(card.call, { request: "open_record", record: found.record, call: card.call });
  }

  async openCreate(card: Card): Promise<void> {
    await this.#send(card.call, { request: "open_create", call: card.call });
  }

  /** Calls what was typed. The text stays until the call is on its way. */
  async dial(): Promise<void> {
    await this.#dial(this.typed.trim(), false);
  }

  /** The answer to the question. */
  async dialAnyway(): Promise<void> {
    await this.#dial(this.dialAsked ?? "", true);
  }

  async #dial(to: string, confirmed: boolean): Promise<void> {
    if (to === "" || this.dialing) return;
    this.dialing = true;
    this.dialTrouble = null;
    this.dialAsked = null;
    const reply = await this.#shell.ask({ request: "dial", to, line: null, confirmed });
    this.dialing = false;
    if (reply.reply !== "failed") {
      if (this.typed.trim() === to) this.typed = "";
      return;
    }
    this.dialTrouble = sayFailure(reply.body);
    if (reply.body.code.kind === "needs_confirmation") this.dialAsked = to;
  }

  /** Keeps what was written about a call; the journal has it when the call has ended. */
  async saveNote(card: Card, note: string): Promise<void> {
    const trimmed = note.trim();
    if (trimmed !== card.note) await this.#send(card.call, { request: "set_note", call: card.call, note: trimmed });
  }

  search(): Promise<void> {
    return this.#shell.openPicker("dial", null);
  }

  async #send(call: string, request: Request): Promise<void> {
    this.refusal = null;
    const reply = await this.#shell.ask(request);
    if (reply.reply === "failed") this.refusal = { call, sentence: sayFailure(reply.body) };
  }

  #toggleKeypad(call: string): void {
    this.keypad = this.keypad === call ? null : call;
    this.digits = "";
  }

  /** A late answer never paints over a newer view. */
  #show(view: PhoneView): void {
    this.heard = true;
    if (view.revision < this.view.revision) return;
    const refused = this.refusal?.call;
    const state = (cards: readonly Card[]): string => JSON.stringify(cards.find((card) => card.call === refused)?.state);
    if (state(this.view.cards) !== state(view.cards)) this.refusal = null;
    this.view = view;
    const open = view.cards.find((card) => card.call === this.keypad);
    if (open === undefined || !open.can.includes("send_dtmf")) this.keypad = null;
  }
}

/** Puts the two calls of a consultation together, the talk above the one who waits. */
export function groupCards(cards: readonly Card[]): Group[] {
  const groups: Group[] = [];
  const seen = new Set<string>();
  for (const card of cards) {
    if (seen.has(card.call)) continue;
    const other = cards.find((candidate) => candidate.call === card.consulting?.other);
    const pair = other === undefined ? [card] : [card, other].sort((left, right) => rank(left) - rank(right));
    for (const one of pair) seen.add(one.call);
    groups.push({ key: pair.map((one) => one.call).sort().join(" "), joined: pair.length > 1, cards: pair });
  }
  return groups;
}

function rank(card: Card): number {
  return typeof card.state === "object" ? 1 : 0;
}
