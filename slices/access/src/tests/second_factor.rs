//! The second factor: setting up, signing in with it, paper codes, giving it up.

use super::{City, PASSWORD, between, hidden, sign_in};
use crate::one_time_code::Secret;
use platform::identity::Role;
use platform::session::COOKIE;
use platform::testing::each_engine;
use time::Duration;

#[test]
fn the_page_shows_a_square_code_and_the_same_secret_as_text() {
    each_engine("the page shows a square code", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let page = city.signed_in(&sari).await.get("/akun/dua-langkah").await;
        assert!(page.says("<svg") && page.says("autocomplete=\"one-time-code\""));
        assert!(!page.says("style="), "the policy of content allows no style inside a page");
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(Secret::of_written(between(&page.text(), "<code>", "</code>")).bytes().len(), 20);
    });
}

#[test]
fn a_wrong_first_code_shows_the_same_secret_again() {
    each_engine("a wrong first code shows the same secret again", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let browser = city.signed_in(&sari).await;
        let page = browser.get("/akun/dua-langkah").await.text();
        let written = between(&page, "<code>", "</code>");
        let draft = hidden(&page, "draft");
        let right = Secret::of_written(written).shown(city.now());
        let wrong = if right == "000000" { "000001" } else { "000000" };
        let again = browser.post("/akun/dua-langkah", &[("draft", &draft), ("code", wrong)]).await;
        assert_eq!(again.status.as_u16(), 422);
        assert_eq!(between(&again.text(), "<code>", "</code>"), written);
        let done =
            browser.post("/akun/dua-langkah", &[("draft", &hidden(&again.text(), "draft")), ("code", &right)]).await;
        assert_eq!(done.status.as_u16(), 200);
    });
}

#[test]
fn a_secret_of_ones_own_making_is_not_taken() {
    each_engine("a secret of one's own making is not taken", |database| async move {
        let city = City::new(database).await;
        let (sari, budi) = (city.person("Sari", Role::Sekda, None).await, city.person("Budi", Role::Juror, None).await);
        let page = city.signed_in(&budi).await.get("/akun/dua-langkah").await.text();
        let code = Secret::of_written(between(&page, "<code>", "</code>")).shown(city.now());
        let browser = city.signed_in(&sari).await;
        for draft in [hidden(&page, "draft"), "x".to_owned()] {
            let answer = browser.post("/akun/dua-langkah", &[("draft", &draft), ("code", &code)]).await;
            assert_eq!(answer.status.as_u16(), 303, "sealed for another account, or not sealed at all");
        }
    });
}

#[test]
fn with_a_second_factor_the_password_alone_opens_nothing() {
    each_engine("with a second factor the password alone opens nothing", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (_, secret, _) = city.enrolled(&sari).await;
        city.wait(Duration::minutes(1));
        let browser = city.browser();
        let fields = [("email", sari.email.as_str()), ("password", PASSWORD), ("lanjut", "/akun/sesi")];
        let first = browser.post("/masuk", &fields).await;
        assert_eq!(first.location(), "/masuk/langkah-kedua?lanjut=%2Fakun%2Fsesi");
        assert_eq!(browser.cookie(COOKIE), None);
        assert!(browser.get(first.location()).await.says("Langkah kedua"));
        let code = secret.shown(city.now());
        let second = browser.post("/masuk/langkah-kedua", &[("code", &code), ("lanjut", "/akun/sesi")]).await;
        assert_eq!(second.location(), "/akun/sesi");
        assert!(browser.get("/akun/sesi").await.says("dua langkah"));
    });
}

#[test]
fn a_code_is_taken_once() {
    each_engine("a code is taken once", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (_, secret, _) = city.enrolled(&sari).await;
        city.wait(Duration::minutes(1));
        let code = secret.shown(city.now());
        let watcher = city.browser();
        for browser in [&city.browser(), &watcher] {
            sign_in(browser, &sari.email, PASSWORD).await;
            browser.post("/masuk/langkah-kedua", &[("code", &code)]).await;
        }
        assert_eq!(watcher.cookie(COOKIE), None, "who looked over the shoulder comes too late");
    });
}

#[test]
fn codes_are_not_guessed_for_long() {
    each_engine("codes are not guessed for long", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (_, secret, _) = city.enrolled(&sari).await;
        city.wait(Duration::minutes(1));
        let guesser = city.browser();
        sign_in(&guesser, &sari.email, PASSWORD).await;
        let right = secret.shown(city.now());
        let wrong = if right == "123456" { "123457" } else { "123456" };
        for _ in 0..5 {
            assert_eq!(guesser.post("/masuk/langkah-kedua", &[("code", wrong)]).await.status.as_u16(), 422);
        }
        assert_eq!(guesser.post("/masuk/langkah-kedua", &[("code", &right)]).await.status.as_u16(), 429);
        assert!(city.acts(sari.account).await.contains(&"access.guessing-slowed".to_owned()));
        city.wait(Duration::minutes(1));
        let right = secret.shown(city.now());
        assert_eq!(guesser.post("/masuk/langkah-kedua", &[("code", &right)]).await.status.as_u16(), 303);
    });
}

#[test]
fn a_guessed_password_does_not_shut_the_owner_out_of_the_second_step() {
    each_engine("a guessed password does not shut the owner out", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (own, secret, _) = city.enrolled(&sari).await;
        own.post("/keluar", &[]).await;
        city.wait(Duration::minutes(1));
        let thief = city.browser();
        sign_in(&thief, &sari.email, PASSWORD).await;
        for _ in 0..8 {
            thief.post("/masuk/langkah-kedua", &[("code", "000000")]).await;
        }
        sign_in(&own, &sari.email, PASSWORD).await;
        let code = secret.shown(city.now());
        assert_eq!(own.post("/masuk/langkah-kedua", &[("code", &code)]).await.location(), "/akun");
    });
}

#[test]
fn the_second_step_is_open_for_five_minutes() {
    each_engine("the second step is open for five minutes", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (_, secret, _) = city.enrolled(&sari).await;
        city.wait(Duration::minutes(1));
        let browser = city.browser();
        sign_in(&browser, &sari.email, PASSWORD).await;
        city.wait(Duration::minutes(5));
        let code = secret.shown(city.now());
        assert_eq!(browser.post("/masuk/langkah-kedua", &[("code", &code)]).await.location(), "/masuk");
        assert_eq!(browser.cookie(COOKIE), None);
    });
}

#[test]
fn a_code_on_paper_works_once() {
    each_engine("a code on paper works once", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (own, _, codes) = city.enrolled(&sari).await;
        assert_eq!(codes.len(), 10);
        assert!(own.get("/akun/dua-langkah").await.says("Kode cadangan yang tersisa: 10."));
        let browser = city.browser();
        sign_in(&browser, &sari.email, PASSWORD).await;
        let typed = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(browser.post("/masuk/langkah-kedua", &[("code", &typed)]).await.location(), "/akun");
        let again = city.browser();
        sign_in(&again, &sari.email, PASSWORD).await;
        assert_eq!(again.post("/masuk/langkah-kedua", &[("code", &codes[0])]).await.status.as_u16(), 422);
        assert!(browser.get("/akun/dua-langkah").await.says("Kode cadangan yang tersisa: 9."));
    });
}

#[test]
fn new_paper_codes_replace_the_old_ones() {
    each_engine("new paper codes replace the old ones", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let (own, _, old) = city.enrolled(&sari).await;
        let page = own.post("/akun/dua-langkah/kode-cadangan", &[]).await;
        assert_eq!((page.status.as_u16(), page.text().matches("<code>").count()), (200, 10));
        assert!(!page.says(&old[0]));
        let browser = city.browser();
        sign_in(&browser, &sari.email, PASSWORD).await;
        assert_eq!(browser.post("/masuk/langkah-kedua", &[("code", &old[0])]).await.status.as_u16(), 422);
    });
}

#[test]
fn setting_up_ends_sessions_that_did_not_give_it_and_renews_the_token() {
    each_engine("setting up ends other sessions", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Sekda, None).await;
        let other = city.signed_in(&sari).await;
        let (own, _, _) = city.enrolled(&sari).await;
        assert_eq!(other.get("/akun").await.status.as_u16(), 303);
        assert_eq!(own.get("/akun").await.status.as_u16(), 200);
    });
}

#[test]
fn a_role_that_needs_it_leads_to_setting_it_up_before_anything_else() {
    each_engine("a role that needs it leads to setting it up", |database| async move {
        let city = City::new(database).await;
        let admin = city.person("Admin", Role::SystemAdmin, None).await;
        let browser = city.signed_in(&admin).await;
        assert_eq!(browser.get("/kelola/orang").await.location(), "/akun/dua-langkah?lanjut=%2Fkelola%2Forang");
        let page = browser.get("/akun/dua-langkah?lanjut=%2Fkelola%2Forang").await;
        assert!(page.says("Peran Anda memerlukan masuk dua langkah"));
        assert!(page.says("name=\"lanjut\" value=\"/kelola/orang\""));
    });
}

#[test]
fn a_role_that_needs_it_cannot_give_it_up_and_another_can() {
    each_engine("a role that needs it cannot give it up", |database| async move {
        let city = City::new(database).await;
        let auditor = city.person("Auditor", Role::Auditor, None).await;
        let sekda = city.person("Sekda", Role::Sekda, None).await;
        let (kept, _, _) = city.enrolled(&auditor).await;
        let refused = kept.post("/akun/dua-langkah/matikan", &[("password", PASSWORD)]).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.says("tidak dapat dimatikan"));
        let (given_up, _, _) = city.enrolled(&sekda).await;
        assert_eq!(given_up.post("/akun/dua-langkah/matikan", &[("password", "salah")]).await.status.as_u16(), 422);
        let done = given_up.post("/akun/dua-langkah/matikan", &[("password", PASSWORD)]).await;
        assert_eq!(done.location(), "/akun?selesai=tanpa-dua-langkah");
        assert_eq!(sign_in(&city.browser(), &sekda.email, PASSWORD).await.location(), "/akun");
    });
}
