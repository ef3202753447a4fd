// Checking a line at its telephone system, with the values that stand in the form.
import type { Check } from "../../ipc/bindings/Check";
import { type Sentence, sayFailure } from "../../ipc/words/troubles";
import type { ConfigController } from "./configController.svelte";

export class LineController {
  checks = $state<Check[] | null>(null);
  checking = $state(false);
  trouble = $state<Sentence | null>(null);
  readonly #config: ConfigController;

  constructor(config: ConfigController) {
    this.#config = config;
  }

  /** Line by line what is there, missing or too much. A typed secret goes along and is not kept: it may be discarded. */
  async check(line: string): Promise<void> {
    const settings = this.#config.draft;
    if (settings === null || this.checking) return;
    this.checking = true;
    this.trouble = null;
    this.checks = null;
    const typed = this.#config.typedSecrets[`line.${line}.secret`] ?? "";
    const reply = await this.#config.shell.ask({ request: "check_line", settings: $state.snapshot(settings), line, secret: typed === "" ? null : typed });
    if (reply.reply === "checks") this.checks = reply.body;
    if (reply.reply === "failed") this.trouble = sayFailure(reply.body);
    this.checking = false;
  }

  forget(): void {
    this.checks = null;
    this.trouble = null;
  }
}
