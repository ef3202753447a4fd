// The preview as it stands in its window.
import { render, screen } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { Card } from "../../ipc/bindings/Card";
import { CardController } from "../../features/card/cardController.svelte";
import { card, FakeShell, match } from "../../ipc/fixtures";
import { formatMoment } from "../../shared/time";
import App from "./App.svelte";

let shell: FakeShell;

let revision = 0;

async function show(...cards: ReturnType<typeof card>[]): Promise<void> {
  revision += 1;
  shell.say("event", { event: "preview", body: { cards, visible: true, revision } });
  flushSync();
}
const buttons = (): (string | undefined)[] => screen.getAllByRole("button").map((button) => button.getAttribute("aria-label") ?? button.textContent?.trim());
const spoken = (): string => document.querySelector("[aria-live=assertive]")?.textContent ?? "";

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

test("a known caller shows name, company, kind, owner, note and number", async () => {
  await show(card({ who: { kind: "certain", found: match({ note: "Calls back on Thursdays" }) } }));
  const text = document.body.textContent ?? "";
  for (const part of ["Erika Mustermann", "Brandt & Söhne GmbH", "Contact", "Anna Weber", "Calls back on Thursdays", "+49 231 1234567"]) expect(text).toContain(part);
});

test("while the access is withdrawn the card goes on from the copy and says how old it is", async () => {
  const at = Date.now() - 3_600_000;
  await show(card({ crm_trouble: "inactive_token", data_as_of: at }));
  const text = document.body.textContent ?? "";
  for (const part of ["Erika Mustermann", "CRM: The access was withdrawn in the CRM.", `data as of ${formatMoment(at, Date.now())}`]) expect(text).toContain(part);
});

test("a contact who wants no calls is marked", async () => {
  await show(card({ who: { kind: "certain", found: match({ opt_out: { call: true, email: false } }) } }));
  screen.getByText("No calls");
});

test("an unknown caller shows the number and offers to create, and no record", async () => {
  await show(card({ who: { kind: "unknown", among: 48_210 } }));
  expect(screen.getByRole("heading").textContent).toBe("+49 231 1234567");
  expect(buttons()).toContain("Create a new record on the CRM’s own page");
  expect(buttons().filter((name) => name?.startsWith("Open "))).toEqual([]);
});

test("a press on Create asks for the CRM's page, once and for this call", async () => {
  await show(card({ who: { kind: "unknown", among: 48_210 } }));
  shell.asked.length = 0;
  screen.getByText("Create").click();
  await vi.waitFor(() => expect(shell.asked).toEqual([{ request: "open_create", call: "one" }]));
});

test("how fresh the data are is said of a known caller and of an unknown one", async () => {
  const noon = new Date().setHours(12, 0, 0, 0);
  for (const who of [{ kind: "certain", found: match() }, { kind: "unknown", among: 48_210 }] satisfies Card["who"][]) {
    await show(card({ who, data_as_of: noon }));
    screen.getByText(/^data as of .*12:00$/);
  }
  await show(card());
  expect(screen.queryByText(/data as of/), "nothing is claimed of a copy that was never filled").toBeNull();
});

test("of several matches none is chosen: the number is the title and no record stands among the actions", async () => {
  await show(card({ who: { kind: "several", found: [match({ chosen_before: true }), match({ name: "Jürgen Krüger", record: { integration: "zoho", module: "Leads", id: "2" } })] } }));
  expect(screen.getByRole("heading").textContent, "an earlier choice is no certainty").toBe("+49 231 1234567");
  expect(buttons().filter((name) => name?.startsWith("Open "))).toEqual(["Open Erika Mustermann in Zoho", "Open Jürgen Krüger in Zoho"]);
  expect(document.querySelector(".actions")?.textContent).not.toContain("Zoho");
});

test("ringing offers redirecting and no holding, talk the other way round", async () => {
  await show(card());
  expect(buttons()).toEqual(expect.arrayContaining(["Redirect", "Decline"]));
  for (const late of ["Hold", "Consult", "Transfer", "Hang up"]) expect(buttons()).not.toContain(late);
  await show(card({ state: "active", answered_at: 2_000, can: ["hang_up", "hold", "consult", "blind_transfer"] }));
  expect(buttons()).toEqual(expect.arrayContaining(["Hold", "Consult", "Transfer", "Hang up"]));
  for (const early of ["Answer", "Redirect", "Decline"]) expect(buttons()).not.toContain(early);
});

test("calls stack, and choosing one asks for nothing but its card", async () => {
  await show(card(), card({ call: "two", state: { held: { by: "us" } }, who: { kind: "certain", found: match({ name: "Jürgen Krüger" }) } }));
  shell.asked.length = 0;
  screen.getByRole("button", { name: /Jürgen Krüger/ }).click();
  expect(shell.asked).toEqual([{ request: "bring_forward", call: "two" }]);
});

test("closing the card asks for nothing of the call", async () => {
  await show(card());
  shell.asked.length = 0;
  screen.getByRole("button", { name: "Close the card; the call goes on" }).click();
  expect(shell.asked).toEqual([{ request: "close_preview", call: "one" }]);
});

test("a caller is announced once, however long it rings", async () => {
  vi.useFakeTimers();
  await show(card());
  const region = document.querySelector("[aria-live=assertive]");
  expect(spoken()).toBe("Incoming: Erika Mustermann, Brandt & Söhne GmbH · Dortmund");
  const said = vi.fn();
  const observer = new MutationObserver(said);
  if (region) observer.observe(region, { childList: true, characterData: true, subtree: true });
  await vi.advanceTimersByTimeAsync(5_000);
  await show(card({ last_contact: { at: 500, direction: "incoming", reason: "missed" } }));
  await vi.advanceTimersByTimeAsync(0);
  expect(said, "neither a second nor a fact beside the name says it again").not.toHaveBeenCalled();
  vi.useRealTimers();
});

test("every button has a name", async () => {
  await show(card(), card({ call: "two" }));
  expect(buttons().filter((name) => !name)).toEqual([]);
});
