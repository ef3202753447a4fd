// The preview: which card is in front, what its buttons do, and one question before a risky one.
import type { Ability } from "../../ipc/bindings/Ability";
import type { AppEvent } from "../../ipc/bindings/AppEvent";
import type { Card } from "../../ipc/bindings/Card";
import type { MatchView } from "../../ipc/bindings/MatchView";
import type { PreviewView } from "../../ipc/bindings/PreviewView";
import type { Purpose } from "../../ipc/bindings/Purpose";
import type { Reply } from "../../ipc/bindings/Reply";
import type { Request } from "../../ipc/bindings/Request";
import type { Shell, Stop } from "../../ipc/shell";
import { requestFor } from "../../ipc/words/calls";
import { type Sentence, sayFailure } from "../../ipc/words/troubles";

type CardShell = Pick<Shell, "ask" | "onEvent" | "openPicker">;

/** A question that was put before a caller is sent to the owner of the record. */
export interface Question {
  readonly call: string;
  readonly sentence: Sentence;
  readonly request: Request;
  /** In talk the owner can be asked first. */
  readonly mayConsult: boolean;
  readonly to: string;
}

const purposes: Partial<Record<Ability, Purpose>> = {
  redirect: "redirect",
  consult: "consult",
  blind_transfer: "transfer",
};

export class CardController {
  view = $state<PreviewView>({ cards: [], visible: false, revision: 0 });
  question = $state<Question | null>(null);
  /** A refusal of the last press, by call; gone with the next event. */
  refusal = $state<{ call: string; sentence: Sentence } | null>(null);
  answerKey = $state("");
  readonly front = $derived(this.view.cards[0]);
  readonly others = $derived(this.view.cards.slice(1));
  readonly #shell: CardShell;

  constructor(shell: CardShell) {
    this.#shell = shell;
  }

  /** Listens first and asks then, so that nothing falls between. */
  async start(): Promise<Stop> {
    const stop = await this.#shell.onEvent((event) => this.#hear(event));
    const reply = await this.#shell.ask({ request: "preview" });
    if (reply.reply === "preview") this.#show(reply.body);
    return stop;
  }

  async press(card: Card, ability: Ability): Promise<void> {
    if (card.pending !== null || !card.can.includes(ability)) return;
    const purpose = purposes[ability];
    if (purpose !== undefined) return this.#shell.openPicker(purpose, card.call);
    const request = requestFor(ability, card.call);
    if (request !== null) await this.#send(card.call, request);
  }

  /** One click to the owner: a ringing call is redirected, a talk handed on. */
  async sendToOwner(card: Card, extension: string): Promise<void> {
    const ability = ownerAbility(card);
    if (ability === null || card.pending !== null) return;
    const request = ability === "redirect" ? "redirect" : "transfer";
    await this.#send(card.call, { request, call: card.call, to: extension, confirmed: false });
  }

  /** The agent has read the question and wants it all the same. */
  async sendAnyway(): Promise<void> {
    const question = this.question;
    this.question = null;
    if (question !== null && "confirmed" in question.request) {
      await this.#send(question.call, { ...question.request, confirmed: true });
    }
  }

  async consultInstead(): Promise<void> {
    const question = this.question;
    this.question = null;
    if (question === null) return;
    await this.#send(question.call, { request: "consult", call: question.call, to: question.to, confirmed: false });
  }

  dropQuestion(): void {
    this.question = null;
  }

  async openRecord(card: Card, found: MatchView): Promise<void> {
    await this.#send(card.call, { request: "open_record", record: found.record, call: card.call });
  }

  async openCreate(card: Card): Promise<void> {
    await this.#send(card.call, { request: "open_create", call: card.call });
  }

  async close(card: Card): Promise<void> {
    await this.#shell.ask({ request: "close_preview", call: card.call });
  }

  async bringForward(card: Card): Promise<void> {
    await this.#shell.ask({ request: "bring_forward", call: card.call });
  }

  async #send(call: string, request: Request): Promise<void> {
    this.refusal = null;
    this.question = null;
    this.#read(call, request, await this.#shell.ask(request));
  }

  #read(call: string, request: Request, reply: Reply): void {
    if (reply.reply !== "failed") return;
    const card = this.view.cards.find((shown) => shown.call === call);
    if (card === undefined) return;
    const sentence = sayFailure(reply.body);
    if (reply.body.code.kind === "needs_confirmation" && "to" in request) {
      this.question = { call, sentence, request, mayConsult: card.can.includes("consult"), to: request.to };
      return;
    }
    this.refusal = { call, sentence };
  }

  #hear(event: AppEvent): void {
    if (event.event === "preview") this.#show(event.body);
    if (event.event === "settings") this.answerKey = event.body.settings.hotkeys.answer;
  }

  /** A late answer never paints over a newer view. */
  #show(view: PreviewView): void {
    if (view.revision < this.view.revision) return;
    const before = this.view.cards;
    this.view = view;
    const changed = (call: string): boolean => {
      const was = before.find((card) => card.call === call)?.state;
      const is = view.cards.find((card) => card.call === call)?.state;
      return JSON.stringify(was) !== JSON.stringify(is);
    };
    if (this.refusal !== null && changed(this.refusal.call)) this.refusal = null;
    if (this.question !== null && changed(this.question.call)) this.question = null;
  }
}

/** How a call could go to the owner now. */
export function ownerAbility(card: Card): "redirect" | "blind_transfer" | null {
  if (card.can.includes("redirect")) return "redirect";
  return card.can.includes("blind_transfer") ? "blind_transfer" : null;
}
