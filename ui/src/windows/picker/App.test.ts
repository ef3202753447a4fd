// The target picker as the agent types in it: real components, the shell alone is a stand-in.
import { fireEvent, render, screen } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { Purpose } from "../../ipc/bindings/Purpose";
import type { Reply } from "../../ipc/bindings/Reply";
import type { Request } from "../../ipc/bindings/Request";
import type { TargetView } from "../../ipc/bindings/TargetView";
import { PickerController } from "../../features/targets/pickerController.svelte";
import { FakeShell } from "../../ipc/fixtures";
import App from "./App.svelte";

const targets: TargetView[] = [
  { kind: "colleague", name: "Anna Weber", company: null, number: "102", to: "102", availability: "free" },
  { kind: "contact", name: "Erika Mustermann", company: "Brandt & Söhne GmbH", number: "0231 1234567", to: "+492311234567", availability: "unknown" },
];
let shell: FakeShell;
let reply: (request: Request) => Reply;

async function open(purpose: Purpose): Promise<HTMLInputElement> {
  shell.say("picker_context", { purpose, call: "one", about: "Erika Mustermann" });
  flushSync();
  await vi.waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(2));
  return screen.getByRole<HTMLInputElement>("combobox");
}
const sent = (): Request[] => shell.asked.filter((request) => request.request !== "targets");

beforeEach(async () => {
  HTMLElement.prototype.scrollIntoView = () => undefined;
  shell = new FakeShell();
  reply = () => ({ reply: "done" });
  shell.answer = (request) => (request.request === "targets" ? { reply: "targets", body: { targets, typed_trouble: null } } : reply(request));
  const controller = new PickerController(shell);
  render(App, { controller });
  await controller.start();
});

for (const [purpose, request] of [["redirect", "redirect"], ["consult", "consult"], ["transfer", "transfer"]] as const) {
  test(`Enter sends the ${purpose} to the first of the list`, async () => {
    const field = await open(purpose);
    await fireEvent.input(field, { target: { value: "an" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await vi.waitFor(() => expect(sent()).toEqual([{ request, call: "one", to: "102", confirmed: false }]));
    await vi.waitFor(() => expect(shell.told).toContain("close picker"));
  });
}

async function pressSend(purpose: Purpose, name: string): Promise<void> {
  const field = await open(purpose);
  await fireEvent.input(field, { target: { value: "an" } });
  const button = screen.getByRole("button", { name });
  button.focus();
  await fireEvent.click(button);
}

test("Redirect again sends the ringing call to whom is chosen", async () => {
  await pressSend("redirect", "Redirect");
  await vi.waitFor(() => expect(sent()).toEqual([{ request: "redirect", call: "one", to: "102", confirmed: false }]));
  await vi.waitFor(() => expect(shell.told).toContain("close picker"));
});

test("Consult again calls the colleague", async () => {
  await pressSend("consult", "Consult");
  await vi.waitFor(() => expect(sent()).toEqual([{ request: "consult", call: "one", to: "102", confirmed: false }]));
});

test("Transfer again hands the caller on", async () => {
  await pressSend("transfer", "Transfer");
  await vi.waitFor(() => expect(sent()).toEqual([{ request: "transfer", call: "one", to: "102", confirmed: false }]));
});

test("Call dials whom is chosen", async () => {
  await pressSend("dial", "Call");
  await vi.waitFor(() => expect(sent()).toEqual([{ request: "dial", to: "102", line: null, confirmed: false }]));
});

test("while nothing is typed the button sends nothing", async () => {
  const field = await open("redirect");
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Redirect" });
  expect(button.disabled).toBe(true);
  await fireEvent.input(field, { target: { value: "102" } });
  expect(button.disabled).toBe(false);
});

test("a refused number is corrected where it was typed", async () => {
  reply = () => ({ reply: "failed", body: { code: { kind: "command", why: "no_such_target" }, message: "", field: null } });
  await pressSend("transfer", "Transfer");
  await screen.findByRole("alert");
  expect(document.activeElement).toBe(screen.getByRole("combobox"));
  expect(screen.getByRole<HTMLInputElement>("combobox").value).toBe("an");
});

test("the arrows choose, and the field names what is chosen", async () => {
  const field = await open("transfer");
  await fireEvent.input(field, { target: { value: "er" } });
  await vi.waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(2));
  await fireEvent.keyDown(field, { key: "ArrowDown" });
  const chosen = screen.getByRole("option", { selected: true });
  expect(chosen.textContent).toContain("Erika Mustermann");
  expect(field.getAttribute("aria-activedescendant")).toBe(chosen.id);
  await fireEvent.keyDown(field, { key: "Enter" });
  await vi.waitFor(() => expect(sent()).toEqual([{ request: "transfer", call: "one", to: "+492311234567", confirmed: false }]));
});

test("a click on a line sends to it", async () => {
  await open("consult");
  screen.getAllByRole("option")[1]?.click();
  await vi.waitFor(() => expect(sent()).toEqual([{ request: "consult", call: "one", to: "+492311234567", confirmed: false }]));
});

test("an empty field sends nothing on Enter, and Escape closes without a word", async () => {
  const field = await open("redirect");
  await screen.findAllByRole("option");
  expect(document.querySelector("kbd"), "no line says that Enter sends to it").toBeNull();
  await fireEvent.keyDown(field, { key: "Enter" });
  await fireEvent.keyDown(window, { key: "Escape" });
  expect(sent()).toEqual([]);
  expect(shell.told).toEqual(["close picker"]);
});

test("a number that the telephone system does not know is said, and the caller is still here", async () => {
  reply = () => ({ reply: "failed", body: { code: { kind: "command", why: "no_such_target" }, message: "", field: null } });
  const field = await open("transfer");
  await fireEvent.input(field, { target: { value: "999" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The caller is still here.");
  expect(shell.told, "the field stays open for another number").toEqual([]);
  expect(field.getAttribute("aria-describedby")).toBe(alert.id);
});
