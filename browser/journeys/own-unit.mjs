// The admin of a unit keeps its telephone number right, cannot touch another unit, and looks after their own sessions.
import { PASSWORD, address } from "../harness/city.mjs";
import { knock } from "../harness/people.mjs";
import { journey } from "../harness/journey.mjs";

const OWN = "/kelola/unit/dinas-kependudukan-dan-pencatatan-sipil";
const ANOTHER = "/kelola/unit/dinas-sosial";

export default function ownUnit(t) {
  return journey(t, {}, async (way) => {
    const page = await way.visitor({ width: 360 });
    await knock(page, way.origin, address("unit"), PASSWORD);
    await way.at(page, "/akun");
    await contact(way, page);
    await another(way, page);
    await sessions(way, page);
    await way.cookies(page);
  });
}

async function contact(way, page) {
  await page.goto(way.origin + OWN);
  way.is("the name of the unit is not theirs to change", (await page.locator("#f-name").count()) === 0);
  await page.fill("#f-phone", "bukan nomor");
  await way.press(page, "Simpan");
  await way.says(page, "a number without digits", "Isi nomor telepon dengan angka");
  way.is("what was typed is kept", (await page.inputValue("#f-phone")) === "bukan nomor");
  await page.fill("#f-phone", "(0711) 350123");
  await way.press(page, "Simpan");
  await way.says(page, "saving", "Perubahan sudah disimpan.");
  await way.look(page, "own-unit-saved");
  await page.goto(way.origin + OWN.replace("/kelola", ""));
  await way.says(page, "the public page", "(0711) 350123");
}

async function another(way, page) {
  await page.goto(way.origin + ANOTHER);
  way.is("another unit has no form", (await page.locator("main form").count()) === 0);
  await way.says(page, "another unit", "Dinas Sosial");
  // Somebody who sends their own form to the other unit is refused.
  await page.goto(way.origin + OWN);
  await page.evaluate((path) => { document.querySelector("main form").action = path; }, ANOTHER);
  await page.fill("#f-phone", "(0711) 999999");
  const [answer] = await Promise.all([page.waitForResponse((heard) => heard.request().method() === "POST"), page.locator("main form button").first().click()]);
  way.is("the other unit refuses", answer.status() === 403, answer.status());
  await page.waitForLoadState();
  await way.says(page, "the refusal", "Tidak ada yang diubah");
  await way.look(page, "refused");
  await page.goto(way.origin + ANOTHER.replace("/kelola", ""));
  way.is("the other unit is as it was", !(await page.locator("main").innerText()).includes("999999"));
}

async function sessions(way, page) {
  const elsewhere = await way.visitor({ width: 1366 });
  await knock(elsewhere, way.origin, address("unit"), PASSWORD);
  await page.goto(`${way.origin}/akun/sesi`);
  await way.says(page, "the list of sessions", "Peramban ini", "Chrome");
  way.is("both sessions are listed", (await page.locator("main tbody tr").count()) === 2);
  await way.look(page, "sessions");
  await way.press(page, "Keluarkan semua peramban lain");
  await way.says(page, "ending the others", "Semua peramban lain sudah dikeluarkan.");
  way.is("one session is left", (await page.locator("main tbody tr").count()) === 1);
  await elsewhere.goto(`${way.origin}/akun`);
  await way.at(elsewhere, "/masuk");
  await elsewhere.context().close();
}
