//! Prima, the open-source public-service platform for Indonesian cities: the one binary.
//!
//! It serves a city on the web, and from the command line it computes by the rules of law: real data in, the official result out,
//! with every step and its article.

mod calendar_file;
mod city;
mod classify;
mod cli;
mod clock;
mod deadline;
mod demo;
mod help;
mod instruments;
mod output;
mod path;
mod problem;
mod reports;
mod sample_size;
#[cfg(test)]
mod schemas;
mod score;
mod verify;
mod words;

use calculation::render::printable_line;
use clap::{ArgMatches, FromArgMatches};
use cli::{Cli, Command, Lang};
use output::{Ending, complain};
use problem::Problem;
use rules::phrase::Language;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let language = help::language_of(&arguments);
    let parsed = help::command(language)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches).map(|cli| (cli, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return usage(&error, language),
    };
    let language = if cli.lang == Lang::En { Language::English } else { Language::Indonesian };
    match run(&cli.command, &matches, language) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Failed) => ExitCode::from(1),
        Ok(Ending::Code(code)) => ExitCode::from(code),
        Err(problem) => {
            complain(&printable_line(&problem.message(language)));
            ExitCode::from(problem.exit_code())
        }
    }
}

fn run(command: &Command, matches: &ArgMatches, language: Language) -> Result<Ending, Problem> {
    match command {
        Command::Instruments(args) => instruments::run(args, language),
        Command::Score(args) => score::run(args, language),
        Command::Classify(args) => classify::run(args, language),
        Command::Deadline(args) => deadline::run(args, language),
        Command::SampleSize(args) => sample_size::run(args, language),
        Command::Path(args) => path::run(args, language),
        Command::Verify(args) => verify::run(args, language),
        Command::Demo(args) => city::demonstration(args, language),
        Command::Serve(args) => city::serve(args, language),
        Command::Migrate(args) => city::migrate(args, language),
        Command::Config(_) => matches.subcommand().map_or(Ok(Ending::Failed), |(_, own)| city::config(own, language)),
        Command::User(args) => city::people(args, language),
        Command::Import(args) => city::import(args, language),
        Command::Export(args) => city::export(args),
        Command::Audit(args) => city::audit(args, language),
        Command::Key(args) => city::keys(args, language),
        Command::Register(_) => city::register(language),
        Command::Backup(args) => city::backup(args, language),
        Command::Restore(args) => city::restore(args, language),
        Command::Doctor(args) => city::doctor(args, language),
        Command::Routes(_) => city::routes(),
    }
}

/// Help and version are printed as asked for; anything else is a sentence and exit code 2.
fn usage(error: &clap::Error, language: Language) -> ExitCode {
    if error.use_stderr() && error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        complain(&help::usage_error(error, language));
        return ExitCode::from(2);
    }
    // Printing help can fail only when nobody reads it.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}
