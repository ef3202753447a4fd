// Where the typed text stands in a name, so that it can be shown strong.

export interface Part {
  readonly text: string;
  readonly hit: boolean;
}

/** Splits `name` at the beginning of the first word that begins with `typed`. */
export function splitAtHit(name: string, typed: string): Part[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const lower = name.toLocaleLowerCase();
  if (wanted === "" || lower.length !== name.length) return [{ text: name, hit: false }];
  let at = lower.indexOf(wanted);
  while (at > 0 && /[\p{L}\p{N}]/u.test(lower[at - 1] ?? "")) at = lower.indexOf(wanted, at + 1);
  if (at < 0) return [{ text: name, hit: false }];
  const end = at + wanted.length;
  return [
    { text: name.slice(0, at), hit: false },
    { text: name.slice(at, end), hit: true },
    { text: name.slice(end), hit: false },
  ].filter((part) => part.text !== "");
}
