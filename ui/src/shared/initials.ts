// The letters in the round picture of a person.

/** `EM` for Erika Mustermann; at most two, whatever the alphabet. */
export function initials(name: string): string {
  const words = name.split(/[\s.,&/]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words[words.length - 1]) : "";
  return (first + last).toLocaleUpperCase();
}

function firstLetter(word: string | undefined): string {
  return word === undefined ? "" : (Array.from(word)[0] ?? "");
}
