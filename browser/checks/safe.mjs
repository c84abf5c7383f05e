// Every page is answered with the policy that allows nothing but its own files, holds no script or style that the policy would
// stop, and gives cookies that no script can read.
import { everyPage, open } from "../harness/browser.mjs";
import { policy } from "../harness/folder.mjs";

const headers = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
};

export default function safe(t) {
  return everyPage(t, {}, async (page, route) => {
    let answer = null;
    const hear = (heard) => { if (heard.request().isNavigationRequest()) answer = heard; };
    page.on("response", hear);
    await open(t, page, route.at);
    page.off("response", hear);
    t.checked();
    const said = answer.headers();
    // The gallery is served by the harness, with the policy alone.
    for (const [name, value] of route.oneLanguage ? [] : Object.entries(headers)) {
      if (said[name] !== value) t.fail(route.path, `${name}: ${said[name]}`);
    }
    const inline = await page.evaluate(() => {
      const handlers = [...document.querySelectorAll("*")].filter((element) => element.getAttributeNames().some((name) => name.startsWith("on")));
      const held = document.querySelectorAll("[style], style, script:not([src]), a[href^='javascript:'], base, object, embed, iframe");
      return [...handlers, ...held].map((element) => element.outerHTML.slice(0, 80));
    });
    for (const part of inline) t.fail(route.path, `holds script or style in its HTML: ${part}`);
    if (route.person && !route.oneLanguage && said["cache-control"] === "public") t.fail(route.path, "may be kept by others");
    for (const cookie of await page.context().cookies()) {
      if (!cookie.httpOnly || cookie.sameSite !== "Lax") t.fail(route.path, `the cookie ${cookie.name} can be read by scripts or sent by other sites`);
    }
    for (const line of page.complaints) t.fail(route.path, line);
  });
}
