//! For `bin/bench survey`: very many answers to very many units, counted as they come, and all periods closed.
//!
//! `bulk FILE UNITS ANSWERS` puts ANSWERS answers to each of UNITS units into the new database FILE, as many more as were counted before, and
//! prints how many a second are counted and how long it takes to close the periods of all units, one transaction for each.

use organisation::{TypedSettings, TypedUnit};
use platform::audit::Actor;
use platform::clock::Clock;
use platform::database::{Database, Options};
use platform::identity::InstitutionId;
use platform::site::Zone;
use std::error::Error;
use std::time::{Duration, Instant};
use survey::{Desk, PeriodId, Plan, Refused, TypedPlan};

/// So many answers are put in between two looks of the job that counts.
const WAVE: usize = 200_000;

const KEYS: [&str; 9] =
    ["biaya", "kompetensi", "pengaduan", "perilaku", "persyaratan", "produk", "prosedur", "sarana", "waktu"];

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, units, answers] = arguments.as_slice() else { return Err("bulk FILE UNITS ANSWERS".into()) };
    let (units, answers): (usize, usize) = (units.parse()?, answers.parse()?);
    let database = Database::open(&format!("sqlite:{file}"), &Options::default())?;
    database.migrate()?;
    let (desk, periods) = opened(&database, units)?;
    let mut counting = Duration::ZERO;
    let mut chance = Chance(1);
    for first in (0..units * answers).step_by(WAVE) {
        bring(file, &desk, &periods, first..(first + WAVE).min(units * answers), answers, &mut chance)?;
        let began = Instant::now();
        while database.write_now(move |db| survey::count_incoming(db, desk.institution, 2000))? == 2000 {}
        counting += began.elapsed();
    }
    let all = f64::from(u32::try_from(units * answers)?);
    println!("{all:.0} answers counted: {:.0} a second", all / counting.as_secs_f64());
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    for period in periods {
        let one = Instant::now();
        let closed = database.write_now(move |db| survey::close(db, &desk, (period, 2)));
        closed.map_err(|refused| format!("{refused:?}"))?;
        slowest = slowest.max(one.elapsed());
    }
    println!(
        "{units} periods closed in {:.1} s, the slowest in {:.0} ms",
        began.elapsed().as_secs_f64(),
        slowest.as_secs_f64() * 1000.0
    );
    database.close();
    Ok(())
}

/// A city with so many units, each with an open survey of this year.
fn opened(database: &Database, units: usize) -> Result<(Desk, Vec<PeriodId>), Box<dyn Error>> {
    let (now, actor) = (Clock::machine().now(), Actor::Program("bench"));
    let typed = TypedSettings { kind: "kota".into(), name: "Kota Contoh".into(), ..TypedSettings::default() };
    let settings = typed.check().map_err(|faults| format!("{faults:?}"))?;
    let institution: InstitutionId = database
        .write_now(move |db| organisation::found(db, settings.clone(), false, actor, now))
        .map_err(|refused| format!("{refused:?}"))?;
    let desk = Desk { institution, actor, now, zone: Zone::Wib };
    let year = now.year();
    let typed = TypedPlan {
        rhythm: "year".into(),
        starts_on: format!("{year}-01-01"),
        ends_on: format!("{year}-12-31"),
        population: "10000".into(),
    };
    let plan: Plan = typed.check().map_err(|faults| format!("{faults:?}"))?;
    let mut periods = Vec::with_capacity(units);
    for number in 0..units {
        let typed = TypedUnit { kind: "opd".into(), name: format!("Dinas {number}"), ..TypedUnit::default() };
        let (facts, plan) = (typed.check(None).map_err(|faults| format!("{faults:?}"))?, plan.clone());
        let entered = database
            .write_now(move |db| organisation::enter_unit(db, &organisation::Desk { institution, actor, now }, &facts));
        let unit = entered.map_err(|refused| format!("{refused:?}"))?.id;
        let period = database.write_now(move |db| {
            let id = survey::plan(db, &desk, unit, &plan)?;
            survey::open(db, &desk, (id, 1))?;
            Ok::<_, Refused>(id)
        });
        periods.push(period.map_err(|refused| format!("{refused:?}"))?);
    }
    Ok((desk, periods))
}

/// Puts answers where they come in, unit after unit.
fn bring(
    file: &str,
    desk: &Desk,
    periods: &[PeriodId],
    range: std::ops::Range<usize>,
    each: usize,
    chance: &mut Chance,
) -> Result<(), Box<dyn Error>> {
    let mut connection = rusqlite::Connection::open(file)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
    let (institution, day) = (desk.institution.uuid(), desk.today().to_string());
    let batch = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    {
        let mut insert = batch.prepare_cached(
            "INSERT INTO survey_incoming (institution_id, period_id, id, channel, answered_on, answers, sex, age)
            VALUES (?1, ?2, ?3, 'web', ?4, ?5, ?6, ?7)",
        )?;
        for number in range {
            let (period, id) = (periods[number / each].uuid(), platform::clock::random::<16>());
            let choices: Vec<String> = KEYS.iter().map(|key| format!("\"{key}\":{}", 1 + chance.below(4))).collect();
            let (sex, age) = (["L", "P"][chance.below(2)], ["17-24", "25-34", "35-44", "45-54"][chance.below(4)]);
            let answers = format!("{{{}}}", choices.join(","));
            let (institution, period) = (institution.as_bytes().as_slice(), period.as_bytes().as_slice());
            insert.execute((institution, period, id.as_slice(), &day, &answers, sex, age))?;
        }
    }
    batch.commit()?;
    Ok(())
}

/// A row of numbers that looks like chance and is always the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }
}
