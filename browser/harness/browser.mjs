// The browser, and pages that remember every complaint it made.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const places = [process.env.PRIMA_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function launch() {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("No Chromium was found: run bin/install, or set PRIMA_CHROMIUM to its path.");
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  // A browser refuses its sandbox to root, which is who tests are in a container.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args: [...quiet, ...sandbox, "--disable-gpu"] });
}

/** A fresh visitor. `settings`: width, dark, script, person. */
export async function visitor(t, { width = 360, dark = false, script = true, person = null } = {}) {
  const context = await t.browser.newContext({
    viewport: { width, height: width < 500 ? 740 : 768 },
    deviceScaleFactor: 1,
    hasTouch: width < 500,
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: script,
    serviceWorkers: "block",
  });
  if (person) await context.addCookies(person.cookies);
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(`console: ${message.text()}`);
  });
  page.on("requestfailed", (request) => page.complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(t.origin) && !request.url().startsWith("data:")) {
      page.complaints.push(`asked elsewhere: ${request.url()}`);
    }
  });
  return page;
}

/** Opens a page of the site in a language and answers with its status. Old complaints are forgotten. */
export async function open(t, page, at, language) {
  page.complaints.length = 0;
  const url = new URL(at, t.origin);
  if (language) url.searchParams.set("lang", language);
  const answer = await page.goto(url.href, { waitUntil: "load" });
  return answer.status();
}

/** The pages by who opens them: for each person, a fresh visitor and their pages. Closes the visitor behind it. */
export async function* visits(t, settings) {
  const people = [...new Set(t.routes.map((route) => route.person ?? null))];
  for (const person of people) {
    const page = await visitor(t, { ...settings, person });
    yield [page, t.routes.filter((route) => (route.person ?? null) === person)];
    await page.context().close();
  }
}
