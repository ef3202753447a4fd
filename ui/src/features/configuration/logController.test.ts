// The log page: searched, copied, and switched to details.
import { expect, test, vi } from "vitest";
import { FakeShell } from "../../ipc/fixtures";
import { LogController } from "./logController.svelte";

test("what is found can be copied as it stands, with its times", async () => {
  const shell = new FakeShell();
  shell.answer = () => ({ reply: "log", body: { entries: [{ at: 0, level: "warn", target: "crm", text: "a refresh failed" }], details: false } });
  const log = new LogController(shell);
  log.find = "refresh";
  await log.read();
  expect(shell.asked).toEqual([{ request: "log", find: "refresh" }]);
  const write = vi.fn(() => Promise.resolve());
  await log.copy(write);
  expect(write).toHaveBeenCalledWith("1970-01-01T00:00:00.000Z warn crm a refresh failed");
  expect(log.copied).toBe(true);
});

test("switching the details on is asked for and the page read anew", async () => {
  const shell = new FakeShell();
  await new LogController(shell).recordDetails(true);
  expect(shell.asked).toEqual([{ request: "log_details", on: true }, { request: "log", find: "" }]);
});
