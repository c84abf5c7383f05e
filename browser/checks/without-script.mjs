// Every page without JavaScript: it has its heading and its content, and every form has a place to go and a way to be sent.
import { everyPage, open } from "../harness/browser.mjs";

export default function withoutScript(t) {
  return everyPage(t, { script: false }, async (page, route) => {
    await open(t, page, route.at);
    t.checked();
    if ((await page.locator("main").count()) !== 1) return t.fail(route.path, "does not have exactly one <main>");
    if ((await page.locator("main h1").count()) !== 1) t.fail(route.path, "does not have exactly one <h1> in <main>");
    if ((await page.locator("main").innerText()).trim().length < 20) t.fail(route.path, "is empty without script");
    if (!(await page.title()).trim()) t.fail(route.path, "has no title");
    for (const form of await page.locator("form").all()) {
      if ((await form.locator("button:not([type=button]), input[type=submit]").count()) === 0) {
        t.fail(route.path, "has a form that cannot be sent without script");
      }
    }
  });
}
