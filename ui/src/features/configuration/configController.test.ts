// Saving, discarding and closing the configuration.
import { beforeEach, expect, test } from "vitest";
import { FakeShell, settings, statusView } from "../../ipc/fixtures";
import { readCombination } from "./combination";
import { ConfigController } from "./configController.svelte";
import { newIntegration, newLine } from "./defaults";
import { findProblems } from "./validate";

let shell: FakeShell;
let config: ConfigController;

beforeEach(async () => {
  shell = new FakeShell();
  shell.answer = (request) => {
    if (request.request === "settings") return { reply: "settings", body: { settings: settings(), secrets: [], locked: ["general.autostart"], policy_trouble: null, help_pages: [] } };
    if (request.request === "status") return { reply: "status", body: statusView() };
    return { reply: "saved", body: { advice: [] } };
  };
  config = new ConfigController(shell);
  await config.start();
  shell.asked.length = 0;
});

function change(): void {
  if (config.draft) config.draft.general.hide_after_seconds = 20;
}

test("a wrong value is refused at its field and nothing is sent", async () => {
  if (config.draft) config.draft.general.hide_after_seconds = Number.NaN;
  expect(await config.save()).toBe(false);
  expect(config.problemAt("general.hide_after_seconds")).toBe("wrong.hide_after");
  expect(shell.asked).toEqual([]);
});

test("secrets go to the keychain before the settings and are forgotten here", async () => {
  change();
  config.typedSecrets["line.desk.secret"] = "invented";
  await config.save();
  expect(shell.asked.map((request) => request.request)).toEqual(["set_secret", "save_settings"]);
  expect(JSON.stringify(config.typedSecrets)).not.toContain("invented");
  expect(config.dirty).toBe(false);
});

test("blanks in a pasted secret of a CRM are removed", async () => {
  config.typedSecrets["integration.zoho.client_secret"] = " in ven ted ";
  await config.saveSecrets();
  expect(shell.asked).toEqual([{ request: "set_secret", name: "integration.zoho.client_secret", value: "invented" }]);
});

test("a field that the application refuses is marked and its page shown", async () => {
  change();
  shell.answer = () => ({ reply: "failed", body: { code: { kind: "bad_setting" }, message: "", field: "dialing.country" } });
  expect(await config.save()).toBe(false);
  expect(config.problemAt("dialing.country")).toBe("wrong.refused");
  expect(config.page).toBe("dialing");
});

test("closing with unsaved changes asks first", async () => {
  change();
  await config.requestClose();
  expect(config.asksBeforeClosing).toBe(true);
  expect(shell.told, "the question is to be seen").toEqual(["window main null"]);
  await config.discardAndClose();
  expect(config.draft?.general.hide_after_seconds).toBe(10);
  expect(shell.told.at(-1)).toBe("close window");
});

test("whoever keeps editing is not taken for leaving later", async () => {
  change();
  shell.say("close", null);
  expect(config.asksBeforeClosing).toBe(true);
  await config.keepEditing();
  expect(config.asksBeforeClosing).toBe(false);
  expect(config.draft?.general.hide_after_seconds, "nothing is lost").toBe(20);
  expect(shell.told.at(-1)).toBe("stay open");
});

test("what cannot be saved keeps the window open", async () => {
  if (config.draft) config.draft.general.hide_after_seconds = Number.NaN;
  await config.requestClose();
  await config.saveAndClose();
  expect(shell.told).not.toContain("close window");
  expect(shell.told.at(-1)).toBe("stay open");
});

test("closing without changes does not ask", async () => {
  await config.requestClose();
  expect(shell.told).toEqual(["close window"]);
});

test("a change from elsewhere never overwrites what is being typed", () => {
  change();
  shell.say("event", { event: "settings", body: { settings: settings(), secrets: [], locked: [], policy_trouble: null, help_pages: [] } });
  expect(config.draft?.general.hide_after_seconds).toBe(20);
});

test("on the first start the telephone comes before the integration", () => {
  shell.say("event", { event: "status", body: { ...statusView(), first_start: true } });
  config.goTo("integration");
  expect(config.page).toBe("telephony");
});

test("a lock follows its entry when the draft has another order", async () => {
  const lines = [newLine(settings(), "Desk"), { ...newLine(settings(), "Home"), id: "home" }];
  const body = { settings: { ...settings(), lines }, secrets: [], locked: ["lines.1.host"], policy_trouble: null, help_pages: [] };
  shell.say("event", { event: "settings", body });
  config.draft?.lines.splice(0, 1);
  expect(config.isLocked("lines.0.host"), "the second line is the first now").toBe(true);
  config.draft?.lines.push({ ...newLine(settings(), "New"), id: "new" });
  expect(config.isLocked("lines.1.host"), "nobody locked a new line").toBe(false);
});

test("what was saved and deserves a word is said until the next save", async () => {
  shell.answer = () => ({ reply: "saved", body: { advice: [{ field: "dialing.area_code", kind: "no_area_code" }] } });
  if (config.draft) config.draft.general.theme = "dark";
  expect(await config.save()).toBe(true);
  expect(config.advice.map((one) => one.kind)).toEqual(["no_area_code"]);
  shell.answer = () => ({ reply: "saved", body: { advice: [] } });
  if (config.draft) config.draft.general.theme = "light";
  await config.save();
  expect(config.advice).toEqual([]);
});

test("a locked field that was changed all the same is named", async () => {
  const failure = { code: { kind: "locked_by_policy" }, message: "no", field: "general.autostart" } as const;
  shell.answer = () => ({ reply: "failed", body: failure });
  if (config.draft) config.draft.general.autostart = true;
  expect(await config.save()).toBe(false);
  expect(config.problemAt("general.autostart")).toBe("field.locked");
});

test("a locked field is known as locked", () => {
  expect(config.isLocked("general.autostart")).toBe(true);
  expect(config.isLocked("general.theme")).toBe(false);
});

test("no module, no minutes and an empty name are refused at their fields", () => {
  const wrong = settings();
  wrong.integrations.push({ ...newIntegration(wrong, " "), modules: [], refresh_minutes: 0 });
  expect(Object.keys(findProblems(wrong)).sort()).toEqual(["integrations.0.client_id", "integrations.0.modules", "integrations.0.name", "integrations.0.refresh_minutes"]);
});

test("a new line gets an id that nobody has", () => {
  const made = settings();
  made.lines.push(newLine(made, "one"));
  made.lines.push(newLine(made, "two"));
  expect(made.lines.map((line) => line.id)).toEqual(["desk", "desk2"]);
});

test("a hotkey is read from the keys and a bare letter is none", () => {
  const keys = { ctrlKey: true, altKey: false, shiftKey: true, metaKey: false };
  expect(readCombination({ ...keys, key: "F8", code: "F8" })).toBe("Ctrl+Shift+F8");
  expect(readCombination({ ...keys, ctrlKey: false, shiftKey: false, key: "a", code: "KeyA" })).toBeNull();
});
