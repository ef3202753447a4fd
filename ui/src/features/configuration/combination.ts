// A pressed key combination in the words of the settings, such as `Ctrl+Shift+F8`.

type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">;

/** The combination, or `null` while only modifiers are down or none is. */
export function readCombination(press: Press): string | null {
  const key = nameKey(press);
  if (key === null) return null;
  const modifiers = [press.ctrlKey && "Ctrl", press.altKey && "Alt", press.shiftKey && "Shift", press.metaKey && "Super"].filter((name) => name !== false);
  const alone = /^F\d+$/.test(key);
  if (modifiers.length === 0 && !alone) return null;
  return [...modifiers, key].join("+");
}

function nameKey(press: Press): string | null {
  if (/^F([1-9]|1\d|2[0-4])$/.test(press.key)) return press.key;
  const letter = /^(?:Key([A-Z])|Digit(\d))$/.exec(press.code);
  if (letter !== null) return letter[1] ?? letter[2] ?? null;
  return ["Space", "Home", "End", "PageUp", "PageDown", "Insert", "Pause"].includes(press.code) ? press.code : null;
}
