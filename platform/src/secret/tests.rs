//! What is promised of keys: nothing is lost, whatever the order of adding, sealing anew, retiring and stopping.

use super::rotation::{Indexed, Progress, Resealed, held_by, indexed_by, reseal_all, reseal_batch};
use super::*;
use crate::database::{Database, DatabaseError, Engine, Migration, Options, Read, Uuid, new_uuid};
use crate::identity::InstitutionId;
use crate::params;
use crate::testing::{ENGINES, Fresh, migrated_sqlite};
use proptest::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-22 01:00 UTC);

crate::statements! {
    private;
    ADD = "INSERT INTO drawer (institution_id, id, value, value_index) VALUES ($1, $2, $3, $4)";
    ALL = "SELECT institution_id, id, value, value_index FROM drawer ORDER BY id";
    SWAP = "UPDATE drawer SET value = $3, value_index = $4 WHERE institution_id = $1 AND id = $2";
    FIND = "SELECT id FROM drawer WHERE institution_id = $1 AND value_index IN ($2, $3)";
    NEXT = "SELECT institution_id, id, value, value_index FROM drawer WHERE id > $1 OR $1 IS NULL ORDER BY id LIMIT $2";
    SAVE = "UPDATE drawer SET value = $4, value_index = $5 WHERE institution_id = $1 AND id = $2 AND value = $3";
    HELD = "SELECT COUNT(*) FROM drawer WHERE SUBSTR(value, 1, CAST($2 AS INTEGER)) = $1";
    INDEXED = "SELECT COUNT(*) FROM drawer WHERE SUBSTR(value_index, 1, CAST($2 AS INTEGER)) = $1";
}

const COLUMNS: &[&[Resealed]] = &[&[Resealed {
    name: "drawer.value",
    next: NEXT,
    save: SAVE,
    held: HELD,
    context,
    indexed: Some(Indexed { held: INDEXED, of: index }),
}]];

fn context(institution: InstitutionId, id: Uuid) -> String {
    format!("{institution}:{id}")
}

fn index(secrets: &Secrets, institution: InstitutionId, plain: &[u8]) -> Option<Vec<u8>> {
    let [first, _] = secrets.blind_indexes(&institution.to_string(), std::str::from_utf8(plain).ok()?);
    Some(first)
}

fn cabinet(engine: Engine) -> Fresh {
    let table = match engine {
        Engine::Sqlite => {
            "CREATE TABLE drawer (institution_id BLOB, id BLOB PRIMARY KEY, value BLOB, value_index BLOB) STRICT"
        }
        Engine::Postgres => {
            "CREATE TABLE drawer (institution_id UUID, id UUID PRIMARY KEY, value BYTEA, value_index BYTEA)"
        }
    };
    let audit = crate::database::migration::known(engine)[0];
    let fresh = Fresh::empty(engine, &Options { readers: 2, writers: 4, ..Options::default() });
    fresh.migrate_with(&[audit, Migration { number: 2, name: "drawer", sql: table }]).unwrap();
    fresh
}

fn put(database: &Database, secrets: &Secrets, institution: InstitutionId, text: &str) -> Uuid {
    let id = new_uuid(NOW);
    let (sealed, index) =
        (secrets.seal(&context(institution, id), text.as_bytes()), index(secrets, institution, text.as_bytes()));
    let add = move |db: &mut crate::database::Write<'_>| {
        db.execute(ADD, params![institution, id, sealed.as_slice(), index.clone()])
    };
    database.write_now::<_, DatabaseError>(add).unwrap();
    id
}

/// Every text with its drawer, as the keys of `secrets` read it; nothing for one that they do not open.
fn texts(database: &Database, secrets: &Secrets) -> Vec<(Uuid, Option<String>)> {
    type Rows = Vec<(InstitutionId, Uuid, Vec<u8>, Option<Vec<u8>>)>;
    let rows: Rows = database.read_now::<_, DatabaseError>(|db| db.all(ALL, &[])).unwrap();
    let read = |(institution, id, value, _): (InstitutionId, Uuid, Vec<u8>, _)| {
        (id, secrets.open(&context(institution, id), &value).map(|text| String::from_utf8(text).unwrap()))
    };
    rows.into_iter().map(read).collect()
}

fn found(database: &Database, secrets: &Secrets, institution: InstitutionId, text: &str) -> Vec<Uuid> {
    let [first, second] = secrets.blind_indexes(&institution.to_string(), text);
    let find = move |db: &mut Read<'_>| db.all::<(Uuid,)>(FIND, params![institution, first, second]);
    database.read_now::<_, DatabaseError>(find).unwrap().into_iter().map(|(id,)| id).collect()
}

fn key_file() -> (tempfile::TempDir, KeyFile, Secrets) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prima.key");
    let secrets = Secrets::kept_in(&path).unwrap();
    (folder, KeyFile::at(path), secrets)
}

fn secrets() -> Secrets {
    Secrets::new([7; 32])
}

#[test]
fn what_is_sealed_is_opened_with_the_same_key_and_context_only() {
    let sealed = secrets().seal("totp:sari", b"secret");
    assert_eq!(secrets().open("totp:sari", &sealed).as_deref(), Some(b"secret".as_slice()));
    assert_eq!(secrets().open("totp:budi", &sealed), None, "moved to another account");
    assert_eq!(Secrets::new([8; 32]).open("totp:sari", &sealed), None, "another installation");
}

#[test]
fn a_sealed_text_with_any_bit_changed_opens_no_more() {
    let sealed = secrets().seal("c", b"secret");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(secrets().open("c", &changed), None, "byte {at}");
    }
    assert_eq!(secrets().open("c", &[]), None);
    assert_eq!(secrets().open("c", &sealed[..20]), None);
}

#[test]
fn the_same_text_is_never_sealed_the_same_way_twice() {
    assert_ne!(secrets().seal("c", b"secret"), secrets().seal("c", b"secret"));
}

#[test]
fn a_signature_holds_for_its_text_and_purpose() {
    let signed = secrets().sign("device", "sari.7");
    assert_eq!(secrets().signed("device", &signed), Some("sari.7"));
    assert_eq!(secrets().signed("step", &signed), None, "another purpose");
    assert_eq!(secrets().signed("device", &signed.replace("sari", "budi")), None);
    assert_eq!(secrets().signed("device", "sari.7"), None);
    assert_eq!(secrets().signed("device", ""), None);
}

#[test]
fn what_the_first_version_sealed_still_opens() {
    // Sealed by the former form with the key 07…07 for the context "totp:sari".
    let nonce = [5_u8; NONCE];
    let key = mac(&[7; 32], &[b"seal"]);
    let text = cipher(&key).encrypt(&XNonce::from(nonce), Payload { msg: b"secret", aad: b"totp:sari" }).unwrap();
    let former = [&[FORMER], nonce.as_slice(), &text].concat();
    assert_eq!(secrets().open("totp:sari", &former).as_deref(), Some(b"secret".as_slice()));
    assert_eq!(sealed_with(&former), None);
    let Anew::Sealed(sealed) = secrets().seal_anew("totp:sari", &former) else { panic!("the former form is left") };
    assert_eq!(sealed_with(&sealed), Some(1));
}

#[test]
fn sealing_anew_changes_what_another_key_sealed_and_nothing_else() {
    let (_folder, keys, secrets) = key_file();
    let first = secrets.seal("c", b"secret");
    assert_eq!(secrets.seal_anew("c", &first), Anew::Current);
    keys.add(true).unwrap();
    secrets.refresh().unwrap();
    let Anew::Sealed(second) = secrets.seal_anew("c", &first) else { panic!("an older key is left") };
    assert_eq!((sealed_with(&second), secrets.open("c", &second).as_deref()), (Some(2), Some(b"secret".as_slice())));
    assert_eq!(secrets.seal_anew("another", &first), Anew::Unreadable);
    assert_eq!(secrets.seal_anew("c", b"nothing"), Anew::Unreadable);
}

#[test]
fn a_key_is_held_until_every_row_is_sealed_anew_and_found_by_its_index_all_the_while() {
    for engine in ENGINES {
        let (database, (_folder, keys, secrets)) = (cabinet(engine), key_file());
        let institution = InstitutionId::new(NOW);
        let ids: Vec<Uuid> = (0..450).map(|n| put(&database, &secrets, institution, &format!("text {n}"))).collect();
        keys.add(true).unwrap();
        keys.add_index().unwrap();
        secrets.refresh().unwrap();
        let held = |number| database.read_now(move |db| held_by(db, number, COLUMNS)).unwrap();
        let indexed = |number| database.read_now(move |db| indexed_by(db, number, COLUMNS)).unwrap();
        assert_eq!((held(1), held(2)), (vec![("drawer.value", 450)], vec![]), "{engine:?}");
        let copy = secrets.clone();
        let (last, progress) =
            database.write_now(move |db| reseal_batch(db, &copy, &COLUMNS[0][0], None, 200)).unwrap();
        assert!(last.is_some());
        assert_eq!(progress, Progress { seen: 200, changed: 200, unreadable: 0 });
        for n in [0, 199, 200, 449] {
            assert_eq!(found(&database, &secrets, institution, &format!("text {n}")), vec![ids[n]], "{engine:?}");
        }
        let progress = reseal_all(&database, &secrets, COLUMNS).unwrap();
        assert_eq!(progress, Progress { seen: 450, changed: 250, unreadable: 0 });
        assert_eq!((held(1), held(2)), (vec![], vec![("drawer.value", 450)]), "{engine:?}");
        assert_eq!((indexed(1), indexed(2)), (vec![], vec![("drawer.value", 450)]), "{engine:?}");
        keys.retire(1).unwrap();
        keys.retire_index(1).unwrap();
        secrets.refresh().unwrap();
        assert!(texts(&database, &secrets).iter().all(|(_, text)| text.is_some()), "{engine:?}");
        assert_eq!(found(&database, &secrets, institution, "text 449"), vec![ids[449]], "{engine:?}");
    }
}

/// While readers and writers go on, a key comes, everything is sealed anew, and the old key goes: nobody is refused anything.
#[test]
fn keys_change_under_load_without_anybody_noticing() {
    for engine in ENGINES {
        let (database, (_folder, keys, secrets)) = (cabinet(engine), key_file());
        let institution = InstitutionId::new(NOW);
        let seeds: Vec<Uuid> = (0..50).map(|n| put(&database, &secrets, institution, &format!("seed {n}"))).collect();
        let (stop, writes, reads) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for writer in 0..2 {
                let (database, secrets, stop, writes) = (&database, &secrets, &stop, &writes);
                scope.spawn(move || {
                    let mut number = 0;
                    while !stop.load(Ordering::Relaxed) {
                        put(database, secrets, institution, &format!("writer {writer} text {number}"));
                        number += 1;
                        writes.fetch_add(1, Ordering::Relaxed);
                        // Not as fast as it goes: what is read below must not take longer than a removed key still opens.
                        std::thread::sleep(std::time::Duration::from_millis(5));
                    }
                });
            }
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(found(&database, &secrets, institution, "seed 7"), vec![seeds[7]], "{engine:?}");
                    let unread = texts(&database, &secrets).into_iter().filter(|(_, text)| text.is_none()).count();
                    assert_eq!(unread, 0, "{engine:?}");
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            });
            for round in 1..=3_u16 {
                keys.add(true).unwrap();
                keys.add_index().unwrap();
                secrets.refresh().unwrap();
                // As the job does: those who looked up under the former root have ended.
                std::thread::sleep(std::time::Duration::from_millis(100));
                // What was being written with the old key when the new one came is caught by the next pass.
                while !database.read_now(move |db| held_by(db, round, COLUMNS)).unwrap().is_empty()
                    || !database.read_now(move |db| indexed_by(db, round, COLUMNS)).unwrap().is_empty()
                {
                    reseal_all(&database, &secrets, COLUMNS).unwrap();
                }
                let before = writes.load(Ordering::Relaxed);
                while writes.load(Ordering::Relaxed) < before + 4 {
                    std::thread::yield_now();
                }
                reseal_all(&database, &secrets, COLUMNS).unwrap();
                assert!(database.read_now(move |db| held_by(db, round, COLUMNS)).unwrap().is_empty(), "{engine:?}");
                keys.retire(round).unwrap();
                keys.retire_index(round).unwrap();
                secrets.refresh().unwrap();
            }
            stop.store(true, Ordering::Relaxed);
        });
        let all = texts(&database, &secrets);
        assert_eq!(all.len() as u64, 50 + writes.load(Ordering::Relaxed), "{engine:?}");
        assert!(all.iter().all(|(_, text)| text.is_some()) && reads.load(Ordering::Relaxed) > 0, "{engine:?}");
    }
}

/// What whoever keeps an installation may do in any order, and a machine that stops in the middle of it.
#[derive(Debug, Clone)]
enum Deed {
    Put,
    Swap,
    Add { in_front: bool },
    AddIndex,
    SealWithLast,
    Batch,
    All,
    Retire,
    RetireIndex,
    Restart,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let one = prop_oneof![
        3 => Just(Deed::Put),
        1 => Just(Deed::Swap),
        2 => any::<bool>().prop_map(|in_front| Deed::Add { in_front }),
        1 => Just(Deed::AddIndex),
        1 => Just(Deed::SealWithLast),
        2 => Just(Deed::Batch),
        1 => Just(Deed::All),
        3 => Just(Deed::Retire),
        2 => Just(Deed::RetireIndex),
        1 => Just(Deed::Restart),
    ];
    proptest::collection::vec(one, 1..40)
}

fn act(
    deed: &Deed,
    database: &Database,
    keys: &KeyFile,
    secrets: &mut Secrets,
    put_so_far: &mut Vec<(Uuid, String)>,
    institution: InstitutionId,
) {
    match deed {
        Deed::Put => {
            let text = format!("text {}", put_so_far.len());
            put_so_far.push((put(database, secrets, institution, &text), text));
        }
        Deed::Swap => {
            let Some((id, text)) = put_so_far.last_mut() else { return };
            *text = format!("{text} again");
            let (id, sealed) = (*id, secrets.seal(&context(institution, *id), text.as_bytes()));
            let index = index(secrets, institution, text.as_bytes());
            let swap = move |db: &mut crate::database::Write<'_>| {
                db.execute(SWAP, params![institution, id, sealed.as_slice(), index.clone()])
            };
            database.write_now::<_, DatabaseError>(swap).unwrap();
        }
        Deed::Add { in_front } => drop(keys.add(*in_front)),
        Deed::AddIndex => drop(keys.add_index()),
        Deed::SealWithLast => {
            let last = *keys.numbers().unwrap().keys.last().unwrap();
            keys.seal_with(last).unwrap();
        }
        Deed::Batch => {
            let copy = secrets.clone();
            database.write_now(move |db| reseal_batch(db, &copy, &COLUMNS[0][0], None, 3)).unwrap();
        }
        Deed::All => drop(reseal_all(database, secrets, COLUMNS).unwrap()),
        Deed::Retire => {
            let number = *keys.numbers().unwrap().keys.last().unwrap();
            if database.read_now(move |db| held_by(db, number, COLUMNS)).unwrap().is_empty() {
                drop(keys.retire(number));
            }
        }
        Deed::RetireIndex => {
            let number = *keys.numbers().unwrap().indexes.last().unwrap();
            if database.read_now(move |db| indexed_by(db, number, COLUMNS)).unwrap().is_empty() {
                drop(keys.retire_index(number));
            }
        }
        Deed::Restart => *secrets = Secrets::kept_in(keys.path()).unwrap(),
    }
    secrets.refresh().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_order_of_adding_sealing_retiring_and_stopping_loses_anything(deeds in deeds()) {
        let (database, (_folder, keys, mut secrets)) = (cabinet(Engine::Sqlite), key_file());
        let institution = InstitutionId::new(NOW);
        let mut expected = Vec::new();
        for deed in &deeds {
            act(deed, &database, &keys, &mut secrets, &mut expected, institution);
            let mut wanted: Vec<_> = expected.iter().map(|(id, text)| (*id, Some(text.clone()))).collect();
            wanted.sort();
            prop_assert_eq!(texts(&database, &secrets), wanted, "after {:?} of {:?}", deed, deeds);
            for (id, text) in &expected {
                prop_assert_eq!(found(&database, &secrets, institution, text), vec![*id]);
            }
        }
    }
}

#[test]
fn the_statements_of_these_tests_are_all_used() {
    assert_eq!(STATEMENTS.len(), 8);
}

#[tokio::test]
async fn a_job_seals_anew_and_records_how_much() {
    let fresh = migrated_sqlite();
    let (_folder, keys, secrets) = key_file();
    keys.add(true).unwrap();
    secrets.refresh().unwrap();
    let app = crate::app::App::new(
        Database::clone(&fresh),
        crate::clock::Clock::standing(NOW),
        crate::app::Wiring::default(),
        crate::app::Means::new(secrets),
    );
    let handlers = rotation::resealing(crate::jobs::Handlers::new(), &[]);
    let job = crate::jobs::NewJob {
        kind: "secret.reseal",
        institution: None,
        payload: serde_json::json!({ "column": 0, "after": null, "changed": 3 }),
        run_at: NOW,
        key: None,
    };
    app.database().write(move |db| crate::jobs::enqueue(db, &job).map(drop)).await.unwrap();
    let worker = crate::jobs::Worker::new(app.clone(), handlers, crate::jobs::Settings::default());
    let claimed = worker.claim(9).await.unwrap();
    assert_eq!(worker.perform(&claimed[0]).await.unwrap(), crate::jobs::Outcome::Done);
    let entries = app.database().read(|db| crate::audit::search(db, None, &crate::audit::Filter::default(), 9)).await;
    let entries: Vec<(String, String)> =
        entries.unwrap().into_iter().map(|entry| (entry.act, entry.subject_id)).collect();
    assert_eq!(entries, vec![("secret.resealed".to_owned(), "2".to_owned())]);
}
