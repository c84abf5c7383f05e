//! Links that are handed over: invitations, lost passwords, lost second factors.

use super::{City, PASSWORD, link_on, sign_in};
use platform::identity::Role;
use platform::session::COOKIE;
use platform::testing::{Answer, Browser, each_engine};
use time::Duration;

const CHOSEN: &str = "sepeda merah di bawah hujan";

async fn invite(city: &City, admin: &Browser, role: &str, unit: Option<String>) -> Answer {
    let unit = unit.unwrap_or_default();
    let fields = [("name", "Budi"), ("email", "Budi@contoh.go.id"), ("role", role), ("unit", unit.as_str())];
    let answer = admin.post("/kelola/orang/undang", &fields).await;
    assert!(city.chain_is_whole().await);
    answer
}

#[test]
fn an_invited_person_chooses_a_password_and_is_in() {
    each_engine("an invited person chooses a password and is in", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let shown = invite(&city, &admin, "counter-officer", Some(city.counter.to_string())).await;
        assert_eq!((shown.status.as_u16(), shown.headers["cache-control"].to_str().unwrap()), (200, "no-store"));
        let link = link_on(&shown.text());
        let browser = city.browser();
        let page = browser.get(&link).await;
        assert!(page.says("Terima undangan") && page.says("value=\"Budi\"") && page.says("Budi@contoh.go.id"));
        let short = browser.post(&link, &[("name", "Budi"), ("new_password", "pendek"), ("again", "pendek")]).await;
        assert!(short.status.as_u16() == 422 && short.says("sedikitnya 12 huruf"));
        let fields = [("name", "Budi Santoso"), ("new_password", CHOSEN), ("again", CHOSEN)];
        assert_eq!(browser.post(&link, &fields).await.location(), "/akun");
        let account = browser.get("/akun").await;
        assert!(account.says("Budi Santoso") && account.says("Petugas loket, Loket Sosial"));
        assert_eq!(sign_in(&city.browser(), "budi@contoh.go.id", CHOSEN).await.status.as_u16(), 303);
    });
}

#[test]
fn a_link_is_used_once() {
    each_engine("a link is used once", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let link = link_on(&invite(&city, &admin, "juror", None).await.text());
        let fields = [("name", "Budi"), ("new_password", CHOSEN), ("again", CHOSEN)];
        city.browser().post(&link, &fields).await;
        let late = city.browser();
        assert_eq!(late.get(&link).await.status.as_u16(), 410);
        let again = late.post(&link, &fields).await;
        assert!(again.status.as_u16() == 410 && again.says("tidak berlaku lagi"));
        assert_eq!(late.cookie(COOKIE), None);
    });
}

#[test]
fn a_link_ends_after_seven_days_and_a_new_one_ends_the_old() {
    each_engine("a link ends after seven days", |database| async move {
        let city = City::new(database).await;
        let browser = city.admin().await;
        let shown = invite(&city, &browser, "juror", None).await.text();
        let first = link_on(&shown);
        let person = super::between(shown.split_once("</dl>").unwrap().1, "/kelola/orang/", "\"");
        let renewed = browser.post(&format!("/kelola/orang/{person}/tautan/undangan"), &[]).await;
        assert_eq!(renewed.status.as_u16(), 200, "{}", renewed.text());
        let second = link_on(&renewed.text());
        assert_eq!(city.browser().get(&first).await.status.as_u16(), 410);
        assert_eq!(city.browser().get(&second).await.status.as_u16(), 200);
        city.wait(Duration::days(7));
        assert_eq!(city.browser().get(&second).await.status.as_u16(), 410);
    });
}

#[test]
fn a_made_up_link_opens_nothing() {
    each_engine("a made-up link opens nothing", |database| async move {
        let city = City::new(database).await;
        for link in ["/undangan/x", "/undangan/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(city.browser().get(link).await.status.as_u16(), 410);
            assert_eq!(city.browser().post(link, &[("new_password", CHOSEN)]).await.status.as_u16(), 410);
        }
    });
}

#[test]
fn a_role_that_needs_it_leads_from_the_invitation_to_the_second_factor() {
    each_engine("an invitation leads to the second factor", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let link = link_on(&invite(&city, &admin, "auditor", None).await.text());
        let browser = city.browser();
        assert!(browser.get(&link).await.says("siapkan masuk dua langkah"));
        let fields = [("name", "Budi"), ("new_password", CHOSEN), ("again", CHOSEN)];
        assert_eq!(browser.post(&link, &fields).await.location(), "/akun/dua-langkah");
        assert_eq!(browser.get("/audit").await.location(), "/akun/dua-langkah?lanjut=%2Faudit");
    });
}

#[test]
fn a_bad_invitation_is_explained_and_keeps_what_was_typed() {
    each_engine("a bad invitation is explained", |database| async move {
        let city = City::new(database).await;
        city.person("Sari", Role::Sekda, None).await;
        let admin = city.admin().await;
        let cases: [(&[(&str, &str)], &str); 6] = [
            (&[("name", ""), ("email", "a@contoh.go.id"), ("role", "juror")], "Isi nama."),
            (&[("name", "Budi"), ("email", "a"), ("role", "juror")], "Isi surel"),
            (&[("name", "Budi"), ("email", "a@contoh.go.id"), ("role", "raja")], "Pilih peran."),
            (&[("name", "Budi"), ("email", "a@contoh.go.id"), ("role", "unit-admin")], "Pilih unit"),
            (&[("name", "Budi"), ("email", "SARI@contoh.go.id"), ("role", "juror")], "sudah dipakai akun lain"),
            (
                &[("name", "Budi"), ("email", "a@contoh.go.id"), ("role", "juror"), ("until", "2026-11-20")],
                "Tanggal akhir",
            ),
        ];
        for (fields, sentence) in cases {
            let answer = admin.post("/kelola/orang/undang", fields).await;
            assert!(answer.status.as_u16() == 422 && answer.says(sentence), "{sentence}: {}", answer.text());
            assert!(fields[0].1.is_empty() || answer.says("value=\"Budi\""));
        }
    });
}

#[test]
fn a_lost_password_is_replaced_by_a_link_and_ends_all_sessions() {
    each_engine("a lost password is replaced by a link", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let admin = city.admin().await;
        let session = city.signed_in(&sari).await;
        let shown = admin.post(&format!("/kelola/orang/{}/tautan/kata-sandi", sari.account), &[]).await;
        let link = link_on(&shown.text());
        assert_eq!(session.get("/akun").await.status.as_u16(), 200, "until the link is used nothing changes");
        let answer = city.browser().post(&link, &[("new_password", CHOSEN), ("again", CHOSEN)]).await;
        assert_eq!(answer.location(), "/masuk?selesai=kata-sandi-baru");
        assert_eq!(session.get("/akun").await.status.as_u16(), 303);
        assert_eq!(sign_in(&city.browser(), &sari.email, PASSWORD).await.status.as_u16(), 422);
        assert_eq!(sign_in(&city.browser(), &sari.email, CHOSEN).await.status.as_u16(), 303);
        let acts = city.acts(sari.account).await;
        assert!(acts.contains(&"access.link-made".to_owned()) && acts.contains(&"access.password-changed".to_owned()));
    });
}

#[test]
fn a_password_by_link_leaves_the_second_factor_as_it_is() {
    each_engine("a password by link leaves the second factor", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        city.enrolled(&sari).await;
        let admin = city.admin().await;
        let shown = admin.post(&format!("/kelola/orang/{}/tautan/kata-sandi", sari.account), &[]).await;
        city.browser().post(&link_on(&shown.text()), &[("new_password", CHOSEN), ("again", CHOSEN)]).await;
        assert_eq!(sign_in(&city.browser(), &sari.email, CHOSEN).await.location(), "/masuk/langkah-kedua");
    });
}

#[test]
fn a_lost_second_factor_is_replaced_with_link_and_password_together() {
    each_engine("a lost second factor is replaced", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Auditor, None).await;
        city.enrolled(&sari).await;
        let admin = city.admin().await;
        let shown = admin.post(&format!("/kelola/orang/{}/tautan/dua-langkah", sari.account), &[]).await;
        let link = link_on(&shown.text());
        let browser = city.browser();
        assert_eq!(browser.post(&link, &[("password", "bukan ini orangnya")]).await.status.as_u16(), 422);
        assert_eq!(
            sign_in(&city.browser(), &sari.email, PASSWORD).await.location(),
            "/masuk/langkah-kedua",
            "still there"
        );
        assert_eq!(browser.post(&link, &[("password", PASSWORD)]).await.location(), "/akun/dua-langkah");
        assert!(browser.get("/akun/dua-langkah").await.says("<svg"), "a new one is set up");
    });
}

#[test]
fn links_need_a_state_they_fit() {
    each_engine("links need a state they fit", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let admin = city.admin().await;
        for purpose in ["undangan", "dua-langkah"] {
            let answer = admin.post(&format!("/kelola/orang/{}/tautan/{purpose}", sari.account), &[]).await;
            assert_eq!(answer.status.as_u16(), 422, "{purpose}");
        }
        let unknown = admin.post(&format!("/kelola/orang/{}/tautan/hadiah", sari.account), &[]).await;
        assert_eq!(unknown.status.as_u16(), 404);
    });
}
