// Runs the checks of browser/checks over every page, and says what is wrong. A check is a file that exports
// `default async function (t)`; it reports with `t.fail(where, what)` and counts with `t.checked()`.
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./harness/browser.mjs";
import { serve } from "./harness/folder.mjs";
import { help, options, routes } from "./harness/options.mjs";
import { assign, signIn } from "./harness/people.mjs";

const asked = options(process.argv.slice(2));
if (asked.help || (!asked.folder && !(asked.origin && asked.routes))) {
  console.log(help);
  process.exit(asked.help ? 0 : 2);
}

const checks = join(dirname(fileURLToPath(import.meta.url)), "checks");
const known = readdirSync(checks).filter((name) => name.endsWith(".mjs")).map((name) => name.slice(0, -4)).sort();
const unknown = asked.checks.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no check named ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  process.exit(2);
}

const site = asked.folder ? await serve(asked.folder) : { origin: asked.origin, routes: routes(asked.routes), close() {} };
const people = [];
for (const email of asked.people?.split(",") ?? []) {
  people.push({ email, cookies: await signIn(site.origin, email, asked.password ?? "") });
}
const closed = await assign(site.origin, site.routes, people);
for (const route of closed) console.log(`✗ ${route.at}: none of the people given may open it (${route.audience})`);
site.routes = site.routes.filter((route) => !closed.includes(route));
if (site.routes.length === 0) {
  console.error("There is no page to check.");
  process.exit(2);
}
if (asked.shots) mkdirSync(asked.shots, { recursive: true });

const browser = await launch();
let failures = closed.length;
for (const name of asked.checks.length > 0 ? asked.checks : known) {
  const began = Date.now();
  let count = 0;
  let wrong = 0;
  const t = {
    ...site, browser, quick: asked.quick, shots: asked.shots,
    checked() { count += 1; },
    fail(where, what) {
      wrong += 1;
      console.log(`  ✗ ${where}: ${what}`);
    },
  };
  try {
    const { default: check } = await import(`./checks/${name}.mjs`);
    await check(t);
    // A check that looked at nothing has shown nothing.
    if (count === 0) t.fail(name, "checked nothing");
  } catch (error) {
    t.fail(name, error.stack);
  }
  failures += wrong;
  console.log(`${wrong === 0 ? "✓" : "✗"} ${name}: ${count} checked, ${wrong} wrong, ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
await browser.close();
site.close();
process.exit(failures === 0 ? 0 : 1);
