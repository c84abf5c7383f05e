//! Answers from elsewhere: a table with a row for each, checked row by row before anything of it is kept.

use crate::answer::{Answer, PROFILE};
use crate::fault::Fault;
use crate::period::survey;
use calculation::find_column;
use organisation::import::{Row, Table};
use organisation::plain;
use rules::instrument::Instrument;
use rules::phrase::Phrase;
use rules::satisfaction_index::Order;
use services::ServiceId;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

/// So many rows are taken at once.
pub const MOST_ROWS: usize = 20_000;

/// What became of the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Rows that can be kept: line, service, answer.
    pub good: Vec<(u64, Option<ServiceId>, Answer)>,
    /// Rows that cannot, each with its line and the first thing that is wrong.
    pub wrong: Vec<(u64, Fault)>,
    /// Columns nobody knows what to do with, as written.
    pub unknown: Vec<String>,
}

/// Fields of an answer in a table: which column holds which.
struct Fields {
    places: HashMap<String, usize>,
    service: Option<usize>,
}

/// Words for what people tell of themselves, in whatever way offices name the column.
const COLUMNS: [(&str, &[&str]); 10] = [
    ("sex", &["sex", "jenis kelamin", "gender", "kelamin"]),
    ("age", &["age", "usia", "umur"]),
    ("education", &["education", "pendidikan", "pendidikan terakhir"]),
    ("occupation", &["occupation", "pekerjaan"]),
    ("disability", &["disability", "disabilitas", "penyandang disabilitas"]),
    ("promise-time", &["janji waktu"]),
    ("promise-fee", &["janji biaya"]),
    ("promise-requirements", &["janji persyaratan"]),
    ("suggestion", &["saran", "saran perbaikan", "kritik dan saran", "suggestion"]),
    ("own-1", &["pertanyaan tambahan"]),
];
/// Columns that tell what is known already: unit and period are those of the page.
const PASSED_OVER: [&str; 8] = ["instansi", "institution", "unit", "opd", "periode", "period", "saluran", "no"];

/// Reads a table of answers.
///
/// # Errors
/// The sentence that names the elements without a column.
pub fn check(instrument: &Instrument, services: &[(ServiceId, String)], table: &Table) -> Result<Checked, Phrase> {
    let (fields, unknown) = fields(instrument, table)?;
    let mut checked = Checked { unknown, ..Checked::default() };
    for row in &table.rows {
        let typed = Typed { fields: &fields, cells: cells(&fields, row) };
        let service = match service_of(&fields, row, services) {
            Ok(service) => service,
            Err(fault) => {
                checked.wrong.push((row.line, fault));
                continue;
            }
        };
        match Answer::read(instrument, 1, &typed) {
            Ok(answer) => checked.good.push((row.line, service, answer)),
            Err(faults) => {
                checked.wrong.extend(faults.into_iter().next().map(|fault| (row.line, told(fault, row, &fields))))
            }
        }
    }
    Ok(checked)
}

/// What marks a table: the same one brings the same answers again, which are kept once.
#[must_use]
pub fn fingerprint(table: &Table) -> String {
    let mut hash = Sha256::new();
    for row in &table.rows {
        for cell in &row.cells {
            hash.update(cell);
            hash.update([0]);
        }
        hash.update([1]);
    }
    hash.finalize()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn fields(instrument: &Instrument, table: &Table) -> Result<(Fields, Vec<String>), Phrase> {
    let Some(survey) = survey(instrument) else { return Err(Phrase::new("fault.no-survey")) };
    let mut places = HashMap::new();
    let mut unknown = Vec::new();
    let service = find_column(&table.columns, "service");
    for (place, name) in table.columns.iter().enumerate() {
        let element = survey.position(name, Order::Questionnaire).map(|at| survey.elements[at].key.clone());
        let words = plain(name);
        let known = COLUMNS.iter().find(|(_, names)| names.contains(&words.as_str()));
        let field = element.or_else(|| known.map(|(field, _)| (*field).to_owned()));
        match field {
            Some(field) => {
                places.entry(field).or_insert(place);
            }
            None if Some(place) == service || words.is_empty() || PASSED_OVER.contains(&words.as_str()) => {}
            None => unknown.push(name.clone()),
        }
    }
    let missing: Vec<&str> = survey
        .keys_in(Order::Questionnaire)
        .iter()
        .map(String::as_str)
        .filter(|key| !places.contains_key(*key))
        .collect();
    if missing.is_empty() {
        return Ok((Fields { places, service }, unknown));
    }
    Err(Phrase::new("fault.missing-columns").with("missing", missing.join(", ")))
}

fn service_of(fields: &Fields, row: &Row, services: &[(ServiceId, String)]) -> Result<Option<ServiceId>, Fault> {
    let written = fields.service.and_then(|place| row.cells.get(place)).map_or("", String::as_str);
    if written.is_empty() {
        return Ok(None);
    }
    let found = services.iter().find(|(_, name)| plain(name) == plain(written));
    let unknown =
        || Fault { field: "service".into(), phrase: Phrase::new("fault.unknown-service").with("service", written) };
    found.map(|(service, _)| Some(*service)).ok_or_else(unknown)
}

/// The fault of an element with what stood in its cell.
fn told(fault: Fault, row: &Row, fields: &Fields) -> Fault {
    let found = fields.places.get(&fault.field).and_then(|place| row.cells.get(*place));
    match found {
        Some(found) if fault.phrase.key == "fault.unanswered" => {
            let phrase = Phrase::new("fault.not-a-choice").with("column", fault.field.as_str());
            Fault { phrase: phrase.with("found", found.as_str()), field: fault.field }
        }
        _ => fault,
    }
}

struct Typed<'f> {
    fields: &'f Fields,
    cells: HashMap<&'f str, String>,
}

impl crate::answer::Typed for Typed<'_> {
    fn field(&self, name: &str) -> &str {
        debug_assert!(self.cells.len() <= self.fields.places.len(), "a cell for a field at most");
        self.cells.get(name).map_or("", String::as_str)
    }
}

fn cells<'f>(fields: &'f Fields, row: &Row) -> HashMap<&'f str, String> {
    let cell = |(field, place): (&'f String, &usize)| {
        let text = row.cells.get(*place)?;
        Some((field.as_str(), chosen(field, text)))
    };
    fields.places.iter().filter_map(cell).collect()
}

/// What offices write, as the choice it means; whatever means none stays as it is.
fn chosen(field: &str, text: &str) -> String {
    let words = plain(text);
    let first = words.split(' ').next().unwrap_or_default();
    let choice = match field {
        "sex" => match first {
            "l" | "lk" | "laki" | "pria" | "male" | "m" => "L",
            "p" | "pr" | "perempuan" | "wanita" | "female" | "f" => "P",
            _ => "",
        },
        "age" => age_group(first),
        "education" => match first {
            "sd" | "mi" => "sd",
            "smp" | "mts" | "sltp" => "smp",
            "sma" | "smk" | "ma" | "slta" => "sma",
            "d1" | "d2" | "d3" | "d4" | "diploma" => "diploma",
            "s1" | "sarjana" => "s1",
            "s2" | "s3" | "magister" | "doktor" => "s2",
            _ => "",
        },
        "occupation" => match first {
            "pns" | "asn" | "pppk" => "pns",
            "tni" | "polri" => "tni-polri",
            "swasta" | "karyawan" | "pegawai" => "swasta",
            "wirausaha" | "wiraswasta" | "pedagang" => "wirausaha",
            "pelajar" | "mahasiswa" => "pelajar",
            "" => "",
            _ => "lainnya",
        },
        "disability" | "promise-time" | "promise-fee" | "promise-requirements" => match first {
            "ya" | "y" | "sesuai" | "1" | "yes" => "ya",
            "tidak" | "t" | "0" | "no" => "tidak",
            _ => "",
        },
        _ => return text.trim().to_owned(),
    };
    let known = PROFILE.iter().find(|(column, _)| *column == field).map(|(_, choices)| *choices).unwrap_or_default();
    if choice.is_empty() && known.contains(&text) { text.to_owned() } else { choice.to_owned() }
}

fn age_group(years: &str) -> &'static str {
    match years.parse::<u32>() {
        Ok(0..=24) => "17-24",
        Ok(25..=34) => "25-34",
        Ok(35..=44) => "35-44",
        Ok(45..=54) => "45-54",
        Ok(55..=64) => "55-64",
        Ok(_) => "65-",
        Err(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calculation::instruments;

    fn table(columns: &[&str], rows: &[&[&str]]) -> Table {
        let row = |(line, cells): (usize, &&[&str])| Row {
            line: line as u64 + 2,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        Table {
            name: "jawaban.csv".into(),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            rows: rows.iter().enumerate().map(row).collect(),
        }
    }

    const NUMBERED: [&str; 11] = ["No", "U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9", "Jenis Kelamin"];

    #[test]
    fn a_numbered_table_is_read_by_the_names_of_the_elements() {
        let instrument = instruments::find("skm-2017").unwrap();
        let rows: &[&[&str]] = &[&["1", "3", "3", "2", "4", "3", "3", "4", "1", "4", "Perempuan"]];
        let checked = check(&instrument, &[], &table(&NUMBERED, rows)).unwrap();
        let (line, service, answer) = &checked.good[0];
        assert_eq!((*line, *service), (2, None));
        assert_eq!(
            (answer.answers["sarana"], answer.answers["pengaduan"]),
            (1, 4),
            "U8 is facilities in the questionnaire"
        );
        assert_eq!(answer.profile["sex"], "P");
        assert!(checked.unknown.is_empty() && checked.wrong.is_empty());
    }

    #[test]
    fn a_row_with_an_impossible_answer_is_left_out_with_its_line_and_column() {
        let instrument = instruments::find("skm-2017").unwrap();
        let rows: &[&[&str]] = &[
            &["1", "3", "3", "5", "4", "3", "3", "4", "1", "4", "L"],
            &["2", "3", "3", "4", "4", "3", "3", "4", "1", "4", "L"],
        ];
        let checked = check(&instrument, &[], &table(&NUMBERED, rows)).unwrap();
        assert_eq!((checked.good.len(), checked.wrong[0].0), (1, 2));
        let expected = Phrase::new("fault.not-a-choice").with("column", "waktu").with("found", "5");
        assert_eq!(checked.wrong[0].1.phrase, expected);
    }

    #[test]
    fn a_table_without_an_element_is_refused_and_a_column_without_meaning_is_named() {
        let instrument = instruments::find("skm-2017").unwrap();
        let phrase = check(&instrument, &[], &table(&NUMBERED[..9], &[])).unwrap_err();
        assert_eq!(phrase, Phrase::new("fault.missing-columns").with("missing", "pengaduan"));
        let mut columns = NUMBERED.to_vec();
        columns.push("Warna favorit");
        assert_eq!(check(&instrument, &[], &table(&columns, &[])).unwrap().unknown, ["Warna favorit"]);
    }

    #[test]
    fn ages_are_taken_in_years_or_groups() {
        assert_eq!(["17", "37 tahun", "70"].map(|text| chosen("age", text)), ["17-24", "35-44", "65-"]);
        assert_eq!(chosen("age", "35-44"), "35-44");
        assert_eq!(chosen("age", "dewasa"), "");
    }

    #[test]
    fn the_same_rows_have_the_same_fingerprint() {
        let one = table(&["a", "b"], &[&["1", "2"]]);
        assert_eq!(fingerprint(&one), fingerprint(&one.clone()));
        assert_ne!(fingerprint(&one), fingerprint(&table(&["a", "b"], &[&["12", ""]])));
    }
}
