//! `prima demo --output`: the published results of real cities, recomputed before your eyes.

use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::reports;
use crate::words::{say, word};
use calculation::published::TABLES;
use calculation::render::{self, Style};
use calculation::{Details, InputFile, Options, Scored, score, verify};
use rules::instrument::load;
use rules::phrase::{Language, Phrase};
use std::path::{Path, PathBuf};

/// The cities shown by name; the other rows are in the summary and in the files.
const CITIES: &[&str] = &["Palembang", "Pangkalpinang", "Payakumbuh", "Sumatera Utara"];

/// The unit whose calculation is shown step by step.
const EXPLAINED: (&str, &str) = ("Dinas Pertanahan dan Tata Ruang Kab. Bantul", "2023");

pub(crate) fn run(folder: &Path, language: Language) -> Result<Ending, Problem> {
    let output = Output::Standard;
    let style = output.style();
    let tables = write_tables(folder)?;
    let print = |text: String| output.write(text.as_bytes());
    print(format!("{}\n{}\n\n", style.strong(&word("demo.title", language)), word("demo.intro", language)))?;
    let sections =
        [("demo.ipp", &tables[1], CITIES), ("demo.ombudsman", &tables[2], CITIES), ("demo.skm", &tables[0], &[])];
    for (key, table, only) in sections {
        print(format!("{}\n{}\n", style.strong(&word(key, language)), verified(table, only, language, style)?))?;
    }
    let reports = reports(&tables[0], folder, language)?;
    print(explained(&reports, language, style)?)?;
    print(closing(&reports, folder, language, style))?;
    Ok(Ending::Done)
}

/// The verification of a published table: the rows whose names hold one of the words, all for none.
fn verified(table: &Path, only: &[&str], language: Language, style: Style) -> Result<String, Problem> {
    let found = verify::table(&InputFile::new(table))?;
    Ok(verify::text(&found.published(language), only, language, style))
}

/// Puts the tables beside the reports, so that every command shown at the end can be tried at once.
fn write_tables(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let phrase = Phrase::new("output.unwritable").with("file", folder.display().to_string());
        Problem::Input(phrase.with("detail", error.to_string()))
    })?;
    let write = |(name, text): &(&str, &str)| {
        let path = folder.join(name);
        crate::output::write_file(&path, text.as_bytes())?;
        Ok(path)
    };
    TABLES.iter().map(write).collect()
}

/// The reports made, one scoring run per instrument.
struct Reports {
    runs: Vec<Scored>,
    files: Vec<PathBuf>,
}

/// One report per SKM unit whose element means are published.
fn reports(table: &Path, folder: &Path, language: Language) -> Result<Reports, Problem> {
    let mut reports = Reports { runs: Vec::new(), files: Vec::new() };
    for id in ["skm-2017", "skm-2014", "skm-2004"] {
        let Some(instrument) = load(id)? else { continue };
        let other_id = instrument.header.other_ids.first().cloned().unwrap_or_default();
        let by = vec!["unit".to_owned(), "period".to_owned(), "rule_set".to_owned()];
        let options = Options { means: true, by: Some(by), ..Options::default() };
        let mut scored = score(instrument, &[InputFile::new(table)], options)?;
        scored.groups.retain(|group| group.named("rule_set") == Some(&other_id));
        scored.groups.iter_mut().for_each(|group| group.key.retain(|(name, _)| name != "rule_set"));
        let details = Details { method: vec![word("demo.method", language)], ..Details::none(&crate::clock::today()) };
        reports.files.extend(reports::write_all(&scored, &details, folder, language)?);
        reports.runs.push(scored);
    }
    Ok(reports)
}

/// The calculation of one unit, step by step.
fn explained(reports: &Reports, language: Language, style: Style) -> Result<String, Problem> {
    let found = reports.runs.iter().find_map(|run| {
        let wanted = (Some(EXPLAINED.0), Some(EXPLAINED.1));
        let group = run.groups.iter().find(|group| (group.named("unit"), group.named("period")) == wanted);
        group.map(|group| (run, group))
    });
    let Some((run, group)) = found else { return Ok(String::new()) };
    let text = render::explained(run, group, language, style)?;
    Ok(format!("{}\n{text}\n", style.strong(&word("demo.explained", language))))
}

fn closing(reports: &Reports, folder: &Path, language: Language, style: Style) -> String {
    let folder = folder.display().to_string();
    let made =
        Phrase::new("reports.written").with("reports", reports.files.len() as u64).with("folder", folder.as_str());
    let first = reports.files.first().map(|file| file.display().to_string()).unwrap_or_default();
    let commands = [
        format!("prima verify {first}"),
        format!("prima verify {folder}/ombudsman.csv"),
        "prima classify ombudsman-2015 73.14".to_owned(),
        "prima deadline pengaduan 2026-11-20".to_owned(),
        "prima sample-size 1250".to_owned(),
        "prima instruments show skm-2017".to_owned(),
    ];
    let mut text = format!("{}\n\n{}\n", say(&made, language), style.strong(&word("demo.next", language)));
    for command in commands {
        text += &format!("  {command}\n");
    }
    text
}
