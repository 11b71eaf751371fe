// Going back to a moment, as people do it: a copy, a comparison, the separate step that makes it live, and back again.
import { administrator, axeClean, check, enter, fits, flow, manager, screenshot } from "./harness.mjs";

const button = (page, name) => page.getByRole("button", { name });
const ended = (page, text) => page.getByRole("alert").getByText(text).waitFor();

/** Types the name of the database in use; before that the button that does it cannot be pressed. */
async function confirmTyped(page, action) {
  const dialog = page.getByRole("alertdialog");
  const act = dialog.getByRole("button", { name: action });
  check(await act.isDisabled(), `"${action}" can be pressed before anything was typed`);
  await dialog.getByRole("textbox").fill("something else");
  check(await act.isDisabled(), `"${action}" can be pressed with the wrong name`);
  await dialog.getByRole("textbox").fill("opendental");
  await act.click();
}

/** Needs a complete backup with a database. Leaves the database in use as it was, and a copy beside it. */
export function tellRestoreFlows() {
  flow("go back to a moment, make it live, undo", async (page) => {
    await enter(page, "/restore", "Restore", manager);
    await page.getByRole("link", { name: /Go back to a moment/ }).click();
    await button(page, "Next: name of the copy").click();
    const name = `opendental_went_back_${Date.now()}`;
    const copy = page.getByLabel("Name of the copy");
    await copy.fill("opendental");
    check(await button(page, "Make the copy").isDisabled(), "a copy may take the name of the database in use");
    await copy.fill(name);
    await button(page, "Make the copy").click();
    await ended(page, /^Restored\.$/);
    await axeClean(page, "a restore that ended");
    await page.getByRole("link", { name: "Compare with the database in use" }).click();
    await page.getByRole("heading", { name: "Records in each table" }).waitFor();
    await axeClean(page, "comparison");
    await fits(page, "comparison");
    await screenshot(page, "restore-comparison");
    await button(page, "Make it live…").click();
    await confirmTyped(page, "Make it live");
    await ended(page, /The office works with the restored copy now/);
    await page.getByRole("link", { name: "Back to Restore" }).click();
    await button(page, /^Undo/).first().click();
    await confirmTyped(page, "Undo");
    await ended(page, /The office works with the database from before again/);
  });
}

/** Needs what looks into a backup: rows of a table, patients and their images, thumbnails. */
export function tellBrowsingFlows() {
  flow("one table is found by name and restored beside the database in use", async (page) => {
    await enter(page, "/restore/table", "One table", manager);
    await page.getByLabel("Name of the table").fill("patient");
    await button(page, "Look: patient").and(page.getByLabel("Look: patient", { exact: true })).click();
    await page.getByLabel("Name of the copy").fill(`opendental_patient_${Date.now()}`);
    await button(page, "Restore this table").click();
    await ended(page, /^Restored\.$/);
    await page.getByText("1 table,").waitFor();
  });

  flow("one patient's image is found by name and put into a folder", async (page) => {
    await enter(page, "/restore/patient", "One patient's images", administrator);
    await page.getByRole("searchbox").fill("a");
    const rows = page.locator("tbody tr");
    await rows.first().waitFor();
    for (let row = 0; row < (await rows.count()); ++row) {
      if (Number(await rows.nth(row).getByRole("cell").nth(2).locator("span").last().innerText()) === 0) continue;
      await rows.nth(row).getByRole("button").click();
      break;
    }
    await page.getByRole("heading", { name: /^Images of / }).waitFor();
    await axeClean(page, "a patient's images");
    await fits(page, "a patient's images");
    await button(page, "Put into a folder on the server").click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
    await ended(page, /^Restored\.$/);
    await page.getByText(/\d+ files?, /).waitFor();
  });
}
