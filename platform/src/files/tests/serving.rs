//! Files on their way out: who reads them, in which manner, in parts, and never damaged.

use super::world::{CLOSED, HERE, NOW, OPEN, THERE, app, city, holder, pdf, png, sender, sent, table, taken};
use crate::app::App;
use crate::database::{DatabaseError, Uuid};
use crate::files::{self, Place, StoredFile};
use crate::session::COOKIE;
use crate::testing::{Answer, Browser, Fresh, migrated_sqlite};
use tempfile::TempDir;
use time::Duration;

struct Library {
    app: App,
    browser: Browser,
    folder: TempDir,
    _fresh: Fresh,
}

impl Library {
    fn new() -> Self {
        let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
        let app = app(&fresh, Place::folder(folder.path()), None);
        let browser = Browser::new(crate::server::router(&app, files::routes())).at(HERE);
        Self { app, browser, folder, _fresh: fresh }
    }

    async fn held(&self, name: &str, bytes: &[u8], by: Uuid) -> StoredFile {
        let file = taken(&self.app, &sent(name), bytes).await.unwrap();
        let id = file.id;
        let done =
            self.app.database().write(move |db| files::attach(db, city(1), id, &sender("sari"), &holder(by), NOW));
        assert!(done.await.map_err(|error: DatabaseError| error).unwrap());
        file
    }

    fn of(&self, host: &str, who: &str) -> Browser {
        let browser = self.browser.at(host);
        browser.keep(COOKIE, who);
        browser
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_download_is_never_run_by_the_browser() {
    let library = Library::new();
    let content = table(1, 5_000);
    let file = library.held("nilai é.csv", &content, OPEN).await;
    let answer = library.browser.get_with(&file.href(), "accept-encoding", "br, gzip").await;
    assert_eq!((answer.status.as_u16(), &answer.bytes), (200, &content), "whole and not compressed");
    for (name, value) in [
        ("content-disposition", "attachment; filename=\"nilai _.csv\"; filename*=UTF-8''nilai%20%C3%A9.csv"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-cache, no-transform"),
        ("accept-ranges", "bytes"),
        ("content-length", &content.len().to_string()),
        ("etag", &format!("\"{}\"", file.sent_hash)),
    ] {
        assert_eq!(header(&answer, name), value, "{name}");
    }
}

#[tokio::test]
async fn pictures_and_inert_documents_are_shown_and_nothing_else() {
    let library = Library::new();
    let document = library.held("surat.pdf", &pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), OPEN).await;
    let whole = library.browser.get(&document.href()).await;
    assert!(whole.says("app.alert") && header(&whole, "content-disposition").starts_with("attachment"));
    let shown = library.browser.get(&document.view_href().unwrap()).await;
    assert!(!shown.says("app.alert") && header(&shown, "content-disposition").starts_with("inline"));
    assert!(header(&shown, "content-security-policy").contains("default-src 'none'"));
    let picture = library.held("foto.png", &png(), OPEN).await;
    let shown = library.browser.get(&picture.view_href().unwrap()).await;
    assert_eq!((header(&shown, "content-type"), shown.status.as_u16()), ("image/png", 200));
    let data = library.held("a.csv", &table(1, 100), OPEN).await;
    assert_eq!(library.browser.get(&format!("{}/lihat", data.href())).await.status, 404);
}

#[tokio::test]
async fn only_whom_the_holder_lets_reads_and_never_another_city() {
    let library = Library::new();
    let open = library.held("a.csv", &table(1, 100), OPEN).await;
    let closed = library.held("b.csv", &table(2, 100), CLOSED).await;
    let draft = taken(&library.app, &sent("c.csv"), &table(3, 100)).await.unwrap();
    assert_eq!(library.browser.get(&open.href()).await.status, 200);
    assert_eq!(library.browser.get(&closed.href()).await.status, 404, "a stranger is told nothing");
    assert_eq!(library.of(HERE, "tamu").get(&closed.href()).await.status, 200);
    for file in [&open, &closed, &draft] {
        assert_eq!(library.of(THERE, "ani").get(&file.href()).await.status, 404);
        assert_eq!(library.of(THERE, "ani").get(&format!("{}/lihat", file.href())).await.status, 404);
    }
    assert_eq!(library.of(HERE, "sari").get(&draft.href()).await.status, 404, "a draft is nobody's to read");
    let id = open.id;
    let gone = library.app.database().write(move |db| files::release(db, city(1), id, &holder(OPEN), NOW));
    assert!(gone.await.map_err(|error: DatabaseError| error).unwrap());
    assert_eq!(library.browser.get(&open.href()).await.status, 404, "let go is gone");
}

#[tokio::test]
async fn parts_are_given_when_they_are_asked_for() {
    let library = Library::new();
    let content = table(1, 5_000);
    let file = library.held("a.csv", &content, OPEN).await;
    let part = library.browser.get_with(&file.href(), "range", "bytes=100-199").await;
    assert_eq!((part.status.as_u16(), part.bytes.as_slice()), (206, &content[100..200]));
    assert_eq!(header(&part, "content-range"), format!("bytes 100-199/{}", content.len()));
    let beyond = library.browser.get_with(&file.href(), "range", "bytes=999999-").await;
    assert_eq!(
        (beyond.status.as_u16(), header(&beyond, "content-range")),
        (416, format!("bytes */{}", content.len()).as_str())
    );
    let request =
        library.browser.request("GET", &file.href()).header("range", "bytes=0-9").header("if-range", "\"other\"");
    let whole = library.browser.send(request, axum::body::Body::empty()).await;
    assert_eq!((whole.status.as_u16(), whole.bytes.len()), (200, content.len()));
    let known = library.browser.get_with(&file.href(), "if-none-match", &format!("\"{}\"", file.sent_hash)).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
}

#[tokio::test]
async fn a_damaged_or_missing_file_is_said_so_and_never_given() {
    let library = Library::new();
    let file = library.held("a.csv", &table(1, 5_000), OPEN).await;
    let place = library.folder.path().join(file.kept.key(city(1)));
    let sound = std::fs::read(&place).unwrap();
    let mut damaged = sound.clone();
    damaged[4_000] ^= 1;
    std::fs::write(&place, &damaged).unwrap();
    let answer = library.browser.get(&file.href()).await;
    assert!(answer.status == 500 && answer.says("rusak di tempat penyimpanan"), "{}", answer.text());
    std::fs::write(&place, &sound[..3_000]).unwrap();
    assert_eq!(library.browser.get(&file.href()).await.status, 500, "cut short");
    std::fs::remove_file(&place).unwrap();
    assert!(library.browser.get(&file.href()).await.says("tidak ditemukan di tempat penyimpanan"));
    std::fs::write(&place, &sound).unwrap();
    assert_eq!(library.browser.get(&file.href()).await.bytes, sound);
    library.app.clock().advance(Duration::hours(2));
    std::fs::write(&place, &damaged).unwrap();
    assert_eq!(library.browser.get(&file.href()).await.status, 500, "trust ends after an hour");
}
