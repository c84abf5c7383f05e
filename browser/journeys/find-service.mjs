// A citizen with a small telephone and no script looks for a service by a misspelt word, and knows what it takes.
import { tooWide } from "../harness/look.mjs";
import { journey } from "../harness/journey.mjs";

export default function findService(t) {
  return journey(t, {}, async (way) => {
    const page = await way.visitor({ width: 360, script: false });
    const fits = async (what) => {
      const wide = await tooWide(page);
      way.is(`${what} does not scroll sideways`, !wide, wide);
    };
    await page.goto(way.origin);
    await page.fill("#f-cari", "kartu kelurga baru");
    await way.press(page, "Cari");
    await way.at(page, "/layanan");
    await fits("what was found");
    await way.follow(page, "Penerbitan Kartu Keluarga baru");
    await way.at(page, "/layanan/penerbitan-kartu-keluarga-baru");
    await way.says(page, "the service", "Selesai dalam", "1 hari kerja", "Gratis", "4 syarat", "Buku nikah", "berlaku sejak");
    await fits("the service");
    await page.goto(`${way.origin}/layanan?cari=ktp+ilang`);
    await way.says(page, "people's own words", "Penggantian KTP-el karena hilang");
    await page.goto(`${way.origin}/layanan?cari=sim+kapal+selam`);
    await way.says(page, "a search for nothing", "Tidak ada layanan bernama “sim kapal selam”.", "Yang paling mirip");
    await fits("nothing found");
    await page.goto(way.origin);
    await way.follow(page, "Menikah");
    await way.says(page, "an event of life", "Layanan untuk: Menikah", "Pendaftaran kehendak nikah");
    way.quiet(page, "the whole way");
  });
}
