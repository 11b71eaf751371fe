// Loads the page with an empty cache, signs in, and says how long it took: node bench/page-load.mjs URL USER PASSWORD
// The same person then loads it again, as on every morning: that is what is measured.
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const { chromium } = createRequire(new URL("../web/package.json", import.meta.url))("playwright-core");
const [url, user, password] = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext();
  const first = await context.newPage();
  const began = performance.now();
  await first.goto(url);
  await first.locator("input[type=password]").waitFor();
  const sign_in_ms = performance.now() - began;
  await first.locator("input:not([type=password])").first().fill(user);
  await first.locator("input[type=password]").fill(password);
  await first.keyboard.press("Enter");
  await first.locator("main h1").waitFor();
  // Another browser's cache, the same session: all of the page comes over the wire.
  const state = await context.storageState();
  const fresh = await (await browser.newContext({ storageState: state })).newPage();
  const again = performance.now();
  await fresh.goto(url);
  await fresh.locator("main h1").waitFor();
  const overview_ms = performance.now() - again;
  console.log(JSON.stringify({ sign_in_ms, overview_ms }));
} finally {
  await browser.close();
}
