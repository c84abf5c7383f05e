// Every page with the keyboard alone: the first stop skips to the content, every stop can be seen, and stops go down the page.
import { open, visits } from "../harness/browser.mjs";
import { tabStops } from "../harness/look.mjs";

export default async function keyboard(t) {
  for await (const [page, mine] of visits(t, { width: 1366 })) {
    for (const route of mine) {
      if ((await open(t, page, route.at)) >= 400) continue;
      t.checked();
      // A summary of errors takes the focus; the walk begins at the top all the same.
      const stops = await tabStops(page);
      const skip = await page.evaluate(() => document.querySelector(".govuk-skip-link")?.getAttribute("href"));
      if (!skip || !(await page.$(skip))) t.fail(route.at, "there is no link that skips to the content");
      if (stops.length === 0) t.fail(route.at, "Tab reaches nothing");
      for (const stop of stops.filter((stop) => !stop.visible)) t.fail(route.at, `the focus cannot be seen on ${stop.name}`);
      const reachable = await page.evaluate(() =>
        [...document.querySelectorAll("a[href], button, select, textarea, input:not([type=hidden]):not([type=radio]), summary")]
          .filter((element) => element.checkVisibility() && !element.disabled && !element.dataset.stop)
          .map((element) => `${element.tagName.toLowerCase()}#${element.id} ${element.textContent.trim().slice(0, 30)}`));
      for (const name of reachable) t.fail(route.at, `Tab does not reach ${name}`);
    }
  }
}
