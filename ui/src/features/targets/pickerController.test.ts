// The picker never sends what was not chosen.
import { beforeEach, expect, test, vi } from "vitest";
import type { Reply } from "../../ipc/bindings/Reply";
import type { Request } from "../../ipc/bindings/Request";
import type { TargetView } from "../../ipc/bindings/TargetView";
import { FakeShell } from "../../ipc/fixtures";
import { PickerController } from "./pickerController.svelte";
import { splitAtHit } from "./split";

let shell: FakeShell;
let picker: PickerController;
const waiting: ((reply: Reply) => void)[] = [];

const colleague = (name: string, to: string): TargetView => ({ kind: "colleague", name, company: null, number: to, to, availability: "free" });
const list = (...targets: TargetView[]): Reply => ({ reply: "targets", body: { targets, typed_trouble: null } });
const asks = (): Reply => ({ reply: "failed", body: { code: { kind: "needs_confirmation", why: "target_busy" }, message: "", field: null } });
/** Answers at once, but for `what`: that waits until the test answers. */
const hold = (what: Request["request"]) => {
  const atOnce = shell.answer;
  shell.answer = (request) => (request.request === what ? new Promise((resolve) => waiting.push(resolve)) : atOnce(request));
};
const onItsWay = () => vi.waitFor(() => expect(waiting).toHaveLength(1));
const sent = () => shell.asked.filter((request) => request.request !== "targets");

beforeEach(() => {
  shell = new FakeShell();
  picker = new PickerController(shell);
  waiting.length = 0;
  shell.answer = (request) => (request.request === "targets" ? list(colleague("Tom Berger", "102"), colleague("Annika Torres", "107")) : { reply: "done" });
  picker.open({ purpose: "transfer", call: "one", about: "Erika" });
});

test("Enter in an empty field sends nothing", async () => {
  await picker.type("  ");
  await picker.send();
  expect(sent()).toEqual([]);
});

test("Enter sends the marked line", async () => {
  await picker.type("to");
  picker.move(1);
  await picker.send();
  expect(sent()).toEqual([{ request: "transfer", call: "one", to: "107", confirmed: false }]);
  expect(shell.told).toEqual(["close picker"]);
});

test("an answer to an older text never replaces a newer one", async () => {
  shell.answer = () => new Promise((resolve) => waiting.push(resolve));
  const older = picker.type("t");
  const newer = picker.type("to");
  waiting[1]?.(list(colleague("Tom Berger", "102")));
  await newer;
  waiting[0]?.(list(colleague("Tessa Alt", "199")));
  await older;
  expect(picker.found.targets.map((target) => target.to)).toEqual(["102"]);
});

test("Enter before the list has come waits for it and sends nobody of the list before", async () => {
  await picker.type("a");
  shell.answer = (request) => (request.request === "targets" ? new Promise((resolve) => waiting.push(resolve)) : { reply: "done" });
  void picker.type("petra");
  const sending = picker.send();
  expect(sent(), "the old list stands there, but it belongs to another text").toEqual([]);
  waiting[0]?.(list(colleague("Petra Neu", "133")));
  await sending;
  expect(sent()).toEqual([{ request: "transfer", call: "one", to: "133", confirmed: false }]);
});

test("a busy target is asked about and sent only when confirmed", async () => {
  await picker.type("to");
  shell.answer = (request) => (request.request === "transfer" && !request.confirmed ? asks() : { reply: "done" });
  await picker.send();
  expect(picker.asked).toBe(true);
  expect(shell.told, "the field stays").toEqual([]);
  await picker.sendAnyway();
  expect(sent().at(-1)).toEqual({ request: "transfer", call: "one", to: "102", confirmed: true });
});

test("consulting instead asks the colleague first", async () => {
  await picker.type("to");
  shell.answer = (request) => (request.request === "transfer" ? asks() : { reply: "done" });
  await picker.send();
  await picker.consultInstead();
  expect(sent().at(-1)).toEqual({ request: "consult", call: "one", to: "102", confirmed: false });
});

test("a refusal is shown and the field stays", async () => {
  await picker.type("to");
  shell.answer = () => ({ reply: "failed", body: { code: { kind: "command", why: "no_such_target" }, message: "", field: null } });
  await picker.send();
  expect(picker.trouble?.what).toBe("command.no_such_target");
  expect(shell.told).toEqual([]);
});

test("an answer for the call before neither asks about the next one nor sends it anywhere", async () => {
  hold("transfer");
  await picker.type("to");
  const sending = picker.send();
  await onItsWay();
  await picker.close();
  picker.open({ purpose: "transfer", call: "two", about: "Łukasz" });
  waiting[0]?.(asks());
  await sending;
  expect(picker.trouble, "the busy colleague was asked for another caller").toBeNull();
  expect(picker.asked).toBe(false);
  await picker.sendAnyway();
  await picker.consultInstead();
  expect(sent(), "only what was chosen").toEqual([{ request: "transfer", call: "one", to: "102", confirmed: false }]);
});

test("a success for the call before leaves the picker of the next one open", async () => {
  hold("transfer");
  await picker.type("to");
  const sending = picker.send();
  await onItsWay();
  picker.open({ purpose: "transfer", call: "two", about: "Łukasz" });
  expect(picker.sending, "nothing is on its way for this caller").toBe(false);
  waiting[0]?.({ reply: "done" });
  await sending;
  expect(shell.told).toEqual([]);
});

test("a question about an older text is not put below a newer one", async () => {
  hold("transfer");
  await picker.type("to");
  const sending = picker.send();
  await onItsWay();
  picker.move(1);
  expect(picker.chosen, "the choice is on its way").toBe(0);
  void picker.type("an");
  waiting[0]?.(asks());
  await sending;
  expect(picker.asked, "yes would send to whom the field no longer names").toBe(false);
  expect(picker.sending).toBe(false);
});

test("two presses before the list has come send once", async () => {
  hold("targets");
  void picker.type("petra");
  const presses = [picker.send(), picker.send()];
  waiting[0]?.(list(colleague("Petra Neu", "133")));
  await Promise.all(presses);
  expect(sent()).toEqual([{ request: "transfer", call: "one", to: "133", confirmed: false }]);
});

test("opening again forgets the last text", async () => {
  await picker.type("to");
  picker.open({ purpose: "dial", call: null, about: null });
  expect(picker.typed).toBe("");
});

test("the same button again keeps what was typed and chosen", async () => {
  await picker.type("to");
  picker.move(1);
  const opened = picker.opened;
  picker.open({ purpose: "transfer", call: "one", about: "Erika Mustermann" });
  expect(picker.opened, "the field takes the focus").toBe(opened + 1);
  expect(picker.context.about).toBe("Erika Mustermann");
  await picker.send();
  expect(sent()).toEqual([{ request: "transfer", call: "one", to: "107", confirmed: false }]);
});

test("the same button again leaves on its way what was sent", async () => {
  hold("transfer");
  await picker.type("to");
  const sending = picker.send();
  await onItsWay();
  picker.open({ purpose: "transfer", call: "one", about: "Erika" });
  await picker.send();
  waiting[0]?.({ reply: "done" });
  await sending;
  expect(sent(), "one press, one command").toHaveLength(1);
  expect(shell.told).toEqual(["close picker"]);
});

for (const [what, context] of [["another call", { purpose: "transfer", call: "two", about: "Łukasz" }], ["another purpose", { purpose: "consult", call: "one", about: "Erika" }]] as const) {
  test(`opening for ${what} forgets the last text`, async () => {
    await picker.type("to");
    picker.open(context);
    expect(picker.typed).toBe("");
  });
}

test("a picker that was closed opens empty for the same call, whoever closed it", async () => {
  const again = { purpose: "transfer", call: "one", about: "Erika" } as const;
  await picker.type("to");
  await picker.close();
  picker.open(again);
  expect(picker.typed, "closed by Esc").toBe("");
  const stop = await picker.start();
  await picker.type("to");
  shell.say("close", null);
  picker.open(again);
  expect(picker.typed, "closed by the system").toBe("");
  stop();
});

test("keys that come before the word which call it is for count for that call", async () => {
  await picker.close();
  await picker.type("tom");
  await picker.send();
  expect(sent()).toEqual([]);
  picker.open({ purpose: "transfer", call: "two", about: "Otto" });
  await vi.waitFor(() => expect(sent()).toEqual([{ request: "transfer", call: "two", to: "102", confirmed: false }]));
});

test("the hit is the beginning of a word", () => {
  expect(splitAtHit("Annika Torres", "to").filter((part) => part.hit)).toEqual([{ text: "To", hit: true }]);
  expect(splitAtHit("Motor", "to").some((part) => part.hit)).toBe(false);
});
