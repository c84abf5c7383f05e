//! Two cities in one installation know nothing of each other.

use super::{City, PASSWORD, between, sign_in};
use crate::granting::Post;
use platform::identity::{AccountId, Role};
use platform::session::COOKIE;
use platform::testing::each_engine;

#[test]
fn an_account_of_one_city_is_nobody_in_another() {
    each_engine("an account of one city is nobody in another", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::SystemAdmin, None).await;
        let (here, _, _) = city.enrolled(&sari).await;
        let there = here.at("lain.go.id");
        there.keep(COOKIE, &here.cookie(COOKIE).unwrap());
        assert_eq!(here.get("/kelola/orang").await.status.as_u16(), 200);
        assert_eq!(there.get("/kelola/orang").await.location(), "/masuk?lanjut=%2Fkelola%2Forang");
        assert_eq!(sign_in(&there, &sari.email, PASSWORD).await.status.as_u16(), 422);
    });
}

#[test]
fn the_same_address_is_two_people_in_two_cities() {
    each_engine("the same address is two people in two cities", |database| async move {
        let city = City::new(database).await;
        city.person("Sari", Role::Juror, None).await;
        city.person_of(city.elsewhere, "Sari", Some(Post { role: Role::Sekda, unit: None })).await;
        let there = city.browser().at("lain.go.id");
        sign_in(&there, "sari@contoh.go.id", PASSWORD).await;
        assert!(there.get("/akun").await.says("Sekretaris Daerah"));
    });
}

#[test]
fn guessed_identifiers_of_another_city_lead_nowhere() {
    each_engine("guessed identifiers of another city lead nowhere", |database| async move {
        let city = City::new(database).await;
        let post = Some(Post { role: Role::Juror, unit: None });
        let stranger = city.person_of(city.elsewhere, "Asing", post).await;
        let admin = city.admin().await;
        let list = admin.get("/kelola/orang").await;
        assert!(!list.says("Asing"));
        let nobody = AccountId::new(city.now());
        for id in [stranger.account.to_string(), nobody.to_string(), "x".into()] {
            let path = format!("/kelola/orang/{id}");
            assert_eq!(admin.get(&path).await.status.as_u16(), 404);
            for change in ["tangguhkan", "aktifkan", "tutup", "keluarkan", "tautan/kata-sandi", "tautan/undangan"] {
                assert_eq!(admin.post(&format!("{path}/{change}"), &[]).await.status.as_u16(), 404, "{change}");
            }
            let fields = [("role", "juror"), ("name", "Baru"), ("email", "baru@contoh.go.id")];
            assert_eq!(admin.post(&format!("{path}/peran"), &fields).await.status.as_u16(), 404);
            assert_eq!(admin.post(&format!("{path}/perbaiki"), &fields).await.status.as_u16(), 404);
        }
        let there = city.browser().at("lain.go.id");
        assert_eq!(sign_in(&there, &stranger.email, PASSWORD).await.status.as_u16(), 303, "nothing was changed");
    });
}

#[test]
fn a_unit_of_another_city_is_given_to_nobody() {
    each_engine("a unit of another city is given to nobody", |database| async move {
        let city = City::new(database).await;
        let admin = city.person_of(city.elsewhere, "Admin", Some(Post { role: Role::SystemAdmin, unit: None })).await;
        let browser = city.browser().at("lain.go.id");
        sign_in(&browser, &admin.email, PASSWORD).await;
        let page = browser.get("/akun/dua-langkah").await.text();
        let secret = crate::one_time_code::Secret::of_written(between(&page, "<code>", "</code>"));
        let fields = [("draft", super::hidden(&page, "draft")), ("code", secret.shown(city.now()))];
        browser.post("/akun/dua-langkah", &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
        let unit = city.office.to_string();
        let fields = [("name", "Budi"), ("email", "b@lain.go.id"), ("role", "unit-admin"), ("unit", unit.as_str())];
        assert_eq!(browser.post("/kelola/orang/undang", &fields).await.status.as_u16(), 404);
    });
}

#[test]
fn a_link_of_one_city_opens_nothing_in_another() {
    each_engine("a link of one city opens nothing in another", |database| async move {
        let city = City::new(database).await;
        let admin = city.admin().await;
        let fields = [("name", "Budi"), ("email", "budi@contoh.go.id"), ("role", "juror")];
        let link = super::link_on(&admin.post("/kelola/orang/undang", &fields).await.text());
        assert_eq!(city.browser().at("lain.go.id").get(&link).await.status.as_u16(), 410);
        assert_eq!(city.browser().get(&link).await.status.as_u16(), 200);
    });
}

#[test]
fn a_store_function_asked_with_another_institution_finds_nothing() {
    each_engine("a store asked with another institution finds nothing", |database| async move {
        use crate::store;
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let browser = city.signed_in(&sari).await;
        let token = platform::session::Token::presented(&browser.cookie(COOKIE).unwrap()).hash();
        let (here, there, now, id) = (city.institution, city.elsewhere, city.now(), sari.account);
        let nothing: Result<(), platform::database::DatabaseError> = city
            .database
            .write(move |db| {
                assert!(crate::find_person(db, &token, here, now)?.is_some());
                assert!(crate::find_person(db, &token, there, now)?.is_none());
                assert!(store::account(db, there, id)?.is_none());
                assert!(store::account_by_email(db, there, "sari@contoh.go.id")?.is_none());
                assert!(store::grants(db, there, id, now)?.is_empty());
                assert!(store::held(db, there, id)?.is_empty());
                assert!(store::name(db, there, id)?.is_none());
                assert!(store::units(db, there)?.is_empty());
                assert!(store::accounts(db, there)?.is_empty());
                assert!(store::sessions(db, there, id, now, now - crate::sessions::IDLE)?.is_empty());
                assert_eq!(store::end_sessions(db, there, id)?, 0);
                assert_eq!(store::revoke_links(db, there, id, now)?, 0);
                store::set_name(db, there, id, "Lain", now)?;
                store::set_state(db, there, id, crate::AccountState::Closed, now)?;
                store::end_grants(db, there, id, now)?;
                let account = store::account(db, here, id)?.unwrap();
                assert_eq!((account.name.as_str(), account.state), ("Sari", crate::AccountState::Active));
                assert_eq!(store::grants(db, here, id, now)?.len(), 1);
                Ok(())
            })
            .await;
        nothing.unwrap();
    });
}
