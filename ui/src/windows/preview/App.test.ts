// The preview as it stands in its window.
import { render, screen } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { CardController } from "../../features/card/cardController.svelte";
import { card, FakeShell, match } from "../../ipc/fixtures";
import App from "./App.svelte";

let shell: FakeShell;

async function show(...cards: ReturnType<typeof card>[]): Promise<void> {
  shell.say("event", { event: "preview", body: { cards, visible: true, revision: 1 } });
  flushSync();
}

beforeEach(async () => {
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 380, 301.5));
  shell = new FakeShell();
  const controller = new CardController(shell);
  render(App, { shell, controller });
  await controller.start();
});

test("nothing in it can take the keyboard focus", async () => {
  await show(card(), card({ call: "two" }));
  const buttons = [...document.querySelectorAll("button")];
  expect(buttons.length).toBeGreaterThan(4);
  expect(buttons.filter((button) => button.tabIndex !== -1)).toEqual([]);
  expect(document.querySelector("input, select, textarea, a[href]"), "buttons only").toBeNull();
});

test("the size is told in the task of the event, without an animation frame", async () => {
  await show(card());
  expect(shell.told).toEqual(["size 380 302"]);
});

test("a name is text and never mark-up", async () => {
  await show(card({ who: { kind: "certain", found: match({ name: "<img src=x onerror=alert(1)>" }) } }));
  expect(document.querySelector("img")).toBeNull();
  expect(screen.getByRole("heading").textContent).toContain("<img");
});

test("each record of several has its own button", async () => {
  await show(card({ who: { kind: "several", found: [match(), match({ name: "Jürgen Krüger", record: { integration: "zoho", module: "Leads", id: "2" } })] } }));
  screen.getByRole("button", { name: "Open Jürgen Krüger in Zoho" }).click();
  expect(shell.asked.at(-1)).toMatchObject({ request: "open_record", record: { id: "2" } });
});
