// Starts the program that is checked, with a database of its own in a folder of its own, and stops it again.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The password of everybody in the demonstration city. */
export const PASSWORD = "peragaan-kota-contoh";
/** The address of one of its people. */
export const address = (name) => `${name}@contoh.go.id`;

/**
 * A running city: `command` is `demo` for the demonstration, `serve` for an empty database. `origin` is where it answers, `begin`
 * the address of its first run, `said()` what it printed.
 */
export async function start(prima, command = "demo", more = []) {
  const folder = mkdtempSync(join(tmpdir(), "prima-browser-"));
  const options = ["--listen", "127.0.0.1:0", "--database", join(folder, "prima.db"), "--log", "warn", ...more];
  // Settings of the person who runs the checks must not reach the city.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PRIMA_")));
  const program = spawn(prima, [command, ...options], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  let ended = false;
  program.once("exit", () => { ended = true; });
  // Nobody's city outlives the checks, however they end.
  const kill = () => program.kill();
  process.once("exit", kill);
  program.stderr.setEncoding("utf8").on("data", (text) => { said += text; });
  const stop = async () => {
    if (!ended) {
      const end = new Promise((resolve) => program.once("exit", resolve));
      program.kill("SIGTERM");
      await end;
    }
    process.off("exit", kill);
    rmSync(folder, { recursive: true, force: true });
  };
  const origin = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
  // The last line says how to stop: everything before it has been printed.
  const ready = () => origin() && said.includes("Ctrl+C");
  for (let tries = 0; tries < 600 && !ended && !ready(); tries += 1) await new Promise((again) => setTimeout(again, 50));
  if (ended || !ready()) {
    await stop();
    throw new Error(`${prima} ${command} did not start:\n${said}`);
  }
  return { origin: origin(), begin: /http:\S+\/mulai\?\S+/.exec(said)?.[0], said: () => said, stop };
}

/** What `prima routes` tells of every route. */
export function declared(prima) {
  const text = execFileSync(prima, ["routes"], { encoding: "utf8" });
  return text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
}
