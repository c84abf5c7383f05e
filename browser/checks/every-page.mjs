// Every page, on a phone and a desk, light and dark, in both languages: WCAG 2.2 AA, no sideways scrolling at 320 and 360,
// nothing the browser complains about, nothing asked from elsewhere.
import { everyPage, open } from "../harness/browser.mjs";
import { fileName, tooSmall, tooWide, violations } from "../harness/look.mjs";

export default function check(t) {
  return everyPage(t, {}, async (page, route) => {
    const languages = route.oneLanguage || t.quick ? [undefined] : ["id", "en"];
    for (const language of languages) await onePage(t, page, route, language);
  });
}

async function onePage(t, page, route, language) {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "light" });
  const status = await open(t, page, route.at, language);
  const where = `${route.path}${language ? ` ${language}` : ""}`;
  if (status !== route.expected) return t.fail(where, `status ${status}`);
  if (language && (await page.getAttribute("html", "lang")) !== language) t.fail(where, "the page is in another language");
  for (const width of t.quick ? [360] : [360, 1366]) {
    await page.setViewportSize({ width, height: width < 500 ? 740 : 768 });
    for (const colorScheme of t.quick ? ["light"] : ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      t.checked();
      for (const line of await violations(page)) t.fail(`${where} ${width} ${colorScheme}`, line);
      if (t.shots) await page.screenshot({ path: `${t.shots}/${fileName(route.path, language ?? "", width, colorScheme)}.png`, fullPage: true });
    }
    for (const line of width === 360 ? await tooSmall(page) : []) t.fail(`${where} ${width}`, `too small to hit: ${line}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    const wide = await tooWide(page);
    if (wide) t.fail(`${where} ${width}`, `scrolls sideways: ${wide}`);
    if (t.shots && width === 320) await page.screenshot({ path: `${t.shots}/${fileName(route.path, language ?? "", width)}.png`, fullPage: true });
  }
  for (const line of page.complaints) t.fail(where, line);
}
