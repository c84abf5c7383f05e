//! Daily summaries: each message stands in one, in one only, and there is none without a message.

use super::*;
use crate::testing::{MailServer, each_engine};

#[test]
fn messages_wanted_once_a_day_come_together_once() {
    let server = MailServer::start(&["sari", "budi"]);
    each_engine("messages wanted once a day come together once", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        let server = &server;
        async move {
            database.prepare(STATEMENTS).unwrap();
            let world = World::new(&database, mail);
            let before = server.mailbox("sari").len();
            let daily = Preferences::default().with(Category::Work, Delivery::Daily);
            world.prefer(SARI, daily).await;
            let mut ids = Vec::new();
            for _ in 0..3 {
                ids.push(world.send(SARI, &WORK).await);
                world.work().await;
            }
            assert_eq!(world.counts().await.collected, 3);
            world.wait(Duration::hours(22)).await;
            assert_eq!(server.mailbox("sari").len(), before, "six in the morning");
            world.wait(Duration::hours(1) + Duration::minutes(5)).await;
            let mailbox = server.mailbox("sari");
            assert_eq!(mailbox.len(), before + 1);
            let summary =
                mailbox.iter().find(|one| header(one, "subject") == "Ringkasan hari ini: 3 pemberitahuan").unwrap();
            assert_eq!(summary.matches("<h2>Halo Sari Dewi</h2>").count(), 3);
            let mut digests = Vec::new();
            for id in ids {
                assert_eq!(world.state(id).await, MessageState::Digested);
                digests.push(digest_of(&database, id).await.unwrap());
            }
            digests.dedup();
            assert_eq!(digests.len(), 1);
            world.wait(Duration::days(3)).await;
            assert_eq!(server.mailbox("sari").len(), before + 1, "without a message there is no summary");
            assert!(server.mailbox("budi").is_empty());
        }
    });
}

crate::statements! {
    private;
    DIGEST_OF = "SELECT digest_id FROM message WHERE institution_id = $1 AND id = $2";
}

async fn digest_of(database: &Database, id: MessageId) -> Option<MessageId> {
    let found: Option<(Option<MessageId>,)> = database
        .read(move |db| db.one(DIGEST_OF, crate::params![institution(), id]))
        .await
        .unwrap_or_else(|error: DatabaseError| panic!("{error}"));
    found.and_then(|(digest,)| digest)
}

/// Two nodes make summaries at the same moment: the messages are in one of them.
#[test]
fn two_who_make_summaries_at_once_make_one() {
    each_engine("two who make summaries at once make one", |database| async move {
        let world = World::new(&database, Mail::none());
        world.prefer(SARI, Preferences::default().with(Category::Work, Delivery::Daily)).await;
        for _ in 0..5 {
            world.send(SARI, &WORK).await;
        }
        world.work().await;
        let make = || {
            let secrets = world.app.secrets().clone();
            let now = START + Duration::DAY;
            database.write(move |db| digest::make(db, &secrets, (institution(), account(SARI)), now))
        };
        let made = tokio::join!(make(), make(), make());
        let made = [made.0, made.1, made.2].into_iter().filter_map(Result::unwrap).count();
        assert_eq!(made, 1);
        let counts = world.counts().await;
        assert_eq!((counts.collected, counts.waiting), (0, 1));
    });
}

#[test]
fn what_was_turned_off_after_it_was_collected_comes_in_no_summary() {
    each_engine("what was turned off comes in no summary", |database| async move {
        let world = World::new(&database, Mail::none());
        let id = world.send(SARI, &SUMMARY).await;
        world.work().await;
        assert_eq!(world.state(id).await, MessageState::Collected);
        world.prefer(SARI, Preferences::default().with(Category::Summary, Delivery::Never)).await;
        world.wait(Duration::DAY).await;
        assert_eq!((world.state(id).await, world.counts().await.waiting), (MessageState::Declined, 0));
    });
}

#[test]
fn messages_of_several_people_never_meet_in_one_summary() {
    let server = MailServer::start(&["sari", "budi"]);
    each_engine("messages of several people never meet", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        let server = &server;
        async move {
            let world = World::new(&database, mail);
            let before = (server.mailbox("sari").len(), server.mailbox("budi").len());
            // Summaries come once a day for whoever chose nothing.
            for who in [SARI, BUDI, SARI] {
                world.send(who, &SUMMARY).await;
            }
            world.work().await;
            world.wait(Duration::hours(23) + Duration::minutes(5)).await;
            let (sari, budi) = (server.mailbox("sari"), server.mailbox("budi"));
            assert_eq!((sari.len(), budi.len()), (before.0 + 1, before.1 + 1));
            assert!(sari.iter().all(|one| header(one, "subject").contains("2 pemberitahuan")));
            assert!(budi.iter().all(|one| header(one, "subject").contains("1 pemberitahuan")));
        }
    });
}
