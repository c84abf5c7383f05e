//! Uploads that grow in a folder: lines that break, are silent, or are two; nodes that end, and several at once.

use super::uploads::{begun, finished};
use super::world::{app, city, is_there, keys, sender, table};
use crate::app::App;
use crate::database::{Database, Engine};
use crate::files::{NewUpload, PieceError, Place, StoredFile, Upload, add_piece, add_stream, collect, upload};
use crate::testing::{Fresh, each_engine, migrated_sqlite};
use bytes::Bytes;
use futures_util::{Stream, stream};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sha2::{Digest as _, Sha256};
use std::cell::Cell;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use tempfile::TempDir;
use time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

type Chunk = Result<Bytes, &'static str>;

/// A line that carries what is put into it, and is silent until then.
fn line() -> (mpsc::UnboundedSender<Chunk>, impl Stream<Item = Chunk> + Send + 'static) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let next =
        |mut receiver: mpsc::UnboundedReceiver<Chunk>| async { receiver.recv().await.map(|one| (one, receiver)) };
    (sender, stream::unfold(receiver, next))
}

fn piece(content: &[u8]) -> Chunk {
    Ok(Bytes::copy_from_slice(content))
}

async fn now(app: &App, begun: &Upload) -> Upload {
    upload(app, city(1), sender("sari"), begun.id).await.unwrap()
}

/// Somebody sends this much and is silent then; their line is open as long as the first of both lives.
async fn silent(app: &App, on: &Upload, start: u64, content: &[u8]) -> (mpsc::UnboundedSender<Chunk>, Sending) {
    let (end, body) = line();
    end.send(piece(content)).unwrap();
    let (own, on, id) = (app.clone(), on.clone(), on.id);
    let sending = tokio::spawn(async move { add_stream(&own, &on, start, body).await });
    let reached = start + content.len() as u64;
    for _ in 0..500 {
        if sending.is_finished() || app.files().growths().reached(id) == reached {
            return (end, sending);
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("what was sent does not arrive");
}

type Sending = JoinHandle<Result<u64, PieceError>>;

/// Waits until an upload got so far.
async fn reaches(app: &App, begun: &Upload, received: u64) {
    for _ in 0..500 {
        if now(app, begun).await.received == received {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it stays at {}", now(app, begun).await.received);
}

fn inode(folder: &Path, key: &str) -> u64 {
    std::fs::metadata(folder.join(key)).unwrap().ino()
}

fn hash(content: &[u8]) -> String {
    crate::files::spool::hex(&Sha256::digest(content))
}

#[test]
fn pieces_grow_one_file_and_that_is_kept_without_a_copy() {
    each_engine("one file grows", |database| async move {
        let (folder, content) = (TempDir::new().unwrap(), table(5, 1_000_000));
        let app = app(&database, Place::folder(folder.path()), None);
        let mut on = begun(&app, "sari", content.len() as u64).await.unwrap();
        for piece in content.chunks(300_000) {
            on.received = add_piece(&app, &on, on.received, piece.to_vec().into()).await.unwrap();
        }
        let growing = keys(&app).await;
        assert_eq!(growing.len(), 1);
        let grown = inode(folder.path(), &growing[0]);
        let file = finished(&app, &on).await.unwrap();
        assert_eq!(file.sent_hash, hash(&content));
        assert!(is_there(&app, &file).await);
        assert_eq!(keys(&app).await, [file.kept.key(city(1))], "it has one name");
        assert_eq!(inode(folder.path(), &file.kept.key(city(1))), grown, "it is the same file");
    });
}

#[tokio::test]
async fn what_came_counts_when_the_line_breaks() {
    let (fresh, folder, content) = (migrated_sqlite(), TempDir::new().unwrap(), table(5, 100_000));
    let app = app(&fresh, Place::folder(folder.path()), None);
    let begun = begun(&app, "sari", content.len() as u64).await.unwrap();
    let broken = stream::iter([piece(&content[..30_000]), piece(&content[30_000..50_000]), Err("the line broke")]);
    let outcome = add_stream(&app, &begun, 0, broken).await;
    assert!(matches!(outcome, Err(PieceError::Cut)), "{outcome:?}");
    let on = now(&app, &begun).await;
    assert_eq!(on.received, 50_000);
    add_piece(&app, &on, 50_000, content[50_000..].to_vec().into()).await.unwrap();
    assert_eq!(finished(&app, &on).await.unwrap().sent_hash, hash(&content));
}

#[tokio::test]
async fn what_came_counts_when_nobody_waits_for_the_answer_any_more() {
    let (fresh, folder, content) = (migrated_sqlite(), TempDir::new().unwrap(), table(5, 100_000));
    let app = app(&fresh, Place::folder(folder.path()), None);
    let begun = begun(&app, "sari", content.len() as u64).await.unwrap();
    let (_end, sending) = silent(&app, &begun, 0, &content[..40_000]).await;
    assert_eq!(now(&app, &begun).await.received, 0, "it is not confirmed yet");
    sending.abort();
    reaches(&app, &begun, 40_000).await;
}

#[tokio::test]
async fn whoever_goes_on_at_the_right_place_takes_the_turn_from_who_is_silent() {
    let (fresh, folder, content) = (migrated_sqlite(), TempDir::new().unwrap(), table(5, 100_000));
    let app = app(&fresh, Place::folder(folder.path()), None);
    let begun = begun(&app, "sari", content.len() as u64).await.unwrap();
    let (_end, sending) = silent(&app, &begun, 0, &content[..40_000]).await;
    let astray = add_piece(&app, &begun, 20_000, content[20_000..].to_vec().into()).await;
    assert!(matches!(astray, Err(PieceError::Elsewhere(40_000))), "{astray:?}");
    assert!(!sending.is_finished(), "who begins elsewhere takes nothing");
    assert_eq!(add_piece(&app, &begun, 40_000, content[40_000..].to_vec().into()).await.unwrap(), begun.bytes);
    let first = sending.await.unwrap();
    assert!(matches!(first, Err(PieceError::Elsewhere(40_000))), "{first:?}");
    assert_eq!(finished(&app, &begun).await.unwrap().sent_hash, hash(&content));
}

#[test]
fn of_two_nodes_one_wins_and_the_other_is_told_where_to_go_on() {
    each_engine("two nodes", |database| async move {
        let (folder, content) = (TempDir::new().unwrap(), table(5, 100_000));
        let node = || app(&database, Place::folder(folder.path()), None);
        let (one, two) = (node(), node());
        let begun = begun(&one, "sari", content.len() as u64).await.unwrap();
        let (end, sending) = silent(&one, &begun, 0, &content[..60_000]).await;
        assert_eq!(add_piece(&two, &begun, 0, content[..50_000].to_vec().into()).await.unwrap(), 50_000);
        drop(end);
        let slow = sending.await.unwrap();
        assert!(matches!(slow, Err(PieceError::Elsewhere(50_000))), "{slow:?}");
        assert_eq!(keys(&one).await.len(), 1, "what lost is gone");
        let on = now(&one, &begun).await;
        add_piece(&one, &on, 50_000, content[50_000..].to_vec().into()).await.unwrap();
        let file = finished(&one, &on).await.unwrap();
        assert!(file.sent_hash == hash(&content) && is_there(&two, &file).await);
        assert_eq!(keys(&one).await, [file.kept.key(city(1))]);
    });
}

#[tokio::test]
async fn what_was_written_and_never_confirmed_does_not_count_after_a_crash() {
    let (fresh, folder, content) = (migrated_sqlite(), TempDir::new().unwrap(), table(5, 100_000));
    let node = || app(&fresh, Place::folder(folder.path()), None);
    let before = node();
    let begun = begun(&before, "sari", content.len() as u64).await.unwrap();
    add_piece(&before, &begun, 0, content[..40_000].to_vec().into()).await.unwrap();
    // As the disk may look when the machine lost its power in the middle of the next piece.
    let lying = folder.path().join(&keys(&before).await[0]);
    let mut written = std::fs::read(&lying).unwrap();
    written.resize(70_000, 0);
    std::fs::write(&lying, written).unwrap();
    let after = node();
    let on = now(&after, &begun).await;
    let told = add_piece(&after, &on, 70_000, content[70_000..].to_vec().into()).await;
    assert!(matches!(told, Err(PieceError::Elsewhere(40_000))), "{told:?}");
    add_piece(&after, &on, 40_000, content[40_000..].to_vec().into()).await.unwrap();
    let file = finished(&after, &on).await.unwrap();
    assert!(file.sent_hash == hash(&content) && is_there(&after, &file).await);
    assert_eq!(keys(&after).await, [file.kept.key(city(1))]);
}

#[tokio::test]
async fn a_whole_piece_is_read_for_its_hash_by_a_node_that_did_not_write_it() {
    let (fresh, folder, content) = (migrated_sqlite(), TempDir::new().unwrap(), table(5, 1_300_000));
    let node = || app(&fresh, Place::folder(folder.path()), None);
    let before = node();
    let begun = begun(&before, "sari", content.len() as u64).await.unwrap();
    add_piece(&before, &begun, 0, content.clone().into()).await.unwrap();
    let grown = inode(folder.path(), &keys(&before).await[0]);
    let file = finished(&node(), &begun).await.unwrap();
    assert_eq!((file.sent_hash.clone(), inode(folder.path(), &file.kept.key(city(1)))), (hash(&content), grown));
}

#[tokio::test]
async fn a_piece_of_nothing_leaves_nothing() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let begun = begun(&app, "sari", 10).await.unwrap();
    for _ in 0..2 {
        assert_eq!(add_piece(&app, &begun, 0, Bytes::new()).await.unwrap(), 0);
    }
    assert_eq!(keys(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn of_two_who_ask_for_the_file_both_get_the_same() {
    let (fresh, folder, content) = (migrated_sqlite(), TempDir::new().unwrap(), table(5, 100_000));
    let app = app(&fresh, Place::folder(folder.path()), None);
    let begun = begun(&app, "sari", content.len() as u64).await.unwrap();
    add_piece(&app, &begun, 0, content.clone().into()).await.unwrap();
    let (one, two) = tokio::join!(finished(&app, &begun), finished(&app, &begun));
    assert_eq!(one.unwrap().id, two.unwrap().id);
}

#[tokio::test]
async fn an_upload_that_is_collected_while_somebody_sends_leaves_nothing() {
    let (fresh, folder, content) = (migrated_sqlite(), TempDir::new().unwrap(), table(5, 100_000));
    let app = app(&fresh, Place::folder(folder.path()), None);
    let begun = begun(&app, "sari", content.len() as u64).await.unwrap();
    let (end, sending) = silent(&app, &begun, 0, &content[..40_000]).await;
    app.clock().advance(Duration::hours(24));
    assert_eq!(collect(&app).await.unwrap().uploads, 1);
    drop(end);
    assert!(sending.await.unwrap().is_err());
    assert_eq!(keys(&app).await, Vec::<String>::new());
}

/// What happens to an upload. Nodes are 0 and 1, bytes those that are sent.
#[derive(Debug, Clone)]
enum Step {
    /// Sent and confirmed.
    Whole(usize, usize),
    /// The line breaks after that.
    Breaks(usize, usize),
    /// The line is silent after that, and open.
    Silent(usize, usize),
    /// The sender goes away after that.
    Leaves(usize, usize),
    /// Both nodes get a piece at one time.
    Both(usize),
    /// Somebody begins at a wrong place.
    Astray(usize, usize),
    /// The oldest silent line ends.
    Hear,
    /// The node ends and begins anew.
    Restart(usize),
}

const LENGTH: usize = 60_000;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (node, bytes) = (0_usize..2, 1_usize..12_000);
    let both = (node.clone(), bytes.clone());
    let step = prop_oneof![
        4 => both.clone().prop_map(|(node, bytes)| Step::Whole(node, bytes)),
        2 => both.clone().prop_map(|(node, bytes)| Step::Breaks(node, bytes)),
        2 => both.clone().prop_map(|(node, bytes)| Step::Silent(node, bytes)),
        2 => both.prop_map(|(node, bytes)| Step::Leaves(node, bytes)),
        2 => bytes.prop_map(Step::Both),
        1 => (node.clone(), 0..LENGTH).prop_map(|(node, at)| Step::Astray(node, at)),
        1 => Just(Step::Hear),
        1 => node.prop_map(Step::Restart),
    ];
    proptest::collection::vec(step, 1..12)
}

struct Story {
    nodes: [App; 2],
    begun: Upload,
    content: Vec<u8>,
    silent: Vec<(mpsc::UnboundedSender<Chunk>, Sending)>,
    /// The most that somebody was told is there.
    told: u64,
}

impl Story {
    /// Where a browser would go on at this node, and what it would send.
    async fn next(&self, node: usize, bytes: usize) -> (Upload, u64, Vec<u8>) {
        let on = now(&self.nodes[node], &self.begun).await;
        let at = on.received.max(self.nodes[node].files().growths().reached(on.id));
        let from = usize::try_from(at).unwrap();
        let content = self.content[from..LENGTH.min(from + bytes)].to_vec();
        (on, at, content)
    }

    fn hears(&mut self, outcome: &Result<u64, PieceError>) {
        match outcome {
            Ok(received) => self.told = self.told.max(*received),
            Err(PieceError::Elsewhere(_) | PieceError::Cut) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn go(&mut self, step: &Step, restarted: impl Fn() -> App) {
        match *step {
            Step::Whole(node, bytes) => {
                let (on, at, content) = self.next(node, bytes).await;
                let outcome = add_piece(&self.nodes[node], &on, at, content.into()).await;
                self.hears(&outcome);
            }
            Step::Breaks(node, bytes) => {
                let (on, at, content) = self.next(node, bytes).await;
                let broken = stream::iter([piece(&content), Err("the line broke")]);
                let outcome = add_stream(&self.nodes[node], &on, at, broken).await;
                self.hears(&outcome);
            }
            Step::Silent(node, bytes) => {
                let (on, at, content) = self.next(node, bytes).await;
                let one = silent(&self.nodes[node], &on, at, &content).await;
                self.silent.push(one);
            }
            Step::Leaves(node, bytes) => {
                let (on, at, content) = self.next(node, bytes).await;
                silent(&self.nodes[node], &on, at, &content).await.1.abort();
                drop(self.nodes[node].files().growths().hold(on.id).await);
            }
            Step::Both(bytes) => {
                let ((one, at, content), (other, there, same)) = (self.next(0, bytes).await, self.next(1, bytes).await);
                let outcomes = tokio::join!(
                    add_piece(&self.nodes[0], &one, at, content.into()),
                    add_piece(&self.nodes[1], &other, there, same.into())
                );
                self.hears(&outcomes.0);
                self.hears(&outcomes.1);
            }
            Step::Astray(node, at) => {
                let (on, ..) = self.next(node, 0).await;
                let content = self.content[at..].to_vec();
                let outcome = add_piece(&self.nodes[node], &on, at as u64, content.into()).await;
                self.hears(&outcome);
            }
            Step::Hear if !self.silent.is_empty() => {
                let (end, sending) = self.silent.remove(0);
                drop(end);
                self.hears(&sending.await.unwrap());
            }
            Step::Hear => {}
            Step::Restart(node) => self.nodes[node] = restarted(),
        }
    }

    /// Sends what lacks, in turns through both nodes, as a browser does that believes what it is told.
    async fn end(&mut self) -> StoredFile {
        for round in 0..20 {
            let node = round % 2;
            let (on, at, content) = self.next(node, 40_000).await;
            let outcome = add_piece(&self.nodes[node], &on, at, content.into()).await;
            self.hears(&outcome);
            if now(&self.nodes[node], &self.begun).await.received == LENGTH as u64 {
                return finished(&self.nodes[node], &self.begun).await.unwrap();
            }
        }
        panic!("it never ends");
    }
}

async fn tell(database: Database, number: u64, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let (folder, content) = (TempDir::new().unwrap(), table(number, LENGTH)[..LENGTH].to_vec());
    let node = || app(&database, Place::folder(folder.path()), None);
    let nodes = [node(), node()];
    let new = NewUpload { name: "nilai.csv".into(), bytes: LENGTH as u64, keep_position: false };
    let begun = crate::files::begin_upload(&nodes[0], city(1), sender("sari"), &super::world::TEST, new).await.unwrap();
    let mut story = Story { nodes, begun, content, silent: Vec::new(), told: 0 };
    for (number, step) in steps.iter().enumerate() {
        story.go(step, node).await;
        let received = now(&story.nodes[0], &story.begun).await.received;
        prop_assert!(received >= story.told, "after {number} {step:?}: {} was told, {received} is there", story.told);
    }
    let file = story.end().await;
    for (end, sending) in std::mem::take(&mut story.silent) {
        drop(end);
        drop(sending.await);
    }
    prop_assert_eq!(&file.sent_hash, &hash(&story.content));
    prop_assert!(is_there(&story.nodes[0], &file).await);
    story.nodes[0].clock().advance(Duration::hours(25));
    collect(&story.nodes[0]).await.unwrap();
    let left = keys(&story.nodes[0]).await;
    prop_assert!(left.is_empty(), "objects stay: {left:?}");
    let waiting = std::fs::read_dir(folder.path().join("masuk")).unwrap().count();
    prop_assert_eq!(waiting, 0, "files wait");
    Ok(())
}

#[test]
fn whatever_breaks_the_file_is_the_one_that_was_sent() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (fresh, number) = (Fresh::migrated(engine), Cell::new(0));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let told = runner.run(&steps(), |steps| {
            number.set(number.get() + 1);
            runtime.block_on(tell(Database::clone(&fresh), number.get(), steps))
        });
        told.unwrap_or_else(|error| panic!("{engine:?}: {error}"));
    }
}
