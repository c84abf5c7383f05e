// What journeys share: a city of their own, and judging what a person sees on the way.
import { visitor } from "./browser.mjs";
import { start } from "./city.mjs";
import { fileName, tooSmall, tooWide, violations } from "./look.mjs";

/** Walks through a city that is there for this journey alone: `walk(way)`. */
export async function journey(t, { command = "demo", more = ["--requests-a-minute", "0"] }, walk) {
  const city = await start(t.prima, command, more);
  try {
    await walk(new Way(t, city));
  } catch (error) {
    t.fail("the way ends here", `${error.message}\n${city.said()}`);
  } finally {
    await city.stop();
  }
}

class Way {
  constructor(t, city) {
    this.t = t;
    this.city = city;
    this.origin = city.origin;
  }

  /** Somebody with a browser of their own. */
  visitor(settings) {
    return visitor({ browser: this.t.browser, origin: this.origin }, settings);
  }

  /** Notes that something is as it should be, or that it is not: `found` is told then. */
  is(what, right, found = "") {
    this.t.checked();
    if (!right) this.t.fail(what, `is not so${found === "" ? "" : `: ${String(found).slice(0, 600)}`}`);
  }

  /** The content of the page says all these words. */
  async says(page, what, ...words) {
    const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
    for (const word of words) this.is(`${what} says “${word}”`, text.includes(word), `${page.url()} ${text}`);
  }

  /** The page has this path. */
  async at(page, path) {
    const found = new URL(page.url()).pathname;
    const about = found === path ? "" : (await page.locator("main").innerText()).replace(/\s+/g, " ");
    this.is(`the way leads to ${path}`, found === path, `${found} ${about}`);
  }

  /** Follows a link of the content, by its words. */
  async follow(page, words) {
    await page.locator("main").getByRole("link", { name: words }).first().click();
    await page.waitForLoadState();
  }

  /** Presses a button of the content, by its words. */
  async press(page, words) {
    await page.locator("main").getByRole("button", { name: words }).first().click();
    await page.waitForLoadState();
  }

  /** Presses or follows what gives a file, and answers with its name and bytes. */
  async download(page, act) {
    const [download] = await Promise.all([page.waitForEvent("download"), act()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  /** Judges a page that only a journey comes to, as `every-page` judges the others. Without script axe cannot run. */
  async look(page, name) {
    const size = page.viewportSize();
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const line of page.script ? await violations(page) : []) this.t.fail(`${name} ${colorScheme}`, line);
      if (this.t.shots) await page.screenshot({ path: `${this.t.shots}/${fileName(`journey/${name}`, colorScheme)}.png`, fullPage: true });
    }
    await page.emulateMedia({ colorScheme: "light" });
    for (const width of [360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      const wide = await tooWide(page);
      if (wide) this.t.fail(`${name} ${width}`, `scrolls sideways: ${wide}`);
      for (const line of width === 360 ? await tooSmall(page) : []) this.t.fail(name, `too small to hit: ${line}`);
    }
    await page.setViewportSize(size);
    this.quiet(page, name);
    this.t.checked();
  }

  /** The browser complained about nothing since it was last asked. */
  quiet(page, name) {
    for (const line of page.complaints.splice(0)) this.t.fail(name, line);
  }

  /** Every cookie is out of the reach of scripts. */
  async cookies(page) {
    for (const cookie of await page.context().cookies()) {
      this.is(`the cookie ${cookie.name} is HttpOnly and Lax`, cookie.httpOnly && cookie.sameSite === "Lax");
    }
  }
}

/** The bytes of an example of the documentation. */
export const example = (name) => new URL(`../../docs/examples/${name}`, import.meta.url).pathname;
