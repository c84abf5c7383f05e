// The command line of run.mjs.
import { parseArgs } from "node:util";

export const help = `Checks pages in a real browser.

  bin/browser PRIMA [CHECK…]                   the demonstration city of this program
  node browser/run.mjs --folder FOLDER [CHECK…]  the HTML files of a folder, under the same policy (the gallery)

  --shots FOLDER   put screenshots and print-outs there
  --quick          one width, scheme and language for each page
  CHECK            names in browser/checks and browser/journeys; without any, all of them`;

export function options(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      prima: { type: "string" },
      folder: { type: "string" },
      shots: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return { ...values, names: positionals };
}
