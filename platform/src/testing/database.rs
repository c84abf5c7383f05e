//! Databases for tests: fresh ones on both engines, and the contracts that every statement of a store must keep.
//!
//! PostgreSQL is the one that `bin/postgres run` starts; its address stands in `PRIMA_TEST_POSTGRES`. Without it these tests fail
//! rather than show half of what they claim: run them with `bin/test`.

use crate::database::{Database, Engine, Migration, Options, Sql, apart, migration};
use postgres::{Client, NoTls};
use std::collections::BTreeSet;
use std::ops::Deref;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// A database that ends with the test.
pub struct Fresh {
    database: Option<Database>,
    url: String,
    home: Home,
}

enum Home {
    Folder {
        #[expect(dead_code, reason = "the folder is removed when this is dropped")]
        folder: TempDir,
    },
    Server(String),
}

impl Fresh {
    /// A database without tables, for tests that bring their own.
    ///
    /// # Panics
    /// When it cannot be made, and says why.
    #[must_use]
    pub fn empty(engine: Engine, options: &Options) -> Self {
        match engine {
            Engine::Sqlite => Self::in_folder(options),
            Engine::Postgres => Self::on_server("template0", options),
        }
    }

    /// A database with this program's tables.
    ///
    /// # Panics
    /// When it cannot be made, and says why.
    #[must_use]
    pub fn migrated(engine: Engine) -> Self {
        let options = few_threads();
        match engine {
            Engine::Sqlite => {
                let fresh = Self::in_folder(&options);
                fresh.migrate().expect("the migrations of SQLite apply");
                fresh
            }
            Engine::Postgres => Self::on_server(template(), &options),
        }
    }

    fn in_folder(options: &Options) -> Self {
        let folder = TempDir::with_prefix("prima-test-").expect("a temporary folder can be made");
        let url = format!("sqlite:{}", folder.path().join("prima.sqlite").display());
        let database = Some(Database::open(&url, options).expect("a new file opens"));
        Self { database, url, home: Home::Folder { folder } }
    }

    fn on_server(template: &str, options: &Options) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("prima_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        server(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        let url = address_of(&name);
        let database = Some(Database::open(&url, options).expect("the new database opens"));
        Self { database, url, home: Home::Server(name) }
    }

    /// Its address, to open it once more.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends the connections as if the program had stopped. The data stays until this value is dropped.
    pub fn close(&mut self) {
        if let Some(database) = self.database.take() {
            database.close();
        }
    }
}

impl Deref for Fresh {
    type Target = Database;

    fn deref(&self) -> &Database {
        self.database.as_ref().expect("used before it was closed")
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.close();
        match &self.home {
            Home::Folder { .. } => {}
            Home::Server(name) => server(&format!("DROP DATABASE {name} WITH (FORCE)")),
        }
    }
}

/// Few threads: tests open many databases side by side.
fn few_threads() -> Options {
    Options { readers: 2, writers: 4, ..Options::default() }
}

/// Both engines.
pub const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Runs a test on a fresh database with this program's tables, once on each engine.
///
/// ```ignore
/// each_engine("a ticket is numbered", |database| async move {
///     let number = database.write(|db| store::next_number(db, counter)).await.unwrap();
///     assert_eq!(number, 1);
/// });
/// ```
///
/// # Panics
/// When the test does, on a thread named after the test and the engine.
pub fn each_engine<F, R>(name: &str, test: F)
where
    F: Fn(Database) -> R + Sync,
    R: Future<Output = ()>,
{
    for engine in ENGINES {
        on(name, &Fresh::migrated(engine), &test);
    }
}

/// As [`each_engine`], on a database without tables.
///
/// # Panics
/// When the test does.
pub fn each_empty_engine<F, R>(name: &str, test: F)
where
    F: Fn(Database) -> R + Sync,
    R: Future<Output = ()>,
{
    for engine in ENGINES {
        on(name, &Fresh::empty(engine, &few_threads()), &test);
    }
}

fn on<F, R>(name: &str, fresh: &Fresh, test: &F)
where
    F: Fn(Database) -> R + Sync,
    R: Future<Output = ()>,
{
    let run = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime starts").block_on(test(Database::clone(fresh)));
    };
    let ended = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(format!("{name} on {:?}", fresh.engine()));
        thread.spawn_scoped(scope, run).expect("a thread starts").join()
    });
    if let Err(panic) = ended {
        resume_unwind(panic);
    }
}

/// A fresh SQLite database with this program's tables, for tests that have nothing to do with engines.
#[must_use]
pub fn migrated_sqlite() -> Fresh {
    Fresh::migrated(Engine::Sqlite)
}

/// The address of the test server.
///
/// # Panics
/// When there is none.
fn address() -> String {
    std::env::var("PRIMA_TEST_POSTGRES")
        .expect("this test needs PostgreSQL beside SQLite: run bin/test with the arguments you gave to cargo test")
}

fn address_of(database: &str) -> String {
    let address = address();
    let (server, _) = address.rsplit_once('/').expect("the address ends with the name of a database");
    format!("{server}/{database}")
}

fn server(statement: &str) {
    apart(|| {
        let mut client = Client::connect(&address(), NoTls).expect("the test server answers");
        client.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    });
}

/// The name of a migrated database that others are copied from; made once for each state of the migrations, by whoever is first.
fn template() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| apart(make_template))
}

fn make_template() -> String {
    let list = migration::known(Engine::Postgres);
    let all: String = list.iter().map(|one| format!("{:04}{}", one.number, one.checksum())).collect();
    let whole = Migration { number: 0, name: "all", sql: Box::leak(all.into_boxed_str()) };
    let name = format!("prima_template_{}", &whole.checksum()[..16]);
    let mut client = Client::connect(&address(), NoTls).expect("the test server answers");
    client.batch_execute("SELECT pg_advisory_lock(5075011946)").expect("the lock is granted in turn");
    let known = client.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).expect("databases are listed");
    if known.is_empty() {
        let making = format!("{name}_making");
        server(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"));
        server(&format!("CREATE DATABASE {making} TEMPLATE template0"));
        let database = Database::open(&address_of(&making), &few_threads()).expect("the template opens");
        database.migrate().expect("the migrations of PostgreSQL apply");
        database.close();
        server(&format!("ALTER DATABASE {making} RENAME TO {name}"));
    }
    name
}

/// Fails unless both engines accept every statement over this program's tables, with all that they refuse.
///
/// A statement whose name ends in `_IN_SQLITE` or `_IN_POSTGRES` is asked of that engine only.
///
/// # Panics
/// When an engine refuses one.
pub fn prepare_all(stores: &[&[Sql]]) {
    let statements = stores.concat();
    assert!(!statements.is_empty(), "no statement was given");
    for engine in ENGINES {
        if let Err(refused) = Fresh::migrated(engine).prepare(&statements) {
            let words: Vec<String> = refused.iter().map(ToString::to_string).collect();
            panic!("{engine:?} refuses {} statements:\n{}", words.len(), words.join("\n"));
        }
    }
}

crate::statements! {
    TABLES_OF_INSTITUTIONS_IN_SQLITE = "SELECT place.name FROM sqlite_schema AS place, pragma_table_info(place.name) AS part
        WHERE place.type IN ('table', 'view') AND part.name = 'institution_id'";
}

/// Fails when a statement touches a table that has a column `institution_id` and does not name it: so no city sees another's rows.
///
/// `exceptions` are names of statements with the reason why they may.
///
/// # Panics
/// When a statement forgets its institution, or an exception has no reason or no such statement.
pub fn statements_name_their_institution(statements: &[Sql], exceptions: &[(&str, &str)]) {
    let tables = migrated_sqlite().read_now(|db| db.all::<(String,)>(TABLES_OF_INSTITUTIONS_IN_SQLITE, &[]));
    let tables: BTreeSet<String> = tables.expect("the tables are listed").into_iter().map(|(name,)| name).collect();
    let forgetful: Vec<&str> =
        statements.iter().filter(|sql| forgets(sql.text(), &tables)).map(|sql| sql.name()).collect();
    let excused: Vec<&str> = exceptions.iter().map(|(name, _)| *name).collect();
    let unexcused: Vec<&&str> = forgetful.iter().filter(|name| !excused.contains(name)).collect();
    let stale: Vec<&&str> = excused.iter().filter(|name| !forgetful.contains(name)).collect();
    let bare: Vec<&str> = exceptions.iter().filter(|(_, why)| why.trim().is_empty()).map(|(name, _)| *name).collect();
    assert!(
        unexcused.is_empty() && stale.is_empty() && bare.is_empty(),
        "without institution_id: {unexcused:?}\nexcepted without need: {stale:?}\nexcepted without a reason: {bare:?}"
    );
}

fn forgets(text: &str, tables: &BTreeSet<String>) -> bool {
    let words: BTreeSet<String> =
        text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').map(str::to_lowercase).collect();
    !words.contains("institution_id") && tables.iter().any(|table| words.contains(table))
}

/// Applies the migrations one by one, each to tables that hold the sample data of all before it, on both engines.
///
/// # Panics
/// When a migration has no sample, or one of them fails.
pub fn migrations_run_over_samples() {
    for engine in ENGINES {
        let (list, samples) = (migration::known(engine), migration::samples(engine));
        assert!(!list.is_empty(), "there are no migrations");
        let fresh = Fresh::empty(engine, &few_threads());
        for (place, step) in list.iter().enumerate() {
            let name = format!("{:04}_{} on {engine:?}", step.number, step.name);
            fresh.migrate_with(&list[..=place]).unwrap_or_else(|error| panic!("{name}: {error}"));
            let sample = samples.iter().find(|sample| sample.number == step.number && sample.name == step.name);
            let sample = sample.unwrap_or_else(|| panic!("{name} has no sample data in migrations/sample"));
            fresh.run_script(sample.sql).unwrap_or_else(|error| panic!("sample of {name}: {error}"));
        }
        fresh.check_version().expect("all migrations are applied");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_reads_a_citys_table_without_its_column_is_found() {
        let tables = BTreeSet::from(["unit".to_owned()]);
        assert!(forgets("SELECT name FROM unit WHERE slug = $1", &tables));
        assert!(!forgets("SELECT name FROM unit WHERE institution_id = $2 AND slug = $1", &tables));
        assert!(!forgets("SELECT name FROM unit_history", &tables));
    }
}
