//! No personal data where it does not belong: a whole journey with planted values, and the register held against the tables.

use super::super::slices::{HOLDINGS, RESEALED, routes, wiring};
use platform::app::{App, Means, Wiring};
use platform::audit;
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Read};
use platform::identity::{AccountId, Grant, InstitutionId, Person, Role, SessionId};
use platform::secret::Secrets;
use platform::session::{COOKIE, Token, TokenHash};
use platform::testing::{Answer, Browser, migrated_sqlite};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use time::OffsetDateTime;
use time::macros::datetime;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use welcome::demonstration::Trouble;

const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

/// Values that occur nowhere else: each as somebody would type it, then as programs might write it.
const PLANTED: &[&str] = &[
    "3273014107881357",
    "+6281299887766",
    "0812-9988-7766",
    "81299887766",
    "quixotic.zephyr@warga.example",
    "Zephyrina Quixotica",
    "jembatan bocor di Kampung Xyloglyph",
    "jawaban untuk Wolframia",
    "sandi-rahasia-obsidian-42",
    "907153",
    "kukis-sesi-tertanam-88",
    "peristiwa di gudang Zirconia",
];

platform::statements! {
    private;
    PAYLOADS = "SELECT payload, COALESCE(error, '') FROM job";
    BREAK_BREACHES = "ALTER TABLE breach_holding RENAME TO breach_holding_gone";
    COLUMNS_IN_SQLITE = "SELECT place.name, part.name FROM sqlite_schema AS place, pragma_table_info(place.name) AS part
        WHERE place.type = 'table' ORDER BY place.name, part.cid";
}

/// Whoever holds the token of a role's name has that role.
fn person_of_role(
    _: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let role = Role::ALL.into_iter().find(|role| Token::presented(role.name()).hash() == *token);
    Ok(role.map(|role| Person {
        account: AccountId::new(NOW),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role, units: None }],
        second_factor: true,
        proved_at: NOW,
    }))
}

/// Keeps what is logged, by all threads.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The planted values that stand in bytes.
fn found_in(bytes: &[u8]) -> Vec<&'static str> {
    let holds = |value: &&str| bytes.windows(value.len()).any(|window| window == value.as_bytes());
    PLANTED.iter().copied().filter(|value| holds(value)).collect()
}

/// What a browser was answered and where it was sent.
#[derive(Default)]
struct Trail {
    locations: String,
    errors: String,
}

impl Trail {
    fn note(&mut self, answer: Answer) -> Answer {
        self.locations += &format!("{}\n", answer.location());
        if answer.status.is_client_error() || answer.status.is_server_error() {
            // A form that is shown again keeps what was typed, for whoever typed it.
            if answer.status != 422 {
                self.errors += &answer.text();
            }
        }
        answer
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("{after} is missing")).0
}

/// A citizen asks, guesses at the door, and gets refused in every way.
async fn citizen(browser: &Browser, trail: &mut Trail) -> String {
    let form = [
        ("kind", "access"),
        ("name", PLANTED[5]),
        ("email", PLANTED[4]),
        ("phone", PLANTED[2]),
        ("nik", PLANTED[0]),
        ("about", PLANTED[6]),
    ];
    let receipt = trail.note(browser.post("/data-pribadi/permintaan", &form).await);
    assert_eq!(receipt.status, 200, "{}", receipt.text());
    let token = between(&receipt.text(), "/data-pribadi/permintaan/", "\"").to_owned();
    let wrong = trail.note(browser.post("/data-pribadi/permintaan", &form[1..]).await);
    assert_eq!(wrong.status, 422);
    trail.note(browser.post("/masuk", &[("email", PLANTED[4]), ("password", PLANTED[8])]).await);
    trail.note(browser.post("/masuk/langkah-kedua", &[("code", PLANTED[9])]).await);
    let guest = browser.at("contoh.go.id");
    guest.keep(COOKIE, PLANTED[10]);
    trail.note(guest.get("/akun").await);
    // 400, 403 of another site, 404, 405, 413.
    let cut = browser.request("POST", "/data-pribadi/permintaan").header("sec-fetch-site", "cross-site");
    let refused = trail.note(browser.send(cut, axum_body(&format!("nik={}", PLANTED[0]))).await);
    assert_eq!(refused.status, 403);
    assert_eq!(trail.note(browser.post("/tidak-ada", &form).await).status, 404);
    assert_eq!(trail.note(browser.post("/data-pribadi", &form).await).status, 405);
    let large = PLANTED[6].repeat(4_000);
    assert_eq!(trail.note(browser.post("/data-pribadi/permintaan", &[("about", large.as_str())]).await).status, 413);
    // What somebody types into the address stands in their own page, but in no log.
    browser.get(&format!("/unit/{}?nik={}", PLANTED[0], PLANTED[3])).await;
    browser.get(&format!("/data-pribadi/permintaan/{token}")).await;
    token
}

fn axum_body(text: &str) -> platform::testing::Body {
    platform::testing::Body::from(text.to_owned())
}

/// The officer opens, decides and carries out; a breach is recorded, and one that cannot be.
async fn officer(browser: &Browser, database: &Database, trail: &mut Trail) {
    let list = browser.get("/kelola/data-pribadi/permintaan").await.text();
    let path = format!("/kelola/data-pribadi/permintaan/{}", between(&list, "/kelola/data-pribadi/permintaan/", "\""));
    let opened = trail.note(browser.post(&format!("{path}/buka"), &[("reason", "contact")]).await);
    assert!(opened.says(PLANTED[0]) && opened.says(PLANTED[5]), "the officer sees what is looked for");
    for (version, step) in [
        ("1", vec![("step", "verify"), ("verified_by", "contact")]),
        ("2", vec![("step", "decide"), ("decision", "granted"), ("answer", PLANTED[7])]),
        ("3", vec![("step", "carry-out")]),
        ("3", vec![("step", "close"), ("answer", PLANTED[7])]),
    ] {
        let form: Vec<(&str, &str)> = step.into_iter().chain([("version", version)]).collect();
        trail.note(browser.post(&format!("{path}/langkah"), &form).await);
    }
    let breach = [
        ("title", "Uji"),
        ("contact", "pdp@contoh.go.id"),
        ("what", PLANTED[11]),
        ("known_day", "2026-11-20"),
        ("known_hour", "07.30"),
    ];
    assert_eq!(trail.note(browser.post("/kelola/data-pribadi/kebocoran/baru", &breach).await).status, 303);
    let broken = database.write(|db| db.execute(BREAK_BREACHES, &[])).await;
    broken.unwrap_or_else(|error: DatabaseError| panic!("{error}"));
    let failed = trail.note(browser.post("/kelola/data-pribadi/kebocoran/baru", &breach).await);
    assert_eq!(failed.status, 500, "a fault of ours was forced");
}

#[tokio::test]
async fn a_whole_journey_leaves_no_personal_data_where_it_does_not_belong() {
    let log = Log::default();
    let filter = "info,platform=trace,access=trace,organisation=trace,privacy=trace,publication=trace,prima=trace";
    let subscriber = tracing_subscriber::fmt().json().with_env_filter(EnvFilter::new(filter)).with_writer(log.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).expect("no other test of this program logs");
    let fresh = migrated_sqlite();
    let filled: Result<InstitutionId, Trouble> = fresh.write_now(|db| welcome::demonstration::found(db, NOW));
    let institution = filled.expect("the city is founded");
    let wiring = Wiring { person: person_of_role, ..wiring() };
    let app = App::new(Database::clone(&fresh), Clock::standing(NOW), wiring, Means::new(Secrets::new([7; 32])));
    let browser = Browser::new(platform::server::router(&app, routes()));
    let mut trail = Trail::default();
    let token = citizen(&browser, &mut trail).await;
    let desk = browser.at("contoh.go.id");
    desk.keep(COOKIE, Role::DataProtectionOfficer.name());
    officer(&desk, &fresh, &mut trail).await;
    let copy = browser.get(&format!("/data-pribadi/permintaan/{token}/salinan")).await;
    assert!(copy.status == 200 && copy.bytes.starts_with(b"PK"), "the citizen has their copy");

    let log_text = log.text();
    assert!(log_text.contains("\"answered\"") && log_text.contains("/data-pribadi/permintaan/{token}"), "{log_text}");
    assert!(log_text.contains("breach_holding"), "the forced fault is in the log: {log_text}");
    assert_eq!(found_in(log_text.as_bytes()), Vec::<&str>::new(), "in the log");
    assert!(!log_text.contains(&token), "the secret of a link in the log");
    let metrics = app.metrics().text().expect("counters are written");
    assert!(metrics.contains("/data-pribadi/permintaan/{token}"));
    assert!(found_in(metrics.as_bytes()).is_empty() && !metrics.contains(&token), "in the counters: {metrics}");
    assert!(
        found_in(trail.locations.as_bytes()).is_empty() && !trail.locations.contains(&token),
        "{}",
        trail.locations
    );
    assert_eq!(found_in(trail.errors.as_bytes()), Vec::<&str>::new(), "on pages of problems: {}", trail.errors);
    let kept = fresh.read_now(move |db| {
        let mut lines = Vec::new();
        audit::export(db, Some(institution), &mut lines).expect("the log is exported");
        Ok::<_, DatabaseError>((lines, db.all::<(String, String)>(PAYLOADS, &[])?))
    });
    let (lines, payloads) = kept.expect("the database is read");
    assert!(String::from_utf8_lossy(&lines).contains("privacy.request-received"));
    assert_eq!(found_in(&lines), Vec::<&str>::new(), "in the audit log");
    assert_eq!(found_in(format!("{payloads:?}").as_bytes()), Vec::<&str>::new(), "in jobs");
    let path = fresh.url().trim_start_matches("sqlite:").to_owned();
    let mut bytes = std::fs::read(&path).expect("the file is read");
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    assert!(bytes.windows(12).any(|window| window == b"Dinas Sosial"), "what is not sealed is seen");
    assert_eq!(found_in(&bytes), Vec::<&str>::new(), "in the file of the database");
    assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "the secret of a link in the file");

    // The search can fail: one line of carelessness is found.
    tracing::info!(nik = PLANTED[0], "careless");
    assert_eq!(found_in(log.text().as_bytes()), vec![PLANTED[0]]);
}

/// Words that tell of people when a column has them in its name.
const PERSONAL: &[&str] =
    &["name", "email", "phone", "nik", "address", "birth", "browser", "secret", "contact", "officer"];

/// Tables with such a column that keep nothing of people, each with its reason.
const IMPERSONAL: &[(&str, &str)] = &[
    ("checkup", "the name of a check of the system"),
    ("institution", "the city's own name"),
    ("leader", "the name of a task of the installation"),
    ("migration", "the name of a migration"),
    ("published_result", "names of agencies and offices, as they were published"),
    ("survey_webhook", "the key by which a receiver knows the sender of messages about periods"),
    ("schedule", "the name of a schedule"),
    ("service", "the name of a service"),
    ("unit", "an office: its own name, address, telephone and e-mail, published on purpose"),
];

#[test]
fn every_table_with_personal_data_is_named_in_the_register() {
    let columns: Vec<(String, String)> = migrated_sqlite()
        .read_now::<_, DatabaseError>(|db| db.all(COLUMNS_IN_SQLITE, &[]))
        .expect("columns are listed");
    let told: Vec<&str> = HOLDINGS.iter().copied().flatten().flat_map(|holding| holding.tables).copied().collect();
    let sealed: Vec<&str> = RESEALED.iter().copied().flatten().map(|column| column.name).collect();
    let tells = |table: &str, column: &str| {
        PERSONAL.iter().any(|word| column.split('_').any(|part| part == *word))
            || sealed.contains(&format!("{table}.{column}").as_str())
    };
    let mut personal: Vec<&str> =
        columns.iter().filter(|(table, column)| tells(table, column)).map(|(table, _)| table.as_str()).collect();
    personal.dedup();
    assert!(personal.len() > 8, "{personal:?}");
    let excused = |table: &str| IMPERSONAL.iter().any(|(name, why)| *name == table && !why.is_empty());
    let unnamed: Vec<&&str> = personal.iter().filter(|table| !told.contains(*table) && !excused(table)).collect();
    let stale: Vec<&str> = IMPERSONAL.iter().map(|(name, _)| *name).filter(|name| !personal.contains(name)).collect();
    assert!(unnamed.is_empty() && stale.is_empty(), "in no holding: {unnamed:?}\nexcepted without need: {stale:?}");
    let unknown: Vec<&&str> = told.iter().filter(|table| !columns.iter().any(|(name, _)| name == *table)).collect();
    assert!(unknown.is_empty(), "no such table: {unknown:?}");
    assert_eq!(STATEMENTS.len(), 3);
}
