// New lines and integrations as the form begins them, and ids that nobody has yet.
import type { IntegrationSettings } from "../../ipc/bindings/IntegrationSettings";
import type { LineSettings } from "../../ipc/bindings/LineSettings";
import type { Settings } from "../../ipc/bindings/Settings";

/** `desk`, `desk2`, `desk3`: the first that is free. */
export function freeId(wanted: string, taken: readonly { readonly id: string }[]): string {
  let id = wanted;
  for (let count = 2; taken.some((one) => one.id === id); count += 1) id = `${wanted}${count}`;
  return id;
}

export function newLine(settings: Settings, name: string): LineSettings {
  return {
    id: freeId("desk", settings.lines),
    name,
    colleagues_file: "",
    provider: "asterisk",
    host: "",
    port: 5038,
    tls: "off",
    fingerprint: "",
    user: "",
    extension: "",
    endpoint: "",
    context: "from-internal",
    hold_context: "",
    consult_context: "",
    answer_context: "",
    answer: "at_telephone",
    consult: "atxfer",
    asks_presentation: false,
    consult_ring_seconds: 15,
  };
}

/** The kinds of CRM that *Add* offers. */
export const sources = ["zoho"] as const satisfies readonly IntegrationSettings["source"][];

export function newIntegration(settings: Settings, name: string): IntegrationSettings {
  return {
    id: freeId("zoho", settings.integrations),
    name,
    refresh_minutes: 15,
    refresh_at: [],
    credit_share_percent: 10,
    source: "zoho",
    data_centre: "eu",
    custom_address: "",
    client_id: "",
    login_hint: "",
    redirect_port: 0,
    modules: ["Contacts", "Leads", "Accounts"],
  };
}
