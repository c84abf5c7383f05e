//! The cheapest path of one unit and of a city of sixty, timed, and the same city written as a model that a solver reads.
//!
//! `path FOLDER [UNITS]` prints what each question takes and what it found, and writes `target.lp` (the least days for a category) and
//! `budget.lp` (the highest sum of published values for so many days) into the folder, with what was found in `found.txt`.

use num_bigint::BigInt;
use num_integer::Integer;
use rules::aggregation::AggregationRule;
use rules::cheapest_path::{CityPath, DefaultEfforts, Effort, Efforts, Goal, Start, UnitPath};
use rules::instrument::{Body, Instrument, shared};
use rules::quantity::{Ratio, ratio, whole};
use rules::service_index::{Assessment, ServiceIndex, UserSurvey};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

/// Days that the units share.
const BUDGET: u32 = 1_500;

struct Unit {
    levels: Vec<u8>,
    days: Vec<Vec<u32>>,
    efforts: Efforts,
    f03: Ratio,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let count = arguments.next().map_or(Ok(60_usize), |units| units.parse())?;
    let instrument = shared("ipp-2022").ok_or("no such instrument")?;
    let Body::ServiceIndex(index) = &instrument.body else { return Err("no IPP".into()) };
    let mut chance = 20_221_u64;
    let units: Vec<Unit> = (0..count).map(|_| made_up(index, &mut chance)).collect();
    let starts: Vec<Start<'_>> = units.iter().map(|unit| start(instrument, index, unit)).collect();
    let goal = Goal::named(&index.bands, "A-")?;
    let mut out = std::io::stdout().lock();
    for round in ["first", "again"] {
        let begun = Instant::now();
        let plan = UnitPath::new(starts[0].clone())?.reach(&goal)?;
        let (took, rises) = (begun.elapsed().as_secs_f64() * 1e3, plan.rises.len());
        writeln!(out, "one unit, everything, {round}: {took:.1} ms, {rises} rises, {} days", plan.total.days)?;
    }
    let found = city(starts, &goal, &mut out)?;
    // No instrument asks for it today: the mean of exact values, whose sums are far finer than hundredths.
    let mut exact = index.clone();
    exact.aggregation.rule = AggregationRule::MeanOfExact;
    writeln!(out, "the same under the mean of exact values:")?;
    city(units.iter().map(|unit| start(instrument, &exact, unit)).collect(), &goal, &mut out)?;
    let folder = Path::new(&folder);
    // The mean is published as 4.01 from 4.005 on.
    let least = usize::div_ceil(count * 801, 2);
    std::fs::write(folder.join("target.lp"), model(index, &units, &format!(" needed: VALUES >= {least}"), false))?;
    std::fs::write(folder.join("budget.lp"), model(index, &units, &format!(" shared: DAYS <= {BUDGET}"), true))?;
    std::fs::write(folder.join("found.txt"), found)?;
    Ok(())
}

fn start<'a>(instrument: &'a Instrument, index: &'a ServiceIndex, unit: &'a Unit) -> Start<'a> {
    let levels = unit.levels.iter().map(|level| Some(whole(*level))).collect();
    let users = Some(UserSurvey::Mean { mean: unit.f03.clone(), respondents: Some(30) });
    let assessment = Assessment { header: &instrument.header, index, levels, users };
    Start { name: "unit".to_owned(), assessment, efforts: &unit.efforts }
}

/// Asks the city both questions, prints what they take, and gives what was found for the comparison.
fn city(starts: Vec<Start<'_>>, goal: &Goal, out: &mut impl std::io::Write) -> Result<String, Box<dyn Error>> {
    let count = starts.len();
    let begun = Instant::now();
    let path = CityPath::new(starts)?;
    let prepared = begun.elapsed();
    let asked = Instant::now();
    let reached = path.reach(goal)?;
    let target_took = (prepared + asked.elapsed()).as_secs_f64();
    let asked = Instant::now();
    let best = path.within(&whole(BUDGET));
    let budget_took = (prepared + asked.elapsed()).as_secs_f64();
    let asked = Instant::now();
    let points = path.curve().len();
    let value = best.after.value.as_ref().map(ToString::to_string).unwrap_or_default();
    let days = &reached.total.days;
    writeln!(out, "{count} units, prepared: {:.3} s", prepared.as_secs_f64())?;
    writeln!(out, "{count} units, target A-, everything: {target_took:.3} s, {days} days")?;
    writeln!(out, "{count} units, {BUDGET} days, everything: {budget_took:.3} s, {value}")?;
    writeln!(
        out,
        "{count} units, the whole curve after that: {:.3} s, {points} points",
        asked.elapsed().as_secs_f64()
    )?;
    Ok(format!("{count}\n{days}\n{target_took}\n{value}\n{budget_took}\n"))
}

/// Levels 1 to 4, one to twenty days for a rise, the dependencies of the estimates.
fn made_up(index: &ServiceIndex, chance: &mut u64) -> Unit {
    let mut below = |limit: u64| {
        *chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((*chance >> 33) % limit).unwrap_or(0)
    };
    let mut efforts = DefaultEfforts::embedded().for_instrument(index);
    let mut levels = Vec::new();
    let mut days = Vec::new();
    for at in 0..index.indicators.len() {
        levels.push(1 + u8::try_from(below(4)).unwrap_or(0));
        let own: Vec<u32> = (0..5).map(|_| 1 + below(20)).collect();
        for (from, days) in (0_u8..).zip(&own) {
            efforts.set(at, from, Some(Effort { days: whole(*days), cost: 0, lead: 0 }));
        }
        days.push(own);
    }
    Unit { levels, days, efforts, f03: ratio(300 + below(200), 100) }
}

/// The city in the LP format: `xU_I_L` is the rise of indicator I of unit U from level L, `hU` the published value in hundredths.
fn model(index: &ServiceIndex, units: &[Unit], limit: &str, for_budget: bool) -> String {
    let mut days = Vec::new();
    let mut rows = String::new();
    let mut binaries = String::new();
    let add = |rows: &mut String, row: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(rows, " {row}");
    };
    for (unit, own) in units.iter().enumerate() {
        for (at, level) in own.levels.iter().enumerate() {
            for from in *level..5 {
                days.push(format!("{} x{unit}_{at}_{from}", own.days[at][usize::from(from)]));
                add(&mut binaries, format!("x{unit}_{at}_{from}"));
                if from > *level {
                    add(&mut rows, format!("x{unit}_{at}_{from} - x{unit}_{at}_{} <= 0", from - 1));
                }
            }
        }
        for need in &own.efforts.dependencies {
            let first = (need.at - 1).max(own.levels[need.indicator]);
            if first < 5 && own.levels[need.needs] < need.level {
                let (asking, needed) = (need.indicator, need.needs);
                add(&mut rows, format!("x{unit}_{asking}_{first} - x{unit}_{needed}_{} <= 0", need.level - 1));
            }
        }
        add(&mut rows, value_row(index, own, unit));
    }
    let values: Vec<String> = (0..units.len()).map(|unit| format!("h{unit}")).collect();
    let (days, all) = (days.join("\n + "), values.join(" + "));
    let limit = limit.replace("VALUES", &all).replace("DAYS", &days);
    let objective = if for_budget { format!("Maximize\n sum: {all}") } else { format!("Minimize\n days: {days}") };
    let bounds: Vec<String> = values.iter().map(|value| format!(" 0 <= {value} <= 500")).collect();
    let (bounds, values) = (bounds.join("\n"), values.join("\n "));
    format!("{objective}\nSubject To\n{limit}\n{rows}Bounds\n{bounds}\nGenerals\n {values}\nBinaries\n{binaries}End\n")
}

/// exact ≥ value ÷ 100 − 1/200 in whole numbers, half of one aside, so that no tolerance decides.
fn value_row(index: &ServiceIndex, own: &Unit, unit: usize) -> String {
    let gain = |at: usize| {
        let indicator = &index.indicators[at];
        let aspect = index.aspects.iter().find(|aspect| aspect.key == indicator.aspect);
        let weight = aspect.filter(|_| indicator.scored).map(|aspect| &aspect.weight * &indicator.weight);
        &index.components.f02 * weight.unwrap_or_default()
    };
    let gains: Vec<Ratio> = (0..own.levels.len()).map(gain).collect();
    let now: Ratio = gains.iter().zip(&own.levels).map(|(gain, level)| gain * whole(*level)).sum();
    let now = now + &index.components.f03 * &own.f03;
    let scale = gains.iter().chain([&now, &ratio(1, 200)]).fold(BigInt::from(1), |all, gain| all.lcm(gain.denom()));
    let scaled = |exact: &Ratio| (exact * &scale).to_integer();
    let mut row = format!("- {} h{unit}", scaled(&ratio(1, 100)));
    for (at, level) in own.levels.iter().enumerate().filter(|(at, _)| gains[*at] > Ratio::default()) {
        for from in *level..5 {
            let _ = write!(row, "\n + {} x{unit}_{at}_{from}", scaled(&gains[at]));
        }
    }
    row + &format!(" >= -{}.5", scaled(&now) + scaled(&ratio(1, 200)))
}
