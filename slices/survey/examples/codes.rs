//! For `bin/bench survey`: a city with an open period and many codes, and a bare loop that inserts as many answers.
//!
//! `codes city FILE CODES LIST` makes the database FILE and writes the codes to LIST, one a line.
//! `codes bare FILE ROWS` inserts ROWS answers in batches of 200 into the same table, and prints how many a second.

use organisation::{TypedSettings, TypedUnit};
use platform::audit::Actor;
use platform::clock::Clock;
use platform::database::{Database, Options};
use platform::site::Zone;
use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;
use survey::{Channel, Desk, NewBatch, TypedPlan};

const ANSWERS: &str = r#"{"biaya":3,"kompetensi":3,"pengaduan":3,"perilaku":3,"persyaratan":3,"produk":3,"prosedur":3,"sarana":3,"waktu":3}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["city", file, codes, list] => city(file, codes.parse()?, Path::new(list)),
        ["bare", file, rows] => bare(file, rows.parse()?),
        _ => Err("codes city FILE CODES LIST, or codes bare FILE ROWS".into()),
    }
}

/// A city with one unit whose survey is open all year.
fn opened(file: &str) -> Result<(Database, survey::PeriodId, Desk), Box<dyn Error>> {
    let database = Database::open(&format!("sqlite:{file}"), &Options::default())?;
    database.migrate()?;
    let (now, actor) = (Clock::machine().now(), Actor::Program("bench"));
    let typed = TypedSettings { kind: "kota".into(), name: "Kota Contoh".into(), ..TypedSettings::default() };
    let settings = typed.check().map_err(|faults| format!("{faults:?}"))?;
    let typed = TypedUnit { kind: "opd".into(), name: "Dinas Sosial".into(), ..TypedUnit::default() };
    let facts = typed.check(None).map_err(|faults| format!("{faults:?}"))?;
    let founded = database.write_now(move |db| {
        let institution = organisation::found(db, settings.clone(), false, actor, now)?;
        let unit = organisation::enter_unit(db, &organisation::Desk { institution, actor, now }, &facts)?;
        Ok::<_, organisation::Refused>((institution, unit.id))
    });
    let (institution, unit) = founded.map_err(|refused| format!("{refused:?}"))?;
    let desk = Desk { institution, actor, now, zone: Zone::Wib };
    let year = now.year();
    let typed = TypedPlan {
        rhythm: "year".into(),
        starts_on: format!("{year}-01-01"),
        ends_on: format!("{year}-12-31"),
        population: "10000000".into(),
    };
    let plan = typed.check().map_err(|faults| format!("{faults:?}"))?;
    let period = database.write_now(move |db| {
        let id = survey::plan(db, &desk, unit, &plan)?;
        survey::open(db, &desk, (id, 1))?;
        Ok::<_, survey::Refused>(id)
    });
    Ok((database, period.map_err(|refused| format!("{refused:?}"))?, desk))
}

fn city(file: &str, codes: i64, list: &Path) -> Result<(), Box<dyn Error>> {
    let (database, period, desk) = opened(file)?;
    let mut out = std::io::BufWriter::new(fs::File::create(list)?);
    let mut left = codes;
    while left > 0 {
        let count = left.min(survey::MOST_CODES);
        let wanted = NewBatch { service: None, place: String::new(), channel: Channel::Web, count };
        let made = database.write_now(move |db| survey::issue(db, &desk, (period, 2), &wanted));
        for code in made.map_err(|refused| format!("{refused:?}"))? {
            writeln!(out, "{}", code.printed())?;
        }
        left -= count;
    }
    out.flush()?;
    database.close();
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn bare(file: &str, rows: u32) -> Result<(), Box<dyn Error>> {
    let (database, period, desk) = opened(file)?;
    database.close();
    let mut connection = rusqlite::Connection::open(file)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
    let (institution, period) = (desk.institution.uuid(), period.uuid());
    let day = desk.today().to_string();
    let began = Instant::now();
    for first in (0..rows).step_by(200) {
        let batch = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut insert = batch.prepare_cached(
                "INSERT INTO survey_answer (institution_id, period_id, id, channel, answered_on, answers, excluded, mixed)
                VALUES (?1, ?2, ?3, 'web', ?4, ?5, 0, 0)",
            )?;
            for _ in first..(first + 200).min(rows) {
                let id: [u8; 16] = platform::clock::random();
                let (institution, period) = (institution.as_bytes().as_slice(), period.as_bytes().as_slice());
                insert.execute((institution, period, id.as_slice(), &day, ANSWERS))?;
            }
        }
        batch.commit()?;
    }
    println!("{:.0}", f64::from(rows) / began.elapsed().as_secs_f64());
    Ok(())
}
