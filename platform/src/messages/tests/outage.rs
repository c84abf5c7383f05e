//! The mail server is gone for an hour, or nobody has set up mail: messages wait, and arrive once.

use super::*;
use crate::testing::{MailServer, each_engine};

#[test]
fn a_mail_server_gone_for_an_hour_loses_and_doubles_nothing() {
    let server = MailServer::start(&["sari", "budi"]);
    each_engine("a mail server gone for an hour", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        let server = &server;
        async move {
            let world = World::new(&database, mail);
            let begun = (server.mailbox("sari").len(), server.mailbox("budi").len());
            server.stop();
            let mut ids = Vec::new();
            for minute in 0..60 {
                if minute % 6 == 0 {
                    ids.push((world.send(SARI, &WORK).await, world.send(BUDI, &SECURITY).await));
                }
                world.wait(Duration::MINUTE).await;
            }
            let counts = world.counts().await;
            assert_eq!((counts.waiting, counts.sent, counts.refused), (20, 0, 0));
            assert_eq!(world.trouble().await, Some(MailTrouble::Unreachable));
            let tries = world.message(ids[0].0).await.tries;
            assert!((5..=10).contains(&tries), "the waits grow: {tries}");
            server.go_on();
            // A server that could not be reached is left alone for two seconds, by the machine's clock.
            tokio::time::sleep(std::time::Duration::from_secs(3)).await;
            for _ in 0..60 {
                world.wait(Duration::MINUTE).await;
            }
            let counts = world.counts().await;
            assert_eq!((counts.waiting, counts.sent), (0, 20));
            let dead = database.read(|db| crate::jobs::dead(db, Some(institution()), None, 10)).await.unwrap();
            assert!(dead.is_empty());
            let (sari, budi) = ids.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
            once_each(&server.mailbox("sari")[begun.0..], &sari);
            once_each(&server.mailbox("budi")[begun.1..], &budi);
        }
    });
}

#[test]
fn without_mail_messages_wait_until_there_is_some() {
    let server = MailServer::start(&["sari"]);
    each_engine("without mail messages wait", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        let server = &server;
        async move {
            let world = World::new(&database, Mail::none());
            let before = server.mailbox("sari").len();
            let id = world.send(SARI, &WORK).await;
            world.work().await;
            assert_eq!(
                (world.state(id).await, world.trouble().await),
                (MessageState::Waiting, Some(MailTrouble::NotSet))
            );
            world.wait(Duration::hours(3)).await;
            assert_eq!(world.message(id).await.turn, 1, "nobody looks while there is no mail");
            let world = World::at(&database, mail, world.clock.now());
            world.work().await;
            world.wait(Duration::minutes(5)).await;
            assert_eq!(world.state(id).await, MessageState::Sent);
            assert_eq!(server.mailbox("sari").len(), before + 1);
        }
    });
}
