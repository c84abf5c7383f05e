//! The command: options in, one of four formats out.

use super::{Options, Scored, score};
use crate::cli::{ScoreArgs, ScoreFormat};
use crate::instruments;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::render;
use rules::instrument::{Body, Instrument};
use rules::phrase::{Language, Phrase};
use rules::satisfaction_index::{Order, WeightPolicy};
use std::path::PathBuf;

/// Scores and prints.
///
/// # Errors
/// When nothing could be scored, or the output could not be written.
pub(crate) fn run(args: &ScoreArgs, language: Language) -> Result<Ending, Problem> {
    let instrument = instruments::find(&args.instrument)?;
    refuse_useless_options(args, &instrument)?;
    if let Some(output) = &args.output {
        crate::output::refuse_overwriting(args.files.iter().map(PathBuf::as_path), output)?;
    }
    let scored = score(instrument, &args.files, options(args))?;
    if args.strict && scored.faults.rows() > 0 {
        crate::output::complain(&render::text::left_out(&scored.faults, language));
        return Err(Problem::Input(Phrase::new("score.strict").with("rows", scored.faults.rows())));
    }
    let output = Output::to(args.output.as_deref());
    match args.format {
        ScoreFormat::Text => {
            output.write(render::text::scored(&scored, args.explain, language, output.style())?.as_bytes())?
        }
        ScoreFormat::Json => output.write(render::json(&scored.published(language)?).as_bytes())?,
        ScoreFormat::Csv => output.write(render::csv::scored(&scored, language)?.as_bytes())?,
        ScoreFormat::Pdf => render::pdf::write(&scored, args.details.as_deref(), args.output.as_deref(), language)?,
    }
    if args.format != ScoreFormat::Text && scored.faults.rows() > 0 {
        crate::output::complain(&render::text::left_out(&scored.faults, language));
    }
    Ok(ending(&scored))
}

/// A run that gave no value at all has scored nothing.
fn ending(scored: &Scored) -> Ending {
    let has_value =
        |group| scored.summary(group).is_some() || scored.outcome(group).is_ok_and(|outcome| outcome.value.is_some());
    if scored.groups.iter().any(has_value) { Ending::Done } else { Ending::Failed }
}

/// An option that would change nothing is a misunderstanding, and silence would hide it.
fn refuse_useless_options(args: &ScoreArgs, instrument: &Instrument) -> Result<(), Problem> {
    let survey = matches!(instrument.body, Body::Satisfaction(_));
    let answers = survey && !args.means;
    let used = [
        ("--means", args.means && !survey),
        ("--weights", args.weights.is_some() && !survey),
        ("--order", args.order.is_some() && !survey),
        ("--population", args.population.is_some() && !survey),
        ("--compare", args.compare.is_some() && !answers),
        ("--details", args.details.is_some() && args.format != ScoreFormat::Pdf),
    ];
    if let Some((option, _)) = used.iter().find(|(_, useless)| *useless) {
        let phrase = Phrase::new("score.not-for").with("option", *option);
        let what = if *option == "--details" { "--format text|json|csv" } else { &instrument.header.id };
        return Err(Problem::Usage(phrase.with("instrument", what)));
    }
    if args.population == Some(0) {
        return Err(Problem::Usage(Phrase::new("score.population-zero")));
    }
    Ok(())
}

fn options(args: &ScoreArgs) -> Options {
    Options {
        by: args.by.clone(),
        means: args.means,
        weights: args.weights.as_deref().and_then(WeightPolicy::named),
        order: args.order.as_deref().and_then(Order::named),
        population: args.population,
        detail: args.explain || args.format == ScoreFormat::Pdf,
        compare: args.compare.clone(),
        profile: args.format == ScoreFormat::Pdf,
    }
}
