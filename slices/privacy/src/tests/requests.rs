//! A request from its form to its copy, over the pages.

use super::{ABOUT, City, EMAIL, NAME, NIK, PHONE, asked, between, hidden};
use crate::actions;
use crate::request::RequestKind;
use platform::identity::Role;
use platform::testing::migrated_sqlite;
use std::io::{Cursor, Read as _};
use time::Duration;

const FORM: [(&str, &str); 6] =
    [("kind", "access"), ("name", NAME), ("email", EMAIL), ("phone", PHONE), ("nik", NIK), ("about", ABOUT)];

#[tokio::test]
async fn a_citizen_asks_without_an_account_and_is_told_number_deadline_and_link() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let browser = city.browser();
    let page = browser.post("/data-pribadi/permintaan", &FORM).await;
    assert!(page.status == 200 && page.says("DP-2026-000001"), "{}", page.text());
    assert!(page.says("24 November 2026, 08.00 WIB"), "three times twenty-four hours later");
    assert!(page.location().is_empty(), "the secret stands in no header");
    assert_eq!(page.headers["cache-control"], "no-store");
    let text = page.text();
    let link = between(&text, "href=\"http://contoh.go.id/data-pribadi/permintaan/", "\"");
    let followed = browser.get(&format!("/data-pribadi/permintaan/{link}")).await;
    assert!(followed.status == 200 && followed.says("Diterima") && followed.says("Sisa 72 jam"), "{}", followed.text());
    for told in [NAME, EMAIL, NIK] {
        assert!(!followed.says(told), "whoever finds the link learns nobody's {told}");
    }
}

#[tokio::test]
async fn a_form_sent_twice_is_one_request_and_a_changed_one_another() {
    let fresh = migrated_sqlite();
    let browser = City::new(fresh.clone()).await.browser();
    let once = hidden(&browser.get("/data-pribadi/permintaan").await.text(), "once");
    let mut form = FORM.to_vec();
    form.push(("once", &once));
    let pages =
        [browser.post("/data-pribadi/permintaan", &form).await, browser.post("/data-pribadi/permintaan", &form).await];
    let links = pages.map(|page| {
        assert!(page.says("DP-2026-000001"), "{}", page.text());
        between(&page.text(), "href=\"http://contoh.go.id/data-pribadi/permintaan/", "\"").to_owned()
    });
    assert_eq!(links[0], links[1], "the same link is handed over");
    assert_eq!(browser.get(&format!("/data-pribadi/permintaan/{}", links[0])).await.status, 200);
    form[5].1 = "Saya minta data yang lain.";
    assert!(
        browser.post("/data-pribadi/permintaan", &form).await.says("DP-2026-000002"),
        "what was changed is not lost"
    );
}

#[tokio::test]
async fn a_form_that_cannot_be_taken_keeps_what_was_typed() {
    let fresh = migrated_sqlite();
    let browser = City::new(fresh.clone()).await.browser();
    let mut form = FORM;
    (form[4].1, form[3].1) = ("123", "08");
    let page = browser.post("/data-pribadi/permintaan", &form).await;
    assert_eq!(page.status, 422);
    assert!(page.says("NIK terdiri dari 16 angka") && page.says("nomor telepon seperti") && page.says(NAME));
    let page = browser.post("/data-pribadi/permintaan", &[("kind", "access"), ("name", NAME), ("about", "x")]).await;
    assert!(page.status == 422 && page.says("Isi surel atau telepon"));
}

#[tokio::test]
async fn a_link_that_nobody_has_says_what_to_do() {
    let fresh = migrated_sqlite();
    let browser = City::new(fresh.clone()).await.browser();
    let page = browser.get("/data-pribadi/permintaan/salah").await;
    assert!(page.status == 410 && page.says("Tautan tidak berlaku"));
    assert_eq!(browser.get("/data-pribadi/permintaan/salah/salinan").await.status, 404);
}

#[tokio::test]
async fn the_officer_sees_masks_and_opens_with_a_reason_that_is_recorded() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (id, _) = city.ask(RequestKind::Access).await;
    let officer = city.as_role(Role::DataProtectionOfficer);
    let path = format!("/kelola/data-pribadi/permintaan/{id}");
    let page = officer.get(&path).await;
    assert!(page.says("S. A. L.") && page.says("••••••••••••3456") && page.says("0812•••••78"), "{}", page.text());
    for told in [NAME, NIK, EMAIL, ABOUT, "+6281234567878"] {
        assert!(!page.says(told), "{told}");
    }
    let refused = officer.post(&format!("{path}/buka"), &[]).await;
    assert!(refused.status == 422 && refused.says("Pilih alasan membuka") && !refused.says(NIK));
    assert!(!city.acts().await.contains(&"personal.revealed".to_owned()));
    let opened = officer.post(&format!("{path}/buka"), &[("reason", "identify")]).await;
    for told in [NAME, NIK, EMAIL, ABOUT, "+6281234567878"] {
        assert!(opened.says(told), "{told}: {}", opened.text());
    }
    assert_eq!(city.acts().await[0], "personal.revealed");
}

#[tokio::test]
async fn a_request_goes_from_the_form_to_a_copy_that_is_there_for_seven_days() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (id, receipt) = city.ask(RequestKind::Access).await;
    let officer = city.as_role(Role::DataProtectionOfficer);
    let path = format!("/kelola/data-pribadi/permintaan/{id}");
    let steps: [&[(&str, &str)]; 4] = [
        &[("step", "ask-identity")],
        &[("step", "verify"), ("verified_by", "document")],
        &[("step", "decide"), ("decision", "granted"), ("answer", "Silakan unduh.")],
        &[("step", "carry-out")],
    ];
    for step in steps {
        let version = hidden(&officer.get(&path).await.text(), "version");
        let form: Vec<(&str, &str)> = step.iter().copied().chain([("version", version.as_str())]).collect();
        let answer = officer.post(&format!("{path}/langkah"), &form).await;
        assert_eq!(answer.location(), format!("{path}?selesai=langkah"), "{}", answer.text());
    }
    let follow = format!("/data-pribadi/permintaan/{}", receipt.token.reveal());
    let citizen = city.browser();
    let page = citizen.get(&follow).await;
    assert!(page.says("Silakan unduh.") && page.says("Unduh salinan") && page.says("Dilaksanakan"), "{}", page.text());
    let copy = citizen.get(&format!("{follow}/salinan")).await;
    assert_eq!(copy.headers["content-disposition"], "attachment; filename=\"DP-2026-000001.zip\"");
    let mut archive = zip::ZipArchive::new(Cursor::new(copy.bytes)).unwrap();
    let mut data = String::new();
    archive.by_name("data.json").unwrap().read_to_string(&mut data).unwrap();
    assert!(data.contains(NIK) && data.contains(EMAIL) && data.contains(ABOUT), "{data}");
    assert!(city.acts().await.contains(&"privacy.copy-fetched".to_owned()));
    city.clock.advance(Duration::days(7));
    assert_eq!(citizen.get(&format!("{follow}/salinan")).await.status, 404);
}

#[tokio::test]
async fn of_two_who_take_a_step_one_is_told_that_nothing_was_saved() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (id, _) = city.ask(RequestKind::Access).await;
    let officer = city.as_role(Role::DataProtectionOfficer);
    let path = format!("/kelola/data-pribadi/permintaan/{id}/langkah");
    let form = [("step", "verify"), ("verified_by", "contact"), ("version", "1")];
    assert_eq!(officer.post(&path, &form).await.status, 303);
    let late = officer.post(&path, &form).await;
    assert!(late.status == 409 && late.says("Orang lain mengubahnya lebih dulu"));
    let wrong = officer.post(&path, &[("step", "close"), ("version", "2")]).await;
    assert!(wrong.status == 409 && wrong.says("tidak memungkinkan langkah ini"));
}

#[tokio::test]
async fn a_refusal_needs_its_reason_and_shows_its_article() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (id, receipt) = city.ask(RequestKind::Erasure).await;
    let desk = city.desk();
    let by = crate::request::VerifiedBy::Contact;
    city.database.write(move |db| actions::verify(db, &desk, id, 1, by)).await.unwrap();
    let officer = city.as_role(Role::DataProtectionOfficer);
    let path = format!("/kelola/data-pribadi/permintaan/{id}/langkah");
    let form = |refusal| {
        [("step", "decide"), ("version", "2"), ("decision", "refused"), ("refusal", refusal), ("answer", "Maaf.")]
    };
    assert!(officer.post(&path, &form("")).await.says("Pilih alasan penolakan"));
    assert_eq!(officer.post(&path, &form("kept-by-law")).await.status, 303);
    let page = city.browser().get(&format!("/data-pribadi/permintaan/{}", receipt.token.reveal())).await;
    assert!(page.says("UU 43/2009") && page.says("Maaf.") && page.says("Tenggat selesai"), "{}", page.text());
}

#[tokio::test]
async fn whoever_is_signed_in_asks_for_themselves_and_is_known() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let staff = city.as_role(Role::Sekda);
    // The account must exist for its request.
    let page = staff.get("/akun/data-pribadi").await;
    assert!(page.status == 200 && page.says("Data pribadi saya"));
    let bad = staff.post("/akun/data-pribadi", &[("kind", "access")]).await;
    assert!(bad.status == 422 && bad.says("Tulis isi permintaan"));
}

#[tokio::test]
async fn an_overdue_request_is_seen_at_the_desk() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    city.ask(RequestKind::Correction).await;
    city.clock.advance(Duration::hours(75));
    let officer = city.as_role(Role::DataProtectionOfficer);
    assert!(officer.get("/kelola/data-pribadi").await.says("lewat tenggat"));
    let list = officer.get("/kelola/data-pribadi/permintaan").await;
    assert!(list.says("Lewat 3 jam") && list.says("S. A. L.") && !list.says(NAME), "{}", list.text());
}

#[test]
fn what_somebody_asks_is_never_shown_by_debugging_it() {
    let shown = format!("{:?}", asked(RequestKind::Access));
    for told in [NAME, NIK, EMAIL, ABOUT, "81234567878"] {
        assert!(!shown.contains(told), "{shown}");
    }
}
