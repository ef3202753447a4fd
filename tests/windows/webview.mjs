// The card in the real WebView2: a known caller rings, the card says who it is, Answer takes the call.
//
//   RINGCARD_APP      the built ringcard.exe
//   RINGCARD_SANDBOX  the built ringcard-sandbox.exe
//   RINGCARD_DRIVER   msedgedriver.exe, of the version of the installed WebView2
//
// WebView2 opens a port for debugging, and the driver attaches to it: the windows are Ringcard's own, not the driver's.
// This has not run yet: no Windows has been there to run it on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PATIENCE = 60_000;
const DEBUG_PORT = 9333;
const DRIVER_PORT = 9334;
const DRIVER = `http://127.0.0.1:${DRIVER_PORT}`;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const home = mkdtempSync(join(tmpdir(), "ringcard-"));
const started = [];

function start(variable, words, environment = {}) {
  const program = process.env[variable];
  assert(program, `${variable} names no program`);
  const child = spawn(program, words, { env: { ...process.env, ...environment }, stdio: ["pipe", "pipe", "inherit"] });
  started.push(child);
  return child;
}

/** Asks again until there is an answer; what fails meanwhile is not there yet. */
async function until(what, look) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    assert(Date.now() < deadline, `it never came: ${what}`);
  }
}

async function driver(method, path, body) {
  const answer = await fetch(DRIVER + path, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  assert(answer.ok, `${path}: ${value?.error}`);
  return value;
}

async function ringcard(...words) {
  const asked = spawn(process.env.RINGCARD_APP, [...words, "--json", "--home", home], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const part of asked.stdout) said += part;
  return JSON.parse(said).body;
}

async function scene() {
  const sandbox = start("RINGCARD_SANDBOX", ["demo", "--home", home, "--quiet"]);
  await new Promise((resolve) => createInterface(sandbox.stdout).once("line", resolve));
  start("RINGCARD_APP", ["--home", home], {
    WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS: `--remote-debugging-port=${DEBUG_PORT}`,
  });
  await until("a line that listens and a filled mirror", async () => {
    const status = await ringcard("status");
    return status.lines.every((line) => line.listening_since) && status.integrations.every((one) => one.last_success);
  });
  start("RINGCARD_DRIVER", [`--port=${DRIVER_PORT}`]);
  const attach = { browserName: "webview2", "ms:edgeOptions": { debuggerAddress: `127.0.0.1:${DEBUG_PORT}` } };
  const { sessionId } = await until("a session", () =>
    driver("POST", "/session", { capabilities: { alwaysMatch: attach } }),
  );
  const session = (method, path, body) => driver(method, `/session/${sessionId}${path}`, body);

  sandbox.stdin.write("ring known\n");
  await until("the card", async () => {
    for (const handle of await session("GET", "/window/handles")) {
      await session("POST", "/window", { handle });
      if ((await session("GET", "/url")).includes("preview.html")) return true;
    }
  });
  const element = async (xpath) => {
    const found = await session("POST", "/element", { using: "xpath", value: xpath });
    return `/element/${found[ELEMENT]}`;
  };
  await until("the caller's name", () => element("//*[contains(text(), 'Erika Mustermann')]"));
  const answer = await until("the button", () => element("//button[contains(., 'Answer') or contains(., 'Annehmen')]"));
  await session("POST", `${answer}/click`, {});
  const talks = await until("a talk", async () => {
    const calls = await ringcard("calls");
    return JSON.stringify(calls).includes("active");
  });
  assert(talks, "a click on Answer takes the call");
}

try {
  await scene();
  console.log("ok: the card names the caller, and Answer takes the call");
} finally {
  await ringcard("quit").catch(() => undefined);
  for (const child of started) child.kill();
}
