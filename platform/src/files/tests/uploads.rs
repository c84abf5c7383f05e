//! Files in pieces: progress, breaks, wrong pieces, several senders and nodes.

use super::world::{HERE, MOST, THERE, app, city, is_there, keys, pdf, sender, table};
use crate::app::App;
use crate::database::DatabaseError;
use crate::files::{
    self, FileError, NewUpload, PieceError, Place, Refusal, StoredFile, Upload, add_piece, begin_upload, collect,
    finish_upload, upload,
};
use crate::session::COOKIE;
use crate::testing::{Answer, Browser, each_engine, migrated_sqlite};
use axum::body::Body;
use tempfile::TempDir;
use time::Duration;

pub(super) async fn begun(app: &App, who: &str, bytes: u64) -> Result<Upload, FileError> {
    let new = NewUpload { name: "nilai.csv".into(), bytes, keep_position: false };
    begin_upload(app, city(1), sender(who), &super::world::TEST, new).await
}

pub(super) async fn finished(app: &App, upload: &Upload) -> Result<StoredFile, FileError> {
    finish_upload(app, sender("sari"), &super::world::TEST, upload).await
}

#[test]
fn pieces_become_the_file_also_when_another_node_goes_on() {
    each_engine("pieces", |database| async move {
        let folder = TempDir::new().unwrap();
        let nodes =
            [app(&database, Place::folder(folder.path()), None), app(&database, Place::folder(folder.path()), None)];
        let content = table(5, 1_000_000);
        let mut on_the_way = begun(&nodes[0], "sari", content.len() as u64).await.unwrap();
        for (number, piece) in content.chunks(300_000).enumerate() {
            let node = &nodes[number % 2];
            on_the_way = upload(node, city(1), sender("sari"), on_the_way.id).await.unwrap();
            let start = on_the_way.received;
            let got = add_piece(node, &on_the_way, start, piece.to_vec().into()).await.unwrap();
            assert_eq!(got, start + piece.len() as u64);
        }
        on_the_way = upload(&nodes[1], city(1), sender("sari"), on_the_way.id).await.unwrap();
        let file = finished(&nodes[1], &on_the_way).await.unwrap();
        assert!(is_there(&nodes[0], &file).await && file.bytes == content.len() as u64);
        assert_eq!(keys(&nodes[0]).await, [file.kept.key(city(1))], "the pieces are gone");
        let told = upload(&nodes[0], city(1), sender("sari"), on_the_way.id).await.unwrap();
        assert_eq!(told.file, Some(file.id), "whoever missed the answer is told");
        assert_eq!(finished(&nodes[0], &told).await.unwrap().id, file.id);
    });
}

#[test]
fn a_piece_that_does_not_follow_is_told_where_to_go_on() {
    each_engine("wrong pieces", |database| async move {
        let folder = TempDir::new().unwrap();
        let app = app(&database, Place::folder(folder.path()), None);
        let begun = begun(&app, "sari", 100).await.unwrap();
        let elsewhere = |outcome: Result<u64, PieceError>| match outcome {
            Err(PieceError::Elsewhere(at)) => at,
            other => panic!("{other:?}"),
        };
        assert_eq!(elsewhere(add_piece(&app, &begun, 10, vec![b'a'; 10].into()).await), 0);
        assert_eq!(elsewhere(add_piece(&app, &begun, 0, vec![b'a'; 101].into()).await), 0, "more than was said");
        assert_eq!(add_piece(&app, &begun, 0, vec![b'a'; 60].into()).await.unwrap(), 60);
        assert_eq!(
            elsewhere(add_piece(&app, &begun, 0, vec![b'b'; 50].into()).await),
            60,
            "sent twice: the first counts"
        );
        let short = upload(&app, city(1), sender("sari"), begun.id).await.unwrap();
        assert!(matches!(finished(&app, &short).await, Err(FileError::Place(_))), "too short to be finished");
        assert_eq!(keys(&app).await.len(), 1, "only the piece that counts is there");
    });
}

#[tokio::test]
async fn an_upload_belongs_to_who_began_it_and_ends_after_a_day() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let begun = begun(&app, "sari", 100).await.unwrap();
    add_piece(&app, &begun, 0, vec![b'a'; 60].into()).await.unwrap();
    for (institution, who) in [(city(1), "budi"), (city(2), "sari")] {
        let found = upload(&app, institution, sender(who), begun.id).await;
        assert!(matches!(found, Err(FileError::Refused(Refusal::Gone))));
    }
    app.clock().advance(Duration::hours(24));
    assert!(matches!(upload(&app, city(1), sender("sari"), begun.id).await, Err(FileError::Refused(Refusal::Gone))));
    assert_eq!(collect(&app).await.unwrap().uploads, 1);
    assert_eq!(keys(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_begins_more_than_they_may() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    assert!(matches!(begun(&app, "sari", MOST + 1).await, Err(FileError::Refused(Refusal::TooLarge(MOST)))));
    assert!(matches!(begun(&app, "sari", 0).await, Err(FileError::Refused(Refusal::Empty))));
    for _ in 0..files::MOST_WAITING {
        begun(&app, "sari", 10).await.unwrap();
    }
    assert!(matches!(begun(&app, "sari", 10).await, Err(FileError::Refused(Refusal::TooMuchWaiting))));
    assert!(begun(&app, "budi", 10).await.is_ok());
}

#[tokio::test]
async fn a_file_that_is_refused_ends_its_upload() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let mut begun = begun(&app, "sari", 20).await.unwrap();
    begun.received = add_piece(&app, &begun, 0, b"MZ\x90\0 it is a program".to_vec().into()).await.unwrap();
    assert!(matches!(finished(&app, &begun).await, Err(FileError::Refused(Refusal::Kind))));
    assert_eq!(keys(&app).await, Vec::<String>::new());
    assert!(matches!(upload(&app, city(1), sender("sari"), begun.id).await, Err(FileError::Refused(Refusal::Gone))));
}

#[test]
fn of_many_who_send_the_same_piece_one_is_taken() {
    each_engine("the same piece", |database| async move {
        let folder = TempDir::new().unwrap();
        let app = app(&database, Place::folder(folder.path()), None);
        let begun = begun(&app, "sari", 100).await.unwrap();
        let tries = (0..8_u8).map(|number| {
            let (app, begun) = (app.clone(), begun.clone());
            tokio::spawn(async move { add_piece(&app, &begun, 0, vec![number; 50].into()).await.is_ok() })
        });
        let mut taken = 0;
        for one in tries.collect::<Vec<_>>() {
            taken += u32::from(one.await.unwrap());
        }
        assert_eq!((taken, keys(&app).await.len()), (1, 1));
        let now = upload(&app, city(1), sender("sari"), begun.id).await.unwrap();
        assert_eq!(now.received, 50);
    });
}

/// A browser whose line breaks, without a network.
struct Line {
    browser: Browser,
}

impl Line {
    fn of(app: &App, host: &str, who: &str) -> Self {
        let browser = Browser::new(crate::server::router(app, files::routes())).at(host);
        browser.keep(COOKIE, who);
        Self { browser }
    }

    async fn begin(&self, bytes: usize) -> Answer {
        let fields = [("untuk", "test"), ("nama", "surat.pdf"), ("ukuran", &bytes.to_string()), ("posisi", "")];
        self.browser.post("/unggah", &fields).await
    }

    async fn piece(&self, id: &str, from: usize, bytes: &[u8]) -> Answer {
        self.body(id, from, bytes.len(), Body::from(bytes.to_vec())).await
    }

    /// What comes of a piece that was said to have so many bytes.
    async fn body(&self, id: &str, from: usize, length: usize, body: Body) -> Answer {
        let request =
            self.browser.request("POST", &format!("/unggah/{id}?dari={from}")).header("sec-fetch-site", "same-origin");
        let request = request.header("accept", "application/json").header("content-length", length);
        self.browser.send(request, body).await
    }
}

fn told(answer: &Answer, name: &str) -> serde_json::Value {
    serde_json::from_slice::<serde_json::Value>(&answer.bytes).unwrap()[name].clone()
}

#[tokio::test]
async fn over_http_a_file_goes_on_after_a_break() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let (line, content) = (Line::of(&app, HERE, "sari"), pdf(""));
    let begun = line.begin(content.len()).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let id = told(&begun, "id").as_str().unwrap().to_owned();
    assert_eq!(told(&line.piece(&id, 0, &content[..100]).await, "received"), 100);
    // The answer got lost: the browser asks, sends a wrong piece, and is told.
    assert_eq!(told(&line.browser.get(&format!("/unggah/{id}")).await, "received"), 100);
    let wrong = line.piece(&id, 0, &content[..100]).await;
    assert_eq!((wrong.status.as_u16(), told(&wrong, "received")), (409, 100.into()));
    let last = line.piece(&id, 100, &content[100..]).await;
    assert!(last.status == 200 && told(&last, "file").is_string(), "{}", last.text());
    let again = line.piece(&id, content.len(), b"").await;
    assert_eq!(told(&again, "file"), told(&last, "file"), "asked once more, the same file");
}

#[tokio::test]
async fn over_http_a_piece_that_breaks_off_counts_as_far_as_it_came() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let (line, content) = (Line::of(&app, HERE, "sari"), pdf(""));
    let id = told(&line.begin(content.len()).await, "id").as_str().unwrap().to_owned();
    let came = [Ok(content[..80].to_vec()), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
    let cut = line.body(&id, 0, content.len(), Body::from_stream(futures_util::stream::iter(came))).await;
    assert_eq!(cut.status, 400, "{}", cut.text());
    assert_eq!(told(&line.browser.get(&format!("/unggah/{id}")).await, "received"), 80);
    let last = line.piece(&id, 80, &content[80..]).await;
    assert!(last.status == 200 && told(&last, "file").is_string(), "{}", last.text());
}

#[tokio::test]
async fn over_http_more_than_was_said_is_not_taken() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let line = Line::of(&app, HERE, "sari");
    let begun = line.begin(100).await;
    let id = told(&begun, "id").as_str().unwrap().to_owned();
    let most = usize::try_from(told(&begun, "piece").as_u64().unwrap()).unwrap();
    assert_eq!(line.body(&id, 0, most + 1, Body::empty()).await.status, 413, "larger than a piece may be");
    let wrong = line.piece(&id, 0, &[b'a'; 101]).await;
    assert_eq!((wrong.status.as_u16(), told(&wrong, "received")), (409, 0.into()));
    // The length is not said before.
    let request = line.browser.request("POST", &format!("/unggah/{id}?dari=0")).header("sec-fetch-site", "same-origin");
    let chunks = futures_util::stream::iter([60, 60].map(|bytes| Ok::<_, std::io::Error>(vec![b'a'; bytes])));
    let wrong = line.browser.send(request.header("accept", "application/json"), Body::from_stream(chunks)).await;
    assert_eq!((wrong.status.as_u16(), told(&wrong, "received")), (409, 60.into()));
}

#[tokio::test]
async fn over_http_strangers_and_other_cities_get_nowhere() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let line = Line::of(&app, HERE, "sari");
    let id = told(&line.begin(100).await, "id").as_str().unwrap().to_owned();
    for (host, who, status) in [(HERE, "budi", 404), (THERE, "ani", 404), (THERE, "sari", 401), (HERE, "entah", 401)] {
        let other = Line::of(&app, host, who);
        assert_eq!(other.piece(&id, 0, b"abc").await.status, status, "{who} at {host}");
    }
    assert_eq!(Line::of(&app, HERE, "tamu").begin(100).await.status, 403, "whoever may not send");
    let gone: Result<_, DatabaseError> = fresh.read(|_| Ok(())).await;
    gone.unwrap();
    assert_eq!(told(&line.browser.get(&format!("/unggah/{id}")).await, "received"), 0);
}

#[tokio::test]
async fn over_http_a_refusal_is_a_sentence() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let line = Line::of(&app, HERE, "sari");
    let id = told(&line.begin(12).await, "id").as_str().unwrap().to_owned();
    let refused = line.piece(&id, 0, b"MZ\x90\0program!").await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(told(&refused, "detail").as_str().unwrap().starts_with("Jenis berkas ini tidak diterima."));
    let large = line.begin(usize::try_from(MOST).unwrap() + 1).await;
    assert_eq!(large.status, 413);
}
