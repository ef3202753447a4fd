// Language and theme of a window, from the shell, now and whenever they change.
import { language } from "../shared/i18n.svelte";
import type { Appearance } from "./bindings/Appearance";
import type { Shell } from "./shell";

/** Puts on what the shell says. `system` leaves the choice to the system's colour scheme. */
export function wear(appearance: Appearance): void {
  language.choose(appearance.language);
  const root = document.documentElement;
  if (appearance.theme === "system") root.removeAttribute("data-theme");
  else root.dataset["theme"] = appearance.theme;
}

/** Follows the appearance; a window without an answer stays as the system is. */
export async function followAppearance(shell: Pick<Shell, "appearance" | "onAppearance">): Promise<void> {
  await shell.onAppearance(wear).catch(() => undefined);
  await shell.appearance().then(wear, () => language.choose(navigator.language));
}
