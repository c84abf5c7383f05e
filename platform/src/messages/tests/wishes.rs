//! What people wish is kept: quiet hours, once a day, not at all; and what protects their account comes anyway.

use super::*;
use crate::testing::{MailServer, each_engine};

/// 21.00 in the city.
const NIGHT: OffsetDateTime = datetime!(2026-11-23 14:00 UTC);

#[test]
fn at_night_only_what_protects_an_account_comes() {
    let server = MailServer::start(&["sari"]);
    each_engine("at night only what protects an account comes", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        async move {
            let world = World::at(&database, mail, NIGHT);
            let (work, security) = (world.send(SARI, &WORK).await, world.send(SARI, &SECURITY).await);
            world.work().await;
            assert_eq!(
                (world.state(work).await, world.state(security).await),
                (MessageState::Waiting, MessageState::Sent)
            );
            world.wait(Duration::hours(9)).await;
            assert_eq!(world.state(work).await, MessageState::Waiting, "six in the morning");
            world.wait(Duration::minutes(30)).await;
            assert_eq!(world.state(work).await, MessageState::Sent);
        }
    });
}

#[test]
fn what_is_not_wanted_is_not_sent() {
    each_engine("what is not wanted is not sent", |database| async move {
        let world = World::new(&database, Mail::none());
        let never =
            Preferences::default().with(Category::Work, Delivery::Never).with(Category::Security, Delivery::Never);
        world.prefer(SARI, never).await;
        let (work, security) = (world.send(SARI, &WORK).await, world.send(SARI, &SECURITY).await);
        world.work().await;
        assert_eq!(
            (world.state(work).await, world.state(security).await),
            (MessageState::Declined, MessageState::Waiting)
        );
        assert!(world.message(work).await.content.is_none());
    });
}

#[test]
fn the_language_of_the_person_comes_before_that_of_the_occasion() {
    let server = MailServer::start(&["sari", "budi"]);
    each_engine("the language of the person comes first", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        let server = &server;
        async move {
            let world = World::new(&database, mail);
            world.prefer(SARI, Preferences { language: Some(Language::English), ..Preferences::default() }).await;
            for who in [SARI, BUDI] {
                let to = Recipient::Account(account(who));
                let language = Some(Language::Indonesian);
                world.put(NewMessage { language, ..World::new_message(to, &WORK) }).await;
            }
            world.work().await;
            assert!(server.mailbox("sari").iter().all(|one| one.contains("Words for Sari Dewi.")));
            assert!(server.mailbox("budi").iter().all(|one| one.contains("Isi untuk Sari Dewi.")));
        }
    });
}

#[test]
fn preferences_are_kept_as_they_were_chosen() {
    each_engine("preferences are kept", |database| async move {
        let world = World::new(&database, Mail::none());
        let of = |who| database.read(move |db| preferences(db, institution(), account(who)));
        assert_eq!(of(SARI).await.unwrap(), Preferences::default());
        let chosen = Preferences {
            language: Some(Language::English),
            work: Delivery::Daily,
            summary: Delivery::Never,
            digest_days: DigestDays::Daily,
            quiet: Some(Quiet { from: time::macros::time!(21:15), until: time::macros::time!(05:45) }),
        };
        world.prefer(SARI, chosen).await;
        assert_eq!((of(SARI).await.unwrap(), of(BUDI).await.unwrap()), (chosen, Preferences::default()));
        world.prefer(SARI, Preferences { quiet: None, ..chosen }).await;
        assert_eq!(of(SARI).await.unwrap().quiet, None);
    });
}

#[test]
fn a_message_whose_time_has_passed_is_not_sent() {
    each_engine("a message whose time has passed is not sent", |database| async move {
        let world = World::new(&database, Mail::none());
        let until = Some(START + Duration::hours(1));
        let to = Recipient::Account(account(SARI));
        let id = world.put(NewMessage { until, ..World::new_message(to, &SECURITY) }).await;
        world.work().await;
        assert_eq!(world.state(id).await, MessageState::Waiting);
        world.wait(Duration::minutes(61)).await;
        assert_eq!(world.state(id).await, MessageState::Expired);
        assert!(world.message(id).await.content.is_none());
    });
}
