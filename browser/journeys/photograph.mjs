// The admin of a unit sends a photograph over a line that breaks, loads the page again halfway, and sends another without script.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { PASSWORD, address } from "../harness/city.mjs";
import { knock } from "../harness/people.mjs";
import { journey } from "../harness/journey.mjs";
import { violations } from "../harness/look.mjs";

const UNIT = "/unit/dinas-kependudukan-dan-pencatatan-sipil";
const FILES = `/kelola${UNIT}/berkas`;

export default function photograph(t) {
  return journey(t, {}, async (way) => {
    const folder = mkdtempSync(join(tmpdir(), "prima-photograph-"));
    try {
      await breaking(way, folder);
      await plain(way, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** A picture that no packing makes smaller: `side` × `side` points. */
function picture(folder, name, side) {
  let seed = 7;
  const rows = Buffer.alloc(side * (3 * side + 1));
  for (let at = 0; at < rows.length; at += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    rows[at] = at % (3 * side + 1) === 0 ? 0 : seed >>> 24;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const part = (kind, content) => {
    const named = Buffer.concat([Buffer.from(kind), content]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([signature, part("IHDR", head), part("IDAT", deflateSync(rows, { level: 0 })), part("IEND", Buffer.alloc(0))]));
  return path;
}

async function fill(page, title, path) {
  await page.fill("#f-title", title);
  await page.getByLabel("Foto", { exact: true }).check();
  await page.getByLabel("Tampilkan di halaman publik unit").check();
  await page.setInputFiles("#f-berkas", path);
}

/** Where pieces begin that reach the server, in turn; `breaks(count)` says whether the line breaks before this one. */
async function line(page, breaks) {
  const begun = [];
  let count = 0;
  await page.route("**/unggah/*", async (route) => {
    const from = new URL(route.request().url()).searchParams.get("dari");
    if (route.request().method() === "POST" && breaks((count += 1))) return route.abort("connectionreset");
    if (from !== null) begun.push(Number(from));
    return route.continue();
  });
  return begun;
}

async function breaking(way, folder) {
  const page = await way.visitor({ width: 360 });
  await knock(page, way.origin, address("unit"), PASSWORD);
  const path = picture(folder, "ruang-tunggu.png", 1100);

  // The line is dead after the second piece. The person gives up and loads the page again.
  await page.goto(way.origin + FILES);
  const first = await line(page, (count) => count > 2);
  await fill(page, "Ruang tunggu", path);
  await page.getByRole("button", { name: "Simpan berkas" }).click();
  await page.getByText("Sambungan terputus. Pengiriman dilanjutkan sebentar lagi.").waitFor();
  way.is("two pieces had arrived", first.length === 2 && first[0] === 0, first);
  way.is("the progress is shown", await page.locator("[data-p-bar]").isVisible());
  way.is("whoever cannot see hears it, too", (await violations(page)).length === 0, await violations(page));

  // The same file goes on where it ended, over a line that breaks once more.
  await page.goto("about:blank");
  await page.unroute("**/unggah/*");
  await page.goto(way.origin + FILES);
  page.complaints.splice(0);
  const second = await line(page, (count) => count === 2);
  await fill(page, "Ruang tunggu", path);
  await page.getByRole("button", { name: "Simpan berkas" }).click();
  await page.getByRole("img", { name: "Ruang tunggu" }).waitFor({ timeout: 60000 });
  way.is("what had arrived is not sent again", second.length > 0 && second.every((from) => from > 0), second);
  page.complaints.splice(0);
  await way.look(page, "photograph-kept");
  await shown(way, page, "Ruang tunggu");
  await page.context().close();
}

async function plain(way, folder) {
  const page = await way.visitor({ width: 360, script: false });
  await knock(page, way.origin, address("unit"), PASSWORD);
  await page.goto(way.origin + FILES);
  await fill(page, "", picture(folder, "loket.png", 300));
  await way.press(page, "Simpan berkas");
  await way.says(page, "a photograph without a title", "Sudah terkirim: loket.png. Anda tidak perlu mengirimnya lagi.");
  await page.fill("#f-title", "Loket pelayanan");
  await way.press(page, "Simpan berkas");
  await way.says(page, "the photograph sent without script", "Loket pelayanan", "Umum");
  await way.look(page, "photograph-without-script");
  await shown(way, page, "Loket pelayanan");
  await page.context().close();
}

/** Everybody sees it on the page of the unit, drawn anew: nothing of the sent file goes out. */
async function shown(way, page, title) {
  await page.goto(way.origin + UNIT);
  const picture = page.getByRole("img", { name: title });
  await picture.scrollIntoViewIfNeeded();
  const kind = await page.request.get(new URL(await picture.getAttribute("src"), page.url()).href);
  way.is(`“${title}” is given as a picture`, kind.ok() && kind.headers()["content-type"].startsWith("image/"), kind.headers()["content-type"]);
}
