//! Signing in and out.

use super::{City, PASSWORD, sign_in};
use platform::identity::Role;
use platform::session::COOKIE;
use platform::testing::each_engine;
use time::Duration;

#[test]
fn the_page_asks_for_address_and_password() {
    each_engine("the page asks for address and password", |database| async move {
        let city = City::new(database).await;
        let page = city.browser().get("/masuk?lanjut=/kelola/orang").await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.says("autocomplete=\"username\"") && page.says("autocomplete=\"current-password\""));
        assert!(page.says("name=\"lanjut\" value=\"/kelola/orang\""));
    });
}

#[test]
fn the_right_password_leads_on_to_where_one_wanted() {
    each_engine("the right password leads on", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let browser = city.browser();
        let fields = [("email", " SARI@contoh.go.id"), ("password", PASSWORD), ("lanjut", "/akun/sesi")];
        let answer = browser.post("/masuk", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/akun/sesi"), "capitals do not matter");
        let page = browser.get("/akun").await;
        assert!(page.says("Sari") && page.says("Petugas loket, Loket Sosial"));
        assert!(city.acts(sari.account).await.contains(&"access.signed-in".to_owned()));
    });
}

#[test]
fn nobody_is_led_out_of_the_site() {
    each_engine("nobody is led out of the site", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
            let fields = [("email", sari.email.as_str()), ("password", PASSWORD), ("lanjut", elsewhere)];
            assert_eq!(city.browser().post("/masuk", &fields).await.location(), "/akun", "{elsewhere}");
        }
    });
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    each_engine("a wrong password and an unknown address are answered alike", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let browser = city.browser();
        let wrong = sign_in(&browser, &sari.email, "salah sekali ini").await;
        let unknown = sign_in(&browser, "siapa@contoh.go.id", "salah sekali ini").await;
        assert_eq!((wrong.status.as_u16(), unknown.status.as_u16()), (422, 422));
        let plain = |text: String| text.replace(&sari.email, "X").replace("siapa@contoh.go.id", "X");
        assert_eq!(plain(wrong.text()), plain(unknown.text()));
        assert!(wrong.says("Surel atau kata sandi tidak cocok"));
        assert!(wrong.says("<title>Kesalahan: Masuk"));
        assert!(!wrong.says("salah sekali ini"), "a password is never sent back");
        assert_eq!(browser.cookie(COOKIE), None);
    });
}

#[test]
fn a_token_is_new_each_time_and_an_older_one_is_not_taken_over() {
    each_engine("a token is new each time", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let browser = city.browser();
        browser.keep(COOKIE, "planted-by-somebody-else");
        sign_in(&browser, &sari.email, PASSWORD).await;
        let first = browser.cookie(COOKIE).unwrap();
        assert_ne!(first, "planted-by-somebody-else");
        let again = city.signed_in(&sari).await;
        assert_ne!(again.cookie(COOKIE), Some(first));
    });
}

#[test]
fn signing_out_ends_the_session_at_once() {
    each_engine("signing out ends the session at once", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let browser = city.signed_in(&sari).await;
        let token = browser.cookie(COOKIE).unwrap();
        let answer = browser.post("/keluar", &[]).await;
        assert_eq!(answer.location(), "/masuk?selesai=keluar");
        assert!(browser.get("/masuk?selesai=keluar").await.says("Anda sudah keluar."));
        let thief = city.browser();
        thief.keep(COOKIE, &token);
        assert_eq!(thief.get("/akun").await.location(), "/masuk?lanjut=%2Fakun");
    });
}

#[test]
fn a_session_ends_when_idle_and_after_a_working_day() {
    each_engine("a session ends when idle and after a working day", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (just, idle) = (city.signed_in(&sari).await, city.signed_in(&sari).await);
        city.wait(Duration::hours(2) - Duration::seconds(1));
        assert_eq!(just.get("/akun").await.status.as_u16(), 200);
        city.wait(Duration::seconds(1));
        assert_eq!(idle.get("/akun").await.status.as_u16(), 303);
        let busy = city.signed_in(&sari).await;
        let token = platform::session::Token::presented(&busy.cookie(COOKIE).unwrap()).hash();
        for _ in 0..12 {
            assert_eq!(busy.get("/akun").await.status.as_u16(), 200);
            let (institution, now, token) = (city.institution, city.now(), token);
            let person = city.database.read(move |db| crate::find_person(db, &token, institution, now)).await.unwrap();
            let session = person.unwrap().session;
            city.database.write(move |db| crate::store::seen(db, institution, session, now)).await.unwrap();
            city.wait(Duration::hours(1));
        }
        assert_eq!(busy.get("/akun").await.status.as_u16(), 303, "twelve hours are over, however busy");
    });
}

#[test]
fn that_somebody_is_at_work_is_noted_beside_the_request() {
    each_engine("that somebody is at work is noted", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let browser = city.signed_in(&sari).await;
        city.wait(Duration::hours(1));
        assert_eq!(browser.get("/akun").await.status.as_u16(), 200);
        // The note is written by a task of its own.
        let (institution, now) = (city.institution, city.now());
        let seen = async || {
            let list = move |db: &mut platform::database::Read<'_>| {
                crate::store::sessions(db, institution, sari.account, now, now - crate::sessions::IDLE)
            };
            city.database.read(list).await.unwrap()[0].seen_at
        };
        for _ in 0..500 {
            if seen().await == now {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        city.wait(Duration::minutes(90));
        assert_eq!(browser.get("/akun").await.status.as_u16(), 200, "two and a half hours after signing in");
    });
}

#[test]
fn a_hash_with_older_parameters_is_renewed_at_signing_in() {
    each_engine("a hash with older parameters is renewed", |database| async move {
        use argon2::PasswordHasher as _;
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
        let old = argon2::Argon2::from(params).hash_password_with_salt(PASSWORD.as_bytes(), b"saltsaltsalt");
        let (old, institution, now) = (old.unwrap().to_string(), city.institution, city.now());
        assert!(crate::password::is_outdated(&old));
        city.database
            .write(move |db| crate::store::set_password(db, institution, sari.account, &old, now))
            .await
            .unwrap();
        city.signed_in(&sari).await;
        let account = city.database.read(move |db| crate::store::account(db, institution, sari.account)).await.unwrap();
        let stored = account.unwrap().password.unwrap();
        assert!(!crate::password::is_outdated(&stored) && crate::password::fits_now(PASSWORD, &stored));
    });
}
