//! `prima instruments`: which rules there are, since when, from where, and how sure.

use crate::cli::{Format, InstrumentsAction, InstrumentsArgs};
use crate::output::{Ending, Output, read_text};
use crate::problem::Problem;
use crate::words::word;
use calculation::instruments::{Part, all, parts};
use calculation::render::{self, Style, Table, printable_line};
use rules::instrument::{Instrument, named};
use rules::phrase::Language;
use serde_json::{Value, json};
use std::path::Path;

/// The instrument a word names: an embedded one, or a city's own file.
///
/// # Errors
/// When there is none of that name, or the file is refused.
pub(crate) fn find(word: &str) -> Result<Instrument, Problem> {
    let path = Path::new(word);
    match named(word)? {
        None if path.extension().is_some_and(|extension| extension == "toml") => read_own(word, path),
        _ => Ok(calculation::instruments::find(word)?),
    }
}

/// A city's own file.
///
/// # Errors
/// When the file cannot be read, is refused, or carries the name of an embedded instrument without being the same.
pub(crate) fn read_own(name: &str, path: &Path) -> Result<Instrument, Problem> {
    Ok(calculation::instruments::read_own(name, &read_text(name, path)?)?)
}

pub(crate) fn run(args: &InstrumentsArgs, language: Language) -> Result<Ending, Problem> {
    let output = Output::Standard;
    let text = match (&args.action, args.format) {
        (None | Some(InstrumentsAction::List), Format::Text) => list_text(language, output.style())?,
        (None | Some(InstrumentsAction::List), Format::Json) => list_json(language)?,
        (Some(InstrumentsAction::Show { instrument }), Format::Text) => {
            show_text(&find(instrument)?, language, output.style())
        }
        (Some(InstrumentsAction::Show { instrument }), Format::Json) => {
            render::json(&show_json(&find(instrument)?, language))
        }
    };
    output.write(text.as_bytes())?;
    Ok(Ending::Done)
}

fn in_force(instrument: &Instrument, language: Language) -> String {
    let dates = &instrument.header.in_force;
    let until = dates.until.clone().unwrap_or_else(|| word("instruments.now", language));
    format!("{}–{until}", dates.from)
}

fn list_text(language: Language, style: Style) -> Result<String, Problem> {
    let heads = ["instruments.id", "instruments.title", "instruments.in-force", "instruments.basis"];
    let mut table = Table::new(heads.map(|key| word(key, language)));
    for instrument in all()? {
        let header = &instrument.header;
        table.row([
            header.id.clone(),
            header.title.in_language(language).to_owned(),
            in_force(&instrument, language),
            header.citation(),
        ]);
    }
    Ok(format!("{}\n{}\n", table.text(style), word("instruments.hint", language)))
}

fn list_json(language: Language) -> Result<String, Problem> {
    let entry = |instrument: Instrument| {
        let header = &instrument.header;
        json!({
            "id": header.id,
            "family": header.family,
            "title": header.title.in_language(language),
            "in_force": { "from": header.in_force.from, "until": header.in_force.until },
            "basis": header.citation(),
            "last_checked_on": header.last_checked_on,
        })
    };
    let entries: Vec<Value> = all()?.into_iter().map(entry).collect();
    Ok(render::json(&json!({ "instruments": entries })))
}

fn show_json(instrument: &Instrument, language: Language) -> Value {
    let header = &instrument.header;
    let notes: Vec<Value> =
        header.notes.iter().map(|note| json!({ "code": note.code, "text": note.text.in_language(language) })).collect();
    let item = |Part { key, name, weight }| json!({ "key": key, "name": name, "weight": weight });
    let items: Vec<Value> = parts(instrument, language).into_iter().map(item).collect();
    json!({
        "id": header.id,
        "other_ids": header.other_ids,
        "family": header.family,
        "title": header.title.in_language(language),
        "in_force": { "from": header.in_force.from, "until": header.in_force.until },
        "last_checked_on": header.last_checked_on,
        "basis": header.basis,
        "notes": notes,
        "decimals": instrument.rounding().map(|rounding| rounding.decimals),
        "bands": instrument.bands(),
        "items": items,
    })
}

fn show_text(instrument: &Instrument, language: Language, style: Style) -> String {
    let header = &instrument.header;
    let mut text = format!("{}\n{}\n\n", style.strong(&printable_line(header.title.in_language(language))), header.id);
    let line = |key, value: String| format!("{:<18}{}\n", word(key, language), printable_line(&value));
    text += &line("instruments.in-force", in_force(instrument, language));
    text += &line("instruments.checked", header.last_checked_on.clone());
    for basis in &header.basis {
        let status = word(status_key(basis.status), language);
        text += &line("instruments.basis", format!("{basis} ({status})"));
        for more in
            [basis.read_at.as_deref(), basis.note.as_ref().map(|note| note.in_language(language))].into_iter().flatten()
        {
            text += &format!("{:<18}{}\n", "", printable_line(more));
        }
    }
    let items = parts(instrument, language);
    let has_weights = items.iter().any(|part| part.weight.is_some());
    let heads: Vec<&str> = if has_weights {
        vec!["instruments.key", "instruments.name", "instruments.weight"]
    } else {
        vec!["instruments.key", "instruments.name"]
    };
    let mut table = Table::new(heads.into_iter().map(|key| word(key, language)));
    for Part { key, name, weight } in items {
        table.row(if has_weights {
            vec![key, name, language.number(&weight.unwrap_or_default())]
        } else {
            vec![key, name]
        });
    }
    text += &format!("\n{}", table.text(style));
    if !instrument.bands().is_empty() {
        text += &format!("\n{}", bands(instrument, language, style));
    }
    for note in &header.notes {
        text += &format!("\n{} {}", style.faint("•"), printable_line(note.text.in_language(language)));
    }
    if !header.notes.is_empty() {
        text.push('\n');
    }
    text
}

fn bands(instrument: &Instrument, language: Language, style: Style) -> String {
    let heads = ["instruments.category", "instruments.label", "instruments.range"];
    let mut table = Table::new(heads.map(|key| word(key, language)));
    for band in instrument.bands() {
        let decimals = instrument.rounding().map_or(2, |rounding| rounding.decimals);
        let shown = |value: &rules::quantity::Ratio| {
            language.number(&rules::quantity::Decimal::half_up(value, decimals).to_string())
        };
        let more: Vec<&str> = [band.zone.as_deref(), band.opinion.as_deref()].into_iter().flatten().collect();
        let label = band.label.in_language(language);
        let label = if more.is_empty() { label.to_owned() } else { format!("{label} ({})", more.join(", ")) };
        table.row([
            style.band(instrument.bands(), band),
            label,
            format!("{} – {}", shown(&band.min), shown(&band.max)),
        ]);
    }
    table.text(style)
}

fn status_key(status: rules::citation::Status) -> &'static str {
    match status {
        rules::citation::Status::Verified => "status.verified",
        rules::citation::Status::OwnKnowledge => "status.own-knowledge",
        rules::citation::Status::Uncertain => "status.uncertain",
    }
}
