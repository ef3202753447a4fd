// Opens every window of the built interface in every language, theme and scale, takes pictures, and
// asserts that nothing is cut, that axe finds nothing, and that the preview holds nothing focusable.
//
//   node tests/ui/run.mjs [--out DIR] [--only TEXT] [--quick] [--all]
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { behaviours } from "./behaviours.mjs";
import { findClipped, findFocusable } from "./checks.mjs";
import { scenes } from "./scenes/index.mjs";
import { NOW } from "./scenes/people.mjs";
import { serve } from "./server.mjs";
import { standIn } from "./tauri.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(join(root, "ui/package.json"));
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");

const option = (name) => (process.argv.includes(name) ? (process.argv[process.argv.indexOf(name) + 1] ?? "") : null);
const out = option("--out") ?? mkdtempSync(join(tmpdir(), "ringcard-pictures-"));
const only = option("--only") ?? "";
const quick = process.argv.includes("--quick");
const languages = quick ? ["en"] : ["en", "de", "ru"];
const scales = quick ? [1] : [1, 1.5];
const everything = process.argv.includes("--all");
const browserPath = process.env.RINGCARD_CHROMIUM ?? "/usr/bin/chromium";
const axeOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] };

const faults = [];
let pictures = 0;

/** A page that shows `scene`, settled. */
async function open(browser, address, scene, language, scale) {
  const context = await browser.newContext({
    viewport: { width: scene.size.width, height: Math.round(scene.size.height) },
    deviceScaleFactor: scale,
    colorScheme: "light",
    reducedMotion: "reduce",
    locale: language,
    // Some choices are offered on one system only.
    ...(scene.userAgent && { userAgent: scene.userAgent }),
    timezoneId: "Europe/Berlin",
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  page.on("pageerror", (error) => faults.push(`${scene.name} ${language}: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && faults.push(`${scene.name} ${language}: ${message.text()}`));
  const { window, replies = {}, commands = {} } = scene;
  await page.addInitScript(standIn, { window, replies, commands, appearance: { language, theme: "light" } });
  await page.goto(`${address}/${window}.html`);
  await page.locator("#app > *").first().waitFor();
  if (scene.act) await scene.act(page);
  await page.evaluate(() => document.fonts.ready);
  return { context, page };
}

async function assertPage(page, scene, label) {
  for (const fault of await page.evaluate(findClipped)) faults.push(`${label}: ${fault}`);
  if (scene.window === "preview") {
    for (const element of await page.evaluate(findFocusable)) faults.push(`${label}: focusable in the preview: ${element}`);
  }
}

async function assertAxe(page, label) {
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), axeOptions);
  for (const { id, help, nodes } of violations) {
    faults.push(`${label}: axe ${id}: ${help} (${nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")})`);
  }
}

async function shoot(page, scene, label) {
  const target = scene.fit ? page.locator("#app > *").first() : page;
  await target.screenshot({ path: join(out, `${label}.png`), animations: "disabled" });
  pictures += 1;
}

/** At 100 % each language in both themes; at 150 % they take turns, unless everything is asked for. */
function themesOf(at, scale) {
  if (scale === 1 || everything) return ["light", "dark"];
  return at % 2 === 0 ? ["light"] : ["dark"];
}

/** Every language and theme of one scene at one scale, in one page: what is worn can be changed. */
async function photograph(browser, address, scene, scale) {
  const { context, page } = await open(browser, address, scene, "en", scale);
  const percent = Math.round(scale * 100);
  if (scale === 1) await page.evaluate(axeText);
  for (const [at, language] of languages.entries()) {
    for (const theme of themesOf(at, scale)) {
      await page.evaluate((appearance) => globalThis.__emit("appearance", appearance), { language, theme });
      const label = `${scene.name}-${theme}-${language}-${percent}`;
      await shoot(page, scene, label);
      if (theme === "light" || scale !== 1) await assertPage(page, scene, label);
      if (scale === 1 && language === "en") await assertAxe(page, label);
    }
  }
  if (scale === 1) {
    await page.emulateMedia({ forcedColors: "active" });
    await shoot(page, scene, `${scene.name}-contrast-${languages.at(-1)}-100`);
  }
  await context.close();
}

/** Runs `jobs` on as many pages at once as there are cores. */
async function drain(jobs, width) {
  const worker = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: width }, worker));
}

if (!existsSync(join(root, "ui/dist/preview.html"))) {
  console.error("ui/dist is missing: run `npm ci && npm run build` in ui/ first");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const axeText = readFileSync(axe, "utf8");
const began = performance.now();
const site = await serve(join(root, "ui/dist"));
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--force-color-profile=srgb"] });
const wanted = scenes.filter((scene) => scene.name.includes(only));
const jobs = wanted.flatMap((scene) => scales.map((scale) => () => photograph(browser, site.address, scene, scale).catch((error) => faults.push(`${scene.name}: ${error.message}`))));
for (const { name, run } of behaviours.filter((behaviour) => behaviour.name.includes(only))) {
  jobs.push(() => run({ open: (scene) => open(browser, site.address, scene, "en", 1) }).catch((error) => faults.push(`${name}: ${error.message}`)));
}
await drain(jobs, 3);
await browser.close();
site.stop();

const seconds = ((performance.now() - began) / 1000).toFixed(1);
for (const fault of new Set(faults)) console.error(`✗ ${fault}`);
console.log(`${pictures} pictures of ${wanted.length} scenes in ${out}, ${behaviours.length} behaviours, ${faults.length} faults, ${seconds} s`);
process.exit(faults.length === 0 ? 0 : 1);
