//! `prima audit`: the chains of the audit log verified, from the database or from an export alone; and exported.

use super::arguments::{AuditAction, AuditArgs, CitySettings};
use super::settings::institution;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use platform::audit::{self, Head, Verdict};
use platform::database::{DatabaseError, Read};
use rules::phrase::{Language, Phrase};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub(crate) fn run(args: &AuditArgs, language: Language) -> Result<Ending, Problem> {
    match &args.action {
        AuditAction::Verify { store, file: None, expect } => {
            let database = store.open_as_it_is()?;
            let expect = *expect;
            let verdicts = database.read_now(move |db| verify(db, expect))?;
            print(&verdicts, language)
        }
        AuditAction::Verify { file: Some(file), expect, .. } => {
            let opened = File::open(file).map_err(|error| unreadable(file, &error))?;
            let verdict =
                audit::verify_export(BufReader::new(opened), *expect).map_err(|error| unreadable(file, &error))?;
            print(&[verdict], language)
        }
        AuditAction::Export { city, output } => export(city, output.as_deref()),
    }
}

/// Verifies all chains. A head that was kept elsewhere belongs to the chain that holds its number; with several chains each that
/// reaches it is held to it only when no other does, so it is given for an installation of one city.
fn verify(db: &mut Read<'_>, expect: Option<Head>) -> Result<Vec<Verdict>, DatabaseError> {
    let chains = audit::heads(db)?;
    let only = expect.filter(|_| chains.iter().filter(|(institution, _)| institution.is_some()).count() <= 1);
    chains
        .into_iter()
        .map(|(institution, _)| audit::verify(db, institution, only.filter(|_| institution.is_some())))
        .collect()
}

fn export(city: &CitySettings, output: Option<&Path>) -> Result<Ending, Problem> {
    let database = city.store.open_as_it_is()?;
    let slug = city.institution.clone();
    let lines = database.read_now(move |db| {
        let institution = institution(db, slug.as_deref())?;
        let mut lines = Vec::new();
        audit::export(db, Some(institution), &mut lines).map_err(Problem::server)?;
        Ok::<_, Problem>(lines)
    })?;
    Output::to(output).write(&lines)?;
    Ok(Ending::Done)
}

fn unreadable(file: &Path, error: &dyn std::fmt::Display) -> Problem {
    let phrase = Phrase::new("audit.unreadable").with("file", file.display().to_string());
    Problem::Input(phrase.with("detail", error.to_string()))
}

/// One line a chain; the first fault of a chain is said, and the command then fails.
fn print(verdicts: &[Verdict], language: Language) -> Result<Ending, Problem> {
    let line = |verdict: &Verdict| {
        let head = verdict.head.map_or_else(|| "-".to_owned(), |head| head.to_string());
        let phrase = match verdict.fault {
            None => Phrase::new("audit.whole").with("entries", verdict.entries),
            Some(fault) => {
                let kind = Phrase::new(match fault.name() {
                    "altered" => "audit.altered",
                    "missing" => "audit.missing",
                    "inserted" => "audit.inserted",
                    "out-of-order" => "audit.out-of-order",
                    "cut-off" => "audit.cut-off",
                    "foreign" => "audit.foreign",
                    _ => "audit.rewritten",
                });
                kind.with("number", fault.number().to_string())
            }
        };
        format!("{}  {head}\n", say(&phrase, language))
    };
    let text: String = verdicts.iter().map(line).collect();
    let text = if verdicts.is_empty() { say(&Phrase::new("audit.empty"), language) + "\n" } else { text };
    Output::Standard.write(text.as_bytes())?;
    Ok(if verdicts.iter().all(Verdict::is_whole) { Ending::Done } else { Ending::Failed })
}
