// Invented cards, a connection, and a shell without a system behind it, for the tests of the windows.
import type { Card } from "./bindings/Card";
import type { IntegrationStatus } from "./bindings/IntegrationStatus";
import type { MatchView } from "./bindings/MatchView";
import type { Reply } from "./bindings/Reply";
import type { Request } from "./bindings/Request";
import type { Settings } from "./bindings/Settings";
import type { StatusView } from "./bindings/StatusView";
import type { Shell } from "./shell";

export function match(values: Partial<MatchView> = {}): MatchView {
  return {
    record: { integration: "zoho", module: "Contacts", id: "498000000000104217" },
    name: "Erika Mustermann", company: "Brandt & Söhne GmbH", city: "Dortmund", module_label: "Contact", crm: "Zoho",
    owner: { name: "Anna Weber", extension: "102", availability: "free" }, opt_out: { email: false, call: false },
    note: null, basis: "exact", origin: "mirror", number_kind: "mobile", chosen_before: false, ...values,
  };
}

export function card(values: Partial<Card> = {}): Card {
  return {
    call: "one", line: null, direction: "incoming", state: "ringing", started_at: 1_000, answered_at: null, state_since: 1_000,
    ended_at: null, party: { number: "+49 231 1234567", dial: "+492311234567", place: { region: "DE", mobile: false }, name: null, presentation: "allowed" },
    revision: 0, who: { kind: "certain", found: match() }, queue: null, diverter: null, last_contact: null, data_as_of: null,
    still_filling: null, crm_trouble: null, can: ["answer", "decline", "redirect"], answer_way: "here", pending: null,
    trouble: null, unconfirmed: false, consulting: null, note: "", ...values,
  };
}

export function integrationStatus(values: Partial<IntegrationStatus> = {}): IntegrationStatus {
  return {
    id: "zoho", name: "Zoho", crm: "Zoho", state: "connected", reason: null, code: null, http_status: null, module: null, found_organisation: null, since: 1_000,
    tries: [], failed_in_a_row: 0, refused_sign_in: null, last_success: 1_000, next_run: null, progress: null, last_report: null, organisation: "Brandt & Söhne GmbH", user_email: "anna@brandt.example",
    plan_ends: null, other_user: false, records: 48_210, credits_today: 0, modules: ["Contacts"], warnings: [], ...values,
  };
}

export function settings(values: Partial<Settings> = {}): Settings {
  return {
    general: { language: "system", theme: "system", quarter: "bottom_right", hide_after_seconds: 10, missed_call_toast: true, suspend_card: true, autostart: false, email: "" },
    dialing: { country: "DE", area_code: "", outside_digit: "", incoming: "national" },
    hotkeys: { answer: "Ctrl+Shift+F8", hang_up: "", show_calls: "" }, lines: [], integrations: [], ...values,
  };
}

export function statusView(values: Partial<StatusView> = {}): StatusView {
  return { version: "0.1.0", tray: "listening", lines: [], integrations: [], secrets_in_file: false, first_start: false, log_details: false, journal_waiting: 0, ...values };
}

/** A shell that answers as told, remembers what was asked and lets a test speak as the application. */
export class FakeShell implements Shell {
  readonly asked: Request[] = [];
  readonly told: string[] = [];
  answer: (request: Request) => Reply | Promise<Reply> = () => ({ reply: "done" });
  readonly #heard = new Map<string, (payload: never) => void>();

  say(event: "event" | "page" | "picker_context" | "close", payload: unknown): void {
    this.#heard.get(event)?.(payload as never);
  }
  ask = async (request: Request): Promise<Reply> => {
    this.asked.push(request);
    return this.answer(request);
  };
  onEvent: Shell["onEvent"] = (heard) => this.#listen("event", heard);
  onPage: Shell["onPage"] = (heard) => this.#listen("page", heard);
  onPickerContext: Shell["onPickerContext"] = (heard) => this.#listen("picker_context", heard);
  onCloseRequested: Shell["onCloseRequested"] = (heard) => this.#listen("close", heard);
  onAppearance: Shell["onAppearance"] = (heard) => this.#listen("appearance", heard);
  appearance: Shell["appearance"] = async () => ({ language: "en", theme: "system" });
  pickerContext: Shell["pickerContext"] = async () => null;
  previewSize: Shell["previewSize"] = async (width, height) => void this.told.push(`size ${width} ${height}`);
  previewDrag: Shell["previewDrag"] = async (phase, x, y) => void this.told.push(`drag ${phase} ${x} ${y}`);
  openPicker: Shell["openPicker"] = async (purpose, call) => void this.told.push(`picker ${purpose} ${call}`);
  openWindow: Shell["openWindow"] = async (name, page) => void this.told.push(`window ${name} ${page}`);
  hasLicences: Shell["hasLicences"] = async () => true;
  offersLinks: Shell["offersLinks"] = async () => false;
  openDefaultApps: Shell["openDefaultApps"] = async () => void this.told.push("default apps");
  openHelp: Shell["openHelp"] = async (topic) => void this.told.push(`help ${topic}`);
  closePicker: Shell["closePicker"] = async () => void this.told.push("close picker");
  closeWindow: Shell["closeWindow"] = async () => void this.told.push("close window");
  stayOpen: Shell["stayOpen"] = async () => void this.told.push("stay open");

  #listen(event: string, heard: (payload: never) => void): Promise<() => void> {
    this.#heard.set(event, heard);
    return Promise.resolve(() => this.#heard.delete(event));
  }
}
