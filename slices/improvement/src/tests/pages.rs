//! The pages from outside: each shows itself, takes a good form, explains a bad one, and keeps units and people apart.

use super::world::{World, account};
use crate::measure::Owner;
use platform::testing::{Answer, Browser};

const LIST: &str = "/kelola/perbaikan";

async fn page(browser: &Browser, path: &str) -> Answer {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

/// A value that a form carries.
fn carried(page: &Answer, name: &str) -> String {
    let text = page.text();
    let rest = text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {text}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Enters a finding of the office; gives its address.
async fn entered(world: &World) -> String {
    let form = [
        ("unit", "dinas-kependudukan"),
        ("title", "Antrean pagi"),
        ("source", "complaint"),
        ("reference", "LAPOR 123"),
        ("said", "Antrean melewati pintu."),
        ("figure", "47,5"),
    ];
    let sent = world.who("admin").post("/kelola/perbaikan/baru", &form).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent.location().split('?').next().unwrap_or_default().to_owned()
}

/// Plans a measure of a finding for somebody; gives its address.
async fn planned(world: &World, finding: &str, owner: &str) -> String {
    let admin = world.who("admin");
    let to = format!("{finding}/tindakan");
    let version = carried(&page(&admin, &to).await, "version");
    let form = [("version", &*version), ("what", "Buka loket 4"), ("owner", owner), ("working_days", "10")];
    let sent = admin.post(&to, &form).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let shown = page(&admin, finding).await.text();
    let rest = shown.split("href=\"/kelola/tindakan/").nth(1).expect("the measure is listed");
    format!("/kelola/tindakan/{}", rest.split('"').next().unwrap_or_default())
}

#[tokio::test]
async fn what_people_said_becomes_what_everybody_reads() {
    let world = World::new().await;
    let finding = entered(&world).await;
    let measure = planned(&world, &finding, &Owner::Account(account("loket")).to_string()).await;
    let (owner, head, anybody) = (world.who("loket"), world.who("kepala"), world.browser.at(super::world::HERE));
    let shown = page(&owner, &measure).await;
    assert!(shown.says("4 Desember 2026 (10 hari kerja sejak 21 November 2026)"), "{}", shown.text());
    let done = [("version", "1"), ("done_words", "Loket 4 dibuka."), ("proof_url", "contoh.go.id/loket")];
    let sent = owner.upload(&format!("{measure}/selesai"), &done, ("berkas", "", b"")).await;
    assert_eq!(sent.location(), format!("{measure}?selesai=selesai"), "{}", sent.text());
    assert!(page(&anybody, "/anda-bilang").await.says("Belum ada yang tayang"), "nothing before it is verified");
    let verify = [("version", "2"), ("step", "verify")];
    assert_eq!(owner.post(&format!("{measure}/langkah"), &verify).await.status, 403, "not the owner");
    assert_eq!(head.post(&format!("{measure}/langkah"), &verify).await.status, 303);
    let form = page(&head, &format!("{finding}/tayang")).await;
    assert!(form.says("Antrean melewati pintu.") && form.says("Loket 4 dibuka."), "words are proposed");
    let version = carried(&form, "version");
    let words = [("version", &*version), ("public_said", "Antrean panjang."), ("public_done", "Loket 4 dibuka.")];
    assert_eq!(head.post(&format!("{finding}/tayang"), &words).await.status, 303);
    for path in ["/anda-bilang", "/anda-bilang/dinas-kependudukan"] {
        let public = page(&anybody, path).await;
        assert!(public.says("Antrean panjang.") && public.says("47,5") && public.says("https://contoh.go.id/loket"));
        assert!(!public.says("Sari"), "no names of people");
    }
    assert!(page(&anybody, "/anda-bilang/dinas-sosial").await.says("Belum ada yang tayang"));
    assert!(page(&anybody, "/anda-bilang?lang=en").await.says("You said, we did"));
    let history = page(&head, &finding).await;
    assert!(history.says("Sari loket: Loket 4 dibuka.") && history.says("Temuan ditayangkan"), "{}", history.text());
}

#[tokio::test]
async fn a_file_that_proves_is_for_staff_until_everybody_may_read_it() {
    let world = World::new().await;
    let finding = entered(&world).await;
    let measure = planned(&world, &finding, "peran:unit-admin").await;
    let (admin, head, anybody) = (world.who("admin"), world.who("kepala"), world.browser.at(super::world::HERE));
    let to = format!("{measure}/selesai");
    let words = [("version", "1"), ("done_words", "Loket 4 dibuka."), ("proof_url", "")];
    let bare = admin.upload(&to, &words, ("berkas", "", b"")).await;
    assert!(
        bare.status == 422 && bare.says("Sertakan berkas bukti") && bare.says("Loket 4 dibuka."),
        "{}",
        bare.text()
    );
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
    let sent = admin.upload(&to, &words, ("berkas", "bukti.pdf", pdf)).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let shown = page(&head, &measure).await.text();
    let rest = shown.split("href=\"/berkas/").nth(1).expect("the file is listed");
    let file = format!("/berkas/{}", rest.split('"').next().unwrap_or_default());
    assert_eq!(head.get(&file).await.status, 200);
    assert_eq!(anybody.get(&file).await.status, 404);
    head.post(&format!("{measure}/langkah"), &[("version", "2"), ("step", "verify")]).await;
    let version = carried(&page(&head, &format!("{finding}/tayang")).await, "version");
    let words = [("version", &*version), ("public_said", "Antrean panjang."), ("public_done", "Loket 4 dibuka.")];
    head.post(&format!("{finding}/tayang"), &words).await;
    assert_eq!(anybody.get(&file).await.status, 200);
    let version = carried(&page(&head, &finding).await, "version");
    head.post(&format!("{finding}/langkah"), &[("version", &*version), ("step", "withdraw")]).await;
    assert_eq!(anybody.get(&file).await.status, 404, "and no longer, once it is withdrawn");
}

#[tokio::test]
async fn a_bad_form_is_explained_and_keeps_what_was_typed() {
    let world = World::new().await;
    let admin = world.who("admin");
    let form = [("unit", "dinas-sosial"), ("title", "Antrean"), ("source", "survey"), ("said", "Panjang.")];
    let refused = admin.post("/kelola/perbaikan/baru", &form).await;
    assert!(refused.status == 422 && refused.says("Pilih unit."), "another's unit: {}", refused.text());
    let form = [("unit", "dinas-kependudukan"), ("title", "Antrean"), ("source", "survey"), ("said", "Panjang.")];
    let refused = admin.post("/kelola/perbaikan/baru", &form).await;
    assert!(refused.says("Pilih sumber temuan.") && refused.says("value=\"Antrean\"") && refused.says("Panjang."));
    let finding = entered(&world).await;
    let to = format!("{finding}/tindakan");
    let form = [("version", "1"), ("what", "Buka loket 4"), ("owner", ""), ("working_days", "300")];
    let refused = admin.post(&to, &form).await;
    assert!(refused.says("Pilih penanggung jawab") && refused.says("1 sampai 250") && refused.says("Buka loket 4"));
    let again = [
        ("unit", "dinas-kependudukan"),
        ("title", "Lain"),
        ("source", "complaint"),
        ("reference", "LAPOR 123"),
        ("said", "Lain."),
    ];
    let refused = admin.post("/kelola/perbaikan/baru", &again).await;
    assert!(refused.status == 422 && refused.says("Temuan dari sumber ini sudah ada."), "{}", refused.text());
}

#[tokio::test]
async fn the_list_narrows_and_is_the_same_as_a_table() {
    let world = World::new().await;
    let finding = entered(&world).await;
    planned(&world, &finding, "peran:counter-officer").await;
    let (owner, admin) = (world.who("loket"), world.who("admin"));
    assert!(page(&owner, &format!("{LIST}?saya=ya")).await.says("Antrean pagi"));
    assert!(page(&admin, &format!("{LIST}?saya=ya")).await.says("Tidak ada temuan"), "the admin is not the owner");
    assert!(page(&admin, &format!("{LIST}?lewat=ya")).await.says("Tidak ada temuan"), "nothing is overdue");
    assert!(page(&admin, &format!("{LIST}?keadaan=in-hand")).await.says("Antrean pagi"));
    assert!(page(&admin, &format!("{LIST}?keadaan=open&unit=dinas-kependudukan")).await.says("Tidak ada temuan"));
    let table = page(&admin, "/kelola/perbaikan.csv").await.text();
    assert_eq!(table.lines().count(), 2, "{table}");
    assert!(
        table.contains("\"Pengaduan, LAPOR 123\"") && table.contains("Buka loket 4,Petugas loket,2026-12-04,tidak")
    );
    let none = page(&admin, "/kelola/perbaikan.csv?lewat=ya").await.text();
    assert_eq!(none.lines().count(), 1);
}

#[tokio::test]
async fn findings_of_another_unit_are_not_shown_to_this_one() {
    let world = World::new().await;
    let form = [("unit", "dinas-sosial"), ("title", "Kursi roda"), ("source", "forum"), ("said", "Tidak ada.")];
    let sent = world.who("koordinator").post("/kelola/perbaikan/baru", &form).await;
    let finding = sent.location().split('?').next().unwrap_or_default().to_owned();
    assert!(page(&world.who("koordinator"), LIST).await.says("Kursi roda"));
    for who in ["admin", "kepala", "loket"] {
        assert!(!page(&world.who(who), LIST).await.says("Kursi roda"), "{who}");
        assert_eq!(world.who(who).get(&finding).await.status, 403, "{who}");
    }
    let admin = world.who("admin");
    let plan = [("version", "1"), ("what", "Beli"), ("owner", "peran:unit-admin"), ("working_days", "5")];
    assert_eq!(admin.post(&format!("{finding}/tindakan"), &plan).await.status, 403);
    assert_eq!(world.who("auditor").get(&finding).await.status, 200, "who reads everything");
    assert_eq!(world.who("auditor").post(&format!("{finding}/tindakan"), &plan).await.status, 403);
    assert_eq!(world.who("juri").get(LIST).await.status, 403);
    assert_eq!(world.here.other.slug, "dinas-sosial");
    drop(world.database);
}
