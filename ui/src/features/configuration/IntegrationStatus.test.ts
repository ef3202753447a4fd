// What the form says of a connection: the reason, what was tried, and the one way to repair it.
import { render, screen, within } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { StatusReason } from "../../ipc/bindings/StatusReason";
import { FakeShell, integrationStatus } from "../../ipc/fixtures";
import { detailsForSupport, repairSteps } from "../../ipc/words/repairs";
import { language, t, type Tongue } from "../../shared/i18n.svelte";
import { formatDate, formatMoment } from "../../shared/time";
import { ConfigController } from "./configController.svelte";
import { IntegrationController } from "./integrationController.svelte";
import IntegrationStatus from "./IntegrationStatus.svelte";

const reasons: StatusReason[] = [
  "inactive_token", "invalid_token", "trial_expired", "token_refresh", "no_account", "invalid_organization", "insufficient_permissions",
  "forbidden", "api_limit_exceeded", "offline", "crm_unreachable", "crm_refused", "clock_skew", "sync_stale",
];
const revoked = integrationStatus({
  state: "disconnected", reason: "inactive_token", code: "invalid_code", http_status: 400,
  tries: [
    { at: 3_000, what: "refresh", fault: { reason: "inactive_token", code: "invalid_code", http_status: 400, module: null, found_organisation: null } },
    { at: 2_000, what: "sign_in", fault: { reason: "invalid_organization", code: null, http_status: null, module: null, found_organisation: "Nordlicht AG" } },
    { at: 1_000, what: "refresh", fault: null },
  ],
});
let shell: FakeShell;

function show(status = revoked): IntegrationController {
  shell = new FakeShell();
  const integration = new IntegrationController(new ConfigController(shell), "zoho");
  render(IntegrationStatus, { status, integration });
  flushSync();
  return integration;
}

/** Without the marks that keep a foreign name from turning the sentence around it. */
const plain = (element: HTMLElement): string => (element.textContent ?? "").replace(/[\u2068\u2069]/g, "");

afterEach(() => language.choose("en"));

test("the details have the raw reason, the answer of the CRM and what was tried with its outcome", () => {
  show();
  const details = within(screen.getByRole("region", { name: "Details" }));
  details.getByText("inactive_token");
  details.getAllByText("HTTP 400 · invalid_code");
  const tries = details.getAllByText(/^(Refresh|Sign-in):/).map((line) => line.textContent);
  expect(tries[0]).toContain("The access was withdrawn in the CRM.");
  expect(tries[1]).toContain("Sign-in: You signed in to another organisation (");
  expect(tries[2]).toContain("went well");
});

test("each reason has its sentence, numbered steps and one repair in every language", () => {
  for (const tongue of ["en", "de", "ru"] satisfies Tongue[]) {
    language.choose(tongue);
    for (const reason of reasons) {
      show(integrationStatus({ state: "disconnected", reason }));
      const steps = document.querySelectorAll("ol li");
      expect(steps.length, `${tongue} ${reason}`).toBe(repairSteps(reason).length);
      expect(steps.length, "one step is no instruction").toBeGreaterThan(1);
      expect(document.querySelectorAll("button.primary").length, `${reason} has one repair`).toBe(1);
      document.body.replaceChildren();
    }
  }
}, 30_000);

test("the repair of a withdrawn access signs in to the same integration", async () => {
  show();
  screen.getByRole("button", { name: t("integration.sign_in_again") }).click();
  await vi.waitFor(() => expect(shell.asked).toContainEqual({ request: "sign_in", integration: "zoho" }));
  expect(shell.asked.some((request) => request.request === "remove_integration"), "mirror and mappings are kept").toBe(false);
});

test("trying again refreshes, and reads nothing anew", async () => {
  show(integrationStatus({ state: "disconnected", reason: "crm_unreachable" }));
  screen.getByRole("button", { name: "Try again" }).click();
  await vi.waitFor(() => expect(shell.asked).toEqual([{ request: "sync", integration: "zoho", full: false }]));
});

test("refreshing less often leads to the field of the minutes", () => {
  show(integrationStatus({ state: "disconnected", reason: "api_limit_exceeded" }));
  const minutes = document.createElement("input");
  minutes.id = "refresh-minutes";
  document.body.append(minutes);
  screen.getByRole("button", { name: "Refresh less often" }).click();
  expect(document.activeElement).toBe(minutes);
  expect(shell.asked, "nothing is changed unasked").toEqual([]);
  minutes.remove();
});

test("removing asks first", () => {
  const integration = show(integrationStatus({ state: "disconnected", reason: "trial_expired" }));
  screen.getByRole("button", { name: "Remove integration" }).click();
  expect(integration.asksBeforeRemoving).toBe(true);
  expect(shell.asked).toEqual([]);
});

test("a refused sign-in is told while the connection stays as it was", () => {
  show(integrationStatus({ refused_sign_in: { reason: "invalid_organization", code: null, http_status: null, module: null, found_organisation: "Nordlicht AG" } }));
  screen.getByText("● Connected");
  expect(screen.getByRole("alert").textContent).toContain("the former access is kept");
  expect(screen.getByRole("alert").textContent).toContain("another organisation");
});

test("what is copied for support names no person and no organisation", () => {
  const text = detailsForSupport(revoked);
  expect(text).toContain("inactive_token · HTTP 400 · invalid_code");
  expect(text).toContain("sign_in: invalid_organization");
  for (const secret of ["anna@brandt.example", "Brandt", "Nordlicht"]) expect(text).not.toContain(secret);
});

test("the last refresh tells what it did, and the calls and credits that it cost", () => {
  show(integrationStatus({
    last_report: { kind: "delta", started_at: 1_000, duration_ms: 900, read: 1_250, new: 1, changed: 2, deleted: 3, calls: 17, credits: 19 },
    credits_today: 220,
  }));
  const fact = (name: string): string | undefined => screen.getByText(name).nextElementSibling?.textContent;
  expect(fact("API calls")).toBe("17");
  expect([fact("Last run"), fact("Read"), fact("New"), fact("Changed"), fact("Deleted")]).toEqual(["what changed", "1,250", "1", "2", "3"]);
  expect([fact("Credits"), fact("Credits in 24 h")]).toEqual(["19", "220"]);
});

test("before the first refresh no calls are claimed", () => {
  show(integrationStatus({ last_report: null }));
  expect(screen.queryByText("API calls")).toBeNull();
});

test("a fault without a reason is no silent red mark", () => {
  show(integrationStatus({ state: "disconnected" }));
  expect(screen.getByRole("alert").textContent).toContain("Something went wrong");
});

test("a module that the CRM refused blames no right of the user", () => {
  show(integrationStatus({ warnings: [
    { module: "Leads", reason: "insufficient_permissions", code: null, http_status: null },
    { module: "Deals", reason: null, code: "INVALID_MODULE", http_status: 400 },
  ] }));
  const [leads, deals] = screen.getAllByRole("alert").map((alert) => alert.textContent ?? "");
  expect(leads).toContain("Leads cannot be read. The CRM user lacks the right");
  expect(deals).toContain("Deals cannot be read. The CRM refused what was asked of it. (HTTP 400 · INVALID_MODULE)");
});

test("a refusal of the CRM blames neither the network nor a proxy", () => {
  show(integrationStatus({ state: "disconnected", reason: "crm_refused", code: "INVALID_DATA", http_status: 400 }));
  const said = document.body.textContent ?? "";
  expect(said).toContain("The CRM refused what was asked of it.");
  expect(said).toContain("HTTP 400 · INVALID_DATA");
  expect(said).not.toMatch(/proxy|firewall|does not answer/);
});

test("the module that the steps speak of is named, here and in the copy", () => {
  const status = integrationStatus({ state: "disconnected", reason: "insufficient_permissions", module: "Leads" });
  show(status);
  const details = within(screen.getByRole("region", { name: "Details" }));
  details.getByText("Note the module that is named here.");
  details.getByText("Leads");
  expect(detailsForSupport(status)).toContain("insufficient_permissions · Leads");
});

test("how often it was tried in vain and when last is told, here and in the copy", () => {
  const status = integrationStatus({ ...revoked, reason: "token_refresh", failed_in_a_row: 3, tries: [{ at: 5_000, what: "sign_in", fault: null }, ...revoked.tries] });
  show(status);
  const details = within(screen.getByRole("region", { name: "Details" }));
  details.getByText(`3, last ${formatMoment(3_000, Date.now())}`);
  expect(detailsForSupport(status)).toContain("failed in a row 3");
});

test("another organisation is named with the expected one, and removing is the other way out", () => {
  const status = integrationStatus({ state: "disconnected", reason: "invalid_organization", found_organisation: "Nordlicht AG" });
  const integration = show(status);
  expect(plain(screen.getByRole("alert"))).toContain("another organisation (Nordlicht AG, expected Brandt & Söhne GmbH).");
  expect(detailsForSupport(status)).not.toMatch(/Nordlicht|Brandt/);
  screen.getByRole("button", { name: "Remove integration" }).click();
  expect(integration.asksBeforeRemoving).toBe(true);
  document.body.replaceChildren();
  show({ ...status, organisation: null });
  expect(plain(screen.getByRole("alert")), "before the first refresh nobody knows what it was called").toContain("another organisation (Nordlicht AG).");
});

test("a plan that has ended says when, and one that is said to last is not blamed", () => {
  const ended = Date.now() - 86_400_000;
  show(integrationStatus({ state: "disconnected", reason: "trial_expired", plan_ends: ended }));
  expect(screen.getByRole("alert").textContent).toContain(`has ended (${formatDate(ended)}).`);
  document.body.replaceChildren();
  show(integrationStatus({ state: "disconnected", reason: "trial_expired", plan_ends: Date.now() + 86_400_000 }));
  expect(screen.getByRole("alert").textContent).toContain("has ended. ");
});
