// What can be asked of an open page: accessibility, width, focus, names for files.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Violations of WCAG 2.2 A and AA that axe-core finds, one line each. */
export async function violations(page) {
  // Evaluated through the debugger: the page's own policy stays in force.
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(`${axe}; undefined`);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: { type: "tag", values: tags } }), levels);
  const where = (node) => `${node.target.join(" ")}${node.any[0] ? ` (${node.any[0].message})` : ""}`;
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 4).map(where).join("; ")}`);
}

/** What is wider than the window although the page must not scroll sideways; nothing when all fits. */
export async function tooWide(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return null;
    const guilty = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > room + 0.5);
    const name = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")}`;
    return `${document.documentElement.scrollWidth} > ${room}: ${guilty.slice(0, 5).map(name).join(", ")}`;
  });
}

/** Links and controls smaller than a finger: under 24 px, or under 44 px where they stand alone. */
export async function tooSmall(page) {
  return page.evaluate(() => {
    const alone = "button, input:not([type=hidden]), select, textarea, summary, nav a, .govuk-button";
    const small = (element, least) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && (box.height < least || box.width < Math.min(least, 24));
    };
    const seen = [...document.querySelectorAll(alone)].filter((element) => element.checkVisibility({ checkOpacity: false }));
    const found = seen.filter((element) => small(element, 40) && !element.closest(".govuk-visually-hidden"));
    return found.map((element) => `${element.tagName.toLowerCase()}.${element.className}#${element.id} ${Math.round(element.getBoundingClientRect().height)}`);
  });
}

/** Presses Tab until the focus is back at the start; each stop with whether its focus can be seen. */
export async function tabStops(page, most = 200) {
  // Focusing the body moves the start to the top, wherever the page had put it.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    window.scrollTo(0, 0);
  });
  const stops = [];
  for (let count = 0; count < most; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return "end";
      // A field of a date has several stops inside.
      if (element.dataset.stop) return element.dataset.stop === "first" ? "end" : "again";
      element.dataset.stop = document.querySelector("[data-stop]") ? "later" : "first";
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      // Radio buttons and checkboxes show their focus on the box drawn before their label.
      const label = element.matches(".govuk-radios__input, .govuk-checkboxes__input") && element.nextElementSibling;
      const drawn = label ? getComputedStyle(label, "::before") : style;
      const ring = (drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) > 0) || drawn.boxShadow !== "none";
      return {
        name: `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""} ${element.textContent.trim().slice(0, 30)}`,
        top: box.top + window.scrollY,
        visible: ring && box.bottom > 0 && box.top < window.innerHeight,
      };
    });
    if (stop === "end") break;
    if (stop !== "again") stops.push(stop);
  }
  return stops;
}

/** A page's name as a file's name. */
export function fileName(at, ...more) {
  const words = [at.replace(/^\/+|\.html$/g, "").replace(/[^a-z0-9]+/gi, "-") || "depan", ...more];
  return words.join("-").replace(/-+/g, "-");
}
