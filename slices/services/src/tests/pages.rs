//! The pages from outside: each shows itself, takes a good form, explains a bad one, and keeps cities and units apart.

use super::world::{HERE, THERE, World};
use platform::testing::{Answer, Browser};

async fn page(browser: &Browser, path: &str) -> Answer {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

#[tokio::test]
async fn anybody_finds_a_service_by_a_misspelt_word_and_reads_what_it_takes() {
    let world = World::new().await;
    let slug = world.published("Penerbitan Kartu Keluarga baru").await;
    let here = world.browser.at(HERE);
    let found = page(&here, "/layanan?cari=kartu+kelurga").await;
    assert!(found.says(&format!("/layanan/{slug}\"")) && found.says("1 layanan"), "{}", found.text());
    let shown = page(&here, &format!("/layanan/{slug}")).await;
    assert!(shown.says("1 hari kerja") && shown.says("Gratis") && shown.says("2 syarat") && shown.says("Buku nikah"));
    let english = page(&here, &format!("/layanan/{slug}?lang=en")).await;
    assert!(english.says("1 working day") && english.says("Free") && english.says("2 items"));
}

#[tokio::test]
async fn when_nothing_fits_the_page_says_so_and_offers_the_nearest() {
    let world = World::new().await;
    world.published("Penerbitan Kartu Keluarga baru").await;
    let nothing = page(&world.browser.at(HERE), "/layanan?cari=kartu+kucing").await;
    assert!(nothing.says("Tidak ada layanan bernama “kartu kucing”."), "{}", nothing.text());
    assert!(nothing.says("Yang paling mirip") && nothing.says("Penerbitan Kartu Keluarga baru"));
}

#[tokio::test]
async fn the_list_begins_with_the_events_of_life_and_narrows_by_them() {
    let world = World::new().await;
    world.published("Penerbitan Kartu Keluarga baru").await;
    let all = page(&world.browser.at(HERE), "/layanan").await;
    assert!(all.says("/layanan?peristiwa=menikah") && all.says("1 layanan"));
    let married = page(&world.browser.at(HERE), "/layanan?peristiwa=menikah").await;
    assert!(married.says("Layanan untuk: Menikah") && married.says("Tidak ada layanan yang cocok"));
    let category = page(&world.browser.at(HERE), "/layanan?kategori=kependudukan&kanal=counter").await;
    assert!(category.says("1 layanan"));
}

#[tokio::test]
async fn a_city_without_services_says_what_will_be_here() {
    let world = World::new().await;
    world.published("Akta kelahiran").await;
    let empty = page(&world.browser.at(THERE), "/layanan").await;
    assert!(empty.says("Belum ada layanan") && !empty.says("Akta kelahiran"));
    assert_eq!(world.browser.at(THERE).get("/layanan/akta-kelahiran").await.status, 404);
    assert_eq!(world.there.desk().institution, world.there.id);
}

#[tokio::test]
async fn the_admin_of_a_unit_enters_publishes_and_withdraws_a_service() {
    let world = World::new().await;
    let admin = world.admin();
    let sent = [
        ("name", "Akta kelahiran"),
        ("unit", "dinas-kependudukan"),
        ("category", "kependudukan"),
        ("summary", "Kutipan akta bagi bayi yang baru lahir."),
        ("events", "lahir"),
        ("channels", "counter"),
        ("channels", "online"),
        ("amount", "2"),
        ("time_unit", "working-days"),
        ("fee", "free"),
        ("monday", "08.00-15.00"),
        ("requirements", "Surat kelahiran\nKartu Keluarga"),
    ];
    let entered = admin.post("/kelola/layanan/baru", &sent).await;
    assert_eq!(entered.location(), "/kelola/layanan/akta-kelahiran?selesai=baru", "{}", entered.text());
    assert!(page(&admin, entered.location()).await.says("Layanan sudah dimasukkan sebagai draf."));
    assert_eq!(world.browser.at(HERE).get("/layanan/akta-kelahiran").await.status, 404, "a draft is for staff");
    let published = admin.post("/kelola/layanan/akta-kelahiran/terbitkan", &[("version", "1")]).await;
    assert_eq!(published.location(), "/kelola/layanan/akta-kelahiran?selesai=terbit", "{}", published.text());
    let public = page(&world.browser.at(HERE), "/layanan/akta-kelahiran").await;
    assert!(public.says("Senin 08.00–15.00 WIB") && public.says("Loket, Daring"), "{}", public.text());
    let days = page(&world.browser.at(HERE), "/layanan/akta-kelahiran/jadwal").await;
    assert!(days.says("Senin, 23 November 2026") && days.says("Tutup"), "{}", days.text());
    let withdrawn = admin.post("/kelola/layanan/akta-kelahiran/tarik", &[("version", "2")]).await;
    assert_eq!(withdrawn.location(), "/kelola/layanan/akta-kelahiran?selesai=ditarik");
    let gone = world.browser.at(HERE).get("/layanan/akta-kelahiran").await;
    assert!(gone.status == 410 && gone.says("tidak diberikan lagi"));
}

#[tokio::test]
async fn a_bad_form_explains_itself_and_keeps_what_was_typed() {
    let world = World::new().await;
    let sent = [("name", "Akta"), ("unit", "dinas-sosial"), ("amount", "cepat"), ("monday", "pagi")];
    let refused = world.admin().post("/kelola/layanan/baru", &sent).await;
    assert_eq!(refused.status, 422);
    assert!(refused.says("value=\"cepat\"") && refused.says("value=\"pagi\"") && refused.says("value=\"Akta\""));
    assert!(refused.says("Pilih unit yang masih melayani.") && refused.says("Pilih kategori."), "{}", refused.text());
}

#[tokio::test]
async fn an_incomplete_service_is_not_published_and_the_page_says_what_lacks() {
    let world = World::new().await;
    let admin = world.admin();
    let sent = [("name", "Legalisir"), ("unit", "dinas-kependudukan"), ("category", "lainnya")];
    assert_eq!(admin.post("/kelola/layanan/baru", &sent).await.status, 303);
    let refused = admin.post("/kelola/layanan/legalisir/terbitkan", &[("version", "1")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.says("Isi ringkasan sebelum menerbitkan.") && refused.says("value=\"Legalisir\""));
}

#[tokio::test]
async fn nobody_changes_a_service_of_another_unit_or_a_stale_one() {
    let world = World::new().await;
    let city = world.here.clone();
    let entered = world.database.write(move |db| {
        let facts = super::world::typed("Bantuan sosial").check().map_err(crate::Refused::Faults)?;
        crate::enter_service(db, &city.desk(), city.other.id, &facts, false)
    });
    entered.await.expect("it is entered");
    let admin = world.admin();
    assert_eq!(admin.get("/kelola/layanan/bantuan-sosial").await.status, 403);
    assert_eq!(admin.post("/kelola/layanan/bantuan-sosial/terbitkan", &[("version", "1")]).await.status, 403);
    assert!(!page(&admin, "/kelola/layanan").await.says("Bantuan sosial"), "an admin sees the own unit");
    let coordinator = world.signed_in(HERE, "koordinator@satu");
    assert!(page(&coordinator, "/kelola/layanan").await.says("Bantuan sosial"));
    let sent = [("version", "7"), ("name", "Bansos"), ("unit", "dinas-sosial"), ("category", "sosial")];
    let stale = coordinator.post("/kelola/layanan/bantuan-sosial", &sent).await;
    assert!(stale.status == 422 && stale.says("Orang lain mengubah") && stale.says("value=\"Bansos\""));
}

#[tokio::test]
async fn staff_pages_are_shown_in_both_languages_to_whoever_may() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let coordinator = world.signed_in(HERE, "koordinator@satu");
    for path in [
        "/kelola/layanan".into(),
        "/kelola/layanan/baru".into(),
        format!("/kelola/layanan/{slug}"),
        format!("/kelola/layanan/{slug}/tarik"),
    ] {
        for language in ["id", "en"] {
            let shown = page(&coordinator, &format!("{path}?lang={language}")).await;
            assert!(shown.says(&format!("lang=\"{language}\"")), "{path}");
        }
        assert_eq!(world.browser.at(HERE).get(&path).await.status, 303, "{path} asks a stranger to sign in");
    }
    let auditor = world.signed_in(HERE, "auditor@satu");
    let read = page(&auditor, &format!("/kelola/layanan/{slug}")).await;
    assert!(!read.says("<form class=\"p-narrow\"") && read.says("Dokumen susunan keluarga."));
}

#[tokio::test]
async fn the_services_are_open_data() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let here = world.browser.at(HERE);
    let table = page(&here, "/layanan.csv").await;
    assert!(table.text().starts_with("\u{feff}Nama layanan,Unit,") && table.says("Akta kelahiran,2.06,kependudukan"));
    let json: serde_json::Value = serde_json::from_str(&page(&here, "/layanan.json").await.text()).expect("it is JSON");
    let service = &json["services"][0];
    assert!(service["url"].as_str().is_some_and(|url| url.ends_with(&format!("/layanan/{slug}"))));
    assert_eq!((&service["duration"]["unit"], &service["fee"]["kind"]), (&"working-days".into(), &"free".into()));
    assert_eq!(world.app.database().engine(), platform::database::Engine::Sqlite);
}
