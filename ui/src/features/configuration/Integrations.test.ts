// Adding an integration and filling its form, on the real page.
import { render, screen } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { beforeEach, expect, test } from "vitest";
import type { IntegrationSettings } from "../../ipc/bindings/IntegrationSettings";
import type { IntegrationStatus } from "../../ipc/bindings/IntegrationStatus";
import { FakeShell, integrationStatus, settings, statusView } from "../../ipc/fixtures";
import { formatMoment } from "../../shared/time";
import { ConfigController } from "./configController.svelte";
import { newIntegration } from "./defaults";
import Integrations from "./Integrations.svelte";

let shell: FakeShell;
let config: ConfigController;

async function show(integrations: IntegrationSettings[], signedIn = true, values: Partial<IntegrationStatus> = {}): Promise<void> {
  shell = new FakeShell();
  shell.answer = (request) => {
    if (request.request === "settings") return { reply: "settings", body: { settings: settings({ integrations }), secrets: [], locked: [], policy_trouble: null, help_pages: [] } };
    const statuses = integrations.map(({ id, name }) => (signedIn ? integrationStatus({ id, name, ...values }) : integrationStatus({ id, name, state: "not_signed_in", user_email: null })));
    if (request.request === "status") return { reply: "status", body: statusView({ integrations: statuses }) };
    return { reply: "saved", body: { advice: [] } };
  };
  config = new ConfigController(shell);
  await config.start();
  if (config.draft) render(Integrations, { controller: config, draft: config.draft });
  flushSync();
}
const zoho = (values = {}): IntegrationSettings => ({ ...newIntegration(settings(), "Zoho CRM"), client_id: "1000.INVENTED", ...values });

beforeEach(() => document.body.replaceChildren());

test("adding asks for the type, says what to have at hand and opens its form", async () => {
  await show([]);
  const type = screen.getByRole<HTMLSelectElement>("combobox", { name: "Type" });
  expect([...type.options].map((option) => option.text)).toContain("Zoho CRM");
  screen.getByText(/Have at hand: the e-mail of your Zoho login/);
  screen.getByText(/must be reachable/);
  screen.getByRole("button", { name: "Continue" }).click();
  flushSync();
  screen.getByRole("textbox", { name: "Client id" });
  screen.getByRole("button", { name: "Sign in with the browser" });
});

test("every integration stands in the list with its own state", async () => {
  await show([zoho(), zoho({ id: "zoho2", name: "Zoho Nordlicht" })]);
  expect(screen.getAllByRole("button", { name: /Zoho.*Connected/ })).toHaveLength(2);
});

test("a row says why, when the last refresh went well and when it is tried again, the one without the other as well", async () => {
  const two = [zoho(), zoho({ id: "zoho2", name: "Zoho Nordlicht" })];
  const row = (): string => screen.getByRole("button", { name: /Zoho Nordlicht/ }).textContent ?? "";
  const [last, next] = [new Date(2026, 2, 12, 9, 14).getTime(), new Date(2026, 2, 12, 9, 29).getTime()];
  const said = { last: `Last refresh ${formatMoment(last, Date.now())}.`, next: `Next try ${formatMoment(next, Date.now())}.` };
  await show(two, true, { state: "disconnected", reason: "crm_unreachable", last_success: last, next_run: next });
  for (const part of ["Disconnected", "The CRM does not answer.", `${said.last} ${said.next}`]) expect(row()).toContain(part);
  document.body.replaceChildren();
  await show(two, true, { state: "disconnected", reason: "crm_unreachable", last_success: null, next_run: next });
  expect(row(), "a first filling that failed").toContain(said.next);
  expect(row()).not.toContain("Last refresh");
  expect(document.body.textContent?.split(said.next), "both rows and the page").toHaveLength(4);
});

test("a row that waits for the browser says so", async () => {
  await show([zoho(), zoho({ id: "zoho2", name: "Zoho Nordlicht" })], true, { state: "signing_in", last_success: null });
  const row = screen.getByRole("button", { name: /Zoho Nordlicht/ }).textContent;
  expect(row).toContain("Waiting for the browser");
  expect(row).not.toContain("Not signed in");
});

test("a module is ticked and unticked, and without any the form is refused", async () => {
  await show([zoho({ modules: ["Contacts"] })]);
  screen.getByRole("checkbox", { name: "Leads" }).click();
  expect(config.draft?.integrations[0]?.modules).toEqual(["Contacts", "Leads"]);
  for (const module of ["Leads", "Contacts"]) screen.getByRole("checkbox", { name: module }).click();
  expect(await config.save()).toBe(false);
  flushSync();
  screen.getByText("Choose at least one module.");
});

test("what this PC will hold is said before anybody signs in, and no password is asked for", async () => {
  await show([zoho()], false);
  screen.getByText(/every record that the signed-in user may see/);
  expect(document.querySelectorAll("input[type=password]"), "the client's secret is the only one").toHaveLength(1);
});

test("beside the frequency a link leads to the CRM's limits", async () => {
  await show([zoho()]);
  screen.getByRole("button", { name: "Zoho’s API limits" }).click();
  expect(shell.told).toEqual(["help zoho_limits"]);
});

test("another e-mail does not change the account of the connection, and the form says so", async () => {
  await show([zoho()]);
  screen.getByText("The connection stays on the signed-in account.");
});
