// Every screen, in light, dark and on a phone: axe finds nothing, nothing is too wide, and a picture is kept for people to look at.
import { administrator, axeClean, enter, fits, flow, screenshot, url } from "./harness.mjs";

/** name, path, heading, and what has to be there before the picture is taken. */
const screens = [
  ["overview", "/", "Overview", "Size over time"],
  ["backup", "/backup", "Backup", "What is backed up"],
  ["backup-schedule", "/backup/schedule", "Backup", "When practice runs are made"],
  ["backup-keep", "/backup/keep", "Backup", "Which backups are kept"],
  ["backup-history", "/backup/history", "Backup", "History"],
  ["drills", "/drills", "Practice runs", "Practice runs so far"],
  ["not-found", "/nothing", "There is no such page", "mistyped"],
];

const looks = [
  ["light", {}],
  ["dark", { dark: true }],
  ["phone", { phone: true }],
];

async function look(page, name, text) {
  await page.getByText(text).last().waitFor();
  await axeClean(page, name);
  await fits(page, name);
  await screenshot(page, name);
}

/** After the flows: they made what is to be seen. */
export function tellScreens() {
  for (const [name, options] of looks) {
    flow(`sign-in, ${name}`, async (page) => {
      await page.goto(url);
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await look(page, `sign-in ${name}`, "No access?");
    }, options);
    flow(`all screens, ${name}`, async (page) => {
      await enter(page, "/", "Overview", administrator);
      for (const [screen, path, heading, text] of screens) {
        await page.goto(url + path);
        await page.getByRole("heading", { level: 1, name: heading }).waitFor();
        await look(page, `${screen} ${name}`, text);
      }
      await page.goto(`${url}/backup`);
      await page.getByRole("table").getByRole("link").first().click();
      await look(page, `backup-one ${name}`, "Taken at");
      await page.goto(`${url}/backup/history`);
      await page.getByRole("row", { name: /Backup.*Done/ }).first().getByRole("link").click();
      await look(page, `run ${name}`, "Office paused");
      await page.goto(`${url}/drills`);
      await page.getByRole("table").getByRole("link").first().click();
      await look(page, `drill-report ${name}`, "(E) Applications");
    }, options);
  }
}
