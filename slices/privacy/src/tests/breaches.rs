//! A breach, its clock, its tasks, its letters.

use super::{City, NOW, hidden};
use crate::breach::{BreachState, Report};
use crate::{actions, store};
use platform::identity::Role;
use platform::personal::{PersonText, Personal as _};
use platform::testing::{each_engine, migrated_sqlite};
use time::Duration;

const FORM: [(&str, &str); 9] = [
    ("title", "Laptop hilang"),
    ("contact", "pdp@contoh.go.id"),
    ("what", "Daftar nomor telepon pemohon."),
    ("known_day", "2026-11-21"),
    ("known_hour", "07.30"),
    ("people", "1.200"),
    ("holding", "access.account"),
    ("how", "Dicuri dari mobil."),
    ("handling", "Kata sandi diganti."),
];

fn report() -> Report {
    Report {
        title: "Laptop hilang".into(),
        what: PersonText::read("Daftar hadir").unwrap(),
        how: None,
        handling: None,
        contact: "pdp@contoh.go.id".into(),
        people: None,
        public_needed: true,
        happened_at: None,
        known_at: NOW,
        holdings: vec!["access.account".into()],
    }
}

#[tokio::test]
async fn a_breach_is_recorded_told_of_and_closed_on_its_page() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let admin = city.as_role(Role::SystemAdmin);
    let answer = admin.post("/kelola/data-pribadi/kebocoran/baru", &FORM).await;
    let path = answer.location().split('?').next().unwrap().to_owned();
    assert!(path.starts_with("/kelola/data-pribadi/kebocoran/"), "{}", answer.text());
    let page = admin.get(&path).await;
    // Known at 07.30 WIB, half an hour ago: 71 whole hours are left.
    assert!(page.says("Sisa 71 jam") && page.says("24 November 2026, 07.30 WIB"), "{}", page.text());
    assert!(page.says("Daftar nomor telepon pemohon.") && !page.says("Umumkan kepada masyarakat"));
    assert!(admin.get("/kelola/data-pribadi").await.says("KB-2026-000001"), "the clock runs on the first page");
    for task in ["subjects", "agency", "close"] {
        let version = hidden(&admin.get(&path).await.text(), "version");
        let done = admin.post(&format!("{path}/tugas"), &[("task", task), ("version", &version)]).await;
        assert_eq!(done.status, 303, "{task}: {}", done.text());
    }
    assert!(admin.get(&path).await.says("Ditutup"));
    let acts = city.acts().await;
    assert_eq!(&acts[..2], ["privacy.breach-closed", "privacy.breach-notified"]);
}

#[tokio::test]
async fn a_breach_needs_what_and_when_it_was_known() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let officer = city.as_role(Role::DataProtectionOfficer);
    let mut form = FORM;
    (form[3].1, form[5].1) = ("2026-12-01", "banyak");
    let page = officer.post("/kelola/data-pribadi/kebocoran/baru", &form).await;
    assert!(page.status == 422 && page.says("Waktu ini belum tiba") && page.says("bilangan bulat"));
    assert!(page.says("Dicuri dari mobil."), "what was typed is kept");
    form[3].1 = "kemarin";
    assert!(officer.post("/kelola/data-pribadi/kebocoran/baru", &form).await.says("Isi tanggal dan jam"));
}

#[tokio::test]
async fn letters_hold_what_the_law_asks_and_say_what_is_not_known() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let officer = city.as_role(Role::DataProtectionOfficer);
    let path =
        officer.post("/kelola/data-pribadi/kebocoran/baru", &FORM).await.location().replace("?selesai=kebocoran", "");
    let letters = officer.get(&format!("{path}/surat")).await;
    for told in
        ["Daftar nomor telepon", "21 November 2026, 07.30 WIB", "Dicuri dari mobil", "Kata sandi diganti", "1200"]
    {
        assert!(letters.text().matches(told).count() >= 2, "in both letters: {told}");
    }
    assert!(letters.says("Belum diketahui, akan disusulkan") && letters.says("UU 27/2022 Pasal 46"));
}

#[test]
fn the_public_is_waited_for_only_where_it_must_be_told() {
    each_engine("a breach", |database| async move {
        let city = City::new(database).await;
        let desk = city.desk();
        let id = city.database.write(move |db| actions::record_breach(db, &desk, &report())).await.unwrap();
        let institution = city.institution;
        let state = || async {
            city.database.read(move |db| store::breaches::breach(db, institution, id)).await.unwrap().unwrap()
        };
        for (task, after) in [
            (crate::BreachTask::Subjects, BreachState::Open),
            (crate::BreachTask::Evidence, BreachState::Open),
            (crate::BreachTask::Agency, BreachState::Open),
            (crate::BreachTask::Public, BreachState::Notified),
        ] {
            let (desk, version) = (city.desk(), state().await.version);
            city.database.write(move |db| actions::finish(db, &desk, (id, version), task)).await.unwrap();
            assert_eq!(state().await.state, after, "{task:?}");
        }
        let (desk, version) = (city.desk(), state().await.version);
        let again = city.database.write(move |db| actions::dismiss(db, &desk, id, version)).await;
        assert!(matches!(again, Err(actions::Refused::WrongState)), "people were told that it was one");
    });
}

#[test]
fn the_clock_of_a_breach_reminds_at_its_hours() {
    each_engine("reminders of a breach", |database| async move {
        let city = City::new(database).await;
        let desk = city.desk();
        city.database.write(move |db| actions::record_breach(db, &desk, &report())).await.unwrap();
        let mut counts = Vec::new();
        for hours in [23, 1, 24, 18, 20] {
            city.clock.advance(Duration::hours(hours));
            city.remind().await;
            let acts = city.acts().await;
            counts.push(acts.iter().filter(|act| *act == "privacy.breach-reminded").count());
        }
        assert_eq!(counts, [0, 1, 2, 3, 3], "after 23, 24, 48, 66 and 86 hours");
    });
}
