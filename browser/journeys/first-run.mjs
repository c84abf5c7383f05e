// The first morning of a city: from an empty database to its units, its colour and a record of all that.
import { codeNext } from "../harness/one-time-code.mjs";
import { enrol, knock } from "../harness/people.mjs";
import { example, journey } from "../harness/journey.mjs";

const EMAIL = "sari@contoh.go.id";
const PASSWORD = "pagi biru di tepi Musi";

export default function firstRun(t) {
  return journey(t, { command: "serve" }, async (way) => {
    const page = await way.visitor({ width: 360 });
    await wizard(way, page);
    const phone = await secondFactor(way, page);
    await units(way, page);
    await colour(way, page);
    await audit(way, page);
    await way.cookies(page);
    way.is("recovery codes are ten different ones", new Set(phone.codes).size === 10);
  });
}

async function wizard(way, page) {
  await page.goto(way.city.begin);
  await way.look(page, "wizard");
  way.is("the code of the address is filled in", (await page.inputValue("#f-code")).length >= 8);
  const code = await page.inputValue("#f-code");
  await page.fill("#f-code", "SALAHSEKALI");
  await page.fill("#f-name", "Pemerintah Kota Contoh");
  await page.getByLabel("WITA").check();
  await page.fill("#f-admin_name", "Sari Wulandari");
  await page.fill("#f-email", EMAIL);
  await page.fill("#f-password", PASSWORD);
  await page.getByLabel("Tidak: mulai dengan kota kosong").check();
  await way.press(page, "Siapkan kota");
  await way.at(page, "/mulai");
  await way.says(page, "a wrong code", "Ada yang perlu diperbaiki", "Ketik kode pemasangan seperti tercetak");
  const focused = await page.evaluate(() => document.activeElement.className);
  way.is("the summary of errors has the focus", focused === "govuk-error-summary", focused);
  way.is("the name is kept", (await page.inputValue("#f-name")) === "Pemerintah Kota Contoh");
  way.is("the address is kept", (await page.inputValue("#f-email")) === EMAIL);
  way.is("the choice of time is kept", await page.getByLabel("WITA").isChecked());
  way.is("the password is not sent back", (await page.inputValue("#f-password")) === "");
  await way.look(page, "wizard-wrong-code");
  await page.click(".govuk-error-summary a");
  way.is("the summary leads to the field", (await page.evaluate(() => document.activeElement.id)) === "f-code");
  await page.fill("#f-code", code.toLowerCase());
  await page.fill("#f-password", PASSWORD);
  await way.press(page, "Siapkan kota");
}

async function secondFactor(way, page) {
  await way.at(page, "/akun/dua-langkah");
  await way.look(page, "second-factor-new");
  const phone = await enrol(page);
  await way.says(page, "the page of recovery codes", "hanya tampil sekali");
  await way.look(page, "recovery-codes");
  await way.follow(page, "Saya sudah menyimpannya");
  await page.getByRole("button", { name: "Keluar" }).click();
  await way.says(page, "signing out", "Anda sudah keluar.");
  await knock(page, way.origin, EMAIL, PASSWORD);
  await way.at(page, "/masuk/langkah-kedua");
  await way.look(page, "second-step");
  await page.fill("#f-code", "000000");
  await way.press(page, "Masuk");
  await way.says(page, "a wrong code", "Kode tidak cocok");
  // The code of now was taken when the telephone was set up.
  await page.fill("#f-code", codeNext(phone.secret));
  await way.press(page, "Masuk");
  await way.at(page, "/akun");
  await way.says(page, "the account", EMAIL, "Aktif");
  return phone;
}

async function units(way, page) {
  const stranger = await way.visitor({});
  await page.goto(`${way.origin}/kelola/impor/unit`);
  await page.setInputFiles("#f-berkas", example("unit.csv"));
  await way.press(page, "Periksa tabel");
  await way.at(page, "/kelola/impor/unit/periksa");
  const counts = await page.locator(".p-facts dd").allInnerTexts();
  way.is("the review counts 37 right and 3 wrong", counts.join(" ") === "37 0 0 3", counts);
  await way.says(page, "the review", "Belum ada yang disimpan", "Dinas Pariwisata", "Isi alamat surel", "8.88", "Gerai Kelurahan Mawar", "Pilih jenis unit");
  const wrong = await page.locator("tr", { hasText: "Keliru" }).allInnerTexts();
  way.is("three rows are named as wrong", wrong.length === 3, wrong.join(" | "));
  way.is("each says why", wrong.every((row) => row.split("\n").join(" ").length > 60), wrong.join(" | "));
  await way.look(page, "units-review");
  const table = await way.download(page, () => page.getByRole("link", { name: "Unduh baris yang keliru" }).click());
  way.is("the wrong rows can be taken along", table.bytes.toString().trim().split("\n").length === 4, table.bytes);
  await stranger.goto(`${way.origin}/unit`);
  await way.says(stranger, "before confirmation", "Belum ada unit");
  await way.press(page, "Impor 37 baris yang benar");
  await way.at(page, "/kelola/unit");
  await way.says(page, "the import", "Tabel sudah diimpor.", "37 unit");
  await stranger.goto(`${way.origin}/unit`);
  await way.says(stranger, "after confirmation", "37 unit", "Dinas Kependudukan dan Pencatatan Sipil");
  await stranger.context().close();
}

async function colour(way, page) {
  await page.goto(`${way.origin}/pengaturan/kota`);
  const before = await head(page);
  await page.fill("#f-brand", "#ffe9a8");
  await way.says(page, "the report beside the sample", "Kontras warna ini belum cukup");
  await way.press(page, "Simpan");
  await way.says(page, "a faint colour", "Ada yang perlu diperbaiki", "kontras");
  await way.look(page, "faint-colour");
  way.is("a faint colour changes nothing", (await head(page)) === before);
  await page.fill("#f-brand", "#7a1f5c");
  await way.says(page, "the report beside the sample", "Warna ini terbaca dengan baik.");
  await way.press(page, "Simpan");
  await page.goto(`${way.origin}/`);
  way.is("the head has the new colour", (await head(page)) === "rgb(122, 31, 92)", await head(page));
  await way.look(page, "first-page-in-its-colour");
}

const head = (page) => page.evaluate(() => getComputedStyle(document.querySelector("header.p-head")).backgroundColor);

async function audit(way, page) {
  await page.goto(`${way.origin}/audit`);
  await way.says(page, "the audit log", "Institusi didirikan", "Masuk dua langkah diaktifkan", "Unit diimpor", "Pengaturan institusi diubah", "Sari Wulandari");
  await way.press(page, "Periksa rantai");
  await way.says(page, "the check of the chain", "Utuh.", "semuanya seperti saat ditulis");
  await way.look(page, "audit-checked");
}
