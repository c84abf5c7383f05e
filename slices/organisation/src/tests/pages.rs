//! The pages from outside: each shows itself, takes a good form, explains a bad one, and keeps cities apart.

use super::world::{HERE, THERE, World, account, typed};
use crate::import::{Row, Table, keep_draft};
use crate::store::DraftOf;
use platform::testing::{Answer, Browser};

fn status(answer: &Answer) -> u16 {
    answer.status.as_u16()
}

async fn page(browser: &Browser, path: &str) -> Answer {
    let answer = browser.get(path).await;
    assert_eq!(status(&answer), 200, "{path}: {}", answer.text());
    answer
}

#[tokio::test]
async fn anybody_finds_a_unit_in_the_list_and_by_a_slip_of_its_name() {
    let world = World::new().await;
    let all = page(&world.browser.at(HERE), "/unit").await;
    assert!(all.says("Dinas Sosial") && all.says("Loket Dinas Sosial") && all.says("2 unit"));
    let found = page(&world.browser.at(HERE), "/unit?cari=dinas+sosal&jenis=opd").await;
    assert!(found.says("/unit/dinas-sosial\"") && found.says("1 unit"), "{}", found.text());
    let nothing = page(&world.browser.at(HERE), "/unit?cari=zzzz").await;
    assert!(nothing.says("Tidak ada unit yang cocok"));
}

#[tokio::test]
async fn a_list_of_many_units_is_divided_into_pages_of_fifty() {
    let world = World::new().await;
    let desk = world.here.desk();
    let entered = world.database.write(move |db| {
        for number in 0..60 {
            let facts = typed("upp", &format!("Puskesmas {number:02}")).check(None).map_err(crate::Refused::Faults)?;
            crate::enter_unit(db, &desk, &facts)?;
        }
        Ok::<_, crate::Refused>(())
    });
    entered.await.unwrap();
    let first = page(&world.browser.at(HERE), "/unit").await;
    assert!(first.says("62 unit") && first.says("halaman=2") && !first.says("Puskesmas 59"));
    assert!(page(&world.browser.at(HERE), "/unit?halaman=2").await.says("Puskesmas 59"));
}

#[tokio::test]
async fn a_unit_has_a_page_with_what_belongs_to_it() {
    let world = World::new().await;
    let shown = page(&world.browser.at(HERE), "/unit/dinas-sosial").await;
    assert!(shown.says("Organisasi Perangkat Daerah") && shown.says("/unit/loket-dinas-sosial"));
    let english = page(&world.browser.at(HERE), "/unit/loket-dinas-sosial?lang=en").await;
    assert!(english.says("Service point") && english.says("/unit/dinas-sosial"));
    assert_eq!(status(&world.browser.at(HERE).get("/unit/entah").await), 404);
}

#[tokio::test]
async fn the_units_are_open_data_that_the_import_takes_back_without_a_change() {
    let world = World::new().await;
    let file = page(&world.browser.at(HERE), "/unit.csv").await;
    let sent = world.coordinator();
    let answer = sent.upload("/kelola/impor/unit", &[], ("berkas", "unit.csv", &file.bytes)).await;
    let review = page(&sent, answer.location()).await;
    assert!(review.says("Tidak ada baris yang perlu disimpan"), "{}", review.text());
}

#[tokio::test]
async fn staff_pages_are_shown_in_both_languages_to_whoever_may() {
    let world = World::new().await;
    let system = world.signed_in(HERE, "sistem@satu");
    let paths = [
        "/kelola/unit",
        "/kelola/unit?cari=loket",
        "/kelola/unit/baru",
        "/kelola/unit/dinas-sosial",
        "/kelola/unit/dinas-sosial/akhiri",
        "/kelola/unit/dinas-sosial/riwayat",
        "/kelola/unit/dinas-sosial/berkas",
        "/kelola/impor/unit",
        "/pengaturan/kota",
        "/pengaturan/institusi",
        "/pengaturan/institusi/baru",
    ];
    for path in paths {
        for language in ["id", "en"] {
            let mark = if path.contains('?') { '&' } else { '?' };
            let shown = page(&system, &format!("{path}{mark}lang={language}")).await;
            assert!(shown.says(&format!("lang=\"{language}\"")), "{path}");
            assert!(
                !shown.says(" style=") && !shown.says("<style") && !shown.says("onclick"),
                "{path} keeps to the policy"
            );
        }
        assert_eq!(status(&world.browser.at(HERE).get(path).await), 303, "{path} asks a stranger to sign in");
    }
}

#[tokio::test]
async fn the_coordinator_enters_and_changes_a_unit() {
    let world = World::new().await;
    let browser = world.coordinator();
    let sent = [
        ("name", "Dinas Kesehatan"),
        ("kind", "opd"),
        ("code", "1.02"),
        ("parent", ""),
        ("email", "dinkes@contoh.go.id"),
    ];
    let entered = browser.post("/kelola/unit/baru", &sent).await;
    assert_eq!((status(&entered), entered.location()), (303, "/kelola/unit/dinas-kesehatan?selesai=baru"));
    assert!(page(&browser, entered.location()).await.says("Unit sudah dimasukkan."));
    let changed = [
        ("version", "1"),
        ("name", "Dinas Kesehatan"),
        ("kind", "opd"),
        ("parent", "dinas-sosial"),
        ("web", "contoh.go.id"),
    ];
    let saved = browser.post("/kelola/unit/dinas-kesehatan", &changed).await;
    assert_eq!(saved.location(), "/kelola/unit/dinas-kesehatan?selesai=disimpan", "{}", saved.text());
    let history = page(&browser, "/kelola/unit/dinas-kesehatan/riwayat").await;
    assert!(
        history.says("https://contoh.go.id")
            && history.says("dinkes@contoh.go.id")
            && history.says("oleh Sari Koordinator")
    );
}

#[tokio::test]
async fn a_bad_form_says_what_to_do_and_keeps_what_was_typed() {
    let world = World::new().await;
    let sent = [("name", ""), ("kind", "opd"), ("email", "bukan surel"), ("code", "<b>7</b>")];
    let refused = world.coordinator().post("/kelola/unit/baru", &sent).await;
    assert_eq!(status(&refused), 422);
    assert!(refused.says("Isi nama unit.") && refused.says("Isi alamat surel, misalnya"));
    assert!(refused.says("value=\"bukan surel\"") && !refused.says("<b>7</b>") && refused.says("href=\"#f-name\""));
}

#[tokio::test]
async fn a_form_loaded_before_somebody_elses_change_is_told_so_and_keeps_what_was_typed() {
    let world = World::new().await;
    let browser = world.coordinator();
    let first = [("version", "1"), ("name", "Dinas Sosial Baru"), ("kind", "opd")];
    assert_eq!(status(&browser.post("/kelola/unit/dinas-sosial", &first).await), 303);
    let second = [("version", "1"), ("name", "Dinas Sosial Lain"), ("kind", "opd")];
    let stale = browser.post("/kelola/unit/dinas-sosial", &second).await;
    assert_eq!(status(&stale), 422);
    assert!(
        stale.says("diubah orang lain")
            && stale.says("value=\"Dinas Sosial Lain\"")
            && stale.says("<dd>Dinas Sosial Baru</dd>")
    );
    assert!(stale.says("name=\"version\" value=\"2\""), "the next save counts from what is shown");
}

#[tokio::test]
async fn the_admin_of_a_unit_changes_its_contact_and_nothing_else() {
    let world = World::new().await;
    let browser = world.signed_in(HERE, "admin-unit@satu");
    let form = page(&browser, "/kelola/unit/dinas-sosial").await;
    assert!(form.says("name=\"phone\"") && !form.says("name=\"kind\""));
    let sent = [("version", "1"), ("name", "Dinas Milik Saya"), ("kind", "upp"), ("phone", "112")];
    assert_eq!(status(&browser.post("/kelola/unit/dinas-sosial", &sent).await), 303);
    let unit = world.unit(&world.here, "dinas-sosial").await.unwrap();
    assert_eq!((unit.facts.name.as_str(), unit.facts.contact.phone.as_str()), ("Dinas Sosial", "112"));
    for path in ["/kelola/unit/baru", "/kelola/unit/dinas-sosial/akhiri", "/kelola/impor/unit", "/pengaturan/kota"] {
        assert_eq!(status(&browser.get(path).await), 403, "{path}");
    }
    let ended = browser.post("/kelola/unit/dinas-sosial/akhiri", &[("version", "2"), ("on", "2026-11-01")]).await;
    assert_eq!(status(&ended), 403);
}

#[tokio::test]
async fn the_admin_of_one_unit_cannot_change_another() {
    let world = World::new().await;
    let facts = typed("opd", "Dinas Pasar").check(None).unwrap();
    let desk = world.here.desk();
    world.database.write(move |db| crate::enter_unit(db, &desk, &facts)).await.unwrap();
    let browser = world.signed_in(HERE, "admin-unit@satu");
    let refused = browser.post("/kelola/unit/dinas-pasar", &[("version", "1"), ("phone", "112")]).await;
    assert_eq!(status(&refused), 403);
    assert_eq!(world.unit(&world.here, "dinas-pasar").await.unwrap().version, 1);
    assert!(!page(&browser, "/kelola/unit/dinas-pasar").await.says("/riwayat"));
    let history = browser.get("/kelola/unit/dinas-pasar/riwayat").await;
    assert_eq!(status(&history), 404, "who changed what there is not theirs to read");
}

#[tokio::test]
async fn an_auditor_reads_and_changes_nothing() {
    let world = World::new().await;
    let browser = world.signed_in(HERE, "auditor@satu");
    assert!(!page(&browser, "/kelola/unit/dinas-sosial").await.says("<button class=\"govuk-button\">"));
    page(&browser, "/kelola/unit/dinas-sosial/riwayat").await;
    assert_eq!(status(&browser.post("/kelola/unit/dinas-sosial", &[("version", "1"), ("phone", "112")]).await), 403);
}

#[tokio::test]
async fn a_unit_is_merged_into_its_successor_and_taken_back() {
    let world = World::new().await;
    let browser = world.coordinator();
    let address = "/kelola/unit/loket-dinas-sosial";
    let bad = browser.post(&format!("{address}/akhiri"), &[("version", "1"), ("on", "besok")]).await;
    assert!(status(&bad) == 422 && bad.says("Isi tanggal"));
    let sent = [("version", "1"), ("on", "2026-11-01"), ("successor", "dinas-sosial")];
    let merged = browser.post(&format!("{address}/akhiri"), &sent).await;
    assert_eq!(merged.location(), format!("{address}?selesai=berakhir"), "{}", merged.text());
    let public = page(&browser, "/unit/loket-dinas-sosial").await;
    assert!(public.says("Digabung sejak 1 November 2026") && public.says("href=\"/unit/dinas-sosial\""));
    assert!(!page(&browser, "/unit").await.says("Loket Dinas Sosial"));
    page(&browser, &format!("{address}/akhiri")).await;
    let resumed = browser.post(&format!("{address}/lanjutkan"), &[("version", "2")]).await;
    assert_eq!(resumed.location(), format!("{address}?selesai=dilanjutkan"));
    assert!(page(&browser, "/unit").await.says("Loket Dinas Sosial"));
}

#[tokio::test]
async fn a_table_is_shown_row_by_row_and_stored_on_yes() {
    let world = World::new().await;
    let browser = world.coordinator();
    let table = "Nama unit,Kode,Induk,Warna\nDinas Kesehatan,1.02,,x\nPuskesmas,,1.02,x\nLoket,,Entah,x\nDinas Sosial,1.06,,x\n";
    let sent = browser.upload("/kelola/impor/unit", &[], ("berkas", "unit kota.csv", table.as_bytes())).await;
    assert_eq!(status(&sent), 303, "{}", sent.text());
    let review = page(&browser, sent.location()).await;
    assert!(
        review.says("Impor 3 baris yang benar")
            && review.says("&#34;Entah&#34; tidak ditemukan")
            && review.says("Warna")
    );
    assert!(world.unit(&world.here, "dinas-kesehatan").await.is_none(), "nothing is stored yet");
    let value = |name: &str| {
        let text = review.text();
        let behind =
            text.split_once(&format!("name=\"{name}\" value=\"")).map(|(_, behind)| behind.to_owned()).unwrap();
        behind.split('"').next().unwrap().to_owned()
    };
    let (draft, print) = (value("berkas"), value("sidik"));
    let wrong = page(&browser, &format!("/kelola/impor/unit/keliru.csv?berkas={draft}")).await;
    assert!(wrong.says("Loket,,Entah,x,") && wrong.says("Yang perlu diperbaiki") && !wrong.says("Puskesmas"));
    let other = world.signed_in(HERE, "sistem@satu");
    let stolen = other.post("/kelola/impor/unit/periksa", &[("berkas", &draft), ("sidik", &print)]).await;
    assert_eq!(stolen.location(), "/kelola/impor/unit?selesai=lewat", "a draft is its sender's");
    let altered = browser.post("/kelola/impor/unit/periksa", &[("berkas", &draft), ("sidik", "0000")]).await;
    assert!(status(&altered) == 422 && altered.says("Periksa sekali lagi"));
    let stored = browser.post("/kelola/impor/unit/periksa", &[("berkas", &draft), ("sidik", &print)]).await;
    assert_eq!(stored.location(), "/kelola/unit?selesai=diimpor", "{}", stored.text());
    let child = world.unit(&world.here, "puskesmas").await.unwrap();
    assert_eq!(child.facts.parent, world.unit(&world.here, "dinas-kesehatan").await.map(|unit| unit.id));
    let twice = browser.post("/kelola/impor/unit/periksa", &[("berkas", &draft), ("sidik", &print)]).await;
    assert_eq!(twice.location(), "/kelola/impor/unit?selesai=lewat");
    assert!(page(&browser, twice.location()).await.says("Waktu memutuskan sudah lewat"));
}

#[tokio::test]
async fn a_file_that_is_no_table_of_units_gets_a_sentence() {
    let world = World::new().await;
    let browser = world.coordinator();
    let bad: [(&[u8], &str); 4] = [
        (b"", "kosong"),
        (b"%PDF-1.7", "bukan tabel"),
        (b"kode,warna\n1,merah\n", "kolom Nama unit tidak ada"),
        (b"PK\x03\x04rusak", "rusak"),
    ];
    for (content, sentence) in bad {
        let refused = browser.upload("/kelola/impor/unit", &[], ("berkas", "a.csv", content)).await;
        assert!(status(&refused) == 422 && refused.says(sentence), "{sentence}: {}", refused.text());
    }
    let none = browser.upload("/kelola/impor/unit", &[], ("lain", "a.csv", b"x")).await;
    assert!(status(&none) == 422 && none.says("Pilih berkas tabelnya."));
    let large = browser.upload("/kelola/impor/unit", &[], ("berkas", "a.csv", &vec![b'x'; 6 * 1024 * 1024])).await;
    assert_eq!(status(&large), 413);
}

#[tokio::test]
async fn both_templates_are_tables_that_the_import_takes() {
    let world = World::new().await;
    let browser = world.coordinator();
    for (path, name) in
        [("/kelola/impor/unit/contoh.csv", "contoh.csv"), ("/kelola/impor/unit/contoh.xlsx", "contoh.xlsx")]
    {
        let template = page(&browser, path).await;
        let sent = browser.upload("/kelola/impor/unit", &[], ("berkas", name, &template.bytes)).await;
        let review = page(&browser, sent.location()).await;
        assert!(review.says("Impor 2 baris yang benar"), "{path}: {}", review.text());
    }
}

#[tokio::test]
async fn settings_are_saved_and_shown_on_every_page_at_once() {
    let world = World::new().await;
    let browser = world.coordinator();
    assert!(page(&browser, "/unit").await.says("Pemerintah Kota Satu"));
    let logo = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>";
    let fields = [
        ("version", "1"),
        ("name", "Pemerintah Kota Baru"),
        ("kind", "kota"),
        ("zone", "WITA"),
        ("host", HERE),
        ("brand", "#0f4c81"),
        ("accent", "#ffd84d"),
        ("area_code", "63.71"),
    ];
    let saved = browser.upload("/pengaturan/kota", &fields, ("logo", "logo.svg", logo)).await;
    assert_eq!(saved.location(), "/pengaturan/kota?selesai=disimpan", "{}", saved.text());
    let shown = page(&browser, "/unit").await;
    assert!(shown.says("Pemerintah Kota Baru"));
    let address = |start: &str| {
        let text = shown.text();
        let at = text.find(start).unwrap_or_else(|| panic!("{start} stands on the page: {text}"));
        text[at..].split('"').next().unwrap().to_owned()
    };
    let css = page(&browser, &address("/aset-kota/tema-")).await;
    assert!(css.says("--p-brand:#0f4c81"));
    assert_eq!(css.headers["content-type"], "text/css; charset=utf-8");
    assert!(css.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let old = page(&browser, "/aset-kota/tema-0000.css").await;
    assert_eq!(old.headers["cache-control"], "no-cache");
    let drawn = page(&browser, &address("/aset-kota/logo-")).await;
    assert_eq!((drawn.bytes.as_slice(), drawn.headers["content-type"].to_str().unwrap()), (&logo[..], "image/svg+xml"));
    assert!(drawn.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert_eq!(
        status(&world.browser.at(THERE).get(&address("/aset-kota/logo-")).await),
        404,
        "not the other city's logo"
    );
}

#[tokio::test]
async fn bad_settings_are_refused_with_what_to_do() {
    let world = World::new().await;
    let browser = world.coordinator();
    let good = [("version", "1"), ("name", "Pemerintah Kota Satu"), ("kind", "kota"), ("host", HERE)];
    let script = browser.upload("/pengaturan/kota", &good, ("logo", "a.svg", b"<svg><script/></svg>")).await;
    assert!(status(&script) == 422 && script.says("memuat script"), "{}", script.text());
    let pale: Vec<(&str, &str)> = good.iter().copied().chain([("brand", "#0f4c81"), ("accent", "#0f4c81")]).collect();
    let refused = browser.upload("/pengaturan/kota", &pale, ("lain", "", b"")).await;
    assert!(status(&refused) == 422 && refused.says("kontras"), "{}", refused.text());
    let stale = [("version", "7"), ("name", "Pemerintah Kota Satu"), ("kind", "kota"), ("host", HERE)];
    assert!(browser.upload("/pengaturan/kota", &stale, ("lain", "", b"")).await.says("diubah orang lain"));
    let preview: Vec<(&str, &str)> = pale.iter().copied().chain([("act", "preview")]).collect();
    let tried = browser.upload("/pengaturan/kota", &preview, ("lain", "", b"")).await;
    assert!(
        status(&tried) == 200 && tried.says("kontras") && tried.says("/pengaturan/kota/warna.css?brand=%230f4c81"),
        "{}",
        tried.text()
    );
    let css = page(&browser, "/pengaturan/kota/warna.css?brand=%230f4c81&accent=%23ffd84d").await;
    assert!(css.says("--p-brand:#0f4c81"));
    assert_eq!(status(&browser.get("/pengaturan/kota/warna.css?brand=x").await), 404);
}

#[tokio::test]
async fn whose_a_host_is_only_the_keeper_of_the_installation_says() {
    let world = World::new().await;
    let theirs = world.signed_in(THERE, "koordinator@dua");
    let sent =
        [("version", "1"), ("name", "Pemerintah Kota Dua"), ("kind", "kota"), ("host", "layanan.kota-satu.go.id")];
    let saved = theirs.upload("/pengaturan/kota", &sent, ("lain", "", b"")).await;
    assert_eq!(saved.location(), "/pengaturan/kota?selesai=disimpan", "{}", saved.text());
    assert!(page(&world.browser.at("layanan.kota-satu.go.id"), "/unit").await.says("Pemerintah Kota Satu"));
    assert!(page(&world.browser.at(THERE), "/unit").await.says("Pemerintah Kota Dua"));
    let keeper = world.signed_in(HERE, "sistem@satu");
    let list = page(&keeper, "/pengaturan/institusi").await.text();
    let there = list.split("href=\"").map(|rest| rest.split('"').next().unwrap()).filter(|at| at.ends_with("/alamat"));
    let there = there.last().unwrap().to_owned();
    assert!(page(&keeper, &there).await.says(THERE));
    let version = if page(&keeper, &there).await.says("name=\"version\" value=\"2\"") { "2" } else { "1" };
    let taken = keeper.post(&there, &[("version", version), ("host", HERE)]).await;
    assert!(status(&taken) == 422 && taken.says("sudah dipakai institusi lain"), "{}", taken.text());
    assert_eq!(status(&keeper.post(&there, &[("version", version), ("host", "")]).await), 422);
    let other = world.signed_in(THERE, "sistem@dua");
    assert_eq!(status(&other.post(&there, &[("version", version), ("host", HERE)]).await), 404);
    let given = keeper.post(&there, &[("version", version), ("host", "baru.kota-dua.go.id")]).await;
    assert_eq!(given.location(), "/pengaturan/institusi?selesai=disimpan", "{}", given.text());
    assert!(page(&world.browser.at("baru.kota-dua.go.id"), "/unit").await.says("Pemerintah Kota Dua"));
}

#[tokio::test]
async fn only_whoever_keeps_the_installation_sees_and_founds_institutions() {
    let world = World::new().await;
    let keeper = world.signed_in(HERE, "sistem@satu");
    assert!(page(&keeper, "/pengaturan/institusi").await.says("Pemerintah Kota Dua"));
    let other = world.signed_in(THERE, "sistem@dua");
    let link = "href=\"/pengaturan/institusi\"";
    assert!(page(&keeper, "/pengaturan/kota").await.says(link) && !page(&other, "/pengaturan/kota").await.says(link));
    for path in ["/pengaturan/institusi", "/pengaturan/institusi/baru"] {
        assert_eq!(status(&other.get(path).await), 404, "{path}");
    }
    let sent =
        [("name", "Pemerintah Kota Tiga"), ("kind", "kota"), ("area_code", "19.71"), ("host", "tiga.contoh.go.id")];
    assert_eq!(status(&other.post("/pengaturan/institusi/baru", &sent).await), 404);
    let founded = keeper.post("/pengaturan/institusi/baru", &sent).await;
    assert_eq!(founded.location(), "/pengaturan/institusi?selesai=didirikan", "{}", founded.text());
    assert!(page(&world.browser.at("tiga.contoh.go.id"), "/unit").await.says("Pemerintah Kota Tiga"));
    let without = keeper.post("/pengaturan/institusi/baru", &[("name", "Kota Empat"), ("kind", "kota")]).await;
    assert!(status(&without) == 422 && without.says("Isi alamat situsnya"), "{}", without.text());
}

#[tokio::test]
async fn no_page_of_one_city_shows_or_changes_a_unit_of_another() {
    let world = World::new().await;
    let (desk, facts) = (world.there.desk(), typed("opd", "Dinas Rahasia").check(None).unwrap());
    world.database.write(move |db| crate::enter_unit(db, &desk, &facts)).await.unwrap();
    let browser = world.coordinator();
    for path in ["", "/akhiri", "/riwayat"] {
        assert_eq!(status(&browser.get(&format!("/kelola/unit/dinas-rahasia{path}")).await), 404);
    }
    assert_eq!(status(&browser.get("/unit/dinas-rahasia").await), 404);
    for path in ["/unit", "/kelola/unit", "/unit.csv", "/kelola/unit/baru", "/unit?cari=rahasia"] {
        assert!(!page(&browser, path).await.says("Dinas Rahasia"), "{path}");
    }
    let sent = [("version", "1"), ("name", "Milik kami"), ("kind", "opd"), ("on", "2026-11-01")];
    for path in ["", "/akhiri", "/lanjutkan"] {
        assert_eq!(status(&browser.post(&format!("/kelola/unit/dinas-rahasia{path}"), &sent).await), 404, "{path}");
    }
    let below = [("name", "Loket"), ("kind", "upp"), ("parent", "dinas-rahasia")];
    assert!(browser.post("/kelola/unit/baru", &below).await.says("Pilih induk dari daftar."));
    let into = [("version", "1"), ("on", "2026-11-01"), ("successor", "dinas-rahasia")];
    assert_eq!(status(&browser.post("/kelola/unit/loket-dinas-sosial/akhiri", &into).await), 422);
    assert_eq!(world.unit(&world.there, "dinas-rahasia").await.unwrap().version, 1);
}

#[tokio::test]
async fn whoever_works_in_one_city_is_nobody_in_another() {
    let world = World::new().await;
    let astray = world.signed_in(THERE, "koordinator@satu");
    assert_eq!(status(&astray.get("/kelola/unit").await), 303);
    assert_eq!(status(&astray.post("/kelola/unit/baru", &[("name", "X"), ("kind", "opd")]).await), 401);
    // A draft of the one city, asked for by number in the other.
    let of = DraftOf { institution: world.here.id, account: account("koordinator@dua"), purpose: "units" };
    let row = Row { line: 2, cells: vec!["Dinas Rahasia".into()] };
    let table = Table { name: "a.csv".into(), columns: vec!["Nama".into()], rows: vec![row] };
    let draft = world.database.write(move |db| keep_draft(db, of, &table, super::world::NOW)).await.unwrap();
    let there = world.signed_in(THERE, "koordinator@dua");
    assert_eq!(status(&there.get(&format!("/kelola/impor/unit/periksa?berkas={draft}")).await), 303);
    assert_eq!(status(&there.get(&format!("/kelola/impor/unit/keliru.csv?berkas={draft}")).await), 404);
}
