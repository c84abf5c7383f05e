// Runs the checks of browser/checks over every page and the journeys of browser/journeys, and says what is wrong. Both are files
// that export `default async function (t)`; they report with `t.fail(where, what)` and count with `t.checked()`.
import { mkdirSync, readdirSync } from "node:fs";
import { launch } from "./harness/browser.mjs";
import { start } from "./harness/city.mjs";
import { serve } from "./harness/folder.mjs";
import { help, options } from "./harness/options.mjs";
import { pages } from "./harness/routes.mjs";

const asked = options(process.argv.slice(2));
if (asked.help || !(asked.folder || asked.prima)) {
  console.log(help);
  process.exit(asked.help ? 0 : 2);
}

const names = (folder) => readdirSync(new URL(`${folder}/`, import.meta.url)).filter((name) => name.endsWith(".mjs"))
  .map((name) => ({ name: name.slice(0, -4), file: `./${folder}/${name}`, folder })).sort((one, other) => one.name.localeCompare(other.name));
// Journeys need the program: they start cities of their own.
const known = [...names("checks"), ...(asked.folder ? [] : names("journeys"))];
const unknown = asked.names.filter((name) => !known.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`There is no check named ${unknown.join(", ")}. There are: ${known.map((one) => one.name).join(", ")}.`);
  process.exit(2);
}
const chosen = known.filter((one) => asked.names.length === 0 || asked.names.includes(one.name));
if (asked.shots) mkdirSync(asked.shots, { recursive: true });

let failures = 0;

/** Runs one check or journey with what it needs, and says how it went. */
async function run({ name, file }, given) {
  const began = Date.now();
  let count = 0;
  let wrong = 0;
  const t = {
    ...given, quick: asked.quick, shots: asked.shots,
    checked() { count += 1; },
    fail(where, what) {
      wrong += 1;
      console.log(`  ✗ ${name}: ${where}: ${what}`);
    },
  };
  try {
    const { default: check } = await import(file);
    await check(t);
    // A check that looked at nothing has shown nothing.
    if (count === 0) t.fail(name, "checked nothing");
  } catch (error) {
    t.fail(name, error.stack);
  }
  failures += wrong;
  console.log(`${wrong === 0 ? "✓" : "✗"} ${name}: ${count} checked, ${wrong} wrong, ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/** The checks of every page, on one city that is only read. */
async function checks(browser) {
  const mine = chosen.filter((one) => one.folder === "checks");
  if (mine.length === 0) return;
  // The checks ask for more pages in a minute than any person does.
  const site = asked.folder ? await serve(asked.folder) : await start(asked.prima, "demo", ["--requests-a-minute", "0"]);
  try {
    const all = site.routes ?? (await pages(browser, asked.prima, site));
    for (const route of all.filter((route) => route.closed)) {
      failures += 1;
      console.log(`✗ ${route.path}: nobody may open ${route.at} (${route.audience})`);
    }
    const routes = all.filter((route) => !route.closed);
    console.log(`${routes.length} pages, ${routes.filter((route) => route.person).length} of them behind a sign-in`);
    for (const one of mine) {
      const before = failures;
      await run(one, { browser, origin: site.origin, routes });
      if (failures > before && site.said) console.log(site.said());
    }
  } finally {
    await site.stop();
  }
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
const browser = await launch();
try {
  await checks(browser);
  // Each journey has a city of its own, so two walk at once.
  const waiting = chosen.filter((one) => one.folder === "journeys");
  const walk = async () => {
    while (waiting.length > 0) await run(waiting.shift(), { browser, prima: asked.prima });
  };
  await Promise.all([walk(), walk()]);
} finally {
  await browser.close();
}
process.exit(failures === 0 ? 0 : 1);
