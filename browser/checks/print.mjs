// Every page on paper: A4, nothing wider than the sheet, menus and buttons left out, zones with their words.
import { writeFileSync } from "node:fs";
import { everyPage, open } from "../harness/browser.mjs";
import { fileName } from "../harness/look.mjs";

/** The width of A4 between margins of 16 mm, in CSS pixels. */
const SHEET = 673;

export default function print(t) {
  return everyPage(t, { width: SHEET, dark: true }, async (page, route) => {
    await open(t, page, route.at);
    t.checked();
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    const seen = await page.evaluate(() => [...document.querySelectorAll("nav, button, .govuk-button, .noprint")]
      .filter((element) => element.checkVisibility()).map((element) => `${element.tagName.toLowerCase()}.${element.className}`));
    for (const name of seen) t.fail(route.path, `is printed: ${name}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > SHEET) t.fail(route.path, `is ${wide} px wide on a sheet of ${SHEET}`);
    const folded = await page.evaluate(() => [...document.querySelectorAll("details > :not(summary)")]
      .filter((element) => element.getBoundingClientRect().height === 0).length);
    if (folded > 0) t.fail(route.path, `${folded} folded parts are not printed`);
    const pdf = await page.pdf({ format: "A4", printBackground: false });
    if (pdf.length < 1000 || pdf.subarray(0, 5).toString() !== "%PDF-") t.fail(route.path, "cannot be printed");
    if (t.shots) writeFileSync(`${t.shots}/${fileName(route.path)}.pdf`, pdf);
    await page.emulateMedia({ media: "screen" });
  });
}
