// The phone window as the agent uses it: real components, the shell alone is a stand-in.
import { fireEvent, render, screen } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { Card } from "../../ipc/bindings/Card";
import { PhoneController } from "../../features/calls/phoneController.svelte";
import { card, FakeShell, match } from "../../ipc/fixtures";
import App from "./App.svelte";

let shell: FakeShell;

function show(...cards: Card[]): void {
  shell.say("event", { event: "phone", body: { cards, lines: [], journal_waiting: 0, revision: 1 } });
  flushSync();
}
const press = (name: string): void => screen.getByRole("button", { name }).click();
const buttons = (): (string | null)[] => screen.getAllByRole("button").map((button) => button.getAttribute("aria-label") ?? button.textContent?.trim() ?? null);
const talk = (values: Partial<Card> = {}): Card => card({ state: "active", answered_at: 2_000, can: ["hang_up", "hold", "consult", "blind_transfer", "send_dtmf"], ...values });

beforeEach(async () => {
  shell = new FakeShell();
  const controller = new PhoneController(shell);
  render(App, { shell, controller });
  await controller.start();
  shell.asked.length = 0;
});

test("a ringing call is answered and its record opened from here as well", async () => {
  show(card());
  press("Answer");
  press("Open Erika Mustermann in Zoho");
  await vi.waitFor(() => expect(shell.asked).toHaveLength(2));
  expect(shell.asked[0]).toEqual({ request: "answer", call: "one" });
  expect(shell.asked[1]).toMatchObject({ request: "open_record", record: { id: match().record.id } });
});

test("every record of many matches has its own button", async () => {
  const found = [1, 2, 3, 4, 5].map((at) => match({ name: `Person ${at}`, record: { integration: at < 5 ? "zoho" : "zoho2", module: "Contacts", id: String(at % 4) } }));
  show(card({ who: { kind: "several", found } }));
  expect(buttons().filter((name) => name?.startsWith("Open "))).toEqual(found.map(({ name }) => `Open ${name} in Zoho`));
  press("Open Person 4 in Zoho");
  await vi.waitFor(() => expect(shell.asked.at(-1)).toMatchObject({ request: "open_record", record: found[3]?.record, call: "one" }));
});

test("ringing offers redirecting and no holding, talk the other way round", () => {
  show(card());
  expect(buttons()).toEqual(expect.arrayContaining(["Answer", "Redirect", "Decline"]));
  for (const late of ["Hold", "Consult", "Transfer", "Hang up"]) expect(buttons()).not.toContain(late);
  shell.say("event", { event: "phone", body: { cards: [talk()], lines: [], journal_waiting: 0, revision: 2 } });
  flushSync();
  expect(buttons()).toEqual(expect.arrayContaining(["Hold", "Consult", "Transfer", "Hang up"]));
  for (const early of ["Answer", "Redirect", "Decline"]) expect(buttons()).not.toContain(early);
});

test("a consultation shows who waits and offers to complete, to cancel and to swap", async () => {
  const can: Card["can"] = ["complete_transfer", "cancel_consult", "swap"];
  show(
    talk({ call: "two", can, party: { ...card().party, number: "102", name: "Anna Weber", place: null, dial: "102" }, who: { kind: "no_crm" }, consulting: { role: "consult", phase: "talking", other: "one" } }),
    card({ state: { held: { by: "us" } }, can, consulting: { role: "held", phase: "talking", other: "two" } }),
  );
  screen.getByText(/^Waiting/);
  press("Cancel");
  await vi.waitFor(() => expect(shell.asked).toEqual([{ request: "cancel", call: "two" }]));
  press("Complete");
  await vi.waitFor(() => expect(shell.asked).toContainEqual({ request: "complete", call: "two" }));
});

test("a caller who waits alone is one press away", async () => {
  show(card({ state: { held: { by: "us" } }, can: ["resume", "hang_up"] }));
  press("Resume");
  await vi.waitFor(() => expect(shell.asked).toEqual([{ request: "resume", call: "one" }]));
});

test("a refusal is shown at its call", async () => {
  shell.answer = () => ({ reply: "failed", body: { code: { kind: "command", why: "no_right" }, message: "", field: null } });
  show(talk());
  press("Hold");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("lacks the right");
});

test("a contact who wants no calls is called only after a question", async () => {
  shell.answer = (request) => (request.request === "dial" && !request.confirmed ? { reply: "failed", body: { code: { kind: "needs_confirmation", why: "wants_no_calls" }, message: "", field: null } } : { reply: "done" });
  await fireEvent.input(screen.getByRole("textbox", { name: "Number to call" }), { target: { value: "040 66969100" } });
  press("Call");
  expect((await screen.findByRole("alert")).textContent).toContain("wants no calls");
  press("Call anyway");
  await vi.waitFor(() => expect(shell.asked.at(-1)).toEqual({ request: "dial", to: "040 66969100", line: null, confirmed: true }));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("the answer to the question is for the number that was asked about", async () => {
  shell.answer = () => ({ reply: "failed", body: { code: { kind: "needs_confirmation", why: "wants_no_calls" }, message: "", field: null } });
  const field = screen.getByRole("textbox", { name: "Number to call" });
  await fireEvent.input(field, { target: { value: "040 66969100" } });
  press("Call");
  await screen.findByRole("alert");
  await fireEvent.input(field, { target: { value: "030 23125 042" } });
  press("Call anyway");
  await vi.waitFor(() => expect(shell.asked.at(-1)).toMatchObject({ to: "040 66969100", confirmed: true }));
  expect(field).toHaveProperty("value", "030 23125 042");
});

test("Escape closes the window and touches no call", async () => {
  show(talk());
  await fireEvent.keyDown(window, { key: "Escape" });
  expect(shell.told).toEqual(["close window"]);
  expect(shell.asked).toEqual([]);
});
