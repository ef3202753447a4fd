// The test box: what a real call would show, nobody, and what is to be done when the test itself fails.
import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { MatchView } from "../../ipc/bindings/MatchView";
import type { Reply } from "../../ipc/bindings/Reply";
import { FakeShell, match } from "../../ipc/fixtures";
import { ConfigController } from "./configController.svelte";
import { IntegrationController } from "./integrationController.svelte";
import IntegrationTest from "./IntegrationTest.svelte";

let shell: FakeShell;
let config: ConfigController;

const lookup = (found: MatchView[]): Reply => ({ reply: "lookup", body: { number: "+49 231 1234567", found, among: 48_210, as_of: null, took_us: 21 } });

async function search(reply: Reply, unsaved = false): Promise<void> {
  shell.answer = (request) => (request.request === "lookup" ? reply : { reply: "done" });
  render(IntegrationTest, { integration: new IntegrationController(config, "zoho"), unsaved });
  await fireEvent.input(screen.getByRole("textbox", { name: "Telephone" }), { target: { value: " 0231/123 45-67 " } });
  await fireEvent.submit(document.querySelector("form") ?? document.body);
}

beforeEach(() => {
  shell = new FakeShell();
  config = new ConfigController(shell);
});

test("a hit shows name, company, number, module and where it is from", async () => {
  await search(lookup([match()]));
  const line = (await screen.findByText("Erika Mustermann")).closest("li")?.textContent ?? "";
  for (const part of ["Brandt & Söhne GmbH", "+49 231 1234567", "Contact", "Zoho", "local copy"]) expect(line).toContain(part);
  expect(shell.asked).toEqual([{ request: "lookup", number: "0231/123 45-67" }]);
});

test("nobody is an answer and no error", async () => {
  await search(lookup([]));
  await screen.findByText("No contact with this number, among 48,210.");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a test that fails leads to the log and repeats itself with details", async () => {
  await search({ reply: "failed", body: { code: { kind: "internal" }, message: "", field: null } });
  expect((await screen.findByRole("alert")).textContent).toContain("The page Log says more.");
  screen.getByRole("button", { name: "Switch logging on and repeat" }).click();
  await vi.waitFor(() => expect(config.page).toBe("log"));
  expect(shell.asked.slice(1)).toEqual([{ request: "log_details", on: true }, { request: "lookup", number: "0231/123 45-67" }]);
});

test("unsaved changes are said to be no part of the test", async () => {
  await search(lookup([]), true);
  screen.getByText("The test uses the saved values; save first to test the changes.");
});
