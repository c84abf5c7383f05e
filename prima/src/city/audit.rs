//! `prima audit`: the chains of the audit log verified, from the database or from an export alone; and exported.

use super::arguments::{AuditAction, AuditArgs, CitySettings};
use super::settings::institution;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use platform::audit::{self, Fault, Head, Verdict};
use platform::database::Read;
use rules::phrase::{Language, Phrase};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub(crate) fn run(args: &AuditArgs, language: Language) -> Result<Ending, Problem> {
    match &args.action {
        AuditAction::Verify { city, file: None, expect } => {
            let database = city.store.open_as_it_is()?;
            let (slug, expect) = (city.institution.clone(), *expect);
            let verdicts = database.read_now(move |db| verify(db, slug.as_deref(), expect))?;
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

/// Verifies all chains: those there are, and those there must be, since every institution begins with the entry of its founding.
/// A head that was kept elsewhere is of the institution that is named, or of the only one.
pub(super) fn verify(db: &mut Read<'_>, slug: Option<&str>, expect: Option<Head>) -> Result<Vec<Verdict>, Problem> {
    let expect = expect.map(|head| Ok::<_, Problem>((institution(db, slug)?, head))).transpose()?;
    let founded: Vec<_> = organisation::institutions(db)?.iter().map(|institution| Some(institution.id)).collect();
    let mut chains: Vec<_> = audit::heads(db)?.into_iter().map(|(institution, _)| institution).collect();
    chains.extend(founded.iter().filter(|institution| !chains.contains(institution)).copied().collect::<Vec<_>>());
    let verdict = |institution| {
        let head = expect.filter(|(own, _)| institution == Some(*own)).map(|(_, head)| head);
        let mut verdict = audit::verify(db, institution, head)?;
        if verdict.entries == 0 && verdict.fault.is_none() && founded.contains(&institution) {
            verdict.fault = Some(Fault::CutOff { number: 0, expected: 1 });
        }
        Ok(verdict)
    };
    chains.into_iter().map(verdict).collect()
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
pub(super) fn print(verdicts: &[Verdict], language: Language) -> Result<Ending, Problem> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use organisation::{InstitutionKind, TypedSettings};
    use platform::audit::Actor;
    use platform::testing::migrated_sqlite;
    use time::macros::datetime;

    const NOW: time::OffsetDateTime = datetime!(2026-11-22 01:00 UTC);

    fn found(db: &mut platform::database::Write<'_>, name: &str, host: &str) -> Result<(), organisation::Refused> {
        let kind = InstitutionKind::City.name().to_owned();
        let typed = TypedSettings { kind, name: name.into(), host: host.into(), ..TypedSettings::default() };
        let settings = typed.check().map_err(organisation::Refused::Faults)?;
        organisation::found(db, settings, false, Actor::Program("test"), NOW).map(drop)
    }

    /// A head that was kept on paper is always held against something, or the command says that it was not.
    #[test]
    fn an_expected_head_is_never_passed_over() {
        let fresh = migrated_sqlite();
        let wrong: Head = format!("1:{}", "0".repeat(64)).parse().unwrap();
        let verify = |slug: Option<&'static str>| fresh.read_now(move |db| verify(db, slug, Some(wrong)));
        assert!(verify(None).is_err(), "without any institution there is nothing to hold it against");
        assert!(fresh.write_now(|db| found(db, "Kota Satu", "satu.go.id")).is_ok());
        let whole = |verdicts: &[Verdict]| verdicts.iter().all(Verdict::is_whole);
        assert!(!whole(&verify(None).unwrap()), "of the only institution");
        assert!(fresh.write_now(|db| found(db, "Kota Dua", "dua.go.id")).is_ok());
        assert!(verify(None).is_err(), "which of the two is asked");
        assert!(!whole(&verify(Some("kota-dua")).unwrap()));
        assert!(whole(&fresh.read_now(|db| super::verify(db, None, None)).unwrap()));
    }
}
