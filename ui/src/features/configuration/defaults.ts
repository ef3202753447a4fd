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

/** The kinds of telephone systems that a line may be at. */
export const providers = ["asterisk", "broadworks"] as const satisfies readonly LineSettings["provider"][];
export type Provider = (typeof providers)[number];

export function newLine(settings: Settings, name: string): LineSettings {
  return atProvider({ id: freeId("desk", settings.lines), name, colleagues_file: "", host: "", user: "", extension: "" }, "asterisk");
}

/** The same line at a telephone system of this kind: what all kinds have stays, the rest begins anew. */
export function atProvider(line: Pick<LineSettings, "id" | "name" | "colleagues_file" | "host" | "user" | "extension">, provider: Provider): LineSettings {
  const { id, name, colleagues_file, host, user, extension } = line;
  const same = { id, name, colleagues_file, host, user, extension };
  if (provider === "broadworks") {
    return {
      ...same,
      provider,
      sign_in: "basic",
      actions_root: "com.broadsoft.xsi-actions",
      events_root: "com.broadsoft.xsi-events",
      channel_root: "com.broadsoft.async/com.broadsoft.xsi-events",
    };
  }
  return {
    ...same,
    provider,
    port: 5038,
    tls: "off",
    fingerprint: "",
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
