// The configuration: a draft of the settings, saved or discarded as a whole, and the live status.
import type { Advice } from "../../ipc/bindings/Advice";
import type { AppEvent } from "../../ipc/bindings/AppEvent";
import type { Failure } from "../../ipc/bindings/Failure";
import type { HelpPage } from "../../ipc/bindings/HelpPage";
import type { IntegrationStatus } from "../../ipc/bindings/IntegrationStatus";
import type { LineStatus } from "../../ipc/bindings/LineStatus";
import type { Page } from "../../ipc/bindings/Page";
import type { Settings } from "../../ipc/bindings/Settings";
import type { SettingsView } from "../../ipc/bindings/SettingsView";
import type { StatusView } from "../../ipc/bindings/StatusView";
import type { Shell, Stop } from "../../ipc/shell";
import type { Key } from "../../shared/i18n.svelte";
import { findProblems, type Problems } from "./validate";

export type ConfigShell = Pick<Shell, "ask" | "onEvent" | "onPage" | "onCloseRequested" | "closeWindow" | "stayOpen" | "openWindow" | "openHelp" | "hasLicences" | "offersLinks" | "openDefaultApps">;

export class ConfigController {
  page = $state<Page>("general");
  view = $state<SettingsView | null>(null);
  draft = $state<Settings | null>(null);
  status = $state<StatusView | null>(null);
  /** Secrets that were typed and not saved yet, by name. Kept nowhere else. */
  typedSecrets = $state<Record<string, string>>({});
  problems = $state<Problems>({});
  failure = $state<Failure | null>(null);
  saving = $state(false);
  saved = $state(false);
  /** What was saved and is allowed, but deserves a word. */
  advice = $state<readonly Advice[]>([]);
  asksBeforeClosing = $state(false);
  readonly dirty = $derived.by(() => {
    if (this.view === null || this.draft === null) return false;
    const typed = Object.values(this.typedSecrets).some((value) => value !== "");
    return typed || JSON.stringify(this.draft) !== JSON.stringify(this.view.settings);
  });
  readonly shell: ConfigShell;

  constructor(shell: ConfigShell) {
    this.shell = shell;
  }

  async start(): Promise<Stop> {
    const stops = [
      await this.shell.onEvent((event) => this.#hear(event)),
      await this.shell.onPage((page) => this.goTo(page)),
      await this.shell.onCloseRequested(() => void this.requestClose()),
    ];
    const [settings, status] = await Promise.all([this.shell.ask({ request: "settings" }), this.shell.ask({ request: "status" })]);
    if (settings.reply === "settings") this.#take(settings.body);
    if (settings.reply === "failed") this.failure = settings.body;
    if (status.reply === "status") {
      this.status = status.body;
      if (status.body.first_start && this.page === "general") this.page = "telephony";
    }
    return () => stops.forEach((stop) => stop());
  }

  /** The telephone comes first: before it is set up, Integration leads there. */
  goTo(page: Page): void {
    this.page = page === "integration" && this.status?.first_start ? "telephony" : page;
  }

  /** The sentence for a field, from the form's own check or from the application. */
  problemAt(field: string): Key | undefined {
    const own = this.problems[field];
    if (own !== undefined) return own;
    if (this.failure?.field !== field) return undefined;
    return this.failure.code.kind === "locked_by_policy" ? "field.locked" : "wrong.refused";
  }

  /** `field` is of the draft, where an entry may stand at another place than in the saved settings. */
  isLocked(field: string): boolean {
    const saved = this.#savedPlace(field);
    return this.view?.locked.some((locked) => saved === locked || saved.startsWith(`${locked}.`)) ?? false;
  }

  async openHelpPage(page: HelpPage): Promise<void> {
    const reply = await this.shell.ask({ request: "open_help_page", page });
    if (reply.reply === "failed") this.failure = reply.body;
  }

  hasSecret(name: string): boolean {
    return this.view?.secrets.includes(name) ?? false;
  }

  lineStatus(id: string): LineStatus | undefined {
    return this.status?.lines.find((line) => line.id === id);
  }

  integrationStatus(id: string): IntegrationStatus | undefined {
    return this.status?.integrations.find((integration) => integration.id === id);
  }

  /** Secrets first, so that a line never tries to sign in with a missing one. */
  async save(): Promise<boolean> {
    if (this.draft === null || this.saving) return false;
    const settings = $state.snapshot(this.draft);
    this.failure = null;
    this.saved = false;
    this.advice = [];
    this.problems = findProblems(settings);
    if (Object.keys(this.problems).length > 0) {
      this.#showFirstProblem(Object.keys(this.problems)[0]);
      return false;
    }
    this.saving = true;
    const kept = await this.saveSecrets();
    const reply = kept ? await this.shell.ask({ request: "save_settings", settings }) : null;
    this.saving = false;
    if (reply === null) return false;
    if (reply.reply === "failed") {
      this.failure = reply.body;
      this.#showFirstProblem(reply.body.field ?? undefined);
      return false;
    }
    if (this.view !== null) this.view = { ...this.view, settings };
    this.saved = true;
    if (reply.reply === "saved") this.advice = reply.body.advice;
    return true;
  }

  /** Hands typed secrets to the keychain; each is forgotten here as soon as it lies there. */
  async saveSecrets(): Promise<boolean> {
    for (const [name, value] of Object.entries($state.snapshot(this.typedSecrets))) {
      if (value === "") continue;
      const secret = name.startsWith("integration.") ? value.replace(/\s/g, "") : value;
      const reply = await this.shell.ask({ request: "set_secret", name, value: secret });
      if (reply.reply === "failed") {
        this.failure = reply.body;
        return false;
      }
      this.typedSecrets[name] = "";
      if (this.view !== null && !this.view.secrets.includes(name)) this.view.secrets.push(name);
    }
    return true;
  }

  /** A removed integration leaves the draft and what it is compared with. */
  dropIntegration(id: string): void {
    for (const settings of [this.draft, this.view?.settings]) {
      const at = settings?.integrations.findIndex((one) => one.id === id) ?? -1;
      if (at >= 0) settings?.integrations.splice(at, 1);
    }
  }

  discard(): void {
    if (this.view !== null) this.draft = $state.snapshot(this.view.settings);
    this.typedSecrets = {};
    this.problems = {};
    this.failure = null;
    this.saved = false;
  }

  /** Quit in the tray asks as well: a question that lies behind other windows is brought to the front. */
  async requestClose(): Promise<void> {
    if (!this.dirty) return this.shell.closeWindow();
    this.asksBeforeClosing = true;
    await this.shell.openWindow("main", null);
  }

  async saveAndClose(): Promise<void> {
    this.asksBeforeClosing = false;
    await ((await this.save()) ? this.shell.closeWindow() : this.shell.stayOpen());
  }

  async discardAndClose(): Promise<void> {
    this.asksBeforeClosing = false;
    this.discard();
    await this.shell.closeWindow();
  }

  async keepEditing(): Promise<void> {
    this.asksBeforeClosing = false;
    await this.shell.stayOpen();
  }

  /** Somebody else's change replaces an untouched draft, and never what is being typed. */
  #take(view: SettingsView): void {
    const untouched = !this.dirty;
    this.view = view;
    if (untouched || this.draft === null) this.draft = structuredClone(view.settings);
  }

  #hear(event: AppEvent): void {
    if (event.event === "status") this.status = event.body;
    if (event.event === "settings") this.#take(event.body);
  }

  #savedPlace(field: string): string {
    const [list, index, ...rest] = field.split(".");
    if ((list !== "lines" && list !== "integrations") || index === undefined) return field;
    const id = this.draft?.[list][Number(index)]?.id;
    const at = this.view?.settings[list].findIndex((one) => one.id === id) ?? -1;
    return at < 0 ? list : [list, at, ...rest].join(".");
  }

  #showFirstProblem(field: string | undefined): void {
    const pages: Record<string, Page> = { general: "general", dialing: "dialing", hotkeys: "hotkeys", lines: "telephony", integrations: "integration" };
    const page = pages[field?.split(".")[0] ?? ""];
    if (page !== undefined) this.page = page;
  }
}
