// Makes the README's picture of the card from the built interface: light and dark, side by side.
//
//   node tests/ui/gallery.mjs      (writes assets/gallery/card.png)
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NOW } from "./scenes/people.mjs";
import { previewScenes } from "./scenes/preview.mjs";
import { serve } from "./server.mjs";
import { standIn } from "./tauri.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { chromium } = createRequire(join(root, "ui/package.json"))("playwright-core");
const folder = join(root, "assets/gallery");

async function photograph(browser, address, scene, theme) {
  const context = await browser.newContext({ viewport: scene.size, deviceScaleFactor: 1.5, reducedMotion: "reduce", locale: "en", timezoneId: "Europe/Berlin" });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  const { window, replies, commands = {} } = scene;
  await page.addInitScript(standIn, { window, replies, commands, appearance: { language: "en", theme } });
  await page.goto(`${address}/preview.html`);
  await page.locator("article").waitFor();
  const picture = await page.locator("main").screenshot();
  await context.close();
  return `<img src="data:image/png;base64,${picture.toString("base64")}">`;
}

mkdirSync(folder, { recursive: true });
const site = await serve(join(root, "ui/dist"));
const browser = await chromium.launch({ executablePath: process.env.RINGCARD_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--force-color-profile=srgb"] });
const known = previewScenes.find((scene) => scene.name === "preview-known");
const company = previewScenes.find((scene) => scene.name === "preview-company");
const cards = [await photograph(browser, site.address, known, "light"), await photograph(browser, site.address, company, "dark")];
const page = await browser.newPage({ viewport: { width: 880, height: 560 } });
await page.setContent(`<style>body{margin:0;padding:32px;display:flex;gap:36px;align-items:flex-start;background:linear-gradient(135deg,#a9b7d6,#d9cfe0);width:max-content}img{width:380px;border-radius:10px;box-shadow:0 12px 32px rgb(20 24 36/.3)}</style>${cards.join("")}`);
await page.locator("body").screenshot({ path: join(folder, "card.png") });
await browser.close();
site.stop();
