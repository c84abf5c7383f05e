// From a weak element to what everybody reads: the admin of the unit makes it a plan, the owner shows what was done, the head verifies
// and publishes, a citizen reads it on a telephone without scripts.
import { PASSWORD, address } from "../harness/city.mjs";
import { knock } from "../harness/people.mjs";
import { journey } from "../harness/journey.mjs";

const RESULT = "/kelola/survei/00000000-0000-7000-8000-000000000104/hasil";
const PROOF = "https://contoh.go.id/berita/loket-tambahan";

export default function improve(t) {
  return journey(t, {}, async (way) => {
    const admin = await signedIn(way, "unit");
    await admin.goto(way.origin + RESULT);
    await way.says(admin, "the result", "Unsur untuk ditindaklanjuti", "Tiga unsur dengan nilai terendah");
    await way.press(admin, "Jadikan rencana perbaikan");
    await way.says(admin, "the finding", "Temuan sudah dicatat.", "Belum ditangani", "Belum ada tindakan yang direncanakan.");
    const finding = new URL(admin.url()).pathname;
    const title = await admin.locator("h1").innerText();
    await way.follow(admin, "Rencanakan tindakan");
    await way.press(admin, "Simpan tindakan");
    await way.says(admin, "a form with nothing in it", "Tulis apa yang akan dilakukan.", "Pilih penanggung jawab");
    await admin.fill("#f-what", "Buka dua loket lagi setiap pagi");
    const owner = await admin.locator("#f-owner option", { hasText: "Utami Unit" }).getAttribute("value");
    await admin.selectOption("#f-owner", owner);
    await admin.fill("#f-working_days", "10");
    await way.press(admin, "Simpan tindakan");
    await way.says(admin, "the plan", "Tindakan sudah direncanakan.", "Ditangani", "Utami Unit");
    await way.follow(admin, "Buka dua loket lagi setiap pagi");
    await way.press(admin, "Mulai kerjakan");
    await way.says(admin, "the measure", "Tindakan mulai dikerjakan.", "Dikerjakan", "10 hari kerja");
    await way.press(admin, "Kirim untuk diverifikasi");
    await way.says(admin, "a report without proof", "Tulis apa yang sudah dilakukan.");
    await admin.fill("#f-done_words", "Dua loket tambahan dibuka setiap pagi.");
    await way.press(admin, "Kirim untuk diverifikasi");
    await way.says(admin, "words alone", "Sertakan berkas bukti, atau tulis alamat webnya.");
    await admin.fill("#f-proof_url", PROOF);
    await way.press(admin, "Kirim untuk diverifikasi");
    await way.says(admin, "the report", "Laporan tersimpan.", "Menunggu verifikasi");
    const measure = new URL(admin.url()).pathname;
    way.is("the owner cannot verify", (await admin.getByRole("button", { name: "Verifikasi: sudah sesuai" }).count()) === 0);

    const head = await signedIn(way, "kepala");
    await head.goto(way.origin + measure);
    await way.says(head, "what the head sees", "Dua loket tambahan dibuka setiap pagi.", PROOF);
    await way.look(head, "measure-to-verify");
    await way.press(head, "Kembalikan");
    await way.says(head, "sending back without a reason", "Tulis alasannya.");
    await way.press(head, "Verifikasi: sudah sesuai");
    await way.says(head, "the verification", "Tindakan sudah terverifikasi.", "Terverifikasi");

    const citizen = await way.visitor({ width: 360, script: false });
    const at = "/anda-bilang/dinas-kependudukan-dan-pencatatan-sipil";
    await citizen.goto(way.origin + at);
    way.is("nothing is read before it is published", !(await citizen.locator("main").innerText()).includes("Dua loket tambahan dibuka"));
    await head.goto(way.origin + finding);
    await way.follow(head, "Tayangkan untuk masyarakat");
    await head.fill("#f-public_said", "Pelayanan terlalu lama.");
    await way.press(head, "Tayangkan");
    await way.says(head, "the publication", "Temuan sudah tayang untuk masyarakat.", "Tayang");
    await way.look(head, "finding-published");
    await citizen.goto(way.origin + at);
    await way.says(citizen, "what everybody reads", title, "Pelayanan terlalu lama.", "Dua loket tambahan dibuka setiap pagi.", PROOF, "Sebelum");
    way.is("nobody is named", !(await citizen.locator("main").innerText()).includes("Utami"));
    await way.look(citizen, "you-said-we-did");
  });
}

/** Somebody of the demonstration city at their work. */
async function signedIn(way, name) {
  const page = await way.visitor({ width: 1366 });
  await knock(page, way.origin, address(name), PASSWORD);
  return page;
}
