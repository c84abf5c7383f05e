//! `prima path`: the cheapest way from the levels of now to a value, for a unit or for all units of a table as a city.

mod efforts;
mod file;
mod text;

pub(crate) use file::PathFile;

use crate::cli::{PathArgs, TableFormat};
use crate::instruments;
use crate::output::{Ending, Output, complain};
use crate::problem::Problem;
use calculation::render;
use calculation::{Group, GroupData, InputFile, Inputs, Options, Scored, score};
use rules::cheapest_path::{
    CityPath, CurvePoint, DefaultEfforts, Efforts, Goal, PathError, Plan, Start, Total, UnitPath,
};
use rules::instrument::{Body, Header};
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::quantity::{Ratio, parse_decimal, parse_ratio};
use rules::service_index::{Assessment, ServiceIndex, UserSurvey};

/// What was found, before it is put into words.
pub(super) struct Found<'a> {
    pub(super) index: &'a ServiceIndex,
    pub(super) goal: Option<Goal>,
    pub(super) is_city: bool,
    pub(super) before: Outcome,
    /// After all rises, with what they take; nothing for a curve, and at the top.
    pub(super) after: Option<(Outcome, Total)>,
    pub(super) units: Vec<Plan>,
    pub(super) curve: Vec<CurvePoint<'a>>,
    pub(super) is_curve: bool,
    /// Whose estimates stand where no table said otherwise; nothing when a table said all.
    pub(super) estimates: Option<DefaultEfforts>,
}

/// What is asked for.
enum Wish {
    Next,
    Goal(Goal),
    Budget(Ratio),
    Curve,
}

/// Computes and prints.
///
/// # Errors
/// When the input cannot be read, or the goal cannot be reached.
pub(crate) fn run(args: &PathArgs, language: Language) -> Result<Ending, Problem> {
    let instrument = instruments::find(&args.instrument)?;
    let Body::ServiceIndex(index) = &instrument.body else {
        let phrase = Phrase::new("path.other-family").with("instrument", instrument.header.id.as_str());
        return Err(Problem::Usage(phrase));
    };
    let wish = wish(args, index, language)?;
    let f03 = args.f03.as_deref().map(|text| number("--f03", text)).transpose()?;
    let top = Ratio::from_integer(index.levels.highest.into());
    if let Some(text) = args.f03.as_deref().filter(|_| f03.as_ref().is_some_and(|f03| f03 > &top)) {
        return Err(not_a_number("--f03", text));
    }
    let estimates = DefaultEfforts::embedded();
    let mut efforts = estimates.for_instrument(index);
    let all_given = match &args.efforts {
        Some(file) => efforts::read(&mut efforts, index, &InputFile::new(file))?,
        None => false,
    };
    let estimates = (!all_given).then_some(estimates);
    let scored = score(instrument.clone(), &[InputFile::new(&args.file)], Options::default())?;
    if scored.faults.rows() > 0 {
        complain(&render::left_out(&scored.faults, "", language));
    }
    let starts = starts(&scored, (&instrument.header, index), f03.as_ref(), &efforts, args)?;
    let found = find(index, starts, &wish, estimates).map_err(|error| said(&error, language))?;
    let output = Output::Standard;
    let text = match args.format {
        TableFormat::Text => text::text(&found, language, output.style()),
        TableFormat::Json => render::json(&PathFile::of(&found, &instrument.header.id, language)),
        TableFormat::Csv => text::csv(&found, language),
    };
    output.write(text.as_bytes())?;
    Ok(Ending::Done)
}

fn said(error: &PathError, language: Language) -> Problem {
    Problem::Said(error.phrase().in_language(language))
}

fn not_a_number(option: &str, text: &str) -> Problem {
    Problem::Usage(Phrase::new("path.not-a-number").with("option", option).with("text", text))
}

/// A number that is not negative.
fn number(option: &str, text: &str) -> Result<Ratio, Problem> {
    let number = parse_decimal(text).ok().filter(|number| *number >= Ratio::default());
    number.ok_or_else(|| not_a_number(option, text))
}

fn wish(args: &PathArgs, index: &ServiceIndex, language: Language) -> Result<Wish, Problem> {
    match (&args.target, &args.budget, args.curve) {
        (None, None, false) => Ok(Wish::Next),
        (Some(target), None, false) => {
            Goal::named(&index.bands, target).map(Wish::Goal).map_err(|error| said(&error, language))
        }
        (None, Some(budget), false) => number("--budget", budget).map(Wish::Budget),
        (None, None, true) => Ok(Wish::Curve),
        _ => Err(Problem::Usage(Phrase::new("path.one-wish"))),
    }
}

/// The units of a table. Units of two institutions or periods are no city.
fn starts<'a>(
    scored: &Scored,
    (header, index): (&'a Header, &'a ServiceIndex),
    f03: Option<&Ratio>,
    efforts: &'a Efforts,
    args: &PathArgs,
) -> Result<Vec<Start<'a>>, Problem> {
    let refused = |key| Problem::Input(Phrase::new(key).with("file", args.file.display().to_string()));
    for column in ["institution", "period", "year"] {
        let mut values = scored.groups.iter().map(|group| group.named(column));
        let first = values.next();
        if values.any(|value| Some(value) != first) {
            return Err(refused("path.not-one-round"));
        }
    }
    let start = |group: &Group| match &group.data {
        GroupData::Inputs(Inputs::Levels { levels, f03: own, f03_respondents }) => {
            let level = |key: &String| levels.get(key).and_then(|level| parse_ratio(level).ok());
            let levels = index.indicators.iter().map(|indicator| level(&indicator.key)).collect();
            let own = own.as_deref().and_then(|mean| parse_ratio(mean).ok());
            let mean = f03.cloned().or(own);
            let respondents = f03_respondents.filter(|_| f03.is_none());
            let users = mean.map(|mean| UserSurvey::Mean { mean, respondents });
            Ok(Start { name: group.title(), assessment: Assessment { header, index, levels, users }, efforts })
        }
        _ => Err(refused("path.not-units")),
    };
    scored.groups.iter().map(start).collect()
}

/// The goal of a wish: for the next category, that above the present one; nothing at the top, and where something else is asked for.
fn goal(wish: &Wish, index: &ServiceIndex, before: &Outcome) -> Option<Goal> {
    match wish {
        Wish::Goal(goal) => Some(goal.clone()),
        Wish::Next => {
            let place = index.bands.iter().position(|band| band.category == before.category())?;
            Goal::named(&index.bands, &index.bands[place.checked_sub(1)?].category).ok()
        }
        Wish::Budget(_) | Wish::Curve => None,
    }
}

/// One unit by itself, several as a city.
fn find<'a>(
    index: &'a ServiceIndex,
    mut starts: Vec<Start<'a>>,
    wish: &Wish,
    estimates: Option<DefaultEfforts>,
) -> Result<Found<'a>, PathError> {
    let is_curve = matches!(wish, Wish::Curve);
    if starts.len() > 1 {
        let path = CityPath::new(starts)?;
        let before = path.before();
        let goal = goal(wish, index, &before);
        let plan = match wish {
            Wish::Budget(days) => Some(path.within(days)),
            _ => goal.as_ref().map(|goal| path.reach(goal)).transpose()?,
        };
        let curve = if is_curve { path.curve() } else { Vec::new() };
        let (units, after) = plan.map(|plan| (plan.units, (plan.after, plan.total))).unzip();
        let units = units.unwrap_or_default();
        return Ok(Found { index, goal, is_city: true, before, after, units, curve, is_curve, estimates });
    }
    let Some(start) = starts.pop() else { return Err(PathError::NoIndex { unit: String::new() }) };
    let path = UnitPath::new(start)?;
    let before = path.before().clone();
    let goal = goal(wish, index, &before);
    let plan = match wish {
        Wish::Budget(days) => Some(path.within(days)),
        _ => goal.as_ref().map(|goal| path.reach(goal)).transpose()?,
    };
    let curve = if is_curve { path.curve() } else { Vec::new() };
    let after = plan.as_ref().map(|plan| (plan.after.clone(), plan.total.clone()));
    let units = plan.into_iter().collect();
    Ok(Found { index, goal, is_city: false, before, after, units, curve, is_curve, estimates })
}
