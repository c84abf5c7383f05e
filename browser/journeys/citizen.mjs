// A citizen with a small telephone that runs no script: how is my city doing, and is it true?
import { tooWide } from "../harness/look.mjs";
import { journey } from "../harness/journey.mjs";

export default function citizen(t) {
  return journey(t, {}, async (way) => {
    const page = await way.visitor({ width: 360, script: false });
    const fits = async (what) => {
      const wide = await tooWide(page);
      way.is(`${what} does not scroll sideways`, !wide, wide);
    };
    await page.goto(way.origin);
    await fits("the first page");
    await way.follow(page, "Kinerja pelayanan");
    await way.at(page, "/kinerja");
    await fits("the page of performance");
    await way.follow(page, "Kota Palembang");
    await way.at(page, "/kinerja/kota-palembang");
    await fits("a city");
    await result(way, page, fits);
    await league(way, page, fits);
    await search(way, page, fits);
    await language(way, page);
    way.quiet(page, "the whole way");
  });
}

async function result(way, page, fits) {
  await page.goto(`${way.origin}/kinerja/kota-palembang`);
  await way.follow(page, "2025");
  way.is("a result has an address of its own", new URL(page.url()).pathname.startsWith("/kinerja/kota-palembang/"), page.url());
  await way.says(page, "a result", "Langkah demi langkah", "Aturan yang dipakai", "Sumber");
  await fits("a result");
  for (const folded of await page.locator("main details").all()) {
    await folded.locator("summary").click();
    way.is("a folded part opens", await folded.evaluate((part) => part.open));
  }
  await fits("a result with everything open");
  await page.goto(`${way.origin}/kinerja/kota-palembang/omb-089`);
  const json = await way.download(page, () => page.getByRole("link", { name: "JSON" }).click());
  way.is("the JSON of a result can be read", JSON.parse(json.bytes.toString("utf8")) !== null && json.name.endsWith(".json"), json.name);
}

async function league(way, page, fits) {
  await page.goto(`${way.origin}/kinerja`);
  await page.locator("main a[href='/kinerja/peringkat/ombudsman/2024']").click();
  await way.at(page, "/kinerja/peringkat/ombudsman/2024");
  await way.says(page, "the league", "Peringkat", "1.");
  await fits("the league");
}

async function search(way, page, fits) {
  await page.goto(`${way.origin}/kinerja`);
  await page.fill("#f-cari", "pangkalpinnag");
  await way.press(page, "Cari");
  await way.says(page, "a misspelt search", "Pangkalpinang");
  await fits("what was found");
  await page.fill("#f-cari", "qqqqqqqq");
  await way.press(page, "Cari");
  await way.says(page, "a search for nothing", "Belum ada nilai");
  await fits("nothing found");
}

async function language(way, page) {
  await page.goto(way.origin);
  await page.getByRole("link", { name: "English" }).click();
  const spoken = () => page.getAttribute("html", "lang");
  way.is("the page is English", (await spoken()) === "en");
  await page.goto(`${way.origin}/kinerja`);
  way.is("the next page is English, too", (await spoken()) === "en");
  await page.getByRole("link", { name: "Bahasa Indonesia" }).click();
  await page.goto(`${way.origin}/unit`);
  way.is("and Indonesian again once chosen", (await spoken()) === "id");
  await way.cookies(page);
}
