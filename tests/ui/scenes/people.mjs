// Invented people, numbers and calls for all scenes.
export const NOW = Date.parse("2026-11-20T11:42:30+01:00");
export const ago = (seconds) => NOW - seconds * 1000;

export const match = (values) => ({
  record: { integration: "zoho", module: "Contacts", id: "498000000000104217" },
  name: "Erika Mustermann", company: "Brandt & Söhne GmbH", city: "Dortmund", module_label: "Contact", crm: "Zoho",
  owner: { name: "Anna Weber", extension: "102", availability: "free" }, opt_out: { email: false, call: false }, note: null,
  basis: "exact", origin: "mirror", number_kind: "mobile", chosen_before: false, ...values,
});

export const erika = match({ opt_out: { email: true, call: false } });
export const lukasz = match({ record: { integration: "zoho", module: "Leads", id: "498000000000104300" }, name: "Łukasz Wiśniewski", company: "Topolski Sp. z o.o.", city: "Kraków", module_label: "Lead", owner: null });
export const juergen = match({ record: { integration: "zoho", module: "Contacts", id: "498000000000104301" }, name: "Jürgen Krüger-Schwarzenbach", company: "Nordlicht Logistik AG", city: "Hamburg" });
export const karin = match({ record: { integration: "zoho", module: "Contacts", id: "498000000000104303" }, name: "Karin Petersen", company: "Nordlicht Logistik AG", city: "Hamburg", owner: null });
export const nordlicht = match({ record: { integration: "zoho", module: "Accounts", id: "498000000000104302" }, name: "Nordlicht Logistik AG", company: null, city: "Hamburg", module_label: "Account", basis: "stem", number_kind: "phone" });

export const party = (values) => ({ number: "+49 231 1234567", dial: "+492311234567", place: { region: "DE", mobile: false }, name: null, presentation: "allowed", ...values });

export const card = (values) => ({
  call: "01933b7e-0000-7000-8000-000000000001", line: null, direction: "incoming", state: "ringing",
  started_at: ago(4), answered_at: null, state_since: ago(4), ended_at: null, party: party(), revision: 0,
  who: { kind: "certain", found: erika }, queue: null, diverter: null,
  last_contact: { at: ago(19 * 3600 + 1350), direction: "incoming", reason: "missed" },
  data_as_of: NOW - 750_000, still_filling: null, crm_trouble: null, can: ["answer", "decline", "redirect"],
  answer_way: "here", pending: null, trouble: null, unconfirmed: false, consulting: null, note: "", ...values,
});

export const second = (values) => card({ call: "01933b7e-0000-7000-8000-000000000002", ...values });
export const talking = { state: "active", started_at: ago(96), answered_at: ago(84), state_since: ago(84), can: ["hang_up", "hold", "consult", "blind_transfer", "send_dtmf"] };
export const unknown = { who: { kind: "unknown", among: 48210 }, last_contact: null, party: party({ number: "+48 601 234 567", dial: "+48601234567", place: { region: "PL", mobile: true } }) };
export const held = { state: { held: { by: "us" } }, started_at: ago(160), answered_at: ago(150), state_since: ago(41), can: ["complete_transfer", "cancel_consult", "swap"] };
export const colleague = { direction: "outgoing", who: { kind: "no_crm" }, party: party({ number: "102", dial: "102", place: null, name: "Tom Berger" }), last_contact: null, data_as_of: null };
