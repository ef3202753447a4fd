// The target picker: type-ahead, choice by keyboard, one question before a risky target.
//
// An answer to an older text never replaces a newer one, an answer for one call is nothing to the next.
// An empty field sends nothing.
import type { PickerContext } from "../../ipc/bindings/PickerContext";
import type { Request } from "../../ipc/bindings/Request";
import type { TargetsView } from "../../ipc/bindings/TargetsView";
import type { TargetView } from "../../ipc/bindings/TargetView";
import type { Shell, Stop } from "../../ipc/shell";
import { type Sentence, sayCommandError, sayFailure } from "../../ipc/words/troubles";

type PickerShell = Pick<Shell, "ask" | "pickerContext" | "onPickerContext" | "onCloseRequested" | "closePicker">;

const nothing: TargetsView = { targets: [], typed_trouble: null };

export class PickerController {
  context = $state<PickerContext>({ purpose: "dial", call: null, about: null });
  typed = $state("");
  found = $state<TargetsView>(nothing);
  chosen = $state(0);
  sending = $state(false);
  /** The sentence of a question (with `asked`) or of a refusal (without). */
  trouble = $state<Sentence | null>(null);
  asked = $state(false);
  /** Raised when the window opens anew, so that the field takes the focus. */
  opened = $state(0);
  readonly #shell: PickerShell;
  #isOpen = false;
  /** Enter came before the window was told what it is for. */
  #early = false;
  #turn = 0;
  /** Raised when the window opens anew or closes: what was sent before says nothing about what is shown now. */
  #session = 0;
  /** The answer to the text that stands in the field now. */
  #answer: Promise<void> = Promise.resolve();
  /** Where the question that is shown would send the call. */
  #to = "";

  constructor(shell: PickerShell) {
    this.#shell = shell;
  }

  async start(): Promise<Stop> {
    const stops = [
      await this.#shell.onPickerContext((context) => this.open(context)),
      await this.#shell.onCloseRequested(() => this.#end()),
    ];
    const context = await this.#shell.pickerContext();
    if (context !== null && this.opened === 0) this.open(context);
    return () => stops.forEach((stop) => stop());
  }

  /** The same button again while the picker is open only asks for the field: what was typed or is on its way stays. */
  open(context: PickerContext): void {
    const again = this.#isOpen && context.purpose === this.context.purpose && context.call === this.context.call;
    const typed = this.#isOpen ? "" : this.typed;
    this.#isOpen = true;
    this.context = context;
    this.opened += 1;
    if (again) return;
    this.#session += 1;
    this.#to = "";
    this.sending = false;
    // Keys may be faster than the word what the window is for: they count for this opening.
    void this.type(typed);
    if (this.#early) void this.send();
    this.#early = false;
  }

  type(typed: string): Promise<void> {
    this.typed = typed;
    this.#dropTrouble();
    this.#turn += 1;
    this.#answer = this.#look(typed, this.#turn);
    return this.#answer;
  }

  async #look(typed: string, turn: number): Promise<void> {
    const reply = await this.#shell.ask({ request: "targets", typed, call: this.context.call });
    if (turn !== this.#turn) return;
    this.chosen = 0;
    this.found = reply.reply === "targets" ? reply.body : nothing;
    if (reply.reply === "failed") this.trouble = sayFailure(reply.body);
  }

  move(step: 1 | -1): void {
    const count = this.found.targets.length;
    if (count === 0 || this.sending) return;
    this.chosen = (this.chosen + step + count) % count;
    this.#dropTrouble();
  }

  /** Enter, the button, or a click on `target`. The first two wait for the list that belongs to the typed text. */
  async send(target?: TargetView): Promise<void> {
    if (this.sending || target === undefined && !this.maySend) return;
    if (!this.#isOpen) {
      // For which call is not known yet.
      this.#early = target === undefined;
      return;
    }
    const turn = this.#turn;
    if (target === undefined) await this.#answer;
    if (turn !== this.#turn) return;
    const to = target?.to ?? this.#choice();
    if (to === null) {
      this.trouble = sayCommandError(this.found.typed_trouble ?? "bad_target");
      return;
    }
    await this.#ask(to, false);
  }

  async sendAnyway(): Promise<void> {
    if (this.asked) await this.#ask(this.#to, true);
  }

  async consultInstead(): Promise<void> {
    if (!this.asked) return;
    this.context = { ...this.context, purpose: "consult" };
    await this.#ask(this.#to, false);
  }

  async close(): Promise<void> {
    this.#end();
    await this.#shell.closePicker();
  }

  /** Whether there is anything to send. */
  get maySend(): boolean {
    return this.typed.trim() !== "";
  }

  /** Consulting is offered where the caller is in talk and would be handed on blindly. */
  get mayConsult(): boolean {
    return this.context.purpose === "transfer";
  }

  /** What Enter sends: the marked line, else the text itself where it may be called. */
  #choice(): string | null {
    const marked = this.found.targets[this.chosen];
    if (marked !== undefined) return marked.to;
    return this.found.typed_trouble === null ? this.typed.trim() : null;
  }

  /** One at a time: a second press before the list has come is the same wish. */
  async #ask(to: string, confirmed: boolean): Promise<void> {
    if (this.sending) return;
    const [session, turn] = [this.#session, this.#turn];
    this.sending = true;
    this.#to = to;
    this.#dropTrouble();
    const reply = await this.#shell.ask(requestOf(this.context, to, confirmed));
    if (session !== this.#session) return;
    this.sending = false;
    if (reply.reply !== "failed") return this.close();
    // Whoever types on has given up what was refused.
    if (turn !== this.#turn) return;
    this.trouble = sayFailure(reply.body);
    this.asked = reply.body.code.kind === "needs_confirmation";
  }

  #end(): void {
    this.#isOpen = false;
    this.#early = false;
    this.typed = "";
    this.#dropTrouble();
    this.#turn += 1;
    this.#session += 1;
  }

  #dropTrouble(): void {
    this.trouble = null;
    this.asked = false;
  }
}

function requestOf({ purpose, call }: PickerContext, to: string, confirmed: boolean): Request {
  if (purpose === "dial") return { request: "dial", to, line: null, confirmed };
  return { request: purpose, call, to, confirmed };
}
