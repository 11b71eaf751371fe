// What the flows share: a browser, pages that hold the page to its policy, axe, screenshots, and a small runner.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// The packages are the page's own: tests have none beside them.
const require = createRequire(join(process.env.ENAMEL_SOURCE, "web", "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const url = process.env.ENAMEL_URL;
export const administrator = { user: process.env.ENAMEL_USER, password: process.env.ENAMEL_USER_PASSWORD };
export const manager = { user: "Manager", password: "sample manager" };
const screenshots = process.env.ENAMEL_SCREENSHOTS;
/** Generous: a machine that tests may be busy. It ends a wait that would be for ever; nothing is measured by it. */
const PATIENCE_MS = 30_000;

const flows = [];
/** Flows run in the order in which they are told, each in a browser context of its own. */
export function flow(name, run, options = {}) {
  flows.push({ name, run, options });
}

export function check(condition, what) {
  if (!condition) throw new Error(what);
}

/** Errors a browser reports that are no fault of the page: it asks who is signed in, and nobody is. */
function isExpected(message) {
  return message.includes("status of 401") || message.includes("status of 403") || message.includes("status of 429");
}

async function newPage(browser, { dark = false, phone = false, language = "en-US" } = {}) {
  const context = await browser.newContext({
    viewport: phone ? { width: 360, height: 780 } : { width: 1280, height: 900 },
    colorScheme: dark ? "dark" : "light",
    locale: language,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !isExpected(message.text())) page.faults.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => page.faults.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("blob:")) page.faults.push(`asked outside: ${request.url()}`);
  });
  return page;
}

export async function signIn(page, { user, password }, path = "/") {
  await page.goto(url + path);
  await page.getByLabel(/^(User name|Usuario)$/).fill(user);
  await page.getByLabel(/^(Password|Contraseña)$/).fill(password);
  await page.getByRole("button", { name: /^(Sign in|Iniciar sesión)$/ }).click();
}

/** Signed in, on that screen. */
export async function enter(page, path, heading, who = administrator) {
  await signIn(page, who, path);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

export async function axeClean(page, name) {
  await page.evaluate(axe); // by the debugger's way: the policy forbids the page itself such a thing
  const found = await page.evaluate(async () => (await globalThis.axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`));
  check(found.length === 0, `axe on ${name}: ${found.join("; ")}`);
}

export async function screenshot(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** Nothing is wider than the screen. */
export async function fits(page, name) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  check(content <= window, `${name} is ${content} wide on a screen of ${window}`);
}

/** Somebody holds a table of the practice's database while the body runs: a backup has to wait for it. */
export async function whileTableIsHeld(body) {
  const holder = spawn("mariadb", ["--no-defaults", "-S", process.env.ENAMEL_SOCKET, "-uroot", "opendental", "-N", "--unbuffered"], { stdio: ["pipe", "pipe", "inherit"] });
  const held = new Promise((resolve) => holder.stdout.once("data", resolve));
  holder.stdin.write("LOCK TABLES patient WRITE; SELECT 'held';\n");
  await held;
  try {
    await body();
  } finally {
    holder.stdin.end();
    await new Promise((resolve) => holder.once("exit", resolve));
  }
}

/** Prints a line of JSON for each flow; the exit status is 0 if all passed. */
export async function runFlows(wanted) {
  const browser = await chromium.launch({ executablePath: process.env.ENAMEL_CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  let failed = 0;
  for (const { name, run, options } of flows) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const page = await newPage(browser, options);
    let error = null;
    try {
      await run(page);
      check(page.faults.length === 0, `the browser reported: ${page.faults.join("; ")}`);
    } catch (failure) {
      error = failure.stack ?? String(failure);
      failed += 1;
      await screenshot(page, `FAILED ${name.replaceAll(/[^a-z0-9]+/gi, "-")}`).catch(() => undefined);
    }
    console.log(JSON.stringify({ flow: name, error }));
    await page.context().close();
  }
  await browser.close();
  return failed === 0 ? 0 : 1;
}
