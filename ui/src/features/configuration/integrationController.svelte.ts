// One integration: signing in, refreshing, the test of a number, and its removal.
import type { Failure } from "../../ipc/bindings/Failure";
import type { LookupView } from "../../ipc/bindings/LookupView";
import type { Reply } from "../../ipc/bindings/Reply";
import type { Request } from "../../ipc/bindings/Request";
import type { ConfigController } from "./configController.svelte";

export class IntegrationController {
  /** The sign-in page's address, for where no browser opened. */
  url = $state<string | null>(null);
  code = $state("");
  busy = $state<Request["request"] | null>(null);
  failure = $state<Failure | null>(null);
  number = $state("");
  result = $state<LookupView | null>(null);
  testFailure = $state<Failure | null>(null);
  asksBeforeRemoving = $state(false);
  readonly id: string;
  readonly #config: ConfigController;

  constructor(config: ConfigController, id: string) {
    this.#config = config;
    this.id = id;
  }

  /** The integration must be saved before anybody can sign in to it. */
  async signIn(): Promise<void> {
    if (!(await this.#saveFirst())) return;
    const reply = await this.#ask({ request: "sign_in", integration: this.id });
    if (reply?.reply === "signing_in") this.url = reply.body.url;
  }

  async signInWithCode(): Promise<void> {
    const code = this.code.replace(/\s/g, "");
    if (code === "" || !(await this.#saveFirst())) return;
    const reply = await this.#ask({ request: "sign_in_with_code", integration: this.id, code });
    if (reply?.reply !== "failed") this.code = "";
  }

  async cancelSignIn(): Promise<void> {
    await this.#ask({ request: "cancel_sign_in", integration: this.id });
    this.url = null;
  }

  async refresh(full: boolean): Promise<void> {
    await this.#ask({ request: "sync", integration: this.id, full });
  }

  /** Looks a number up as a ringing call would. */
  async test(): Promise<void> {
    const number = this.number.trim();
    if (number === "" || this.busy !== null) return;
    this.busy = "lookup";
    this.result = null;
    this.testFailure = null;
    const reply = await this.#config.shell.ask({ request: "lookup", number });
    this.busy = null;
    if (reply.reply === "lookup") this.result = reply.body;
    if (reply.reply === "failed") this.testFailure = reply.body;
  }

  /** Switches the detailed log on, repeats the test and shows the log. */
  async testWithLog(): Promise<void> {
    await this.#config.shell.ask({ request: "log_details", on: true });
    await this.test();
    this.#config.goTo("log");
  }

  askBeforeRemoving(): void {
    this.asksBeforeRemoving = true;
  }

  /** One that was never saved leaves only the form; a saved one takes its mirror and secrets along. */
  async remove(): Promise<void> {
    this.asksBeforeRemoving = false;
    const known = this.#config.view?.settings.integrations.some((one) => one.id === this.id) ?? false;
    if (known) {
      const reply = await this.#ask({ request: "remove_integration", integration: this.id });
      if (reply === null || reply.reply === "failed") return;
    }
    this.#config.dropIntegration(this.id);
  }

  keep(): void {
    this.asksBeforeRemoving = false;
  }

  async #saveFirst(): Promise<boolean> {
    return this.#config.dirty ? this.#config.save() : true;
  }

  async #ask(request: Request): Promise<Reply | null> {
    if (this.busy !== null) return null;
    this.busy = request.request;
    this.failure = null;
    const reply = await this.#config.shell.ask(request);
    this.busy = null;
    if (reply.reply === "failed") this.failure = reply.body;
    return reply;
  }
}
