//! The questionnaire of a period as XLSForm, for KoboToolbox and ODK; and the unit's own questions out of one.

use crate::fault::Fault;
use crate::questionnaire::{Kind, Questionnaire};
use organisation::import::{Column, Table, workbook};
use rules::phrase::Phrase;

/// The languages as XLSForm names them.
const LANGUAGES: [&str; 2] = ["Bahasa Indonesia (id)", "English (en)"];
/// A code as it is typed: twelve letters and digits, with or without marks between them.
pub(crate) const CODE_PATTERN: &str = "^[A-Za-z0-9]{4}[- ]?[A-Za-z0-9]{4}[- ]?[A-Za-z0-9]{4}$";
/// The most rows of a questionnaire that is read.
pub(crate) const MOST_ROWS: usize = 1000;

fn line<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

/// The workbook.
///
/// # Errors
/// When a text is too long for a cell, which none of ours is.
pub(crate) fn export(questionnaire: &Questionnaire) -> Result<Vec<u8>, impl std::error::Error + use<>> {
    let [id, en] = LANGUAGES.map(|language| format!("label::{language}"));
    let mut survey = vec![line(["type", "name", &id, &en, "required", "constraint", "appearance"])];
    let mut choices = vec![line(["list_name", "name", &id, &en])];
    for asked in &questionnaire.asked {
        let list = format!("pilihan_{}", asked.name);
        let (kind, constraint, appearance) = match &asked.kind {
            Kind::Code => ("text".to_owned(), format!("regex(., '{CODE_PATTERN}')"), ""),
            Kind::Choice(_) => (format!("select_one {list}"), String::new(), ""),
            Kind::Text => ("text".to_owned(), String::new(), "multiline"),
        };
        let required = if asked.required { "yes" } else { "" };
        survey.push(line([&kind, &asked.name, &asked.label.id, &asked.label.en, required, &constraint, appearance]));
        if let Kind::Choice(all) = &asked.kind {
            choices.extend(all.iter().map(|(value, words)| line([&list, value, &words.id, &words.en])));
        }
    }
    let settings = vec![
        line(["form_title", "form_id", "version", "default_language"]),
        line([&questionnaire.title, &questionnaire.id, &questionnaire.version, LANGUAGES[0]]),
    ];
    workbook(&[("survey", survey), ("choices", choices), ("settings", settings)])
}

/// What was read of a questionnaire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Read {
    /// The questions in their order.
    pub(crate) questions: Vec<String>,
    /// What could not be used, with its line.
    pub(crate) wrong: Vec<(u64, Fault)>,
}

const COLUMNS: [Column; 3] = [
    Column { field: "type", names: &["type"], required: true },
    Column { field: "name", names: &["name"], required: true },
    Column {
        field: "label",
        names: &["label::bahasa indonesia (id)", "label::bahasa indonesia", "label::indonesian (id)", "label"],
        required: true,
    },
];

/// The unit's own questions: those answered in words. Questions of the instrument itself are passed over, since they stand in every
/// questionnaire; of every other row it is said why it cannot be used.
///
/// # Errors
/// The sentence that says which column is missing.
pub(crate) fn read(table: &Table, known: &Questionnaire) -> Result<Read, Phrase> {
    let cells = table.columns_for(&COLUMNS)?;
    let mut read = Read::default();
    for row in &table.rows {
        let cell = |field: &str| cells.of(row, field).trim().to_owned();
        let (kind, name, label) = (cell("type"), cell("name"), cell("label"));
        let ours = known.asked.iter().any(|asked| asked.name == name) && !name.starts_with("own_");
        let first = kind.split(' ').next().unwrap_or_default();
        let fault = match first {
            "" => continue,
            _ if ours => continue,
            "text" if label.is_empty() => Phrase::new("xlsform.no-label").with("name", name),
            "text" => {
                read.questions.push(label);
                continue;
            }
            "start" | "end" | "today" | "deviceid" | "subscriberid" | "simserial" | "phonenumber" | "username"
            | "email" | "audit" | "start-geopoint" => Phrase::new("xlsform.metadata").with("kind", first),
            "note" | "begin" | "end_group" | "begin_group" | "begin_repeat" | "end_repeat" => {
                Phrase::new("xlsform.layout").with("kind", first)
            }
            _ => Phrase::new("xlsform.kind").with("kind", first).with("name", name),
        };
        read.wrong.push((row.line, Fault { field: "questions".into(), phrase: fault }));
    }
    Ok(read)
}
