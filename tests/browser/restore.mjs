// Going back to a moment, as people do it: a copy, a comparison, the separate step that makes it live, and back again.
import { axeClean, check, enter, fits, flow, manager, screenshot } from "./harness.mjs";

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
