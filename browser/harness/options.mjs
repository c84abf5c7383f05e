// The command line of run.mjs.
import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";

export const help = `Checks pages in a real browser.

  node browser/run.mjs --origin http://127.0.0.1:8080 --routes FILE [CHECK…]
  node browser/run.mjs --folder FOLDER [CHECK…]

  --origin URL     the running server
  --folder FOLDER  serve the HTML files of a folder instead, under the same policy (the gallery)
  --routes FILE    its pages, a JSON object a line: {"path": "/layanan/{slug}", "audience": "public", "sample": "/layanan/kk"}
  --people LIST    for pages of staff: addresses of people, with commas between
  --password WORD  the password they all have
  --shots FOLDER   put screenshots and print-outs there
  --quick          one width, scheme and language for each page
  CHECK            names in browser/checks; without any, all of them`;

export function options(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      origin: { type: "string" },
      folder: { type: "string" },
      routes: { type: "string" },
      people: { type: "string" },
      password: { type: "string" },
      shots: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return { ...values, checks: positionals };
}

/** The pages to visit: what can be opened without data, or has a sample. Says which are left out. */
export function routes(file) {
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => line.trim());
  const pages = lines.map((line) => JSON.parse(line)).filter((route) => (route.method ?? "GET") === "GET" && route.page !== false);
  const at = (route) => route.sample ?? (route.path.includes("{") ? null : route.path);
  const without = pages.filter((route) => at(route) === null);
  if (without.length > 0) console.log(`Without a sample, so not visited: ${without.map((route) => route.path).join(", ")}`);
  return pages.filter((route) => at(route) !== null).map((route) => ({ audience: route.audience ?? "public", at: at(route), path: route.path }));
}
