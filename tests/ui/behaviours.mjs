// What the windows do, beyond how they look: in the real browser, on the built files.
import assert from "node:assert/strict";
import { mainScenes } from "./scenes/main.mjs";
import { card, unknown } from "./scenes/people.mjs";
import { phoneScenes } from "./scenes/phone.mjs";
import { pickerScenes } from "./scenes/picker.mjs";

const preview = (cards) => ({
  name: "behaviour-preview", window: "preview", size: { width: 380, height: 620 },
  replies: { preview: { reply: "preview", body: { cards, visible: true, revision: 1 } } },
});
const show = (page, cards, revision) => page.evaluate((body) => globalThis.__emit("app_event", { event: "preview", body }), { cards, visible: true, revision });
const asked = (page) => page.evaluate(() => globalThis.__asked);
const place = async (page) => ({ card: await page.locator("main").boundingBox(), answer: await page.locator("button.answer").boundingBox() });

async function nothingMovesWhenTheNameArrives({ open }) {
  const number = card({ ...unknown, who: { kind: "looking_up" } });
  const { context, page } = await open(preview([number]));
  const before = await place(page);
  await show(page, [{ ...card(), party: number.party }], 2);
  await page.getByText("Erika Mustermann").first().waitFor();
  const known = await place(page);
  assert.deepEqual(known.card, before.card, "the card keeps its size when the name arrives");
  assert.deepEqual([known.answer.y, known.answer.height], [before.answer.y, before.answer.height], "Answer stays under the mouse");
  await show(page, [card({ ...unknown })], 3);
  await page.getByText("48,210").first().waitFor();
  assert.deepEqual((await place(page)).card, before.card, "the card keeps its size when nobody is found");
  await context.close();
}

async function aHiddenPreviewPaintsWithoutAnimationFrames({ open }) {
  const { context, page } = await open(preview([]));
  await page.evaluate(() => {
    globalThis.requestAnimationFrame = () => 0;
    globalThis.__asked.length = 0;
  });
  await show(page, [card()], 2);
  const state = await page.evaluate(() => ({ text: document.body.textContent, asked: globalThis.__asked }));
  assert.match(state.text, /Erika Mustermann/, "the name stands there in the same turn");
  assert.equal(state.asked[0]?.command, "preview_size", "the shell is told the size at once");
  assert.equal(state.asked[0].width, 380);
  await context.close();
}

async function theCardAsksForItsWholeWidthHoweverSmallItsWindowIs({ open }) {
  const { context, page } = await open({ ...preview([card()]), size: { width: 200, height: 100 } });
  const sizes = (await asked(page)).filter((one) => one.command === "preview_size");
  assert.equal(sizes.at(-1).width, 380, "or it would stay as small as it once was");
  await context.close();
}

async function thePreviewIsDraggedButNotByItsButtons({ open }) {
  const { context, page } = await open(preview([card()]));
  const drags = async () => (await asked(page)).filter((one) => one.command === "preview_drag").map((one) => one.phase);
  await page.locator("button.answer").hover();
  await page.mouse.down();
  await page.mouse.move(60, 60);
  await page.mouse.up();
  assert.deepEqual(await drags(), [], "a press on a button is a press");
  await page.locator("header .state").hover();
  await page.mouse.down();
  await page.mouse.move(150, 150, { steps: 2 });
  await page.mouse.up();
  const phases = await drags();
  assert.equal(phases[0], "start");
  assert.equal(phases.at(-1), "end");
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true, "no press puts a focus into the card");
  await context.close();
}

async function thePickerIsUsedByKeyboardAlone({ open }) {
  const { context, page } = await open({ ...pickerScenes[0], name: "behaviour-picker", act: undefined });
  await page.keyboard.type("to");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => globalThis.__asked.some((one) => one.command === "close_picker"));
  const consult = (await asked(page)).find((one) => one.request?.request === "consult");
  assert.deepEqual(consult.request, { request: "consult", call: "c1", to: "107", confirmed: false });
  await context.close();
}

async function escapeClosesThePickerAndSendsNothing({ open }) {
  const { context, page } = await open({ ...pickerScenes[0], name: "behaviour-escape", act: undefined });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => globalThis.__asked.some((one) => one.command === "close_picker"));
  assert.deepEqual((await asked(page)).filter((one) => one.request && one.request.request !== "targets"), []);
  await context.close();
}

/** The names of what Tab reaches, in its order, until it comes round. */
async function tabOrder(page, presses) {
  const names = [];
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press("Tab");
    names.push(await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim()));
  }
  return names;
}

async function callsAreHandledByKeyboardAlone({ open }) {
  const { context, page } = await open({ ...phoneScenes.find((scene) => scene.name === "phone-ringing"), name: "behaviour-phone", act: undefined });
  const names = await tabOrder(page, 5);
  assert.deepEqual(names, ["Answer", "Redirect", "Decline", "Open Erika Mustermann in Zoho", "Note about this call"], "as one reads it");
  for (const name of [...names].reverse().slice(1)) {
    await page.keyboard.press("Shift+Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim()), name, "and back again");
  }
  await page.keyboard.press("Enter");
  const answered = (await asked(page)).filter((one) => one.request?.request === "answer");
  assert.equal(answered.length, 1, "one press, one answer");
  assert.equal(answered[0].request.call, card().call);
  await context.close();
}

async function aSettingIsChangedAndSavedByKeyboard({ open }) {
  const { context, page } = await open(mainScenes[0]);
  for (let press = 0; press < 40; press += 1) {
    if (await page.evaluate(() => document.activeElement?.id === "hide-after")) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Control+a");
  await page.keyboard.type("25");
  for (let press = 0; press < 40; press += 1) {
    if (await page.evaluate(() => document.activeElement?.textContent?.trim() === "Save")) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByText("Saved and in force.").waitFor();
  const saved = (await asked(page)).find((one) => one.request?.request === "save_settings");
  assert.equal(saved.request.settings.general.hide_after_seconds, 25);
  await context.close();
}

export const behaviours = [
  nothingMovesWhenTheNameArrives,
  aHiddenPreviewPaintsWithoutAnimationFrames,
  theCardAsksForItsWholeWidthHoweverSmallItsWindowIs,
  thePreviewIsDraggedButNotByItsButtons,
  thePickerIsUsedByKeyboardAlone,
  escapeClosesThePickerAndSendsNothing,
  callsAreHandledByKeyboardAlone,
  aSettingIsChangedAndSavedByKeyboard,
].map((run) => ({ name: run.name, run }));
