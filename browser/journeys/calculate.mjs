// Somebody brings answers of a survey to be calculated, with script and without, and by mistake a picture.
import { example, journey } from "../harness/journey.mjs";

const PICTURE = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8ffff3f0005fe02fea7", "hex");

export default function calculate(t) {
  return journey(t, {}, async (way) => {
    for (const script of [true, false]) {
      const page = await way.visitor({ width: 360, script });
      const how = script ? "with script" : "without script";
      await answers(way, page, script, how);
      await report(way, page, how);
      await picture(way, page, how);
      way.quiet(page, how);
      await page.context().close();
    }
  });
}

async function fill(way, page) {
  await page.goto(`${way.origin}/hitung`);
  await page.selectOption("#f-instrumen", "skm-2017");
  await page.setInputFiles("#f-berkas", example("jawaban.csv"));
}

async function answers(way, page, script, how) {
  await fill(way, page);
  if (script) {
    await page.evaluate(() => {
      window.told = [];
      const line = document.querySelector("[data-p-progress]");
      new MutationObserver(() => window.told.push(line.textContent)).observe(line, { childList: true, characterData: true, subtree: true });
    });
  }
  await page.getByRole("button", { name: "Hitung berkas" }).click();
  await page.getByRole("heading", { name: "Hasil hitungan jawaban.csv" }).waitFor();
  await way.says(page, `the result ${how}`, "90,36", "Berkas Anda sudah dihapus.");
  if (script) {
    const told = await page.evaluate(() => window.told);
    way.is("progress was told", told.some((text) => text.startsWith("Mengunggah") || text.startsWith("Menghitung")), told);
  }
  await way.look(page, `calculated-${how}`);
  const table = await way.download(page, () => page.getByRole("button", { name: "Unduh CSV" }).click());
  way.is(`the CSV ${how} holds the index`, table.bytes.toString().includes("90.36") || table.bytes.toString().includes("90,36"), table.bytes);
}

async function report(way, page, how) {
  const printed = await way.download(page, () => page.getByRole("button", { name: /^PDF/ }).first().click());
  way.is(`the button PDF ${how} gives a PDF`, printed.bytes.subarray(0, 5).toString() === "%PDF-" && printed.name.endsWith(".pdf"), printed.name);
}

async function picture(way, page, how) {
  await fill(way, page);
  await page.getByLabel("Laporan PDF").check();
  await page.fill("#f-kelompok", "unit");
  await page.setInputFiles("#f-berkas", { name: "jawaban.csv", mimeType: "text/csv", buffer: PICTURE });
  await page.getByRole("button", { name: "Hitung berkas" }).click();
  await page.locator(".govuk-error-summary").waitFor();
  const sentence = await page.locator(".govuk-error-summary").innerText();
  way.is(`a picture ${how} is refused with a sentence`, /PNG|gambar|tabel/.test(sentence), sentence);
  const focused = await page.evaluate(() => document.activeElement.className);
  way.is(`the summary of errors has the focus ${how}`, focused === "govuk-error-summary", focused);
  way.is(`the instrument is kept ${how}`, (await page.inputValue("#f-instrumen")) === "skm-2017");
  way.is(`the shape of the result is kept ${how}`, await page.getByLabel("Laporan PDF").isChecked());
  way.is(`the group is kept ${how}`, (await page.inputValue("#f-kelompok")) === "unit");
  await way.look(page, `calculate-picture-${how}`);
}
