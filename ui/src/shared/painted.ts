// The mark of a window that shows what it was told at its start: whoever takes a picture waits for it.

const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));

/** Sets the mark when everything is `ready` and on the screen. */
export async function markPainted(...ready: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(ready);
  await frame();
  await frame();
  document.documentElement.dataset["painted"] = "";
}
