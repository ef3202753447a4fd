// Checking a line with what stands in the form, and changing nothing by it.
import { beforeEach, expect, test } from "vitest";
import { FakeShell, settings, statusView } from "../../ipc/fixtures";
import { ConfigController } from "./configController.svelte";
import { newLine } from "./defaults";
import { LineController } from "./lineController.svelte";

let shell: FakeShell;
let config: ConfigController;
let line: LineController;

beforeEach(async () => {
  shell = new FakeShell();
  const saved = settings({ lines: [newLine(settings(), "Desk")] });
  shell.answer = (request) => {
    if (request.request === "settings") return { reply: "settings", body: { settings: saved, secrets: ["line.desk.secret"], locked: [], policy_trouble: null, help_pages: [] } };
    if (request.request === "status") return { reply: "status", body: statusView() };
    return { reply: "checks", body: [{ subject: "login", result: "missing", detail: null }] };
  };
  config = new ConfigController(shell);
  await config.start();
  line = new LineController(config);
  shell.asked.length = 0;
});

test("a typed secret goes along with the check and is not kept by it", async () => {
  config.typedSecrets["line.desk.secret"] = "invented";
  await line.check("desk");
  expect(shell.asked.map((request) => request.request), "neither the keychain nor the running line is touched").toEqual(["check_line"]);
  expect(shell.asked[0]).toMatchObject({ line: "desk", secret: "invented" });
  expect(line.checks?.map((check) => check.subject)).toEqual(["login"]);
  expect(config.dirty, "it still waits for Save").toBe(true);
  config.discard();
  expect(config.dirty).toBe(false);
  await line.check("desk");
  expect(shell.asked.at(-1), "what was discarded is used no more").toMatchObject({ secret: null });
});

test("the secret of another line stays out of the check", async () => {
  config.typedSecrets["line.home.secret"] = "invented";
  await line.check("desk");
  expect(shell.asked.at(-1), "the kept one is used").toMatchObject({ request: "check_line", secret: null });
});

test("unsaved values are checked, and a refusal is said", async () => {
  if (config.draft?.lines[0]) config.draft.lines[0].host = "pbx.brandt.example";
  shell.answer = () => ({ reply: "failed", body: { code: { kind: "not_found" }, message: "", field: null } });
  await line.check("desk");
  expect(shell.asked[0]).toMatchObject({ settings: { lines: [{ host: "pbx.brandt.example" }] } });
  expect(line.checks).toBeNull();
  expect(line.trouble).not.toBeNull();
  expect(line.checking).toBe(false);
});
