// Which pages are visited, by whom, and with what on them.
import { readFileSync } from "node:fs";
import { declared, PASSWORD, address } from "./city.mjs";
import { ask, signIn, upload } from "./people.mjs";

/** Those who sign in: between them they may open every page. */
const PEOPLE = ["admin", "koordinator", "sekda", "unit", "auditor", "pdp"];
/** A page that explains why a link is spent says so with its status as well. */
const GONE = { "/undangan/{token}": 410, "/surel/berhenti/{token}": 410 };
/** Pages that only lead on when nothing precedes them. Journeys come to them the long way. */
const LEADING_ON = ["/mulai", "/masuk/langkah-kedua", "/kelola/unit/{slug}/berkas/hapus", "/kelola/layanan/{slug}/berkas/hapus"];

/** Every page of the demonstration city with somebody who may open it. */
export async function pages(browser, prima, city) {
  const people = await Promise.all(PEOPLE.map((name) => signIn(browser, city.origin, address(name), PASSWORD)));
  const drafts = await reviews(browser, city, people.find((person) => person.email === address("koordinator")));
  const routes = declared(prima).filter((route) => route.method === "GET" && route.page && !LEADING_ON.includes(route.path));
  const found = [];
  for (const { path, audience, sample } of routes) {
    const route = { path, audience, expected: GONE[path] ?? 200, at: sample, person: null, ...drafts[path] };
    if (!route.at) throw new Error(`${path} has no sample: its route says none`);
    route.closed = route.person === null && !(await visitorOf(city, route, people));
    found.push(route);
  }
  return found;
}

/** Sets who opens a page: a stranger when it is public, else the first of these people whom the server lets. */
async function visitorOf(city, route, people) {
  for (const person of route.audience === "public" ? [null] : people) {
    const { status } = await ask(city.origin, route.at, person);
    if (status === route.expected) {
      route.person = person;
      return true;
    }
  }
  return false;
}

/** The reviews of tables that somebody brought, which are theirs alone. */
async function reviews(browser, city, person) {
  const units = readFileSync(new URL("../../docs/examples/unit.csv", import.meta.url));
  const { text: orang } = await ask(city.origin, "/kelola/impor/orang/contoh/orang.csv", person);
  const { text: layanan } = await ask(city.origin, "/layanan.csv", person);
  return {
    "/kelola/impor/layanan/periksa": { person, at: await upload(browser, city.origin, "/kelola/impor/layanan", person, "layanan.csv", layanan) },
    "/kelola/impor/unit/periksa": { person, at: await upload(browser, city.origin, "/kelola/impor/unit", person, "unit.csv", units) },
    "/kelola/impor/orang/{draft}": { person, at: await upload(browser, city.origin, "/kelola/impor/orang", person, "orang.csv", orang) },
  };
}
