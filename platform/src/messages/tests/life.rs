//! Messages over a real mail server: they arrive once, as they should look; those that cannot, block no others.

use super::*;
use crate::testing::{MailServer, each_engine};

#[test]
fn a_message_arrives_as_it_should_look() {
    let server = MailServer::start(&["sari"]);
    each_engine("a message arrives as it should look", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        let server = &server;
        async move {
            let world = World::new(&database, mail);
            let before = server.mailbox("sari").len();
            let id = world.send(SARI, &WORK).await;
            world.work().await;
            assert_eq!(world.state(id).await, MessageState::Sent);
            let mailbox = server.mailbox("sari");
            assert_eq!(mailbox.len(), before + 1);
            let own = format!("<{id}@contoh.go.id>");
            let message = mailbox.iter().find(|one| header(one, "message-id") == own).unwrap();
            assert_eq!(header(message, "subject"), "Halo Sari Dewi");
            assert_eq!(header(message, "from"), "\"Kota Contoh\" <prima@contoh.go.id>");
            assert_eq!(header(message, "to"), "Sari <sari@contoh.go.id>");
            assert_eq!(header(message, "auto-submitted"), "auto-generated");
            assert_eq!(header(message, "date"), "Mon, 23 Nov 2026 01:00:00 +0000");
            assert_eq!(header(message, "list-unsubscribe-post"), "List-Unsubscribe=One-Click");
            let stop = header(message, "list-unsubscribe");
            let token = stop.strip_prefix("<https://contoh.go.id/surel/berhenti/").unwrap().strip_suffix('>').unwrap();
            let stopped = stopping(world.app.secrets(), token).unwrap();
            assert_eq!((stopped.account, stopped.category), (account(SARI), Category::Work));
            assert!(header(message, "content-type").starts_with("multipart/alternative"));
            assert!(message.contains("Isi untuk Sari Dewi.") && message.contains("https://contoh.go.id/rahasia-42"));
            assert!(message.contains("<p>Isi untuk Sari Dewi.</p>"));
            let archived = server.mailbox("arsip");
            assert_eq!(archived.iter().filter(|one| header(one, "message-id") == own).count(), 1);
            assert!(!message.contains("arsip@"), "nobody sees where the copy went");
        }
    });
}

#[test]
fn what_was_sent_leaves_nothing_of_what_it_said() {
    let server = MailServer::start(&["sari"]);
    each_engine("what was sent leaves nothing of what it said", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        async move {
            let world = World::new(&database, mail);
            let id = world.send(SARI, &SECURITY).await;
            assert!(world.message(id).await.content.is_some());
            world.work().await;
            assert!(world.message(id).await.content.is_none());
            world.wait(KEPT + Duration::hours(1)).await;
            let found = database.read(move |db| store::message(db, institution(), id)).await.unwrap();
            assert!(found.is_none(), "the row goes as well");
        }
    });
}

#[test]
fn a_refused_address_waits_for_a_person_and_blocks_nobody() {
    let server = MailServer::start(&["sari"]);
    each_engine("a refused address blocks nobody", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        async move {
            let world = World::new(&database, mail);
            let unknown = world.send(UNKNOWN, &WORK).await;
            let broken = world.send(BROKEN, &WORK).await;
            let gone = world.send(GONE, &WORK).await;
            let good = world.send(SARI, &WORK).await;
            world.work().await;
            assert_eq!(world.state(unknown).await, MessageState::Refused);
            assert_eq!(world.state(broken).await, MessageState::Refused);
            assert_eq!(world.state(gone).await, MessageState::Dropped);
            assert_eq!(world.state(good).await, MessageState::Sent);
            let secrets = world.app.secrets().clone();
            let open = database.read(move |db| open_messages(db, &secrets, institution(), 10)).await.unwrap();
            let trouble = |id| open.iter().find(|one| one.id == id).and_then(|one| one.trouble);
            assert_eq!((open.len(), trouble(broken)), (2, Some(MailTrouble::BadAddress)));
            assert_eq!(trouble(unknown), Some(MailTrouble::Never(550)));
            assert_eq!(world.decide(broken, Decision::Drop).await.as_deref(), Some("test.work"));
            assert_eq!(world.decide(broken, Decision::Again).await, None, "it is over");
            assert_eq!(world.decide(unknown, Decision::Arrived).await, None, "it did not arrive");
            assert!(world.decide(unknown, Decision::Again).await.is_some());
            world.work().await;
            assert_eq!(world.state(unknown).await, MessageState::Refused, "the server still does not know it");
            assert_eq!(world.decide(good, Decision::Again).await, None, "what arrived is not sent again");
        }
    });
}

/// A given address is masked where it is shown, and a message that nobody decided on goes after a month.
#[test]
fn an_undecided_message_shows_a_masked_address_and_ends() {
    let server = MailServer::start(&["sari"]);
    each_engine("an undecided message ends", |database| {
        let mail = Mail::new(server.settings()).unwrap();
        async move {
            let world = World::new(&database, mail);
            let to = Recipient::Address { name: "Warga".into(), address: "warga@contoh.go.id".into() };
            let id = world.put(World::new_message(to, &WORK)).await;
            world.work().await;
            let secrets = world.app.secrets().clone();
            let open = database.read(move |db| open_messages(db, &secrets, institution(), 10)).await.unwrap();
            assert_eq!(open[0].address.as_deref(), Some("w•••@contoh.go.id"));
            world.wait(Duration::days(31)).await;
            assert_eq!(world.state(id).await, MessageState::Dropped);
            assert!(world.message(id).await.content.is_none());
        }
    });
}

#[test]
fn two_workers_at_one_message_hand_it_over_once() {
    let server = MailServer::start(&["sari"]);
    each_engine("two workers hand it over once", |database| {
        let (one, other) = (Mail::new(server.settings()).unwrap(), Mail::new(server.settings()).unwrap());
        let server = &server;
        async move {
            let (first, second) = (World::new(&database, one), World::new(&database, other));
            let before = server.mailbox("sari").len();
            let id = first.send(SARI, &SECURITY).await;
            let job = first.worker.claim(1).await.unwrap().remove(0);
            // The same job in two hands, as after a lease that ended too early.
            let (a, b) = (deliver::send(first.app.clone(), job.clone()), deliver::send(second.app.clone(), job));
            let (a, b) = tokio::join!(a, b);
            // A collision in the database is no message lost: it is looked at again.
            assert!(a.is_ok() || b.is_ok());
            first.wait(Duration::minutes(10)).await;
            assert_eq!(first.state(id).await, MessageState::Sent);
            assert_eq!(server.mailbox("sari").len(), before + 1);
        }
    });
}
