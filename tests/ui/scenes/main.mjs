// The configuration: every page, every state of an integration, the questions.
import { ago, erika, NOW } from "./people.mjs";

const line = {
  id: "desk", name: "Desk 101", colleagues_file: "", provider: "asterisk", host: "pbx.brandt.example", port: 5039, tls: "system_roots",
  fingerprint: "", user: "agent101", extension: "101", endpoint: "", context: "from-internal", hold_context: "", consult_context: "", answer_context: "",
  answer: "talk_notify", consult: "atxfer", asks_presentation: false, consult_ring_seconds: 15,
};
const integration = {
  id: "zoho", name: "Zoho Brandt & Söhne", refresh_minutes: 15, refresh_at: [], credit_share_percent: 10, source: "zoho",
  data_centre: "eu", custom_address: "", client_id: "1000.INVENTEDCLIENTID", login_hint: "anna@brandt.example", redirect_port: 53682, modules: ["Contacts", "Leads", "Accounts"],
};
const settings = (values = {}) => ({
  general: { language: "system", theme: "system", quarter: "bottom_right", hide_after_seconds: 10, missed_call_toast: true, suspend_card: true, autostart: false, email: "" },
  dialing: { country: "DE", area_code: "231", outside_digit: "", incoming: "national" },
  hotkeys: { answer: "Ctrl+Shift+F8", hang_up: "Ctrl+Shift+F9", show_calls: "" },
  lines: [line], integrations: [integration], ...values,
});
const integrationStatus = (values = {}) => ({
  id: "zoho", name: integration.name, crm: "Zoho", state: "connected", reason: null, code: null, http_status: null, module: null, found_organisation: null, since: ago(9000),
  last_success: NOW - 750_000, next_run: NOW + 150_000, progress: null,
  last_report: { kind: "delta", started_at: NOW - 754_000, duration_ms: 3420, read: 12, new: 1, changed: 11, deleted: 2, calls: 4, credits: 4 },
  organisation: "Brandt & Söhne GmbH", user_email: "anna@brandt.example", plan_ends: null, other_user: false, records: 48210, credits_today: 220,
  modules: ["Contacts", "Leads", "Accounts", "Vendors"], warnings: [], tries: [{ at: NOW - 750_000, what: "refresh", fault: null }], failed_in_a_row: 0, refused_sign_in: null, ...values,
});
const status = (values = {}) => ({
  version: "0.1.0", tray: "listening", first_start: false, secrets_in_file: false, log_details: false, journal_waiting: 0,
  lines: [{ id: "desk", name: "Desk 101", extension: "101", listening_since: ago(9000), trouble: null, retry_at: null }],
  integrations: [integrationStatus()], ...values,
});
const checks = [
  ["login", "there", null], ["version", "there", "22.10.1"], ["tls", "there", "TLS 1.3"], ["right_call", "there", null],
  ["right_originate", "missing", null], ["right_system", "too_much", null], ["hints", "unknown", null], ["context", "there", "from-internal"],
].map(([subject, result, detail]) => ({ subject, result, detail }));
const log = [
  [ago(95), "info", "telephony", "line desk listening, 3 legs adopted"], [ago(60), "warn", "crm", "refresh of Leads answered 403, module skipped"],
  [ago(12), "debug", "mirror", "lookup number#4f2a: 1 hit, exact, 3.1 µs"],
].map(([at, level, target, text]) => ({ at, level, target, text }));

const scene = (name, page, more = {}) => ({
  name: `main-${name}`, window: "main", size: more.size ?? { width: 900, height: 640 }, userAgent: more.userAgent, commands: more.commands,
  replies: {
    settings: { reply: "settings", body: { settings: settings(more.settings), secrets: ["line.desk.secret"], locked: more.locked ?? [], policy_trouble: more.policyTrouble ?? null, help_pages: more.helpPages ?? [] } },
    status: { reply: "status", body: status(more.status) },
    log: { reply: "log", body: { entries: log, details: true } },
    save_settings: { reply: "saved", body: { advice: [] } },
    ...more.replies,
  },
  act: async (window) => {
    await window.locator("main h1").waitFor();
    await window.evaluate((name) => globalThis.__emit("page", name), page);
    await window.locator(`nav button[aria-current]`).waitFor();
    await more.act?.(window);
  },
});
const lookup = (found) => ({ reply: "lookup", body: { number: "+49 231 1234567", found, among: 48210, as_of: NOW - 750_000, took_us: 21 } });
const search = async (page) => {
  await page.locator("form input").first().fill("0231/123 45-67");
  await page.keyboard.press("Enter");
  await page.locator("[aria-live] > *").first().waitFor();
};
const trouble = (reason, more) => {
  const fault = { reason, code: "invalid_code", http_status: 400, module: null, found_organisation: null, ...more };
  const tries = [
    { at: ago(95), what: "refresh", fault },
    { at: ago(1060), what: "sign_in", fault: { reason: "invalid_organization", code: null, http_status: null, module: null, found_organisation: "Nordlicht AG" } },
    { at: ago(9000), what: "refresh", fault: null },
  ];
  const waits = ["api_limit_exceeded", "offline"].includes(reason);
  return { integrations: [integrationStatus({ state: "disconnected", ...fault, tries, failed_in_a_row: 4, next_run: waits ? NOW + 150_000 : null })] };
};


export const mainScenes = [
  scene("general", "general"),
  scene("general-windows", "general", { size: { width: 900, height: 1060 }, commands: { offers_links: true }, userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/140.0" }),
  scene("general-narrow", "general", { size: { width: 600, height: 420 } }),
  scene("general-wrong", "general", { act: async (page) => { await page.locator("#hide-after").fill("soon"); await page.locator("footer button").last().click(); await page.locator(".error").first().waitFor(); } }),
  scene("telephony", "telephony", { size: { width: 900, height: 1500 }, replies: { check_line: { reply: "checks", body: checks } }, act: async (page) => { await page.locator("section button").first().click(); await page.locator("li svg").first().waitFor(); } }),
  scene("telephony-first", "telephony", { settings: { lines: [], integrations: [] }, status: { first_start: true, lines: [], integrations: [], tray: "not_configured" } }),
  scene("telephony-down", "telephony", { status: { lines: [{ id: "desk", name: "Desk 101", extension: "101", listening_since: null, trouble: "authentication_failed", retry_at: null }] } }),
  scene("dialing", "dialing"),
  scene("dialing-locked", "dialing", { locked: ["dialing.country", "dialing.outside_digit"], policyTrouble: "The policy file is wrong in line 3: invalid basic string" }),
  scene("general-disk-full", "general", { status: { tray: "journal_waits", journal_waiting: 3 } }),
  scene("hotkeys", "hotkeys", { act: async (page) => { await page.locator("#hotkey-show_calls").focus(); await page.keyboard.press("Control+Shift+F7"); } }),
  scene("integration", "integration", { size: { width: 900, height: 1500 }, replies: { lookup: lookup([erika]) }, act: search }),
  scene("integration-nobody", "integration", { replies: { lookup: lookup([]) }, act: search }),
  scene("integration-filling", "integration", { status: { integrations: [integrationStatus({ last_success: null, last_report: null, progress: { kind: "full", module: "Contacts", read: 20600, percent: 43 }, records: 20600, warnings: [{ module: "Leads", reason: "insufficient_permissions", code: "NO_PERMISSION", http_status: 403 }, { module: "Vendors", reason: null, code: "INVALID_MODULE", http_status: 400 }], other_user: true })] } }),
  scene("integration-trouble", "integration", { status: trouble("inactive_token") }),
  scene("integration-refused", "integration", { status: { integrations: [integrationStatus({ refused_sign_in: { reason: "invalid_organization", code: null, http_status: null, module: null, found_organisation: "Nordlicht AG" } })] } }),
  scene("integration-other-organisation", "integration", { status: trouble("invalid_organization", { found_organisation: "Nordlicht AG" }) }),
  scene("integration-limit", "integration", { status: trouble("api_limit_exceeded", { code: "TOO_MANY_REQUESTS", http_status: 429 }) }),
  scene("integration-trial-expired", "integration", { status: trouble("trial_expired", { code: "NO_PERMISSION", http_status: 403, plan_ends: ago(86_400) }) }),
  scene("integration-no-right", "integration", { status: trouble("insufficient_permissions", { code: "NO_PERMISSION", http_status: 403, module: "Leads" }) }),
  scene("integration-new", "integration", { settings: { integrations: [] }, status: { integrations: [] } }),
  scene("integration-sign-in", "integration", { status: { integrations: [integrationStatus({ state: "not_signed_in", last_success: null, last_report: null, organisation: null, user_email: null, records: 0, credits_today: 0 })] } }),
  scene("integration-two", "integration", { settings: { integrations: [integration, { ...integration, id: "zoho2", name: "Zoho Nordlicht" }] }, status: { integrations: [integrationStatus(), integrationStatus({ ...trouble("offline").integrations[0], id: "zoho2" })] } }),
  scene("integration-remove", "integration", { act: async (page) => { await page.locator("button.end").last().click(); await page.locator("dialog").waitFor(); } }),
  scene("log", "log", { act: async (page) => page.locator("[role=log] p").first().waitFor() }),
  scene("help", "help", { helpPages: ["support", "status"] }),
  scene("close", "general", { act: async (page) => { await page.locator("#autostart").click(); await page.evaluate(() => globalThis.__emit("tauri://close-requested", null)); await page.locator("dialog").waitFor(); } }),
];
