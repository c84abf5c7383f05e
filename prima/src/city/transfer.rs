//! `prima import` and `prima export`: tables in and out, by the same engine as the pages. Without `--yes` nothing is stored.

use super::arguments::{CitySettings, ExportArgs, Exported, ImportArgs, Imported};
use super::settings::institution;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use access::Act;
use calculation::InputFile;
use organisation::import::{Review, Table, read_table};
use organisation::{Desk, NotStored};
use platform::audit::Actor;
use platform::clock::Clock;
use platform::database::Database;
use platform::words::Words;
use rules::phrase::{Language, Phrase};
use std::path::Path;

pub(crate) fn import(args: &ImportArgs, language: Language) -> Result<Ending, Problem> {
    let database = args.city.store.open()?;
    match args.what {
        Imported::Results => results(&database, args, language),
        Imported::Units => units(&database, args, language),
        Imported::People => people(&database, args, language),
    }
}

fn print(text: &str) -> Result<(), Problem> {
    Output::Standard.write(text.as_bytes())
}

fn table(file: &Path, most: usize, language: Language) -> Result<Table, Problem> {
    let name = file.display().to_string();
    read_table(file, &name, most).map_err(|phrase| Problem::Said(organisation::import::say(&phrase, language)))
}

fn units(database: &Database, args: &ImportArgs, language: Language) -> Result<Ending, Problem> {
    let table = table(&args.file, organisation::MOST_UNITS, language)?;
    let (slug, now, to_read) = (args.city.institution.clone(), Clock::machine().now(), table.clone());
    let (institution, review) = database.read_now(move |db| {
        let institution = institution(db, slug.as_deref())?;
        let review = organisation::review_units(db, institution, &to_read, now)?;
        Ok::<_, Problem>((institution, review))
    })?;
    let review = review.map_err(|phrase| Problem::Said(organisation::import::say(&phrase, language)))?;
    let words = organisation::words(language);
    print(&shown(&review, words, |field| words.text(&format!("field.{field}"))))?;
    if !args.yes {
        return asks_for_yes(&review, language);
    }
    let desk = Desk { institution, actor: Actor::Program("command-line"), now };
    let fingerprint = review.fingerprint();
    let stored = database.write_now(move |db| organisation::store_units(db, &desk, &table, &fingerprint));
    match stored {
        Ok(counts) => done(counts.to_store() as u64, language),
        Err(NotStored::Database(error)) => Err(error.into()),
        Err(NotStored::Unreadable(phrase)) => Err(Problem::Said(organisation::import::say(&phrase, language))),
        Err(NotStored::Differs(_)) => Err(Problem::Input(Phrase::new("import.differs"))),
    }
}

/// One line for each row that says anything: new, changed, or wrong with what to do.
fn shown(review: &Review, words: Words, field: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for row in review.shown(words, field) {
        text += &format!("{:>5}  {}  {}\n", row.line, row.verdict, row.label);
        for finding in row.findings {
            let mark = if finding.is_warning { '!' } else { '■' };
            let field = if finding.field.is_empty() { String::new() } else { format!("{}: ", finding.field) };
            text += &format!("       {mark} {field}{}\n", finding.text);
        }
    }
    text
}

fn asks_for_yes(review: &Review, language: Language) -> Result<Ending, Problem> {
    let counts = review.counts();
    let phrase =
        Phrase::new("import.preview").with("rows", counts.to_store() as u64).with("wrong", counts.wrong as u64);
    print(&format!("{}\n", say(&phrase, language)))?;
    Ok(if counts.wrong == 0 { Ending::Done } else { Ending::Failed })
}

fn done(rows: u64, language: Language) -> Result<Ending, Problem> {
    print(&format!("{}\n", say(&Phrase::new("import.done").with("rows", rows), language)))?;
    Ok(Ending::Done)
}

fn people(database: &Database, args: &ImportArgs, language: Language) -> Result<Ending, Problem> {
    let table = table(&args.file, access::MOST_ROWS, language)?;
    let (slug, now, to_read) = (args.city.institution.clone(), Clock::machine().now(), table.clone());
    let (act, review) = database.read_now(move |db| {
        let act = Act::of_program(institution(db, slug.as_deref())?, now, "command-line");
        let review = access::preview_people(db, &act, &to_read)?;
        Ok::<_, Problem>((act, review))
    })?;
    let review = review.map_err(|phrase| Problem::Said(organisation::import::say(&phrase, language)))?;
    let words = access::words(language);
    print(&shown(&review, words, |field| words.text(&format!("field.{field}"))))?;
    if !args.yes {
        return asks_for_yes(&review, language);
    }
    let fingerprint = review.fingerprint();
    match database.write_now(move |db| access::import_people(db, &act, &table, &fingerprint)) {
        Ok(invited) => {
            let line = |one: &access::InvitedByTable| {
                format!("{}  {}\n", one.email, access::link_address(&args.origin, &one.token))
            };
            print(&invited.iter().map(line).collect::<String>())?;
            done(invited.len() as u64, language)
        }
        Err(access::NotStored::Unreadable(phrase)) => Err(Problem::Said(organisation::import::say(&phrase, language))),
        Err(access::NotStored::Differs(_)) => Err(Problem::Input(Phrase::new("import.differs"))),
        Err(access::NotStored::Refused(refused)) => Err(super::people::why(refused, language)),
    }
}

fn results(database: &Database, args: &ImportArgs, language: Language) -> Result<Ending, Problem> {
    let (file, now) = (InputFile::new(&args.file), Clock::machine().now());
    if !args.yes {
        let rows = calculation::published::read(&file)?.len() as u64;
        print(&format!("{}\n", say(&Phrase::new("import.preview").with("rows", rows).with("wrong", 0_u64), language)))?;
        return Ok(Ending::Done);
    }
    let loaded = database.write_now(move |db| publication::import(db, &file, now));
    match loaded {
        Ok(loaded) => done(loaded.new + loaded.changed, language),
        Err(publication::LoadError::Table(problem)) => Err(problem.into()),
        Err(publication::LoadError::Database(error)) => Err(error.into()),
    }
}

pub(crate) fn export(args: &ExportArgs) -> Result<Ending, Problem> {
    let database = args.city.store.open_as_it_is()?;
    let text = match args.what {
        Exported::Units => exported_units(&database, &args.city)?,
        Exported::Results => database.read_now(publication::results_as_csv)?,
    };
    Output::to(args.output.as_deref()).write(text.as_bytes())?;
    Ok(Ending::Done)
}

fn exported_units(database: &Database, city: &CitySettings) -> Result<String, Problem> {
    let slug = city.institution.clone();
    database.read_now(move |db| {
        let institution = institution(db, slug.as_deref())?;
        Ok(organisation::export_units(db, institution)?)
    })
}
