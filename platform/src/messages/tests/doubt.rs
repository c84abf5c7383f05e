//! When nobody heard the server's answer: the archive knows; without one the same message goes again, or a person decides.

use super::scripted::{Manner, Scripted};
use super::*;
use crate::testing::each_engine;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn archive() -> (TempDir, Option<Archive>) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("new")).unwrap();
    fs::create_dir(folder.path().join("cur")).unwrap();
    let archive = Archive::read(&format!("arsip@contoh.go.id=maildir:{}", folder.path().display()));
    (folder, archive)
}

fn file_away(folder: &Path, id: MessageId) {
    fs::write(folder.join("new/1"), format!("Message-ID: <{id}@contoh.go.id>\n\nx")).unwrap();
}

fn mail(server: &Scripted, archive: Option<Archive>) -> Mail {
    Mail::new(MailSettings { archive, ..server.settings("") }).unwrap()
}

const SETTLED: Duration = Duration::minutes(7);

#[test]
fn a_message_in_the_archive_was_sent() {
    each_engine("a message in the archive was sent", |database| async move {
        let server = Scripted::start(Manner::HangsUp).await;
        let (folder, archive) = archive();
        let world = World::new(&database, mail(&server, archive));
        let id = world.send(SARI, &WORK).await;
        world.work().await;
        assert_eq!(world.state(id).await, MessageState::HandingOver);
        file_away(folder.path(), id);
        world.wait(Duration::minutes(3)).await;
        assert_eq!(world.state(id).await, MessageState::HandingOver, "the server may still be at it");
        world.wait(SETTLED).await;
        assert_eq!(world.state(id).await, MessageState::Sent);
        assert_eq!(server.times("DATA"), 1);
    });
}

#[test]
fn a_message_that_is_not_in_the_archive_is_sent_again() {
    each_engine("a message that is not in the archive is sent again", |database| async move {
        let server = Scripted::start(Manner::HangsUp).await;
        let (_folder, kept) = archive();
        let world = World::new(&database, mail(&server, kept.clone()));
        let id = world.send(SARI, &WORK).await;
        world.work().await;
        let kind = Scripted::start(Manner::Kind).await;
        let world = World::at(&database, mail(&kind, kept), world.clock.now());
        world.wait(SETTLED).await;
        assert_eq!(world.state(id).await, MessageState::Sent);
        let same = |server: &Scripted| server.times(&format!("Message-ID: <{id}@contoh.go.id>"));
        assert_eq!((same(&server), same(&kind)), (1, 1));
    });
}

/// The server that has it may be down with the message in its queue: only after it ran for a while the archive is believed.
#[test]
fn while_the_server_is_away_nothing_is_concluded_from_an_empty_archive() {
    each_engine("while the server is away nothing is concluded", |database| async move {
        let server = Scripted::start(Manner::HangsUp).await;
        let (folder, kept) = archive();
        let world = World::new(&database, mail(&server, kept.clone()));
        let id = world.send(SARI, &WORK).await;
        world.work().await;
        let away = MailSettings {
            server: MailServer::read("smtp://127.0.0.1:9").unwrap(),
            archive: kept,
            ..server.settings("")
        };
        let world = World::at(&database, Mail::new(away).unwrap(), world.clock.now());
        for _ in 0..5 {
            world.wait(SETTLED).await;
            assert_eq!(world.state(id).await, MessageState::HandingOver);
        }
        assert_eq!(world.trouble().await, Some(MailTrouble::Unreachable));
        file_away(folder.path(), id);
        world.wait(Duration::minutes(30)).await;
        assert_eq!(world.state(id).await, MessageState::Sent);
    });
}

#[test]
fn an_archive_that_cannot_be_read_proves_nothing() {
    each_engine("an archive that cannot be read proves nothing", |database| async move {
        let server = Scripted::start(Manner::HangsUp).await;
        let (folder, kept) = archive();
        let world = World::new(&database, mail(&server, kept));
        let id = world.send(SARI, &SECURITY).await;
        world.work().await;
        fs::remove_dir(folder.path().join("cur")).unwrap();
        world.wait(SETTLED).await;
        world.wait(SETTLED).await;
        assert_eq!((world.state(id).await, server.times("DATA")), (MessageState::HandingOver, 1));
        assert_eq!(world.trouble().await, Some(MailTrouble::Archive));
    });
}

#[test]
fn without_an_archive_a_person_decides() {
    each_engine("without an archive a person decides", |database| async move {
        let server = Scripted::start(Manner::HangsUp).await;
        let world = World::new(&database, mail(&server, None));
        let (one, other) = (world.send(SARI, &WORK).await, world.send(BUDI, &WORK).await);
        world.work().await;
        world.wait(SETTLED).await;
        assert_eq!((world.state(one).await, world.state(other).await), (MessageState::InDoubt, MessageState::InDoubt));
        assert_eq!((world.counts().await.in_doubt, server.times("DATA")), (2, 2));
        assert!(world.message(one).await.content.is_some(), "it could not be sent again otherwise");
        assert_eq!(world.decide(one, Decision::Arrived).await.as_deref(), Some("test.work"));
        assert_eq!(world.state(one).await, MessageState::Sent);
        assert!(world.decide(other, Decision::Again).await.is_some());
        world.work().await;
        assert_eq!((world.state(other).await, server.times("DATA")), (MessageState::HandingOver, 3));
    });
}

#[test]
fn without_an_archive_what_protects_an_account_goes_again_as_the_same_message() {
    each_engine("what protects an account goes again", |database| async move {
        let server = Scripted::start(Manner::HangsUp).await;
        let world = World::new(&database, mail(&server, None));
        let id = world.send(SARI, &SECURITY).await;
        world.work().await;
        let kind = Scripted::start(Manner::Kind).await;
        let world = World::at(&database, mail(&kind, None), world.clock.now());
        world.wait(SETTLED).await;
        assert_eq!(world.state(id).await, MessageState::Sent);
        assert_eq!(kind.times(&format!("Message-ID: <{id}@contoh.go.id>")), 1);
    });
}

#[test]
fn a_server_that_says_later_is_asked_later() {
    each_engine("a server that says later is asked later", |database| async move {
        let server = Scripted::start(Manner::SaysLater).await;
        let world = World::new(&database, mail(&server, None));
        let id = world.send(SARI, &WORK).await;
        world.work().await;
        assert_eq!(
            (world.state(id).await, world.trouble().await),
            (MessageState::Waiting, Some(MailTrouble::NotNow(451)))
        );
        world.wait(Duration::seconds(15)).await;
        assert_eq!((world.message(id).await.tries, server.times("DATA")), (2, 0));
    });
}
