// General: what only some systems have is shown there alone.
import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { FakeShell, settings } from "../../ipc/fixtures";
import { ConfigController } from "./configController.svelte";
import General from "./General.svelte";

const open = "Open the default apps of Windows";

function show(shell: FakeShell): void {
  const controller = new ConfigController(shell);
  controller.draft = settings();
  render(General, { controller, draft: controller.draft });
}

test("where the system offers Ringcard for links, a button leads to its dialog", async () => {
  const shell = new FakeShell();
  shell.offersLinks = async () => true;
  show(shell);
  (await screen.findByRole("button", { name: open })).click();
  expect(shell.told).toEqual(["default apps"]);
});

test("where nothing is registered for links there is no such button", async () => {
  const shell = new FakeShell();
  const answer = Promise.resolve(false);
  shell.offersLinks = () => answer;
  show(shell);
  await answer;
  await screen.findByRole("checkbox", { name: "Start when I sign in" });
  expect(screen.queryByRole("button", { name: open })).toBeNull();
});
