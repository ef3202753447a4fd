// The phone window: pairs, keypad, dialling.
import { beforeEach, expect, test } from "vitest";
import { card, FakeShell } from "../../ipc/fixtures";
import { groupCards, PhoneController } from "./phoneController.svelte";

let shell: FakeShell;
let phone: PhoneController;
beforeEach(() => {
  shell = new FakeShell();
  phone = new PhoneController(shell);
});

test("a consultation is one group with the talk above the one who waits", () => {
  const held = card({ call: "held", state: { held: { by: "us" } }, consulting: { role: "held", phase: "talking", other: "asked" } });
  const asked = card({ call: "asked", state: "active", consulting: { role: "consult", phase: "talking", other: "held" } });
  const groups = groupCards([held, asked, card({ call: "third" })]);
  expect(groups.map((group) => group.cards.map((one) => one.call))).toEqual([["asked", "held"], ["third"]]);
});

test("in the phone window redirecting, consulting and transferring open the picker, each for its call", async () => {
  await phone.press(card({ call: "rings", can: ["redirect"] }), "redirect");
  await phone.press(card({ call: "talks", state: "active", can: ["consult", "blind_transfer"] }), "consult");
  await phone.press(card({ call: "talks", state: "active", can: ["consult", "blind_transfer"] }), "blind_transfer");
  await phone.search();
  expect(shell.told).toEqual(["picker redirect rings", "picker consult talks", "picker transfer talks", "picker dial null"]);
  expect(shell.asked, "nothing is sent before somebody is chosen").toEqual([]);
});

test("in the phone window what a call does not allow opens no picker", async () => {
  await phone.press(card({ state: "active", can: ["consult"] }), "redirect");
  await phone.press(card({ can: ["redirect"], pending: { ability: "redirect" } }), "redirect");
  expect(shell.told).toEqual([]);
});

test("a digit goes into the call at once", async () => {
  await phone.sendDigit(card({ can: ["send_dtmf"] }), "4");
  expect(shell.asked).toEqual([{ request: "send_dtmf", call: "one", digits: "4" }]);
});

test("an empty dial field calls nobody", async () => {
  phone.typed = "  ";
  await phone.dial();
  expect(shell.asked).toEqual([]);
});

test("a refused number stays in the field", async () => {
  shell.answer = () => ({ reply: "failed", body: { code: { kind: "command", why: "bad_target" }, message: "", field: null } });
  phone.typed = "abc";
  await phone.dial();
  expect(phone.typed).toBe("abc");
  expect(phone.dialTrouble?.what).toBe("command.bad_target");
});

test("a note is kept once, and only when it has changed", async () => {
  const noted = card({ note: "asks for an offer" });
  await phone.saveNote(noted, " asks for an offer ");
  expect(shell.asked).toEqual([]);
  await phone.saveNote(noted, "calls back");
  expect(shell.asked).toEqual([{ request: "set_note", call: "one", note: "calls back" }]);
});
