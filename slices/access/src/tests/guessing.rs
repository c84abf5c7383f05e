//! Guessing is slowed down, and nobody can use that against the owner of an account. Reasons: `docs/decisions/0008-lockout.md`.

use super::{City, PASSWORD, Someone, sign_in, sign_in_from};
use crate::link::Purpose;
use platform::identity::Role;
use platform::testing::{Browser, each_engine};
use time::Duration;

/// A hundred guesses from a hundred networks.
async fn attack(city: &City, victim: &Someone) -> Vec<u16> {
    let mut statuses = Vec::new();
    for guess in 0..100_u8 {
        let stranger = city.browser();
        let answer = sign_in_from(&stranger, [198, 51, 100, guess], &victim.email, "tebakan yang salah").await;
        statuses.push(answer.status.as_u16());
    }
    statuses
}

#[test]
fn an_attack_from_many_networks_slows_strangers_and_leaves_a_known_browser_alone() {
    each_engine("an attack from many networks", |database| async move {
        let city = City::new(database).await;
        let owner = city.person("Sari", Role::Sekda, None).await;
        let known = city.signed_in(&owner).await;
        known.post("/keluar", &[]).await;

        let statuses = attack(&city, &owner).await;
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 50, "fifty guesses were judged");
        assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 50, "the rest had to wait");

        let home = sign_in_from(&known, [203, 0, 113, 7], &owner.email, PASSWORD).await;
        assert_eq!(home.status.as_u16(), 303, "the owner signs in at once in a browser that is known");

        let elsewhere = city.browser();
        let new = sign_in_from(&elsewhere, [203, 0, 113, 7], &owner.email, PASSWORD).await;
        assert_eq!(new.status.as_u16(), 429, "in a new browser the owner waits");
        assert!(new.says("Coba lagi pada"), "and is told until when");
        city.wait(Duration::minutes(15));
        let later = sign_in_from(&elsewhere, [203, 0, 113, 7], &owner.email, PASSWORD).await;
        assert_eq!(later.status.as_u16(), 303, "never longer than a quarter of an hour");
        assert!(city.acts(owner.account).await.contains(&"access.guessing-slowed".to_owned()));
    });
}

#[test]
fn the_owner_under_attack_can_come_in_with_a_link_from_an_admin() {
    each_engine("the owner under attack can come in with a link", |database| async move {
        let city = City::new(database).await;
        let owner = city.person("Sari", Role::Sekda, None).await;
        attack(&city, &owner).await;
        let (institution, email, now) = (city.institution, owner.email.clone(), city.now());
        let database = city.database.clone();
        let token = tokio::task::spawn_blocking(move || {
            crate::link_for(&database, institution, &email, Purpose::Password, now)
        });
        let token = token.await.unwrap().unwrap();
        let path = format!("/undangan/{}", token.reveal());
        let chosen = "sepeda merah di bawah hujan";
        let answer = city.browser().post(&path, &[("new_password", chosen), ("again", chosen)]).await;
        assert_eq!(answer.location(), "/masuk?selesai=kata-sandi-baru", "the attack does not stop the link");
    });
}

#[test]
fn one_guesser_waits_longer_each_time() {
    each_engine("one guesser waits longer each time", |database| async move {
        let city = City::new(database).await;
        let victim = city.person("Sari", Role::Sekda, None).await;
        let guesser = city.browser();
        let status = async |browser: &Browser| {
            sign_in_from(browser, [198, 51, 100, 1], &victim.email, "tebakan yang salah").await.status.as_u16()
        };
        for _ in 0..5 {
            assert_eq!(status(&guesser).await, 422);
        }
        assert_eq!(status(&guesser).await, 429);
        for minutes in [1, 2, 4, 8, 15, 15] {
            city.wait(Duration::minutes(minutes) - Duration::seconds(1));
            assert_eq!(status(&city.browser()).await, 429, "before {minutes} minutes are over, whatever the browser");
            city.wait(Duration::seconds(1));
            assert_eq!(status(&guesser).await, 422, "after {minutes} minutes");
        }
        let other = sign_in_from(&city.browser(), [203, 0, 113, 7], &victim.email, PASSWORD).await;
        assert_eq!(other.status.as_u16(), 303, "somebody at another network does not wait");
    });
}

#[test]
fn an_address_that_nobody_has_is_slowed_in_the_same_way() {
    each_engine("an address that nobody has is slowed in the same way", |database| async move {
        let city = City::new(database).await;
        let browser = city.browser();
        let mut statuses = Vec::new();
        for _ in 0..7 {
            statuses.push(sign_in(&browser, "siapa@contoh.go.id", "tebakan").await.status.as_u16());
        }
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
    });
}

#[test]
fn a_network_that_tries_many_accounts_is_slowed() {
    each_engine("a network that tries many accounts is slowed", |database| async move {
        let city = City::new(database).await;
        let mut last = 0;
        for account in 0..51 {
            let email = format!("orang{account}@contoh.go.id");
            last = sign_in_from(&city.browser(), [198, 51, 100, 1], &email, "Musim hujan 2026").await.status.as_u16();
        }
        assert_eq!(last, 429);
    });
}

#[test]
fn a_known_browser_that_guesses_is_slowed_too() {
    each_engine("a known browser that guesses is slowed too", |database| async move {
        let city = City::new(database).await;
        let owner = city.person("Sari", Role::Sekda, None).await;
        let browser = city.signed_in(&owner).await;
        browser.post("/keluar", &[]).await;
        for _ in 0..10 {
            assert_eq!(sign_in(&browser, &owner.email, "salah ketik lagi").await.status.as_u16(), 422);
        }
        assert_eq!(sign_in(&browser, &owner.email, PASSWORD).await.status.as_u16(), 429);
        city.wait(Duration::minutes(1));
        assert_eq!(sign_in(&browser, &owner.email, PASSWORD).await.status.as_u16(), 303);
    });
}

#[test]
fn a_right_password_forgets_the_mistakes_before_it() {
    each_engine("a right password forgets the mistakes before it", |database| async move {
        let city = City::new(database).await;
        let owner = city.person("Sari", Role::Sekda, None).await;
        for _ in 0..3 {
            let browser = city.browser();
            for _ in 0..4 {
                assert_eq!(sign_in(&browser, &owner.email, "salah ketik lagi").await.status.as_u16(), 422);
            }
            assert_eq!(sign_in(&browser, &owner.email, PASSWORD).await.status.as_u16(), 303);
        }
    });
}

#[test]
fn guesses_sent_all_at_once_are_all_counted() {
    each_engine("guesses sent all at once are all counted", |database| async move {
        let city = City::new(database).await;
        let victim = city.person("Sari", Role::Sekda, None).await;
        let guesses = (0..20).map(|_| {
            let (browser, email) = (city.browser(), victim.email.clone());
            tokio::spawn(async move { sign_in(&browser, &email, "tebakan yang salah").await.status.as_u16() })
        });
        let mut judged = 0;
        for guess in guesses.collect::<Vec<_>>() {
            judged += usize::from(guess.await.unwrap() == 422);
        }
        assert_eq!(judged, 5, "no more than one after the other");
    });
}

#[test]
fn the_address_of_a_network_is_not_stored() {
    each_engine("the address of a network is not stored", |database| async move {
        let city = City::new(database).await;
        sign_in_from(&city.browser(), [198, 51, 100, 77], "siapa@contoh.go.id", "tebakan").await;
        let counted: Vec<(Vec<u8>,)> = city.database.read(|db| db.all(super::contracts::COUNTED, &[])).await.unwrap();
        assert_eq!(counted.len(), 3);
        let text = format!("{counted:?}");
        assert!(!text.contains("198") || counted.iter().all(|(bytes,)| bytes.len() == 32), "fingerprints only");
        let plain = b"198.51.100.77";
        assert!(counted.iter().all(|(bytes,)| !bytes.windows(plain.len()).any(|part| part == plain)));
    });
}
