// What the buttons of the preview do.
import { beforeEach, expect, test } from "vitest";
import type { Card } from "../../ipc/bindings/Card";
import { card, FakeShell } from "../../ipc/fixtures";
import { actionsOf, answersAtTelephone } from "./actions";
import { CardController } from "./cardController.svelte";

let shell: FakeShell;
let controller: CardController;

function show(cards: Card[], revision: number): void {
  shell.say("event", { event: "preview", body: { cards, visible: true, revision } });
}

beforeEach(async () => {
  shell = new FakeShell();
  controller = new CardController(shell);
  await controller.start();
  shell.asked.length = 0;
});

test("an older view never paints over a newer one", () => {
  show([card({ call: "new" })], 5);
  show([card({ call: "old" })], 4);
  expect(controller.front?.call).toBe("new");
});

test("answering asks for this very call", async () => {
  await controller.press(card(), "answer");
  expect(shell.asked).toEqual([{ request: "answer", call: "one" }]);
});

test("a second press waits for the first command", async () => {
  await controller.press(card({ pending: { ability: "answer" } }), "answer");
  expect(shell.asked).toEqual([]);
});

test("what cannot be done now is not sent", async () => {
  await controller.press(card({ can: [] }), "answer");
  expect(shell.asked).toEqual([]);
});

test("redirecting opens the picker and sends nothing", async () => {
  await controller.press(card(), "redirect");
  expect(shell.told).toEqual(["picker redirect one"]);
  expect(shell.asked).toEqual([]);
});

test("consulting opens the picker for this very call", async () => {
  await controller.press(card({ call: "two", state: "active", can: ["consult", "blind_transfer"] }), "consult");
  expect(shell.told).toEqual(["picker consult two"]);
  expect(shell.asked, "nobody is called before a colleague is chosen").toEqual([]);
});

test("transferring opens the picker for this very call", async () => {
  await controller.press(card({ call: "two", state: "active", can: ["consult", "blind_transfer"] }), "blind_transfer");
  expect(shell.told).toEqual(["picker transfer two"]);
  expect(shell.asked, "the caller stays until somebody is chosen").toEqual([]);
});

test("a busy owner is asked about once and the answer sends it confirmed", async () => {
  show([card()], 1);
  shell.answer = (request) => ("confirmed" in request && !request.confirmed ? { reply: "failed", body: { code: { kind: "needs_confirmation", why: "target_busy" }, message: "", field: null } } : { reply: "done" });
  await controller.sendToOwner(card(), "102");
  expect(controller.question?.sentence.what).toBe("command.target_busy");
  await controller.sendAnyway();
  expect(shell.asked.at(-1)).toEqual({ request: "redirect", call: "one", to: "102", confirmed: true });
  expect(controller.question).toBeNull();
});

test("a question about a call goes when the call changes", async () => {
  show([card()], 1);
  shell.answer = () => ({ reply: "failed", body: { code: { kind: "needs_confirmation", why: "target_busy" }, message: "", field: null } });
  await controller.sendToOwner(card(), "102");
  show([card({ state: "active" })], 2);
  expect(controller.question, "the caller must not be sent away by a late yes").toBeNull();
});

test("closing the card touches no call", async () => {
  await controller.close(card());
  expect(shell.asked).toEqual([{ request: "close_preview", call: "one" }]);
});

test("a line that answers at the telephone has no answer button but says so", () => {
  const ringing = card({ answer_way: "at_telephone", can: ["answer", "redirect"] });
  expect(actionsOf(ringing).map((action) => action.ability)).toEqual(["redirect"]);
  expect(answersAtTelephone(ringing)).toBe(true);
});

test("only what can be done now has a button", () => {
  expect(actionsOf(card({ can: ["hang_up", "hold"] })).map((action) => action.ability)).toEqual(["hold", "hang_up"]);
});
