// The target picker: empty, with a list, and with the question before a busy colleague.
const context = (purpose) => ({ picker_context: { purpose, call: "c1", about: purpose === "dial" ? null : "Erika Mustermann" } });
const targets = [
  { kind: "colleague", name: "Tom Berger", company: null, number: "102", to: "102", availability: "free" },
  { kind: "colleague", name: "Annika Torres", company: null, number: "107", to: "107", availability: "busy" },
  { kind: "colleague", name: "Theodora-Maximiliane Oberhuber-Topolski", company: null, number: "1180", to: "1180", availability: "away" },
  { kind: "contact", name: "Łukasz Wiśniewski", company: "Topolski Sp. z o.o.", number: "+48 22 555 01 00", to: "+48225550100", availability: "unknown" },
];
const nameless = targets.slice(0, 3).map((target) => ({ ...target, name: target.number }));
const list = { targets: { reply: "targets", body: { targets, typed_trouble: null } } };
const refused = (kind, why) => ({ reply: "failed", body: { code: { kind, why }, message: "", field: null } });
const type = (text, ...keys) => async (page) => {
  await page.locator("input").fill(text);
  await page.locator("[role=option]").first().waitFor();
  for (const key of keys) await page.keyboard.press(key);
};
const picker = (name, purpose, more) => ({ name: `picker-${name}`, window: "picker", size: { width: 400, height: 380 }, commands: context(purpose), replies: list, ...more });

export const pickerScenes = [
  picker("consult", "consult", { act: type("to") }),
  picker("dial", "dial", { act: type("to", "ArrowDown") }),
  picker("nameless", "redirect", { replies: { targets: { reply: "targets", body: { targets: nameless, typed_trouble: null } } }, act: type("10") }),
  picker("busy", "transfer", { act: type("to", "ArrowDown", "Enter"), replies: { ...list, transfer: refused("needs_confirmation", "target_busy") } }),
  picker("refused", "redirect", { act: type("to", "Enter"), replies: { ...list, redirect: refused("command", "no_such_target") } }),
  picker("empty", "transfer"),
  picker("none", "dial", { replies: { targets: { reply: "targets", body: { targets: [], typed_trouble: "bad_target" } } }, act: async (page) => { await page.locator("input").fill("zzz"); await page.locator(".none").waitFor(); } }),
];
