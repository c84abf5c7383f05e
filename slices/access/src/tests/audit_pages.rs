//! The pages of the audit log.

use super::{City, between};
use platform::audit::verify_export;
use platform::identity::Role;
use platform::testing::{Browser, each_engine};
use std::io::BufReader;

async fn auditor(city: &City) -> Browser {
    let auditor = city.person("Inspektur", Role::Auditor, None).await;
    city.enrolled(&auditor).await.0
}

#[test]
fn the_log_shows_who_did_what_by_name_and_finds_it() {
    each_engine("the log shows who did what", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        city.signed_in(&sari).await;
        let browser = auditor(&city).await;
        let page = browser.get("/audit").await;
        assert!(page.says("peran: Juri") && page.says("langkah kedua: tidak"));
        assert!(page.says("Akun: Sari") && page.says(">Masuk</td>") && page.says("08.00 WIB"));
        let query =
            format!("/audit?orang={}&perbuatan=access.signed-in&dari=2026-11-21&sampai=2026-11-21", sari.account);
        let found = browser.get(&query).await;
        assert_eq!(found.text().matches("<th scope=\"row\"").count(), 1);
        assert!(browser.get("/audit?sampai=2026-11-20").await.says("Tidak ada catatan yang cocok"));
        assert_eq!(browser.get("/audit?dari=kemarin&orang=x&sebelum=y").await.status.as_u16(), 200);
    });
}

#[test]
fn a_long_log_goes_on() {
    each_engine("a long log goes on", |database| async move {
        let city = City::new(database).await;
        for number in 0..30 {
            city.person(&format!("Orang{number}"), Role::Juror, None).await;
        }
        let browser = auditor(&city).await;
        let first = browser.get("/audit?jenis=account").await.text();
        assert_eq!(first.matches("<th scope=\"row\"").count(), 50);
        let older = between(&first, "href=\"/audit?", "\"").replace("&#38;", "&");
        let second = browser.get(&format!("/audit?{older}")).await.text();
        assert!(second.matches("<th scope=\"row\"").count() >= 10 && older.contains("jenis=account"));
    });
}

#[test]
fn the_chain_is_checked_with_a_head_kept_elsewhere() {
    each_engine("the chain is checked with a head kept elsewhere", |database| async move {
        let city = City::new(database).await;
        let browser = auditor(&city).await;
        let page = browser.get("/audit").await.text();
        let head = between(between(&page, "Pangkal sekarang", "</p>"), "<code>", "</code>").to_owned();
        let whole = browser.post("/audit/periksa", &[("pangkal", &head)]).await;
        assert!(whole.status.as_u16() == 200 && whole.says("Utuh."));
        let (number, hash) = head.split_once(':').unwrap();
        let other = format!("{number}:{}", hash.chars().rev().collect::<String>());
        assert!(browser.post("/audit/periksa", &[("pangkal", &other)]).await.says("bukan yang Anda simpan"));
        let longer = format!("9999:{hash}");
        assert!(browser.post("/audit/periksa", &[("pangkal", &longer)]).await.says("Tidak utuh."));
        let typed = browser.post("/audit/periksa", &[("pangkal", "abc")]).await;
        assert!(typed.status.as_u16() == 422 && typed.says("Pangkal tidak terbaca"));
    });
}

#[test]
fn an_export_can_be_verified_from_the_file_alone() {
    each_engine("an export can be verified from the file alone", |database| async move {
        let city = City::new(database).await;
        let browser = auditor(&city).await;
        let file = browser.get("/audit/ekspor/jsonl").await;
        assert!(file.headers["content-disposition"].to_str().unwrap().contains("audit-2026-11-21.jsonl"));
        let verdict = verify_export(BufReader::new(file.bytes.as_slice()), None).unwrap();
        assert!(verdict.is_whole() && verdict.entries > 5);
        assert!(file.says("access.audit-exported"), "taking it is recorded too");
        assert!(browser.get("/audit/ekspor/csv").await.says("number,at,actor"));
        assert_eq!(browser.get("/audit/ekspor/pdf").await.status.as_u16(), 404);
    });
}

#[test]
fn only_auditors_and_system_admins_read_the_log() {
    each_engine("only auditors and system admins read the log", |database| async move {
        let city = City::new(database).await;
        for role in Role::ALL {
            let unit = role.is_of_a_unit().then_some(city.office);
            let someone = city.person(&format!("Orang-{}", role.name()), role, unit).await;
            let browser = if role.needs_second_factor() {
                city.enrolled(&someone).await.0
            } else {
                city.signed_in(&someone).await
            };
            let may = matches!(role, Role::Auditor | Role::SystemAdmin);
            assert_eq!(browser.get("/audit").await.status.as_u16() == 200, may, "{role:?}");
        }
    });
}
