// Draws the application's icon and the tray's icons: SVG here, 8-bit RGBA PNG and ICO for the systems.
//
//   node assets/icons/draw.mjs      (needs `npm ci` in ui/ and a chromium)
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./", import.meta.url));
const require = createRequire(new URL("../../ui/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const handset = "M5 3.5h3.2l1.6 4.2-2.1 1.7a12.6 12.6 0 0 0 6.9 6.9l1.7-2.1 4.2 1.6V19a2 2 0 0 1-2.1 2A16.3 16.3 0 0 1 3 5.6a2 2 0 0 1 2-2.1z";
const svg = (size, body) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}">${body}</svg>\n`;

/** A tray icon: one strong shape on a ground that is seen on a light and on a dark taskbar. */
function tray(ground, body, badge = "") {
  return svg(32, `<rect x="1" y="1" width="30" height="30" rx="8" fill="${ground}"/>${body}${badge}`);
}
const phone = (colour = "#fff", place = "translate(5.2 5) scale(.9)") => `<path transform="${place}" d="${handset}" fill="${colour}"/>`;
const badge = (colour, body) => `<circle cx="24" cy="24" r="8" fill="#fff"/><circle cx="24" cy="24" r="6.5" fill="${colour}"/>${body}`;
const stroke = (path, width = 2) => `<path d="${path}" fill="none" stroke="#fff" stroke-width="${width}" stroke-linecap="round"/>`;

const icons = {
  listening: tray("#2a5bd7", phone()),
  ringing: tray("#0f7a43", phone("#fff", "translate(3 8.4) scale(.86)") + stroke("M17.5 12.5a5 5 0 0 1 3 3M18.5 6.8a10.5 10.5 0 0 1 7.6 7.6", 2.4)),
  on_call: tray("#0f7a43", phone()),
  caller_waiting: tray("#b36b00", stroke("M11.5 9v14M20.5 9v14", 4.4)),
  telephony_down: tray("#5d6575", phone("#e3e6ec"), badge("#c02b2b", stroke("M21.6 21.6l4.8 4.8M26.4 21.6l-4.8 4.8"))),
  crm_trouble: tray("#2a5bd7", phone(), badge("#d98200", stroke("M24 20.4v3.6") + '<circle cx="24" cy="27" r="1.2" fill="#fff"/>')),
  not_configured: tray("#5d6575", phone("#e3e6ec"), badge("#2a5bd7", stroke("M24 20.8v6.4M20.8 24h6.4"))),
};

const application = svg(512, `
<defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#4577f0"/><stop offset="1" stop-color="#1d3fa6"/></linearGradient></defs>
<rect x="16" y="16" width="480" height="480" rx="112" fill="url(#ground)"/>
<rect x="88" y="170" width="336" height="222" rx="34" fill="#0b1f5c" opacity=".28"/>
<rect x="88" y="154" width="336" height="222" rx="34" fill="#fff"/>
<circle cx="164" cy="228" r="42" fill="#e2f4ea"/>
<path transform="translate(138 202) scale(2.15)" d="${handset}" fill="#0f7a43"/>
<rect x="228" y="198" width="156" height="26" rx="13" fill="#16181d"/>
<rect x="228" y="240" width="108" height="18" rx="9" fill="#aeb6c6"/>
<rect x="122" y="304" width="148" height="40" rx="14" fill="#0f7a43"/>
<rect x="286" y="304" width="104" height="40" rx="14" fill="#dfe4ee"/>
<path d="M196 110a84 84 0 0 1 120 0M226 132a46 46 0 0 1 60 0" fill="none" stroke="#fff" stroke-width="18" stroke-linecap="round" opacity=".92"/>`);

async function paint(page, source, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${source}`);
  return page.screenshot({ omitBackground: true });
}

/** An ICO that holds PNGs, as Windows reads it since Vista. */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ size, png }, at) => {
    const entry = 6 + 16 * at;
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** A tray icon that is not 8-bit RGBA is dropped without a word. */
function save(name, png) {
  const [depth, colour] = [png[24], png[25]];
  if (depth !== 8 || colour !== 6) throw new Error(`${name} is not 8-bit RGBA: depth ${depth}, colour type ${colour}`);
  writeFileSync(`${folder}${name}`, png);
}

const browser = await chromium.launch({ executablePath: process.env.RINGCARD_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--force-color-profile=srgb"] });
const page = await browser.newPage();
writeFileSync(`${folder}icon.svg`, application);
for (const size of [32, 128, 256, 512]) save(size === 512 ? "icon.png" : `${size}x${size}.png`, await paint(page, application, size));
const pictures = [];
for (const size of [16, 24, 32, 48, 64, 256]) pictures.push({ size, png: await paint(page, application, size) });
writeFileSync(`${folder}icon.ico`, ico(pictures));
for (const [state, source] of Object.entries(icons)) {
  writeFileSync(`${folder}tray-${state}.svg`, source);
  for (const size of [32, 64]) save(`tray-${state}-${size}.png`, await paint(page, source, size));
}
await browser.close();
