//! What statements and kinds are held to, and what stands in rows and payloads.

use super::*;
use crate::testing::{each_engine, prepare_all, read_every_kind, statements_name_their_institution};

#[test]
fn both_engines_accept_every_statement() {
    prepare_all(&[super::super::STATEMENTS]);
}

#[test]
fn statements_on_messages_name_their_institution() {
    let keys = "whether a key may be retired is asked of the whole installation; a number is all it gives";
    let exceptions = [("SWEEP_MESSAGES", "messages that are over go by age alone"), ("HELD_CONTENT", keys)];
    statements_name_their_institution(super::super::STATEMENTS, &exceptions);
}

#[test]
fn every_kind_of_the_platform_can_be_read_in_both_languages() {
    read_every_kind(&[&DIGEST]);
}

#[test]
#[should_panic(expected = "a place is not filled")]
fn a_kind_with_a_place_that_nothing_fills_is_found() {
    static FORGETFUL: MessageKind =
        MessageKind { sample: || Facts::new().with_link("https://x.id"), ..kind("t", Category::Work, true) };
    read_every_kind(&[&FORGETFUL]);
}

crate::statements! {
    private;
    WHOLE_MESSAGE = "SELECT kind, origin, content FROM message WHERE institution_id = $1";
    WHOLE_JOB = "SELECT payload, key FROM job WHERE institution_id = $1";
}

/// Neither the name, nor the address, nor the link stands in clear anywhere.
#[test]
fn what_a_message_says_and_to_whom_is_sealed() {
    each_engine("what a message says is sealed", |database| async move {
        database.prepare(STATEMENTS).unwrap();
        let world = World::new(&database, Mail::none());
        let to = Recipient::Address { name: "Warga Satu".into(), address: "warga@contoh.go.id".into() };
        world.put(World::new_message(to, &WORK)).await;
        let (messages, jobs) = database
            .read(|db| {
                let messages: Vec<(String, String, Option<Vec<u8>>)> =
                    db.all(WHOLE_MESSAGE, crate::params![institution()])?;
                let jobs: Vec<(String, Option<String>)> = db.all(WHOLE_JOB, crate::params![institution()])?;
                Ok::<_, DatabaseError>((messages, jobs))
            })
            .await
            .unwrap();
        let content = messages[0].2.clone().unwrap();
        let all = format!("{messages:?}{jobs:?}{}", String::from_utf8_lossy(&content));
        for secret in ["Warga", "warga@", "Sari", "rahasia-42"] {
            assert!(!all.contains(secret), "{secret}");
        }
        assert_eq!(jobs.len(), 1);
    });
}

#[test]
fn a_message_that_is_rolled_back_never_was() {
    each_engine("a message that is rolled back never was", |database| async move {
        let world = World::new(&database, Mail::none());
        let secrets = world.app.secrets().clone();
        let new = World::new_message(Recipient::Account(account(SARI)), &WORK);
        let refused: Result<(), DatabaseError> = database
            .write(move |db| {
                send(db, &secrets, &new, START)?;
                Err(DatabaseError::Other("no".into()))
            })
            .await;
        assert!(refused.is_err());
        assert_eq!(world.counts().await, MessageCounts::default());
        assert!(world.worker.claim(10).await.unwrap().is_empty());
    });
}
