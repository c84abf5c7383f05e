// The browser, and pages that remember every complaint it made.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { chromium } from "playwright-core";

const places = [process.env.PRIMA_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function settings() {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("No Chromium was found: run bin/install, or set PRIMA_CHROMIUM to its path.");
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  // A browser refuses its sandbox to root, which is who tests are in a container.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return { executablePath, args: [...quiet, ...sandbox, "--disable-gpu"] };
}

export function launch() {
  return chromium.launch(settings());
}

/** A browser of its own on a telephone, that keeps in `folder` what browsers keep when they are closed. */
export async function keptVisitor(folder) {
  const context = await chromium.launchPersistentContext(folder, { ...settings(), viewport: { width: 360, height: 740 }, hasTouch: true });
  context.setDefaultTimeout(15_000);
  return context;
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
  context.setDefaultTimeout(15_000);
  if (person) await context.addCookies(person.cookies);
  const page = await context.newPage();
  page.script = script;
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // That a page explains a refusal with its status is no complaint of the page.
    const ofThePage = message.text().startsWith("Failed to load resource") && message.location().url === page.url();
    // Service workers are kept away here: the journey of the survey has a browser with them.
    const ofTheChecks = message.text().startsWith("Service Worker registration blocked");
    if (["error", "warning"].includes(message.type()) && !ofThePage && !ofTheChecks) page.complaints.push(`console: ${message.text()}`);
  });
  page.on("requestfailed", (request) => {
    // What the browser itself gives up: a page left for another, an address that turns out to be a download.
    const left = request.failure()?.errorText === "net::ERR_ABORTED";
    if (!left) page.complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("request", (request) => {
    const inside = [t.origin, "data:", "blob:"].some((start) => request.url().startsWith(start));
    if (!inside) page.complaints.push(`asked elsewhere: ${request.url()}`);
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

/**
 * Opens every page as the person who may, as many at once as there are processors, and hands it on: `look(page, route)`. A
 * browser goes from page to page of one person; another person has another.
 */
export async function everyPage(t, settings, look) {
  const people = [...new Set(t.routes.map((route) => route.person))];
  const waiting = people.map((person) => ({ person, routes: t.routes.filter((route) => route.person === person) }));
  const hand = async () => {
    for (;;) {
      // The longest queue first, shared by whoever has nothing to do.
      const queue = waiting.toSorted((one, other) => other.routes.length - one.routes.length)[0];
      if (queue.routes.length === 0) return;
      const page = await visitor(t, { ...settings, person: queue.person });
      while (queue.routes.length > 0) await look(page, queue.routes.shift());
      await page.context().close();
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, hand));
}
