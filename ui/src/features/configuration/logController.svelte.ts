// The log: newest lines that match, detailed recording on or off, and a copy for support.
import type { LogView } from "../../ipc/bindings/LogView";
import { type Sentence, sayFailure } from "../../ipc/words/troubles";
import type { ConfigShell } from "./configController.svelte";

export class LogController {
  view = $state<LogView>({ entries: [], details: false });
  find = $state("");
  trouble = $state<Sentence | null>(null);
  copied = $state(false);
  readonly #shell: Pick<ConfigShell, "ask">;
  #turn = 0;

  constructor(shell: Pick<ConfigShell, "ask">) {
    this.#shell = shell;
  }

  /** Reads what matches now; an answer to an older search is dropped. */
  async read(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const reply = await this.#shell.ask({ request: "log", find: this.find });
    if (turn !== this.#turn) return;
    this.copied = false;
    this.trouble = reply.reply === "failed" ? sayFailure(reply.body) : null;
    if (reply.reply === "log") this.view = reply.body;
  }

  async recordDetails(on: boolean): Promise<void> {
    const reply = await this.#shell.ask({ request: "log_details", on });
    if (reply.reply === "failed") this.trouble = sayFailure(reply.body);
    await this.read();
  }

  async copy(write: (text: string) => Promise<void>): Promise<void> {
    await write(this.view.entries.map((entry) => `${new Date(entry.at).toISOString()} ${entry.level} ${entry.target} ${entry.text}`).join("\n"));
    this.copied = true;
  }
}
