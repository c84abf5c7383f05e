// Every page without JavaScript: it has its heading and its content, and every form has a place to go and a way to be sent.
import { open, visits } from "../harness/browser.mjs";

export default async function withoutScript(t) {
  for await (const [page, mine] of visits(t, { script: false })) {
    for (const route of mine) {
      if ((await open(t, page, route.at)) >= 400) continue;
      t.checked();
      if ((await page.locator("main").count()) !== 1) {
        t.fail(route.at, "does not have exactly one <main>");
        continue;
      }
      if ((await page.locator("main h1").count()) !== 1) t.fail(route.at, "does not have exactly one <h1> in <main>");
      if ((await page.locator("main").innerText()).trim().length < 20) t.fail(route.at, "is empty without script");
      if (!(await page.title()).trim()) t.fail(route.at, "has no title");
      for (const form of await page.locator("form").all()) {
        if ((await form.locator("button:not([type=button]), input[type=submit]").count()) === 0) {
          t.fail(route.at, "has a form that cannot be sent without script");
        }
      }
      if (await page.locator("[onclick], [style], a[href^='javascript:']").count()) t.fail(route.at, "holds script or style in its HTML");
    }
  }
}
