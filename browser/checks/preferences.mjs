// Every page as two kinds of people set their computer: with few colours of their own choice, and without anything that moves.
import { everyPage, open } from "../harness/browser.mjs";

/** What tells by its shape what it is: without colours it needs a line around it. */
const SHAPES = ".govuk-button, .z, .p-state, .p-panel, .govuk-input, .govuk-select, .govuk-textarea";

export default function preferences(t) {
  return everyPage(t, { width: 360 }, async (page, route) => {
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await open(t, page, route.at);
    t.checked();
    const bare = await page.evaluate((shapes) => [...document.querySelectorAll(shapes)].filter((element) => {
      if (!element.checkVisibility()) return false;
      const style = getComputedStyle(element);
      const bordered = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0;
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      return !bordered && !outlined;
    }).map((element) => `${element.tagName.toLowerCase()}.${element.className}`), SHAPES);
    for (const name of new Set(bare)) t.fail(route.path, `has no outline without colours: ${name}`);
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return document.activeElement === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    });
    if (!focus) t.fail(route.path, "does not show its focus without colours");
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
      return (style.animationName !== "none" && long(style.animationDuration)) || long(style.transitionDuration);
    }).map((element) => `${element.tagName.toLowerCase()}.${element.className}`));
    for (const name of new Set(moving)) t.fail(route.path, `moves although nothing should: ${name}`);
    await page.emulateMedia({ forcedColors: "none", reducedMotion: "no-preference" });
  });
}
