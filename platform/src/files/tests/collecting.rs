//! Nothing that is referred to is ever collected, and nothing else stays: in every order, and wherever the machine stops.

use super::world::{NOW, OPEN, app, city, holder, is_there, keys, sender, sent_by, spool, table, taken};
use crate::app::App;
use crate::database::{Database, DatabaseError, Engine};
use crate::files::take::{Placed, commit, stage};
use crate::files::{self, Place, Sent, StoredFile, collect, collect::collect_condemned, collect_orphans, store};
use crate::identity::InstitutionId;
use crate::testing::{Fresh, each_engine, migrated_sqlite};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::cell::Cell;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

/// What happens to files, one step after another. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody sends one of a few contents.
    Send(u64),
    /// The machine stops after the objects were stored and before the row.
    SendAndStop(u64),
    /// Objects are stored; the row comes later, after whatever happens meanwhile.
    Stage(u64),
    /// The row of the oldest staged file.
    Commit,
    /// A draft gets a holder.
    Attach(usize),
    /// A holder lets a file go.
    Release(usize),
    /// Time goes by: drafts end.
    Wait(i64),
    /// The whole collection.
    Collect,
    /// The collection stops after so many of its steps.
    CollectAndStop(u8),
    /// Objects without a row, as they are found a day later.
    Orphans,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_u64..3).prop_map(Step::Send),
        1 => (0_u64..3).prop_map(Step::SendAndStop),
        2 => (0_u64..3).prop_map(Step::Stage),
        2 => Just(Step::Commit),
        4 => (0_usize..8).prop_map(Step::Attach),
        3 => (0_usize..8).prop_map(Step::Release),
        2 => (1_i64..200).prop_map(Step::Wait),
        2 => Just(Step::Collect),
        2 => (0_u8..4).prop_map(Step::CollectAndStop),
        1 => Just(Step::Orphans),
    ];
    proptest::collection::vec(step, 1..25)
}

struct Story {
    app: App,
    city: InstitutionId,
    staged: Vec<Placed>,
    drafts: Vec<StoredFile>,
    held: Vec<StoredFile>,
}

const LATER: OffsetDateTime = time::macros::datetime!(2100-01-01 00:00 UTC);

impl Story {
    fn sent(&self) -> Sent {
        sent_by(self.city, "sari", "nilai.csv")
    }

    async fn staged(&self, content: u64) -> Placed {
        let spool = spool(&self.app, &table(content, 300)).await.unwrap();
        stage(&self.app, &self.sent(), spool).await.unwrap_or_else(|error| panic!("{error}"))
    }

    async fn committed(&mut self, placed: Placed) {
        let (file, extra) = commit(&self.app, &self.sent(), placed, None).await.unwrap();
        for blob in extra {
            self.app.files().place().delete(&blob.key(self.city)).await.unwrap();
        }
        self.drafts.push(file);
    }

    async fn go(&mut self, step: &Step) {
        let (city, now) = (self.city, self.app.now());
        match *step {
            Step::Send(content) => match taken(&self.app, &self.sent(), &table(content, 300)).await {
                Ok(file) => self.drafts.push(file),
                Err(error) => panic!("{error}"),
            },
            Step::SendAndStop(content) => drop(self.staged(content).await),
            Step::Stage(content) => self.staged.push(self.staged(content).await),
            Step::Commit if !self.staged.is_empty() => {
                let placed = self.staged.remove(0);
                self.committed(placed).await;
            }
            Step::Commit => {}
            Step::Attach(which) if which < self.drafts.len() => {
                let file = self.drafts.remove(which);
                let id = file.id;
                let done = self
                    .app
                    .database()
                    .write(move |db| files::attach(db, city, id, &sender("sari"), &holder(OPEN), now));
                if done.await.map_err(|error: DatabaseError| error).unwrap() {
                    self.held.push(file);
                }
            }
            Step::Release(which) if which < self.held.len() => {
                let id = self.held.remove(which).id;
                let done = self.app.database().write(move |db| files::release(db, city, id, &holder(OPEN), now));
                assert!(done.await.map_err(|error: DatabaseError| error).unwrap());
            }
            Step::Attach(_) | Step::Release(_) => {}
            Step::Wait(hours) => self.app.clock().advance(Duration::hours(hours)),
            Step::Collect => drop(collect(&self.app).await.unwrap()),
            Step::CollectAndStop(after) => self.collect_some(after).await,
            // A row follows its objects within the hour; what is staged is younger than a day.
            Step::Orphans if self.staged.is_empty() => drop(collect_orphans(&self.app, LATER).await.unwrap()),
            Step::Orphans => {}
        }
    }

    async fn collect_some(&self, after: u8) {
        let city = self.city;
        files::collect::collect_files(&self.app, city).await.unwrap();
        if after > 0 {
            files::collect::condemn(&self.app, city).await.unwrap();
        }
        if after == 2 {
            let condemned = self.app.database().read(move |db| store::condemned(db, city, 1)).await;
            for blob in condemned.map_err(|error: DatabaseError| error).unwrap() {
                self.app.files().place().delete(&blob.key(city)).await.unwrap();
            }
        }
        if after == 3 {
            collect_condemned(&self.app, city).await.unwrap();
        }
    }

    /// What a row names that can still be attached or is: all of it must be there.
    async fn lost(&self) -> Option<&StoredFile> {
        for file in &self.held {
            if !is_there(&self.app, file).await {
                return Some(file);
            }
        }
        for file in &self.drafts {
            if self.app.now() < file.created_at + files::DRAFT_ENDS && !is_there(&self.app, file).await {
                return Some(file);
            }
        }
        None
    }

    async fn end(&mut self) {
        self.staged.clear();
        while !self.held.is_empty() {
            self.go(&Step::Release(0)).await;
        }
        self.app.clock().advance(Duration::days(8));
        collect(&self.app).await.unwrap();
        collect_orphans(&self.app, LATER).await.unwrap();
    }
}

async fn tell(database: Database, number: u128, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let folder = TempDir::new().unwrap();
    let app = app(&database, Place::folder(folder.path()), None);
    let mut story = Story { app, city: city(1000 + number), staged: Vec::new(), drafts: Vec::new(), held: Vec::new() };
    for (number, step) in steps.iter().enumerate() {
        // A sender has a limit of what may wait; this is not about it.
        if story.drafts.len() + story.staged.len() > 20 && matches!(step, Step::Send(_) | Step::Stage(_)) {
            continue;
        }
        story.go(step).await;
        let lost = story.lost().await;
        prop_assert!(lost.is_none(), "after {number} {step:?}: {lost:?}");
    }
    story.end().await;
    let left = keys(&story.app).await;
    prop_assert!(left.is_empty(), "objects stay: {left:?}");
    let city = story.city;
    let cities: Result<Vec<InstitutionId>, DatabaseError> = database.read(store::cities).await;
    prop_assert!(!cities.unwrap().contains(&city), "rows stay");
    Ok(())
}

#[test]
fn in_every_order_nothing_referred_to_is_lost_and_nothing_else_stays() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (fresh, number) = (Fresh::migrated(engine), Cell::new(0));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
        let told = runner.run(&steps(), |steps| {
            number.set(number.get() + 1);
            runtime.block_on(tell(Database::clone(&fresh), number.get(), steps))
        });
        told.unwrap_or_else(|error| panic!("{engine:?}: {error}"));
    }
}

#[test]
fn who_sends_again_what_is_being_collected_has_it() {
    each_engine("sent again", |database| async move {
        let folder = TempDir::new().unwrap();
        let app = app(&database, Place::folder(folder.path()), None);
        let work = |worker: u64| {
            let app = app.clone();
            async move {
                for round in 0..12_u64 {
                    let file = taken(&app, &sent_by(city(1), "sari", "a.csv"), &table(round % 2, 300)).await.unwrap();
                    let (id, now) = (file.id, app.now());
                    let held = app
                        .database()
                        .write(move |db| files::attach(db, city(1), id, &sender("sari"), &holder(OPEN), now))
                        .await;
                    assert!(
                        held.map_err(|error: DatabaseError| error).unwrap() && is_there(&app, &file).await,
                        "{worker} {round}"
                    );
                    let gone = app.database().write(move |db| {
                        // At once, so that the collection has something to do.
                        files::store::release(db, city(1), id, &holder(OPEN), now)
                    });
                    assert!(gone.await.map_err(|error: DatabaseError| error).unwrap());
                }
            }
        };
        let sweeper = {
            let app = app.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    collect(&app).await.unwrap();
                }
            })
        };
        let workers: Vec<_> = (0..3).map(|worker| tokio::spawn(work(worker))).collect();
        for worker in workers {
            worker.await.unwrap();
        }
        sweeper.await.unwrap();
        app.clock().advance(Duration::hours(1));
        collect(&app).await.unwrap();
        assert_eq!(keys(&app).await, Vec::<String>::new());
    });
}

#[tokio::test]
async fn an_object_without_a_row_is_left_alone_for_a_day_and_others_objects_for_ever() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let app = app(&fresh, Place::folder(folder.path()), None);
    let spool = spool(&app, &table(1, 100)).await.unwrap();
    drop(stage(&app, &sent_by(city(1), "sari", "a.csv"), spool).await.unwrap_or_else(|error| panic!("{error}")));
    let foreign = folder.path().join("catatan.txt");
    std::fs::write(&foreign, "not ours").unwrap();
    assert_eq!(collect_orphans(&app, NOW - Duration::days(2000)).await.unwrap(), 0, "it is younger");
    assert_eq!(keys(&app).await.len(), 2);
    assert_eq!(collect_orphans(&app, LATER).await.unwrap(), 1);
    assert_eq!(keys(&app).await, ["catatan.txt"]);
}
