// The preview in all its states.
import { ago, card, colleague, erika, held, juergen, karin, lukasz, match, nordlicht, party, second, talking, unknown } from "./people.mjs";

const show = (name, cards, more = {}) => ({
  name: `preview-${name}`,
  window: "preview",
  size: { width: 380, height: 620 },
  replies: { preview: { reply: "preview", body: { cards, visible: true, revision: 7 } }, ...more.replies },
  act: more.act,
  fit: true,
});

const consultation = [
  second({ ...colleague, ...talking, started_at: ago(40), answered_at: ago(37), state_since: ago(37), consulting: { role: "consult", phase: "talking", other: card().call }, can: ["complete_transfer", "cancel_consult", "swap", "hang_up"] }),
  card({ ...held, consulting: { role: "held", phase: "talking", other: second().call } }),
];

export const previewScenes = [
  show("known", [card({ queue: "Sales", who: { kind: "certain", found: match() }, party: party({ number: "+49 151 23456789", place: { region: "DE", mobile: true } }) })]),
  show("known-mark", [card()]),
  show("known-note", [card({ diverter: "Anna Weber", who: { kind: "certain", found: match({ note: "Fleet renewal, offer sent; calls back on Thursdays only, best before nine", opt_out: { email: true, call: true } }) } })]),
  show("long-names", [card({ line: "Zentrale Dortmund", queue: "Großkundenbetreuung Nordrhein", diverter: "Maximiliane von und zu Hohenstein", who: { kind: "certain", found: match({ name: "Prof. Dr. Maximiliane Freifrau von und zu Hohenstein-Waldburg", company: "Vereinigte Versicherungsgesellschaften Mitteldeutschlands AG", city: "Villingen-Schwenningen", owner: { name: "Konstantin Aleksandrowitsch Wolkonski", extension: "1027", availability: "busy" } }) } })]),
  show("looking-up", [card({ ...unknown, who: { kind: "looking_up" } })]),
  show("unknown", [card(unknown)]),
  show("unknown-claim", [card({ ...unknown, party: party({ number: "+44 20 7946 0018", place: { region: "GB", mobile: false }, name: "<b>BANK</b> \u202Eecivres" }), still_filling: 43, data_as_of: null })]),
  show("withheld", [card({ who: { kind: "withheld" }, party: party({ number: null, dial: null, place: null, presentation: "withheld" }), last_contact: null, data_as_of: null })]),
  show("company", [card({ diverter: "Anna Weber", party: party({ number: "+49 40 3344-218" }), who: { kind: "company", company: "Nordlicht Logistik AG", account: nordlicht, people: [juergen, karin] } })]),
  show("several", [card({ who: { kind: "several", found: [match({ chosen_before: true }), juergen, lukasz, nordlicht, match({ record: { integration: "zoho", module: "Contacts", id: "5" } }), match({ record: { integration: "zoho", module: "Contacts", id: "6" } })] } })]),
  show("at-telephone", [card({ answer_way: "at_telephone", can: ["decline", "redirect"] })]),
  show("pending", [card({ pending: { ability: "answer" } })]),
  show("trouble", [card({ trouble: "own_phone_unreachable" })]),
  show("unconfirmed", [card({ unconfirmed: true })]),
  show("crm-trouble", [card({ crm_trouble: "inactive_token", data_as_of: ago(26 * 3600) })]),
  show("talking", [card(talking)]),
  show("held", [card({ ...talking, state: { held: { by: "us" } }, state_since: ago(12), can: ["hang_up", "resume", "consult", "blind_transfer"] })]),
  show("consult", consultation),
  show("missed", [card({ state: { ended: { reason: "missed" } }, ended_at: ago(0), can: [] })]),
  show("internal", [card({ ...colleague, direction: "incoming", state: "ringing" })]),
  show("stack", [card({ queue: "Sales" }), second({ ...unknown, started_at: ago(9) }), second({ ...talking, call: "3", who: { kind: "certain", found: juergen } })]),
  show("owner-question", [card({ who: { kind: "certain", found: match({ owner: { name: "Anna Weber", extension: "102", availability: "busy" } }) } })], {
    replies: { redirect: { reply: "failed", body: { code: { kind: "needs_confirmation", why: "target_busy" }, message: "", field: null } } },
    act: async (page) => page.locator("dd.owner button").click(),
  }),
];

export { erika };
