// An officer is invited: a link on paper, an account without script, and the same for a table of people.
import { PASSWORD, address } from "../harness/city.mjs";
import { knock, signIn } from "../harness/people.mjs";
import { journey } from "../harness/journey.mjs";

const EMAIL = "budi@contoh.go.id";
const CHOSEN = "hujan turun di atap seng";

export default function invited(t) {
  return journey(t, {}, async (way) => {
    const coordinator = await way.visitor({ width: 1366, person: await signIn(t.browser, way.origin, address("koordinator"), PASSWORD) });
    const link = await invite(way, coordinator);
    await accept(way, link);
    await table(way, coordinator);
  });
}

async function invite(way, page) {
  await page.goto(`${way.origin}/kelola/orang/undang`);
  await page.fill("#f-name", "Budi Santoso");
  await page.fill("#f-email", EMAIL);
  await page.selectOption("#f-role", { label: "Petugas loket" });
  await way.press(page, "Buat undangan");
  await way.says(page, "a role without its unit", "Pilih unit");
  await page.selectOption("#f-unit", { label: await page.locator("#f-unit option", { hasText: "Dinas Sosial" }).first().innerText() });
  await way.press(page, "Buat undangan");
  await way.says(page, "the link", "Tautan ini hanya tampil sekali");
  await way.look(page, "link");
  return (await page.locator("main code").innerText()).trim();
}

async function accept(way, link) {
  const page = await way.visitor({ width: 360, script: false });
  await page.goto(link);
  await way.says(page, "the invitation", EMAIL);
  await way.look(page, "invitation");
  await page.fill("#f-new_password", "rahasia");
  await page.fill("#f-again", "rahasia");
  await way.press(page, "Buat akun");
  await way.says(page, "a short password", "sedikitnya 12");
  await page.fill("#f-new_password", CHOSEN);
  await page.fill("#f-again", CHOSEN);
  await way.press(page, "Buat akun");
  way.is("the invited officer is inside", (await page.getByRole("button", { name: "Keluar" }).count()) === 1, page.url());
  await page.context().close();
  const again = await way.visitor({ width: 360 });
  await again.goto(link);
  await way.says(again, "the link a second time", "Tautan ini tidak berlaku lagi");
  await knock(again, way.origin, EMAIL, CHOSEN);
  await way.at(again, "/akun");
  await way.says(again, "the account", "Petugas loket");
  await again.context().close();
}

async function table(way, page) {
  await page.goto(`${way.origin}/kelola/impor/orang`);
  const people = "Nama;Surel;Peran;Unit\nCitra Lestari;citra@contoh.go.id;Admin unit;Dinas Sosial\nDedi;bukan surel;Petugas loket;Dinas Sosial\n";
  await page.setInputFiles("#f-berkas", { name: "orang.csv", mimeType: "text/csv", buffer: Buffer.from(people) });
  await way.press(page, "Periksa berkas");
  await way.says(page, "the review of people", "Undangan baru", "Perlu diperbaiki", "Isi surel");
  await way.look(page, "people-review");
  await way.press(page, "Simpan baris yang benar");
  await way.says(page, "the links", "Citra Lestari", "/undangan/");
  await way.look(page, "people-links");
}
