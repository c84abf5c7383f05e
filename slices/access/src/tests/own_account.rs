//! One's own account: name, password, signed-in browsers, proving again.

use super::{City, PASSWORD, between, sign_in};
use platform::identity::Role;
use platform::testing::each_engine;
use time::Duration;

const NEW: &str = "sepeda merah di bawah hujan";

#[test]
fn a_name_is_changed_and_an_empty_one_is_not() {
    each_engine("a name is changed", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let browser = city.signed_in(&sari).await;
        let empty = browser.post("/akun", &[("name", "  ")]).await;
        assert!(empty.status.as_u16() == 422 && empty.says("Isi nama."));
        let done = browser.post("/akun", &[("name", "Dr. Sari <b>")]).await;
        assert_eq!(done.location(), "/akun?selesai=nama");
        let page = browser.get(done.location()).await;
        assert!(page.says("Nama disimpan.") && page.says("Dr. Sari &#60;b&#62;") && !page.says("<b>"));
    });
}

#[test]
fn a_changed_password_signs_all_other_browsers_out_at_once() {
    each_engine("a changed password signs all other browsers out", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (own, other) = (city.signed_in(&sari).await, city.signed_in(&sari).await);
        let fields = [("password", PASSWORD), ("new_password", NEW), ("again", NEW)];
        assert_eq!(own.post("/akun/kata-sandi", &fields).await.location(), "/akun?selesai=kata-sandi");
        assert_eq!(own.get("/akun").await.status.as_u16(), 200);
        assert_eq!(other.get("/akun").await.status.as_u16(), 303);
        assert_eq!(sign_in(&city.browser(), &sari.email, PASSWORD).await.status.as_u16(), 422);
        assert_eq!(sign_in(&city.browser(), &sari.email, NEW).await.status.as_u16(), 303);
    });
}

#[test]
fn a_password_is_changed_only_by_whoever_knows_the_present_one() {
    each_engine("a password is changed only by whoever knows the present one", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let browser = city.signed_in(&sari).await;
        let wrong = [("password", "bukan ini orangnya"), ("new_password", NEW), ("again", NEW)];
        for _ in 0..5 {
            let answer = browser.post("/akun/kata-sandi", &wrong).await;
            assert_eq!(answer.status.as_u16(), 422);
            assert!(!answer.says(NEW), "what was typed into a password is never sent back");
        }
        let right = [("password", PASSWORD), ("new_password", NEW), ("again", NEW)];
        assert_eq!(
            browser.post("/akun/kata-sandi", &right).await.status.as_u16(),
            429,
            "nor guessed in a stolen session"
        );
    });
}

#[test]
fn a_weak_password_is_refused_with_what_to_do() {
    each_engine("a weak password is refused", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Wulandari", Role::Sekda, None).await;
        let browser = city.signed_in(&sari).await;
        let cases = [
            ("pendek", "pendek", "sedikitnya 12 huruf"),
            ("bismillah2026", "bismillah2026", "mudah ditebak"),
            ("wulandari makan", "wulandari makan", "nama atau surel"),
            (NEW, "lain sekali dari itu", "Kedua kata sandi berbeda"),
        ];
        for (chosen, again, sentence) in cases {
            let fields = [("password", PASSWORD), ("new_password", chosen), ("again", again)];
            let answer = browser.post("/akun/kata-sandi", &fields).await;
            assert!(answer.status.as_u16() == 422 && answer.says(sentence), "{chosen}");
        }
    });
}

#[test]
fn browsers_are_listed_by_family_and_can_be_signed_out() {
    each_engine("browsers are listed and can be signed out", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (own, other, third) =
            (city.signed_in(&sari).await, city.signed_in(&sari).await, city.signed_in(&sari).await);
        let page = own.get("/akun/sesi").await;
        assert_eq!(page.text().matches("/akhiri").count(), 3, "two others, and all others");
        let session = between(&page.text(), "/akun/sesi/", "/akhiri").to_owned();
        let done = own.post(&format!("/akun/sesi/{session}/akhiri"), &[]).await;
        assert_eq!(done.location(), "/akun/sesi?selesai=sesi");
        let out = [other.get("/akun").await.status.as_u16(), third.get("/akun").await.status.as_u16()];
        assert_eq!(out.iter().filter(|status| **status == 303).count(), 1);
        own.post("/akun/sesi-lain/akhiri", &[]).await;
        assert_eq!(third.get("/akun").await.status.as_u16(), 303);
        assert_eq!(other.get("/akun").await.status.as_u16(), 303);
        assert_eq!(own.get("/akun").await.status.as_u16(), 200);
    });
}

#[test]
fn nobody_ends_anothers_session() {
    each_engine("nobody ends another's session", |database| async move {
        let city = City::new(database).await;
        let (sari, budi) = (city.person("Sari", Role::Sekda, None).await, city.person("Budi", Role::Juror, None).await);
        let (own, second) = (city.signed_in(&sari).await, city.signed_in(&sari).await);
        let session = between(&own.get("/akun/sesi").await.text(), "/akun/sesi/", "/akhiri").to_owned();
        let thief = city.signed_in(&budi).await;
        for path in [format!("/akun/sesi/{session}/akhiri"), "/akun/sesi/x/akhiri".into()] {
            assert_eq!(thief.post(&path, &[]).await.status.as_u16(), 404);
        }
        assert_eq!(second.get("/akun").await.status.as_u16(), 200);
    });
}

#[test]
fn after_a_quarter_of_an_hour_the_password_is_asked_again() {
    each_engine("after a quarter of an hour the password is asked again", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        assert_eq!(admin.get("/kelola/orang/undang").await.status.as_u16(), 200);
        city.wait(Duration::minutes(15));
        let asked = admin.get("/kelola/orang/undang").await;
        assert_eq!(asked.location(), "/masuk/ulang?lanjut=%2Fkelola%2Forang%2Fundang");
        let fields = [("name", "Budi"), ("email", "budi@contoh.go.id"), ("role", "juror")];
        let posted = admin.post("/kelola/orang/undang", &fields).await;
        assert_eq!(posted.location(), "/masuk/ulang?lanjut=%2Fkelola%2Forang%2Fundang", "nothing is done before");
        assert!(admin.get(asked.location()).await.says("Ketik kata sandi sekali lagi"));
        assert_eq!(admin.post("/masuk/ulang", &[("password", "salah")]).await.status.as_u16(), 422);
        let before = admin.cookie(platform::session::COOKIE);
        let proved = admin.post("/masuk/ulang", &[("password", PASSWORD), ("lanjut", "/kelola/orang/undang")]).await;
        assert_eq!(proved.location(), "/kelola/orang/undang");
        assert_ne!(admin.cookie(platform::session::COOKIE), before, "the token is another one");
        assert_eq!(admin.get("/kelola/orang/undang").await.status.as_u16(), 200, "the second factor still counts");
    });
}
