// A standard on its way: the admin of the unit copies an example, the head discusses and determines it, the coordinator publishes it.
import { PASSWORD, address } from "../harness/city.mjs";
import { enrol, knock } from "../harness/people.mjs";
import { journey } from "../harness/journey.mjs";

const AT = "/kelola/layanan/pengaduan-pelayanan-publik-2/standar";

export default function publishStandard(t) {
  return journey(t, {}, async (way) => {
    const admin = await signedIn(way, "unit");
    await admin.goto(`${way.origin}/kelola/layanan/contoh`);
    await way.look(admin, "examples");
    await admin.selectOption("#f-unit", "dinas-kependudukan-dan-pencatatan-sipil");
    await admin.locator("main button[value=pengaduan-pelayanan-publik]").click();
    await way.at(admin, "/kelola/layanan/pengaduan-pelayanan-publik-2");
    await way.says(admin, "the copy", "Contoh sudah disalin sebagai draf", "Ini disalin dari contoh");
    await admin.goto(`${way.origin}${AT}/isi`);
    await admin.fill("#f-produk-pelayanan", "Jawaban tertulis dalam tiga hari.");
    await way.press(admin, "Simpan");
    await way.says(admin, "the draft", "Draf sudah disimpan.", "Ditulis");
    way.is("the admin cannot determine", (await admin.locator("#f-decree_number").count()) === 0);

    const head = await signedIn(way, "kepala");
    await head.goto(way.origin + AT);
    await way.press(head, "Catat pembahasan");
    await way.says(head, "a form with nothing in it", "Pilih tanggal.", "Tulis kelompok yang ikut membahas.");
    await head.fill("#f-discussed_on", "2026-01-10");
    await head.fill("#f-discussed_with", "Warga dan ketua RT");
    await way.press(head, "Catat pembahasan");
    await way.says(head, "the discussion", "Pembahasan sudah dicatat.");
    await head.fill("#f-decree_number", "060/99/2026");
    await head.fill("#f-decree_on", "2026-02-01");
    await head.fill("#f-effective_on", "2026-02-15");
    await way.press(head, "Tetapkan");
    await way.says(head, "the decree", "Penetapan sudah dicatat.");
    await way.look(head, "standard-determined");
    way.is("the head cannot publish", (await head.getByRole("button", { name: "Terbitkan Standar Pelayanan" }).count()) === 0);

    const coordinator = await signedIn(way, "koordinator");
    await coordinator.goto(way.origin + AT);
    await way.press(coordinator, "Terbitkan Standar Pelayanan");
    await way.says(coordinator, "the publication", "Standar Pelayanan sudah terbit.", "060/99/2026", "Bukti publikasi", "Situs ini");
    await way.look(coordinator, "standard-published");

    const citizen = await way.visitor({ width: 360, script: false });
    await citizen.goto(`${way.origin}/layanan/pengaduan-pelayanan-publik-2`);
    await way.says(citizen, "the page of the service", "Jawaban tertulis dalam tiga hari.", "060/99/2026", "berlaku sejak 15 Februari 2026");
  });
}

/** Somebody of the demonstration city at their work, with a second factor where their role needs one. */
async function signedIn(way, name) {
  const page = await way.visitor({ width: 1366 });
  await knock(page, way.origin, address(name), PASSWORD);
  await page.goto(`${way.origin}/kelola/layanan`);
  if (new URL(page.url()).pathname === "/akun/dua-langkah") await enrol(page);
  return page;
}
