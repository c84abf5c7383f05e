//! Taking, attaching, releasing; what is kept of each kind of file.

use super::world::{
    CLOSED, MOST, NOW, OPEN, app, city, holder, is_there, keys, pdf, png, sender, sent, sent_by, table, taken,
};
use crate::database::DatabaseError;
use crate::files::{self, FileError, FileState, HolderKind, Kind, Place, Refusal, StoredFile};
use crate::testing::{each_engine, prepare_all};
use tempfile::TempDir;
use time::Duration;

#[test]
fn every_statement_is_one_on_both_engines() {
    prepare_all(&[files::STATEMENTS]);
}

#[test]
fn a_file_becomes_a_draft_is_attached_and_let_go() {
    each_engine("a file lives", |database| async move {
        let folder = TempDir::new().unwrap();
        let app = app(&database, Place::folder(folder.path()), None);
        let file = taken(&app, &sent("C:\\data\\nilai.csv"), &table(1, 400_000)).await.unwrap();
        assert_eq!((file.state, file.kind, file.name.as_str()), (FileState::Draft, Kind::Csv, "nilai.csv"));
        assert!(is_there(&app, &file).await && file.sent_hash == file.kept.hash);
        let (id, here) = (file.id, city(1));
        let attach = move |who: &'static str, institution, at| {
            let database = database.clone();
            async move {
                let done =
                    database.write(move |db| files::attach(db, institution, id, &sender(who), &holder(OPEN), at));
                done.await.map_err(|error: DatabaseError| error).unwrap()
            }
        };
        assert!(!attach("budi", here, NOW).await, "another person's draft");
        assert!(!attach("sari", city(2), NOW).await, "another city's draft");
        assert!(!attach("sari", here, NOW + Duration::hours(24)).await, "a draft that has ended");
        assert!(attach("sari", here, NOW).await);
        assert!(!attach("sari", here, NOW).await, "attached already");
        let database = app.database();
        let held = database.read(move |db| files::files_of(db, here, &holder(OPEN))).await;
        let held: Vec<StoredFile> = held.map_err(|error: DatabaseError| error).unwrap();
        assert_eq!(held.iter().map(|file| (file.id, file.state)).collect::<Vec<_>>(), [(id, FileState::Attached)]);
        let let_go = |holder_id| database.write(move |db| files::release(db, here, id, &holder(holder_id), NOW));
        let wrong: Result<bool, DatabaseError> = let_go(CLOSED).await;
        let right: Result<bool, DatabaseError> = let_go(OPEN).await;
        assert!(!wrong.unwrap() && right.unwrap());
        let left: Result<_, DatabaseError> = database.read(move |db| files::files_of(db, here, &holder(OPEN))).await;
        assert!(left.unwrap().is_empty());
    });
}

#[test]
fn the_same_content_lies_once_in_a_city_and_apart_in_another() {
    each_engine("the same content", |database| async move {
        let folder = TempDir::new().unwrap();
        let app = app(&database, Place::folder(folder.path()), None);
        let first = taken(&app, &sent("a.csv"), &table(1, 900)).await.unwrap();
        let again = taken(&app, &sent("b.csv"), &table(1, 900)).await.unwrap();
        assert_eq!((&first.kept, first.id == again.id), (&again.kept, false));
        let there = taken(&app, &sent_by(city(2), "ani", "a.csv"), &table(1, 900)).await.unwrap();
        assert_ne!(first.kept.id, there.kept.id);
        let keys = keys(&app).await;
        assert_eq!(keys.len(), 2, "one object for each city: {keys:?}");
        assert!(keys[0].starts_with(&city(1).to_string()) && keys[1].starts_with(&city(2).to_string()));
    });
}

#[test]
fn a_picture_is_kept_as_it_was_drawn_anew_and_a_pdf_as_it_was_sent() {
    each_engine("what is kept", |database| async move {
        let folder = TempDir::new().unwrap();
        let app = app(&database, Place::folder(folder.path()), None);
        let picture = taken(&app, &sent("foto.jpeg"), &[png(), b"Rumah Bu Sari".to_vec()].concat()).await.unwrap();
        assert_eq!((picture.kind, picture.name.as_str(), picture.sides), (Kind::Png, "foto.png", Some((6, 4))));
        assert!(picture.sent_hash != picture.kept.hash && picture.shown.as_ref() == Some(&picture.kept));
        let document =
            taken(&app, &sent("surat.pdf"), &pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>")).await.unwrap();
        assert!(document.sent_hash == document.kept.hash && document.can_be_viewed());
        assert_ne!(document.shown.as_ref().map(|shown| &shown.hash), Some(&document.kept.hash));
        let odd = taken(&app, &sent("rusak.pdf"), b"%PDF-1.7\nbut then nothing").await.unwrap();
        assert!(!odd.can_be_viewed(), "one that cannot be read can be downloaded only");
        for key in keys(&app).await {
            let bytes = std::fs::read(folder.path().join(&key)).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("Sari"), "{key}");
        }
    });
}

#[tokio::test]
async fn what_is_not_taken_leaves_nothing() {
    let (fresh, folder) = (crate::testing::migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let most = usize::try_from(MOST).unwrap();
    let cases: [(&[u8], Refusal); 4] = [
        (b"", Refusal::Empty),
        (b"MZ\x90\0 a program", Refusal::Kind),
        (b"<html><script>alert(1)</script>", Refusal::Kind),
        (b"\x89PNG\r\n\x1a\nno picture", Refusal::Damaged),
    ];
    for (bytes, refusal) in cases {
        match taken(&app, &sent("foto.png"), bytes).await {
            Err(FileError::Refused(why)) => assert_eq!(why, refusal),
            other => panic!("{other:?}"),
        }
    }
    let mut intake = files::Intake::begin(app.files().place(), MOST).await.unwrap();
    assert!(intake.write(table(1, most)[..most].to_vec().into()).await.unwrap());
    assert!(!intake.write(table(2, 10).into()).await.unwrap() && intake.is_too_large());
    let spool = intake.finish().await.unwrap();
    assert!(spool.bytes() == MOST, "what is over the limit never touches the disk: {}", spool.bytes());
    drop(spool);
    assert_eq!(keys(&app).await, Vec::<String>::new());
    let waiting = std::fs::read_dir(folder.path().join("masuk")).unwrap().count();
    assert_eq!(waiting, 0, "nothing waits");
}

#[tokio::test]
async fn only_kinds_that_the_holder_takes_are_taken() {
    static PICTURES: HolderKind = HolderKind { kinds: Kind::PICTURES, name: "pictures", ..holder_like_test() };
    let (fresh, folder) = (crate::testing::migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let for_pictures = files::Sent { kind: &PICTURES, ..sent("data.png") };
    assert!(matches!(taken(&app, &for_pictures, &table(1, 100)).await, Err(FileError::Refused(Refusal::Kind))));
    assert!(taken(&app, &for_pictures, &png()).await.is_ok());
}

const fn holder_like_test() -> HolderKind {
    HolderKind {
        name: "like-test",
        kinds: &Kind::ALL,
        most_bytes: MOST,
        keeps_position: false,
        may_send: |_| true,
        may_read: |_, _, _| Ok(true),
    }
}

#[tokio::test]
async fn nobody_piles_up_drafts_without_end() {
    let (fresh, folder) = (crate::testing::migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    for number in 0..files::MOST_WAITING {
        taken(&app, &sent("a.csv"), &table(number, 40)).await.unwrap();
    }
    let one_more = taken(&app, &sent("a.csv"), &table(999, 40)).await;
    assert!(matches!(one_more, Err(FileError::Refused(Refusal::TooMuchWaiting))), "{one_more:?}");
    assert!(taken(&app, &sent_by(city(1), "budi", "a.csv"), &table(999, 40)).await.is_ok(), "others go on");
    app.clock().advance(Duration::hours(24));
    assert!(taken(&app, &sent("a.csv"), &table(999, 40)).await.is_ok(), "and so does she, a day later");
}
