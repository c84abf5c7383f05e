//! Forms, minutes and decrees as files: who reads them, and when they may go.

use super::world::{HERE, THERE, World};
use platform::testing::{Answer, Browser};
use time::macros::date;

const TABLE: &[u8] = b"nama,nilai\nA,1\n";

async fn add(browser: &Browser, slug: &str, title: &str, role: &str) -> Answer {
    let path = format!("/kelola/layanan/{slug}/berkas");
    browser.upload(&path, &[("title", title), ("role", role)], ("berkas", "isi.csv", TABLE)).await
}

/// The address of the file that a page links to by a title.
fn linked(page: &Answer, title: &str) -> String {
    let text = page.text();
    let before = text.split(&format!("\">{title}</a>")).next().expect("a page").to_owned();
    let id = before.rsplit("href=\"").next().unwrap_or_default();
    assert!(id.starts_with("/berkas/"), "{title}: {text}");
    id.to_owned()
}

#[tokio::test]
async fn a_form_stands_on_the_page_of_the_service_and_everybody_reads_it() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let admin = world.admin();
    let added = add(&admin, &slug, "Formulir F-2.01", "form").await;
    assert_eq!(added.location(), format!("/kelola/layanan/{slug}/berkas?selesai=berkas"), "{}", added.text());
    let public = world.browser.at(HERE).get(&format!("/layanan/{slug}")).await;
    let file = linked(&public, "Formulir F-2.01");
    let read = world.browser.at(HERE).get(&file).await;
    assert_eq!((read.status.as_u16(), read.bytes.as_slice()), (200, TABLE));
    assert_eq!(world.browser.at(THERE).get(&file).await.status, 404, "another city");
    let list = admin.get(added.location()).await;
    assert!(list.says("Berkas sudah disimpan.") && list.says("berkas/hapus?berkas="), "{}", list.text());
    let id = file.split('/').nth(2).expect("an identifier").to_owned();
    let asked = admin.get(&format!("/kelola/layanan/{slug}/berkas/hapus?berkas={id}")).await;
    assert!(asked.says("Formulir F-2.01"), "{}", asked.text());
    let removed = admin.post(&format!("/kelola/layanan/{slug}/berkas/hapus"), &[("berkas", &id)]).await;
    assert_eq!(removed.location(), format!("/kelola/layanan/{slug}/berkas?selesai=berkas-hapus"));
    assert_eq!(world.browser.at(HERE).get(&file).await.status, 404);
    assert!(!world.browser.at(HERE).get(&format!("/layanan/{slug}")).await.says("F-2.01"));
}

#[tokio::test]
async fn a_decree_is_for_staff_until_its_standard_is_published_and_is_evidence_then() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let (admin, stranger) = (world.admin(), world.browser.at(HERE));
    let early = add(&admin, &slug, "Keputusan", "decree").await;
    assert!(early.status == 422 && early.says("Mulai Standar Pelayanan lebih dulu"), "{}", early.text());
    let (city, for_write) = (world.here.clone(), slug.clone());
    let begun = world.database.write(move |db| {
        let service = crate::service_by_slug(db, city.id, &for_write)?.ok_or(crate::Refused::NotFound)?;
        crate::begin_standard(db, &city.desk(), service.id)
    });
    let begun = begun.await.expect("begun");
    for (title, role) in [("Keputusan 12", "decree"), ("Berita acara FKP", "minutes")] {
        assert_eq!(add(&admin, &slug, title, role).await.status, 303, "{title}");
    }
    let list = admin.get(&format!("/kelola/layanan/{slug}/berkas")).await;
    let decree = linked(&list, "Keputusan 12");
    assert!(list.says("Hanya petugas") && list.says("Versi 1"), "{}", list.text());
    assert_eq!(stranger.get(&decree).await.status, 404);
    assert_eq!(world.signed_in(HERE, "auditor@satu").get(&decree).await.status, 200);
    let city = world.here.clone();
    let published = world.database.write(move |db| super::standards::brought_into_force(db, &city, &begun));
    published.await.expect("published");
    let shown = stranger.get(&format!("/layanan/{slug}/standar/1")).await;
    assert_eq!(linked(&shown, "Keputusan 12"), decree);
    assert!(shown.says("Berita acara FKP"), "{}", shown.text());
    assert_eq!(stranger.get(&decree).await.status, 200);
    let id = decree.split('/').nth(2).expect("an identifier").to_owned();
    let kept = admin.post(&format!("/kelola/layanan/{slug}/berkas/hapus"), &[("berkas", &id)]).await;
    assert!(kept.status == 422 && kept.says("adalah bukti"), "{}", kept.text());
    assert_eq!(stranger.get(&decree).await.status, 200);
}

#[tokio::test]
async fn what_belongs_to_a_version_that_goes_back_to_its_writers_is_let_go() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let admin = world.admin();
    let (city, for_write) = (world.here.clone(), slug.clone());
    let discussed = world.database.write(move |db| {
        let service = crate::service_by_slug(db, city.id, &for_write)?.ok_or(crate::Refused::NotFound)?;
        let begun = crate::begin_standard(db, &city.desk(), service.id)?;
        let held = crate::Discussion { on: date!(2026 - 11 - 01), with: "Warga".into(), minutes: String::new() };
        crate::discuss_standard(db, &city.desk(), begun.id, begun.version, &held)
    });
    let discussed = discussed.await.expect("discussed");
    assert_eq!(add(&admin, &slug, "Berita acara", "minutes").await.status, 303);
    assert_eq!(add(&admin, &slug, "Formulir", "form").await.status, 303);
    let city = world.here.clone();
    let reopened =
        world.database.write(move |db| crate::reopen_standard(db, &city.desk(), discussed.id, discussed.version));
    reopened.await.expect("reopened");
    let list = admin.get(&format!("/kelola/layanan/{slug}/berkas")).await;
    assert!(!list.says(">Berita acara</a>") && list.says(">Formulir</a>"), "{}", list.text());
}

#[tokio::test]
async fn a_bad_form_keeps_what_was_typed_and_others_may_not_send() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let bad = add(&world.admin(), &slug, "Formulir", "").await;
    assert!(
        bad.status == 422 && bad.says("Pilih jenis berkasnya.") && bad.says("value=\"Formulir\""),
        "{}",
        bad.text()
    );
    assert!(bad.says("Sudah terkirim: isi.csv"), "the file need not be sent again: {}", bad.text());
    let auditor = add(&world.signed_in(HERE, "auditor@satu"), &slug, "Formulir", "form").await;
    assert_eq!(auditor.status, 403);
}

#[tokio::test]
async fn a_declaration_tells_where_it_was_published_with_its_fingerprint() {
    let world = World::new().await;
    let city = world.here.clone();
    let declared = world.database.write(move |db| {
        let draft = crate::write_declaration(db, &city.desk(), city.office.id, 0, ("Kami sanggup.", "Kepala Dinas"))?;
        crate::publish_declaration(db, &city.desk(), city.office.id, draft.version, date!(2026 - 11 - 02))
    });
    declared.await.expect("declared");
    let admin = world.admin();
    let path = "/kelola/maklumat/dinas-kependudukan";
    let sent = [("medium", "board"), ("place", "Papan ruang tunggu"), ("published_on", "2026-11-20")];
    let noted = admin.post(&format!("{path}/bukti"), &sent).await;
    assert_eq!(noted.location(), format!("{path}?selesai=bukti"), "{}", noted.text());
    let public = world.browser.at(HERE).get("/maklumat/dinas-kependudukan").await;
    let hash = crate::fingerprint("Kami sanggup.");
    assert!(public.says("Papan ruang tunggu") && public.says("Situs ini") && public.says(&hash), "{}", public.text());
    let ahead = [("medium", "board"), ("place", "Papan"), ("published_on", "2026-12-20")];
    let refused = admin.post(&format!("{path}/bukti"), &ahead).await;
    assert!(refused.status == 422 && refused.says("value=\"Papan\""), "{}", refused.text());
}
