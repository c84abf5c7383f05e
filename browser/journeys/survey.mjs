// The survey from a card to the published index: by hand without script, without a signal, closed, published and computed again.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptVisitor } from "../harness/browser.mjs";
import { PASSWORD, address } from "../harness/city.mjs";
import { journey } from "../harness/journey.mjs";
import { lineTo } from "../harness/line.mjs";
import { enrol, knock } from "../harness/people.mjs";

const KEYS = ["persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan"];
const TO_TRY = "aaaa-aaaa-avpk";

export default function survey(t) {
  return journey(t, {}, async (way) => {
    const folder = mkdtempSync(join(tmpdir(), "prima-survey-"));
    try {
      await byHand(way);
      const admin = await way.visitor({ width: 1366 });
      await knock(admin, way.origin, address("unit"), PASSWORD);
      const codes = await cards(way, admin);
      await tablet(way, codes[0]);
      await withoutSignal(way, folder, codes[1]);
      const period = await close(way, admin, codes.length);
      await publish(way, period);
      await again(way, t.prima, folder, period);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

async function byHand(way) {
  const page = await way.visitor({ width: 360, script: false });
  await page.goto(`${way.origin}/s`);
  await page.fill("#f-kode", "abcd-abcd-abcd");
  await way.press(page, "Buka survei");
  await way.says(page, "a slip", "Kode ini tidak cocok");
  way.is("the slip is kept", (await page.inputValue("#f-kode")) === "abcd-abcd-abcd");
  await page.fill("#f-kode", TO_TRY.toUpperCase());
  await way.press(page, "Buka survei");
  await way.at(page, `/s/${TO_TRY}`);
  way.is("nothing is chosen beforehand", (await page.locator("input:checked").count()) === 0);
  await way.press(page, "Kirim survei");
  await way.says(page, "nothing chosen", "Pilih salah satu jawaban untuk pertanyaan 9");
  for (const key of KEYS) await page.check(`input[name=${key}][value="3"]`);
  await page.fill("#f-suggestion", "Tambah kursi tunggu.");
  await way.press(page, "Kirim survei");
  await way.at(page, "/s/terima-kasih");
  await way.says(page, "the receipt", "Terima kasih", "Nomor bukti");
  await way.look(page, "survey-receipt");
  await page.goto(`${way.origin}/s/${TO_TRY}`);
  await way.says(page, "a used code", "Survei untuk kunjungan ini sudah diisi");
  await page.context().close();
}

async function cards(way, page) {
  await page.goto(`${way.origin}/kelola/survei`);
  await page.getByRole("link", { name: "Dinas Kependudukan" }).first().click();
  await way.follow(page, "Buat kode untuk pengunjung");
  await page.fill("#f-count", "3");
  await page.fill("#f-place", "Loket 7");
  await way.press(page, "Buat dan tampilkan kartu");
  const codes = await page.locator(".p-slips .p-code").allInnerTexts();
  way.is("three cards are shown", codes.length === 3, codes);
  await way.look(page, "survey-cards");
  return codes;
}

async function tablet(way, code) {
  const page = await way.visitor({ width: 1366 });
  await page.goto(`${way.origin}/s/${code}/layar`);
  const tall = await page.locator(".p-choices button").first().boundingBox();
  way.is("a choice on a tablet is tall enough", tall.height >= 72, tall.height);
  await way.look(page, "survey-screen");
  for (let number = 1; number <= 9; number += 1) {
    await way.says(page, "the screen", `Pertanyaan ${number} dari 9`);
    await page.locator(".p-choices button").nth(3).click();
    await page.waitForLoadState();
  }
  await way.press(page, "Kirim survei");
  await way.says(page, "the receipt on a tablet", "Terima kasih");
  await page.context().close();
}

/** Answers while the line is cut, closes the browser, opens it again without and then with a line. */
async function withoutSignal(way, folder, code) {
  const line = await lineTo(way.origin);
  const profile = join(folder, "profile");
  const survey = `${line.origin}/s/${code}`;
  let context = await keptVisitor(profile);
  try {
    let page = await context.newPage();
    await page.goto(survey);
    await kept(page);
    line.cut();
    for (const key of KEYS) await page.check(`input[name=${key}][value="4"]`);
    await page.getByRole("button", { name: "Kirim survei" }).click();
    await page.getByText("Tersimpan di ponsel").waitFor();
    await context.close();
    context = await keptVisitor(profile);
    page = await context.newPage();
    await page.goto(survey);
    await page.getByText("1 survei menunggu terkirim").waitFor();
    way.is("opened again without a line, the answer waits", true);
    line.mend();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.waitForFunction(() => !document.getElementById("luring").textContent.includes("menunggu"));
    await page.goto(survey);
    await way.says(page, "delivered", "Survei untuk kunjungan ini sudah diisi");
  } finally {
    await context.close();
    await line.close();
  }
}

/** Waits until the browser can open this page again by itself. `waitForFunction` would take a promise for a yes. */
async function kept(page) {
  const there = async () => (await caches.match(location.href)) !== undefined && navigator.serviceWorker.controller !== null;
  for (let tries = 0; !(await page.evaluate(there)); tries += 1) {
    if (tries === 150) throw new Error("the page was not kept");
    await page.waitForTimeout(100);
  }
}

async function close(way, page, made) {
  await page.goto(`${way.origin}/kelola/survei`);
  await page.getByRole("link", { name: "Dinas Kependudukan" }).first().click();
  const period = new URL(page.url()).pathname.split("/").pop();
  // 41 of the demonstration, one by hand, one on the tablet, one without a signal; as many codes used, and 61 more of the demonstration.
  await way.says(page, "the progress", "44", `(44 dari ${41 + 61 + made})`);
  await way.follow(page, "Tutup survei");
  await way.press(page, "Tutup survei");
  await way.says(page, "closing", "Survei sudah ditutup");
  way.is("publishing is not for the unit", (await page.getByRole("button", { name: "Terbitkan hasil" }).count()) === 0);
  return period;
}

async function publish(way, period) {
  const page = await way.visitor({ width: 1366 });
  await knock(page, way.origin, address("koordinator"), PASSWORD);
  await page.goto(`${way.origin}/kelola/survei/${period}`);
  if (new URL(page.url()).pathname === "/akun/dua-langkah") await enrol(page);
  await page.goto(`${way.origin}/kelola/survei/${period}`);
  await way.press(page, "Terbitkan hasil");
  await way.says(page, "publishing", "Hasil survei sudah terbit");
  await way.follow(page, "Lihat hasil");
  await way.says(page, "the result", "Langkah demi langkah", "Saran masyarakat");
  await way.look(page, "survey-result");
}

/** The index is that of `prima score` on the answers, and `prima verify` takes the result until a byte is changed. */
async function again(way, prima, folder, period) {
  const page = await way.visitor({ width: 360, script: false });
  await page.goto(`${way.origin}/survei/${period}`);
  const shown = (await page.locator(".p-facts dd").first().innerText()).trim();
  const save = async (name) => {
    const { bytes } = await way.download(page, () => page.locator(`main a[href$="/${name}"]`).click());
    writeFileSync(join(folder, name), bytes);
    return bytes.toString();
  };
  const json = await save("hasil.json");
  await save("jawaban.csv");
  const score = ["score", "skm-2017", join(folder, "jawaban.csv"), "--population", "1800", "--format", "json", "--output", join(folder, "lagi.json")];
  execFileSync(prima, score, { encoding: "utf8" });
  const { readFileSync } = await import("node:fs");
  const computed = JSON.parse(readFileSync(join(folder, "lagi.json"), "utf8"));
  way.is("prima score on the answers gives the very same result", JSON.stringify(computed) === JSON.stringify(JSON.parse(json)), JSON.stringify(computed).slice(0, 400));
  way.is("the page shows that index", computed.results[0].value.replace(".", ",") === shown, `${computed.results[0].value} ${shown}`);
  const verify = (name, ...more) => {
    try {
      return { out: execFileSync(prima, ["verify", join(folder, name), ...more], { encoding: "utf8" }), code: 0 };
    } catch (error) {
      return { out: `${error.stdout}${error.stderr}`, code: error.status };
    }
  };
  await save("hasil.json.minisig");
  const key = await page.request.get(`${way.origin}/kunci.pub`);
  writeFileSync(join(folder, "kunci.pub"), await key.body());
  const signed = verify("hasil.json", "--key", join(folder, "kunci.pub"));
  way.is("the city signed it", signed.code === 0 && signed.out.includes("Tanda tangan sah"), signed.out);
  way.is("prima verify agrees", verify("hasil.json").code === 0, verify("hasil.json").out);
  writeFileSync(join(folder, "diubah.json"), json.replace(`"value": "${computed.results[0].value}"`, '"value": "99.99"'));
  const other = verify("diubah.json", "--key", join(folder, "kunci.pub"), "--signature", join(folder, "hasil.json.minisig"));
  way.is("and the signature is not of that file", other.code === 1 && other.out.includes("Tanda tangan tidak cocok"), other.out);
  way.is("prima verify refuses a changed file", verify("diubah.json").code !== 0, verify("diubah.json").out);
  await page.context().close();
}
