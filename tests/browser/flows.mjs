// What people do at the page, in a real browser, with the real service, a real practice and a real repository. The order
// matters: later flows look at what earlier ones made. usage: flows.mjs [NAME_PART...]
import { administrator, check, enter, flow, manager, runFlows, signIn, url, whileTableIsHeld } from "./harness.mjs";
import { tellRestoreFlows } from "./restore.mjs";
import { tellScreens } from "./screens.mjs";

const backUpNow = (page) => page.getByRole("button", { name: "Back up now" });
const alert = (page) => page.getByRole("alert");

async function seesNothing(page) {
  check((await page.getByRole("navigation").count()) === 0, "there is a navigation before anybody is signed in");
  check((await page.getByText("Smile Dental").count()) === 0, "the practice's name is shown to whoever comes");
}

flow("nothing is shown before sign-in, whatever the address", async (page) => {
  for (const path of ["/", "/backup", "/drills/1", "/backup/history", "/nothing"]) {
    await page.goto(url + path);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await seesNothing(page);
  }
});

flow("a wrong password is refused in words, and the field is empty again", async (page) => {
  await signIn(page, { user: "Manager", password: "wrong" });
  await alert(page).getByText("User name or password is wrong.").waitFor();
  check((await page.getByLabel("Password", { exact: true }).inputValue()) === "", "the wrong password is still there");
  await seesNothing(page);
});

flow("a user without the right Backup sees nothing but why", async (page) => {
  await signIn(page, { user: "Anna", password: "sample" });
  await alert(page).getByText("does not have the right").waitFor();
  await seesNothing(page);
});

flow("five wrong passwords lock the account", async (page) => {
  for (let attempt = 1; attempt <= 6; ++attempt) {
    const answer = page.waitForResponse((response) => response.url().endsWith("/session") && response.request().method() === "POST");
    await signIn(page, { user: "Anna", password: `wrong ${attempt}` });
    await answer;
  }
  await alert(page).getByText("Too many wrong passwords. Wait").waitFor();
});

flow("an overview before the first backup says no, and what to do", async (page) => {
  await enter(page, "/", "Overview");
  await page.getByText("No. A backup is overdue.").waitFor(); // by the history that the runner wrote: ten days ago
  check((await page.getByRole("radio", { name: /no backup, though one was due/ }).count()) >= 8, "missed days are not told apart");
});

flow("a day of the strip is spelled out", async (page) => {
  await enter(page, "/", "Overview");
  const missed = page.getByRole("radio", { name: /no backup, though one was due/ }).first();
  await missed.focus();
  await page.keyboard.press("Enter");
  await page.getByText("A backup was due on this day and none was completed.").waitFor();
});

flow("a backup with one click, with progress and its end", async (page) => {
  await enter(page, "/", "Overview", manager);
  await whileTableIsHeld(async () => {
    await backUpNow(page).click();
    await page.getByRole("progressbar", { name: "Backup: progress" }).waitFor();
    check(await page.getByRole("button", { name: "Backup running…" }).isDisabled(), "a second backup can be asked for");
  });
  await page.getByText("Backup complete").first().waitFor();
  await page.getByText(/Office paused [0-9.]+ s/).waitFor();
  await page.getByText("Backed up, but no practice run has proven it yet.").waitFor();
  await page.getByText(/Everything up to today/).waitFor();
});

flow("a backup that is stopped is honestly stopped", async (page) => {
  await enter(page, "/backup", "Backup", manager);
  await whileTableIsHeld(async () => {
    await backUpNow(page).click();
    await page.getByRole("button", { name: "Stop" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Stop this backup?" });
    await dialog.getByRole("button", { name: "Let it go on" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Stop" }).click();
    await dialog.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("progressbar", { name: /: progress$/ }).waitFor({ state: "detached" });
  });
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("row", { name: /Backup.*Stopped/ }).getByRole("link").click();
  await page.getByText("What was stored so far is reused").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: /Started again/ }).click();
  await page.getByText("Backup complete").waitFor();
});

flow("a practice run from the list of backups, and its report", async (page) => {
  await enter(page, "/backup", "Backup", manager);
  await page.getByRole("table", { name: "Backups, newest first" }).getByRole("link").first().click();
  await page.getByText("No practice run has proven this backup yet.").waitFor();
  await page.getByRole("button", { name: "Start a practice run" }).click();
  await page.getByText(/A practice run restored it and compared it/).waitFor();
  await page.getByRole("link", { name: "See the report" }).click();
  await page.getByText("Passed: this backup restores.").waitFor();
  for (const section of ["(A) Data backup plan", "(B) Disaster recovery plan", "(C) Emergency mode", "(D) Testing and revision", "(E) Applications and data"])
    await page.getByRole("heading", { name: section }).waitFor();
  await page.getByText("Manager").first().waitFor();
  await page.emulateMedia({ media: "print" });
  check(!(await page.getByRole("navigation").first().isVisible()), "the navigation would be printed");
  check(await page.getByText("Reviewed by").isVisible(), "there is no line to sign on");
});

flow("the overview says yes once it is proven", async (page) => {
  await enter(page, "/", "Overview");
  await page.getByText("Yes. Your practice is backed up and the backup is proven.").waitFor();
  await page.getByRole("link", { name: "See the report" }).first().click();
  await page.getByRole("heading", { name: "Report of a practice run" }).waitFor();
});

flow("an administrator changes when backups are made; others cannot", async (page) => {
  await enter(page, "/backup/schedule", "Backup");
  const card = page.getByRole("region", { name: "When backups are made" });
  await card.getByRole("button", { name: "Change" }).click();
  await card.getByRole("button", { name: "Add a time" }).click();
  await card.getByLabel("Time 2").fill("19:45");
  await card.getByLabel("Sunday").uncheck({ force: true });
  await card.getByRole("button", { name: "Save" }).click();
  await card.getByText("Saved. It applies from now on.").waitFor();
  await page.reload();
  await card.getByText(/7:45 PM/).waitFor();
  check((await card.getByText("Sunday").count()) === 0, "Sunday is still a day of backups");
  await page.context().clearCookies();
  await enter(page, "/backup/schedule", "Backup", manager);
  await page.getByText("Only a security administrator can see and change the times.").waitFor();
});

flow("retention shows the days before it is saved", async (page) => {
  await enter(page, "/backup/keep", "Backup");
  await page.getByText(/You can go back to 1 day\./).waitFor();
  await page.getByLabel("Years").fill("7");
  await page.getByLabel("Years").blur();
  await page.getByRole("button", { name: "Use these rules" }).click();
  await page.getByText("Saved. Old backups are removed by these rules").waitFor();
});

flow("the technician's view shows ids and the same command lines, and is remembered", async (page) => {
  await enter(page, "/backup", "Backup");
  check((await page.getByText("The same on the command line").count()) === 0, "command lines are shown to everybody");
  await page.getByRole("button", { name: "View" }).click();
  await page.getByRole("switch", { name: "Technician's view" }).press("Space");
  await page.keyboard.press("Escape");
  await page.getByText(/^enamel backup -r .* --images /).waitFor();
  await page.reload();
  await page.getByText(/^enamel backup -r .* --images /).waitFor();
});

flow("the page speaks Spanish to whose browser does", async (page) => {
  await enter(page, "/", "Resumen");
  await page.getByText("Sí. La consulta tiene copia de seguridad y está probada.").waitFor();
  await page.getByRole("button", { name: "Vista" }).click();
  await page.getByRole("radio", { name: "English" }).press("Space");
  await page.getByText("Yes. Your practice is backed up").waitFor();
}, { language: "es-MX" });

flow("everything is reached with the keyboard on a phone", async (page) => {
  await enter(page, "/", "Overview");
  await page.getByRole("button", { name: "Open menu" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("link", { name: "Practice runs" }).press("Enter");
  await page.getByRole("heading", { level: 1, name: "Practice runs" }).waitFor();
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  check(focused === "H1", `after a change of screens ${focused} has the focus`);
}, { phone: true });

flow("a page left open follows what others do", async (page) => {
  await enter(page, "/", "Overview");
  const other = await page.context().newPage();
  await other.goto(url);
  await whileTableIsHeld(async () => {
    await backUpNow(other).click();
    await page.getByRole("progressbar", { name: "Backup: progress" }).waitFor();
  });
  await page.getByRole("progressbar", { name: /: progress$/ }).waitFor({ state: "detached" });
  await other.close();
});

flow("signing out ends it, everywhere too; the way back leads to the same screen", async (page) => {
  await enter(page, "/backup/history", "Backup", manager);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Backup" }).waitFor(); // a session outlives a reload
  await page.getByRole("button", { name: "Account of Manager" }).click();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(page, administrator, "/backup/history");
  await page.getByRole("heading", { name: "History" }).waitFor();
});

flow("a session that ended meanwhile leads to the sign-in, not to an error", async (page) => {
  await enter(page, "/", "Overview");
  await page.context().clearCookies();
  // The page may notice by itself before the click.
  await page.getByRole("link", { name: "Backup", exact: true }).click({ timeout: 3000 }).catch(() => undefined);
  await page.getByText("You were signed out because nothing was done for a while.").waitFor();
});

tellRestoreFlows();
tellScreens();
process.exitCode = await runFlows(process.argv.slice(2));
