//! Taking in a table of people.

use super::{City, between, hidden, link_on};
use platform::identity::Role;
use platform::testing::{Browser, each_engine};

const TABLE: &str = "Nama;Surel;Peran;Unit\n\
    Sari Dewi;sari@contoh.go.id;Petugas loket;1.06.1\n\
    Sari Dewi;SARI@contoh.go.id;Kepala unit;Dinas Kesehatan\n\
    Budi;budi@contoh.go.id;Sekretaris Daerah;\n\
    ;tanpa-nama@contoh.go.id;Juri;\n\
    Wati;bukan surel;Raja;Unit Hilang\n\
    Joko;joko@contoh.go.id;Petugas loket;\n\
    Rina;rina@contoh.go.id;Juri;1.06\n";

async fn send(browser: &Browser, table: &str) -> platform::testing::Answer {
    browser.upload("/kelola/impor/orang", &[], ("berkas", "orang.csv", table.as_bytes())).await
}

#[test]
fn a_table_is_shown_row_by_row_before_anything_is_stored() {
    each_engine("a table is shown row by row", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        assert!(admin.get("/kelola/impor/orang").await.says("type=\"file\""));
        let sent = send(&admin, TABLE).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", sent.text());
        let page = admin.get(sent.location()).await;
        assert_eq!(page.text().matches("Undangan baru</strong>").count(), 3);
        assert_eq!(page.text().matches("Perlu diperbaiki</strong>").count(), 4);
        for sentence in
            ["Isi nama.", "Isi surel", "Tulis peran", "Unit ini tidak ditemukan", "Pilih unit", "Kosongkan unit"]
        {
            assert!(page.says(sentence), "{sentence}");
        }
        assert!(!admin.get("/kelola/orang").await.says("Budi"), "nothing is stored yet");
        let wrong = admin.get(&format!("{}/perbaiki", sent.location())).await;
        assert!(wrong.says("Joko") && !wrong.says("Budi") && wrong.says("Yang perlu diperbaiki"));
    });
}

#[test]
fn the_right_rows_are_stored_together_and_links_are_shown_once() {
    each_engine("the right rows are stored together", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let path = send(&admin, TABLE).await.location().to_owned();
        let fingerprint = hidden(&admin.get(&path).await.text(), "fingerprint");
        let links = admin.post(&path, &[("fingerprint", &fingerprint)]).await;
        assert_eq!(
            (links.status.as_u16(), links.text().matches("/undangan/").count()),
            (200, 2),
            "two people, three roles"
        );
        assert_eq!(links.headers["cache-control"], "no-store");
        let link = link_on(&links.text());
        let chosen = "sepeda merah di bawah hujan";
        let browser = city.browser();
        browser.post(&link, &[("name", "Sari Dewi"), ("new_password", chosen), ("again", chosen)]).await;
        let account = browser.get("/akun").await;
        assert!(account.says("Petugas loket, Loket Sosial") && account.says("Kepala unit, Dinas Kesehatan"));
        assert_eq!(admin.get(&path).await.status.as_u16(), 404, "the table is forgotten");
        assert!(city.chain_is_whole().await);
    });
}

#[test]
fn the_same_table_again_changes_nothing_and_a_new_role_is_added() {
    each_engine("the same table again changes nothing", |database| async move {
        let city = City::new(database).await;
        city.person("Sari", Role::Juror, None).await;
        let admin = city.admin().await;
        let table = "nama,email,peran\nSari,sari@contoh.go.id,juror\nSari,sari@contoh.go.id,evaluator\n";
        let path = send(&admin, table).await.location().to_owned();
        let page = admin.get(&path).await.text();
        assert!(page.contains("Sudah ada</strong>") && page.contains("Peran ditambah</strong>"));
        let stored = admin.post(&path, &[("fingerprint", &hidden(&page, "fingerprint"))]).await;
        assert!(stored.says("Tidak ada undangan baru"));
        let again = send(&admin, table).await.location().to_owned();
        let page = admin.get(&again).await.text();
        assert_eq!(page.matches("Sudah ada</strong>").count(), 2);
        assert!(!page.contains("name=\"fingerprint\""), "there is nothing to store");
    });
}

#[test]
fn what_changed_since_the_preview_is_shown_again_instead_of_stored() {
    each_engine("what changed since the preview is shown again", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let path = send(&admin, TABLE).await.location().to_owned();
        let fingerprint = hidden(&admin.get(&path).await.text(), "fingerprint");
        city.person("Budi", Role::Sekda, None).await;
        let answer = admin.post(&path, &[("fingerprint", &fingerprint)]).await;
        assert!(answer.status.as_u16() == 422 && answer.says("berubah sejak pratinjau"));
        assert!(!admin.get("/kelola/orang").await.says("Sari Dewi"));
    });
}

#[test]
fn a_coordinator_imports_no_system_admin() {
    each_engine("a coordinator imports no system admin", |database| async move {
        let city = City::new(database).await;
        city.person("Admin", Role::SystemAdmin, None).await;
        let coordinator = city.person("Koordinator", Role::Coordinator, None).await;
        let (browser, _, _) = city.enrolled(&coordinator).await;
        let table = "nama,surel,peran\nX,x@contoh.go.id,Admin sistem\nAdmin,admin@contoh.go.id,Juri\n";
        let path = send(&browser, table).await.location().to_owned();
        let page = browser.get(&path).await;
        assert_eq!(page.text().matches("hanya dapat diberikan oleh admin sistem").count(), 2);
    });
}

#[test]
fn a_file_that_is_no_table_of_people_is_explained() {
    each_engine("a file that is no table of people is explained", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let missing = send(&admin, "Nama;Warna\nA;B\n").await;
        assert!(missing.status.as_u16() == 422 && missing.says("Surel") && missing.says("Peran"));
        assert_eq!(send(&admin, "%PDF-1.7").await.status.as_u16(), 422);
        let none = admin.upload("/kelola/impor/orang", &[], ("lain", "", b"")).await;
        assert!(none.status.as_u16() == 422 && none.says("Pilih berkas"));
    });
}

#[test]
fn a_preview_belongs_to_whoever_sent_the_table() {
    each_engine("a preview belongs to whoever sent the table", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let path = send(&admin, TABLE).await.location().to_owned();
        let other = city.person("Kedua", Role::SystemAdmin, None).await;
        let (other, _, _) = city.enrolled(&other).await;
        assert_eq!(other.get(&path).await.status.as_u16(), 404);
        assert_eq!(other.post(&path, &[("fingerprint", "x")]).await.status.as_u16(), 404);
    });
}

#[test]
fn the_template_is_a_table_that_can_be_sent() {
    each_engine("the template is a table that can be sent", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let csv = admin.get("/kelola/impor/orang/contoh/orang.csv").await;
        assert!(csv.says("Nama,Surel,Peran,Unit"));
        let sent = send(&admin, &csv.text()).await;
        assert_eq!(sent.status.as_u16(), 303);
        assert!(admin.get(sent.location()).await.says("Unit ini tidak ditemukan"), "its example names no real unit");
        let xlsx = admin.get("/kelola/impor/orang/contoh/orang.xlsx").await;
        assert!(xlsx.bytes.starts_with(b"PK"));
        let sent = admin.upload("/kelola/impor/orang", &[], ("berkas", "orang.xlsx", &xlsx.bytes)).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", between(&(sent.text() + "<main"), "", "<main"));
    });
}
