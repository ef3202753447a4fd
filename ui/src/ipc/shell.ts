// The only door to the shell: commands and events, typed. Nothing else imports @tauri-apps.
import { invoke } from "@tauri-apps/api/core";
import { getCurrentWebviewWindow } from "@tauri-apps/api/webviewWindow";
import type { AppEvent } from "./bindings/AppEvent";
import type { Appearance } from "./bindings/Appearance";
import type { DragPhase } from "./bindings/DragPhase";
import type { Page } from "./bindings/Page";
import type { PickerContext } from "./bindings/PickerContext";
import type { Purpose } from "./bindings/Purpose";
import type { Reply } from "./bindings/Reply";
import type { Request } from "./bindings/Request";

export type WindowName = "preview" | "picker" | "phone" | "main";
export type Stop = () => void;

/** What a window may ask of the shell. Each window's capability allows just its own part. */
export interface Shell {
  ask(request: Request): Promise<Reply>;
  onEvent(heard: (event: AppEvent) => void): Promise<Stop>;
  appearance(): Promise<Appearance>;
  onAppearance(heard: (appearance: Appearance) => void): Promise<Stop>;
  previewSize(width: number, height: number): Promise<void>;
  previewDrag(phase: DragPhase, x: number, y: number): Promise<void>;
  openPicker(purpose: Purpose, call: string | null): Promise<void>;
  pickerContext(): Promise<PickerContext | null>;
  onPickerContext(heard: (context: PickerContext) => void): Promise<Stop>;
  closePicker(): Promise<void>;
  openWindow(name: "phone" | "main", page: Page | null): Promise<void>;
  onPage(heard: (page: Page) => void): Promise<Stop>;
  closeWindow(): Promise<void>;
  /** The window was to close, and its agent goes on in it. */
  stayOpen(): Promise<void>;
  onCloseRequested(heard: () => void): Promise<Stop>;
  openHelp(topic: string): Promise<void>;
  /** Whether a page with the licences of what is inside lies beside the program. */
  hasLicences(): Promise<boolean>;
  /** Whether the system offers Ringcard for telephone links. */
  offersLinks(): Promise<boolean>;
  /** The system's dialog in which people choose what opens a link. */
  openDefaultApps(): Promise<void>;
}

/** A refusal by the shell itself, before the request reached the application. */
function refused(error: unknown): Reply {
  const message = error instanceof Error ? error.message : String(error);
  return { reply: "failed", body: { code: { kind: "internal" }, message, field: null } };
}

/** Commands without an answer must never break a window: the shell logs what went wrong. */
async function tell(command: string, values: Record<string, unknown> = {}): Promise<void> {
  await invoke(command, values).catch(() => undefined);
}

function hear<T>(event: string, heard: (payload: T) => void): Promise<Stop> {
  return getCurrentWebviewWindow().listen<T>(event, ({ payload }) => heard(payload));
}

/** The shell as the window `name` may use it. */
export function connect(name: WindowName): Shell {
  return {
    ask: (request) => invoke<Reply>(`ask_${name}`, { request }).catch(refused),
    onEvent: (heard) => hear("app_event", heard),
    appearance: () => invoke<Appearance>("appearance"),
    onAppearance: (heard) => hear("appearance", heard),
    previewSize: (width, height) => tell("preview_size", { width, height }),
    previewDrag: (phase, x, y) => tell("preview_drag", { phase, x, y }),
    openPicker: (purpose, call) => tell("open_picker", { purpose, call }),
    pickerContext: () => invoke<PickerContext | null>("picker_context").catch(() => null),
    onPickerContext: (heard) => hear("picker_context", heard),
    closePicker: () => tell("close_picker"),
    openWindow: (window, page) => tell("open_window", { name: window, page }),
    onPage: (heard) => hear("page", heard),
    closeWindow: () => tell("close_window"),
    stayOpen: () => tell("stay_open"),
    onCloseRequested: (heard) => hear<null>("tauri://close-requested", () => heard()),
    hasLicences: () => invoke<boolean>("has_licences").catch(() => false),
    offersLinks: () => invoke<boolean>("offers_links").catch(() => false),
    openDefaultApps: () => tell("open_default_apps"),
    openHelp: (topic) => tell("open_help", { topic }),
  };
}
