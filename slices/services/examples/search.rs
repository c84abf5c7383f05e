//! The search in 100,000 services against reading one of them by its key, on the same SQLite file in the same run.
//!
//! `search FOLDER [UNITS]` enters the demonstration's services into so many units (285 give 100,320), then prints what a question
//! costs, each kind by itself, and its ratio to a lookup by key. Both ask the database: the search for its stamp, the lookup for a row.

use organisation::import::{Row, Table, read_table};
use organisation::{Desk, TypedSettings, TypedUnit};
use platform::app::{App, Means, Wiring};
use platform::audit::Actor;
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Options};
use platform::identity::InstitutionId;
use platform::secret::Secrets;
use services::{ServiceId, Shelf, Wanted};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// What people type: plain words, words of their own, slips, half words, a common word, nothing that fits, and filters alone.
const QUESTIONS: [(&str, &str); 12] = [
    ("two words", "kartu keluarga"),
    ("their own words", "ktp ilang"),
    ("their own words", "akte lahir"),
    ("an abbreviation", "skck"),
    ("a slip", "kartu kelurga"),
    ("two slips", "perpanjngan pasporr"),
    ("half a word", "imigras"),
    ("a sentence", "bagaimana cara mengurus surat pindah"),
    ("a common word", "izin"),
    ("two common words", "surat keterangan"),
    ("an office", "samsat mobil"),
    ("everything", ""),
];
/// Services a page shows.
const PAGE: usize = 20;
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let units: usize = arguments.next().map_or(Ok(285), |text| text.parse())?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(Path::new(&folder), units))
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
async fn run(folder: &Path, units: usize) -> Result<(), Box<dyn Error>> {
    let database = Database::open(&format!("sqlite:{}", folder.join("search.db").display()), &Options::default())?;
    database.migrate()?;
    let (institution, ids) = fill(&database, folder, units).await?;
    let app = App::new(database.clone(), Clock::machine(), Wiring::default(), Means::new(Secrets::new([7; 32])));
    let began = Instant::now();
    let catalogue = Shelf::of(&app, institution).await?;
    println!("{} services, read into memory in {:.2} s", catalogue.len(), began.elapsed().as_secs_f64());
    let mut lookups = Vec::new();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); QUESTIONS.len()];
    for _ in 0..ROUNDS {
        lookups.push(look_up(&database, institution, &ids).await?);
        for (place, (_, typed)) in QUESTIONS.iter().enumerate() {
            times[place].push(ask(&app, institution, typed).await?);
        }
    }
    let lookup = median(&mut lookups);
    println!("a lookup by key: {:.1} µs", micros(lookup));
    let mut ratios = Vec::new();
    for ((kind, typed), times) in QUESTIONS.iter().zip(&mut times) {
        let (time, found) = (median(times), find(&app, institution, typed).await?);
        let ratio = micros(time) / micros(lookup);
        ratios.push(ratio);
        println!("{ratio:5.2} × · {:7.1} µs · {kind}: \"{typed}\" ({found} found)", micros(time));
    }
    ratios.sort_by(f64::total_cmp);
    let worst = ratios.last().copied().unwrap_or_default();
    println!("median ratio {:.2}, worst {worst:.2}", ratios[ratios.len() / 2]);
    database.close();
    Ok(())
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// What one lookup takes, of two thousand of different rows.
async fn look_up(
    database: &Database,
    institution: InstitutionId,
    ids: &[ServiceId],
) -> Result<Duration, DatabaseError> {
    let (count, began) = (2_000_u32, Instant::now());
    for id in ids.iter().step_by(ids.len() / 2_000).copied().take(2_000) {
        let found = database.read(move |db| services::service(db, institution, id)).await?;
        assert!(found.is_some(), "each is there");
    }
    Ok(began.elapsed() / count)
}

/// What one question takes, of a thousand.
async fn ask(app: &App, institution: InstitutionId, typed: &str) -> Result<Duration, DatabaseError> {
    let (count, began) = (1_000_u32, Instant::now());
    for _ in 0..count {
        find(app, institution, typed).await?;
    }
    Ok(began.elapsed() / count)
}

async fn find(app: &App, institution: InstitutionId, typed: &str) -> Result<u64, DatabaseError> {
    let catalogue = Shelf::of(app, institution).await?;
    let found = catalogue.find(&Wanted { typed: typed.to_owned(), ..Wanted::default() }, 0, PAGE);
    Ok(found.total)
}

/// A city whose units all give the services of the demonstration.
async fn fill(
    database: &Database,
    folder: &Path,
    units: usize,
) -> Result<(InstitutionId, Vec<ServiceId>), Box<dyn Error>> {
    let now = Clock::machine().now();
    let names: Vec<String> = (0..units).map(|number| format!("Kelurahan {number:03}")).collect();
    let for_write = names.clone();
    let institution = database
        .write(move |db| {
            let typed =
                TypedSettings { kind: "kota".into(), name: "Pemerintah Kota Besar".into(), ..TypedSettings::default() };
            let settings = typed.check().map_err(organisation::Refused::Faults)?;
            let actor = Actor::Program("bench");
            let institution = organisation::found(db, settings, true, actor, now)?;
            for name in &for_write {
                let typed =
                    TypedUnit { kind: "opd".into(), name: name.clone(), code: name.clone(), ..TypedUnit::default() };
                let facts = typed.check(None).map_err(organisation::Refused::Faults)?;
                organisation::enter_unit(db, &Desk { institution, actor, now }, &facts)?;
            }
            Ok::<_, organisation::Refused>(institution)
        })
        .await
        .map_err(|refused| format!("{refused:?}"))?;
    let table = big_table(folder, &names)?;
    let desk = Desk { institution, actor: Actor::Program("bench"), now };
    database
        .write(move |db| {
            let review = services::review_services(db, institution, &table)?;
            let fingerprint = review.map(|review| review.fingerprint()).unwrap_or_default();
            services::store_services(db, &desk, &table, &fingerprint)
        })
        .await
        .map_err(|error| format!("{error:?}"))?;
    let all = database.read(move |db| services::services(db, institution)).await?;
    Ok((institution, all.into_iter().map(|service| service.id).collect()))
}

/// The demonstration's services once for each unit.
fn big_table(folder: &Path, units: &[String]) -> Result<Table, Box<dyn Error>> {
    let file = folder.join("layanan.csv");
    std::fs::write(&file, include_str!("../../welcome/demo/layanan.csv"))?;
    let table = read_table(&file, "layanan.csv", services::MOST_SERVICES).map_err(|phrase| format!("{phrase:?}"))?;
    let place = table.columns.iter().position(|column| column == "Unit").ok_or("the table has no column of units")?;
    let mut rows = Vec::new();
    for unit in units {
        let mut seen = std::collections::BTreeSet::new();
        // Offices of the demonstration share some names, which one unit has once.
        for row in table.rows.iter().filter(|row| seen.insert(row.cells[0].clone())) {
            let mut cells = row.cells.clone();
            cells[place].clone_from(unit);
            rows.push(Row { line: rows.len() as u64 + 2, cells });
        }
    }
    Ok(Table { rows, ..table })
}
