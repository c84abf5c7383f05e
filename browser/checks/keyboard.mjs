// Every page with the keyboard alone: the first stop skips to the content, every stop can be seen, and stops go down the page.
import { everyPage, open } from "../harness/browser.mjs";
import { tabStops } from "../harness/look.mjs";

export default function keyboard(t) {
  return everyPage(t, { width: 1366 }, async (page, route) => {
    await open(t, page, route.at);
    t.checked();
    // A summary of errors takes the focus; the walk begins at the top all the same.
    const stops = await tabStops(page);
    const skip = await page.evaluate(() => document.querySelector(".govuk-skip-link")?.getAttribute("href"));
    if (!skip || !(await page.$(skip))) t.fail(route.path, "there is no link that skips to the content");
    if (stops.length === 0) t.fail(route.path, "Tab reaches nothing");
    for (const stop of stops.filter((stop) => !stop.visible)) t.fail(route.path, `the focus cannot be seen on ${stop.name}`);
    const reachable = await page.evaluate(() =>
      [...document.querySelectorAll("a[href], button, select, textarea, input:not([type=hidden]):not([type=radio]), summary")]
        .filter((element) => element.checkVisibility() && !element.disabled && !element.dataset.stop)
        .map((element) => `${element.tagName.toLowerCase()}#${element.id} ${element.textContent.trim().slice(0, 30)}`));
    for (const name of reachable) t.fail(route.path, `Tab does not reach ${name}`);
  });
}
