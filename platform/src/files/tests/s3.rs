//! An S3 server as the place, started by the test: the same as a folder, and gone for a while.

use super::world::{app, city, is_there, keys, pdf, sender, sent, table, taken};
use crate::files::{
    self, FileError, NewUpload, PieceError, Place, PlaceError, add_piece, begin_upload, collect, collect_orphans,
    finish_upload, upload,
};
use crate::testing::s3_server::{S3_KEY, S3Server};
use crate::testing::{each_engine, migrated_sqlite};
use time::Duration;

fn place(server: &S3Server) -> Place {
    Place::bucket("s3://kota/berkas/prima", Some(&server.endpoint()), Some(S3_KEY)).unwrap()
}

#[test]
fn a_bucket_is_a_place_as_a_folder_is() {
    each_engine("a bucket", |database| async move {
        let server = S3Server::start().await;
        let app = app(&database, place(&server), None);
        app.files().place().check().await.unwrap();
        let file = taken(&app, &sent("a.csv"), &table(1, 200_000)).await.unwrap();
        let document = taken(&app, &sent("b.pdf"), &pdf("")).await.unwrap();
        assert!(is_there(&app, &file).await && is_there(&app, &document).await && document.can_be_viewed());
        assert_eq!(keys(&app).await.len(), 3);
        taken(&app, &sent("c.csv"), &table(1, 200_000)).await.unwrap();
        assert_eq!(keys(&app).await.len(), 3, "the same content once");
        app.clock().advance(Duration::days(1));
        assert_eq!(collect(&app).await.unwrap().blobs, 3);
        assert_eq!(keys(&app).await, Vec::<String>::new());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_goes_in_parts_and_comes_back_the_same() {
    let (fresh, server) = (migrated_sqlite(), S3Server::start().await);
    let app = app(&fresh, place(&server), None);
    let content = table(3, 20 * 1024 * 1024);
    let mut intake = files::Intake::begin(app.files().place(), u64::MAX).await.unwrap();
    for chunk in content.chunks(1024 * 1024) {
        intake.write(chunk.to_vec().into()).await.unwrap();
    }
    let spool = intake.finish().await.unwrap();
    let (bytes, hash) = (spool.bytes(), spool.hash().to_owned());
    app.files().place().keep("besar/satu", spool).await.unwrap();
    app.files().place().verify("besar/satu", bytes, &hash).await.unwrap();
    assert_eq!(
        collect_orphans(&app, time::macros::datetime!(2100-01-01 00:00 UTC)).await.unwrap(),
        0,
        "not ours to delete"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_is_said_and_what_was_confirmed_is_there_afterwards() {
    let (fresh, mut server) = (migrated_sqlite(), S3Server::start().await);
    let app = app(&fresh, place(&server), None);
    let content = table(1, 60_000);
    let new = NewUpload { name: "a.csv".into(), bytes: content.len() as u64, keep_position: false };
    let begun = begin_upload(&app, city(1), sender("sari"), &super::world::TEST, new).await.unwrap();
    let got = add_piece(&app, &begun, 0, content[..40_000].to_vec().into()).await.unwrap();
    server.stop().await;
    let on = upload(&app, city(1), sender("sari"), begun.id).await.unwrap();
    let gone = add_piece(&app, &on, got, content[40_000..].to_vec().into()).await;
    assert!(matches!(gone, Err(PieceError::File(FileError::Place(PlaceError::Unreachable(_))))), "{gone:?}");
    let whole = taken(&app, &sent("b.csv"), &table(2, 1_000)).await;
    let Err(error) = whole else { panic!("{whole:?}") };
    assert!(error.can_be_tried_again() && error.words(rules::phrase::Language::Indonesian).contains("Coba kirim lagi"));
    assert!(collect(&app).await.is_ok(), "nothing is to be collected yet");
    server.resume().await;
    let on = upload(&app, city(1), sender("sari"), begun.id).await.unwrap();
    assert_eq!(on.received, 40_000);
    add_piece(&app, &on, 40_000, content[40_000..].to_vec().into()).await.unwrap();
    let on = upload(&app, city(1), sender("sari"), begun.id).await.unwrap();
    server.stop().await;
    let gone = finish_upload(&app, sender("sari"), &super::world::TEST, &on).await;
    assert!(matches!(gone, Err(FileError::Place(_))), "{gone:?}");
    server.resume().await;
    let on = upload(&app, city(1), sender("sari"), begun.id).await.unwrap();
    let file = finish_upload(&app, sender("sari"), &super::world::TEST, &on).await.unwrap();
    assert!(is_there(&app, &file).await);
    assert_eq!(keys(&app).await, [file.kept.key(city(1))], "nothing else stayed");
}

#[tokio::test]
async fn keys_of_a_server_are_never_printed() {
    let place = Place::bucket("s3://kota/berkas", Some("http://127.0.0.1:9"), Some(S3_KEY)).unwrap();
    assert!(!format!("{place:?}").contains(S3_KEY.0) && !format!("{place:?}").contains(S3_KEY.1));
    assert!(Place::bucket("kota/berkas", None, None).is_err(), "an address without s3://");
}
