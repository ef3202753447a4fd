// The phone window: at rest, ringing, in talk with the keypad, in a consultation, with the line down.
import { ago, card, colleague, held, juergen, lukasz, match, nordlicht, second, talking, unknown } from "./people.mjs";

const line = { id: "desk", name: "Desk", extension: "101", listening_since: ago(9000), trouble: null, retry_at: null };
const phone = (name, cards, lines = [line], more = {}) => ({
  name: `phone-${name}`, window: "phone", size: more.size ?? { width: 420, height: 480 },
  replies: { phone: { reply: "phone", body: { cards, lines, journal_waiting: more.waiting ?? 0, revision: 1 } }, ...more.replies }, act: more.act,
});

const many = (count) => Array.from({ length: count }, (_, at) => match({ record: { integration: "zoho", module: "Contacts", id: String(at) } }));

export const phoneScenes = [
  phone("none", []),
  phone("ringing", [card({ queue: "Sales" }), second({ ...unknown, started_at: ago(9) })]),
  phone("several", [card({ who: { kind: "several", found: [...many(6), lukasz, juergen, nordlicht] } }), second({ ...unknown, started_at: ago(9) })]),
  phone("talking", [card(talking)], [line], { act: async (page) => { await page.locator("button[aria-pressed]").click(); await page.keyboard.press("4"); await page.keyboard.press("2"); } }),
  phone("consult", [
    second({ ...colleague, ...talking, state_since: ago(37), consulting: { role: "consult", phase: "talking", other: card().call }, can: ["complete_transfer", "cancel_consult", "swap", "hang_up"] }),
    card({ ...held, consulting: { role: "held", phase: "talking", other: second().call } }),
  ]),
  phone("down", [], [{ ...line, listening_since: null, trouble: "unreachable", retry_at: ago(-20) }]),
  phone("disk-full", [card({ ...talking, note: "Asks for an offer for 40 seats, call back on Thursday" })], [line], { waiting: 3 }),
  phone("not-set-up", [], []),
  phone("narrow", [card({ ...talking, queue: "Sales" }), second({ ...unknown, started_at: ago(9) })], [line], { size: { width: 360, height: 320 } }),
];
