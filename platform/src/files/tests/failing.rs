//! The disk is full, the folder is gone: the person reads a sentence, nothing is half-done, and it works again afterwards.

use super::world::{app, city, is_there, keys, sender, sent, table, taken};
use crate::files::{
    FileError, NewUpload, PieceError, Place, PlaceError, add_piece, begin_upload, finish_upload, upload,
};
use crate::testing::{each_engine, migrated_sqlite};
use rules::phrase::Language;
use tempfile::TempDir;

#[test]
fn a_full_disk_is_said_and_a_smaller_file_still_fits() {
    each_engine("disk full", |database| async move {
        let folder = TempDir::new().unwrap();
        let app = app(&database, Place::small_folder(folder.path(), 100_000), None);
        let refused = taken(&app, &sent("a.csv"), &table(1, 300_000)).await.unwrap_err();
        assert!(matches!(refused, FileError::Place(PlaceError::Full(_))), "{refused}");
        assert!(refused.words(Language::Indonesian).starts_with("Ruang penyimpanan berkas habis."));
        assert_eq!(keys(&app).await, Vec::<String>::new());
        assert_eq!(std::fs::read_dir(folder.path().join("masuk")).unwrap().count(), 0, "nothing waits");
        let file = taken(&app, &sent("a.csv"), &table(1, 20_000)).await;
        assert!(is_there(&app, &file.unwrap()).await);
    });
}

#[tokio::test]
async fn a_full_disk_stops_an_upload_that_goes_on_when_there_is_room() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let small = app(&fresh, Place::small_folder(folder.path(), 50_000), None);
    let content = table(1, 80_000);
    let new = NewUpload { name: "a.csv".into(), bytes: content.len() as u64, keep_position: false };
    let begun = begin_upload(&small, city(1), sender("sari"), &super::world::TEST, new).await.unwrap();
    let got = add_piece(&small, &begun, 0, content[..40_000].to_vec().into()).await.unwrap();
    let on = upload(&small, city(1), sender("sari"), begun.id).await.unwrap();
    let full = add_piece(&small, &on, got, content[40_000..].to_vec().into()).await;
    assert!(matches!(full, Err(PieceError::File(FileError::Place(PlaceError::Full(_))))), "{full:?}");
    let roomy = app(&fresh, Place::folder(folder.path()), None);
    let on = upload(&roomy, city(1), sender("sari"), begun.id).await.unwrap();
    assert_eq!(on.received, 40_000, "what was confirmed is there");
    add_piece(&roomy, &on, 40_000, content[40_000..].to_vec().into()).await.unwrap();
    let on = upload(&roomy, city(1), sender("sari"), begun.id).await.unwrap();
    let file = finish_upload(&roomy, sender("sari"), &super::world::TEST, &on).await.unwrap();
    assert!(is_there(&roomy, &file).await);
}

#[tokio::test]
async fn what_the_system_says_of_a_full_disk_becomes_that_sentence() {
    for code in [28, 122] {
        // ENOSPC and EDQUOT, as Linux numbers them.
        let error = PlaceError::from(std::io::Error::from_raw_os_error(code));
        assert!(matches!(error, PlaceError::Full(_)), "{error}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_a_place_that_cannot_be_reached() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let in_the_way = folder.path().join("berkas");
    std::fs::write(&in_the_way, "a file where the folder should be").unwrap();
    let app = app(&fresh, Place::folder(&in_the_way), None);
    let refused = taken(&app, &sent("a.csv"), &table(1, 100)).await.unwrap_err();
    assert!(matches!(refused, FileError::Place(PlaceError::Unreachable(_))), "{refused}");
    assert!(app.files().place().check().await.is_err());
    std::fs::remove_file(&in_the_way).unwrap();
    assert!(taken(&app, &sent("a.csv"), &table(1, 100)).await.is_ok());
    app.files().place().check().await.unwrap();
}

#[tokio::test]
async fn whoever_stops_sending_leaves_nothing() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let mut intake = crate::files::Intake::begin(app.files().place(), 1_000_000).await.unwrap();
    intake.write(table(1, 300_000).into()).await.unwrap();
    drop(intake);
    let waiting = || std::fs::read_dir(folder.path().join("masuk")).unwrap().count();
    for _ in 0..100 {
        if waiting() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(waiting(), 0);
}
