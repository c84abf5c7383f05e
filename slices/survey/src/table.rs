//! Answers from elsewhere: a table with a row for each, checked row by row before anything of it is kept.

use crate::answer::{Answer, AnswerId, PROFILE};
use crate::fault::Fault;
use crate::import::FromTable;
use crate::period::{DAY, PeriodId, Plan, survey};
use calculation::find_column;
use organisation::import::{self, Finding, Review, Row, Table, Verdict};
use organisation::plain;
use platform::identity::InstitutionId;
use rules::instrument::Instrument;
use rules::phrase::Phrase;
use rules::satisfaction_index::Order;
use services::ServiceId;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// So many rows are taken at once.
pub const MOST_ROWS: usize = 20_000;

/// What a table is held against.
#[derive(Debug, Clone)]
pub struct Against {
    /// The institution.
    pub institution: InstitutionId,
    /// The period.
    pub period: PeriodId,
    /// Its days.
    pub plan: Plan,
    /// Its instrument.
    pub instrument: Instrument,
    /// The unit's services by name.
    pub services: Vec<(ServiceId, String)>,
    /// The unit's own questions.
    pub questions: Vec<String>,
    /// The city's day: nobody answered later.
    pub today: Date,
    /// The answers of the period that came from tables.
    pub known: BTreeSet<AnswerId>,
    /// Whether rows equal to those of an earlier table are of other people.
    pub others: bool,
}

/// What became of the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// All rows: new, there already, or wrong.
    pub review: Review,
    /// The new answers.
    pub answers: Vec<FromTable>,
    /// Columns nobody knows what to do with, as written.
    pub unknown: Vec<String>,
}

/// Fields of an answer in a table: which column holds which.
struct Fields {
    places: HashMap<String, usize>,
    service: Option<usize>,
    day: Option<usize>,
}

/// Words for what people tell of themselves, in whatever way offices name the column.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("sex", &["sex", "jenis kelamin", "gender", "kelamin"]),
    ("age", &["age", "usia", "umur"]),
    ("education", &["education", "pendidikan", "pendidikan terakhir"]),
    ("occupation", &["occupation", "pekerjaan"]),
    ("disability", &["disability", "disabilitas", "penyandang disabilitas"]),
    ("promise-time", &["janji waktu"]),
    ("promise-fee", &["janji biaya"]),
    ("promise-requirements", &["janji persyaratan"]),
    ("suggestion", &["saran", "saran perbaikan", "kritik dan saran", "suggestion"]),
];
/// Columns that tell the day of an answer.
const DAYS: [&str; 5] = ["tanggal", "tanggal survei", "tanggal pengisian", "date", "hari"];
/// Columns that tell what is known already: unit and period are those of the page.
const PASSED_OVER: [&str; 8] = ["instansi", "institution", "unit", "opd", "periode", "period", "saluran", "no"];

/// Reads a table of answers.
///
/// # Errors
/// The sentence that names the elements without a column.
pub fn check(against: &Against, table: &Table) -> Result<Checked, Phrase> {
    let (fields, unknown) = fields(against, table)?;
    let services: HashMap<String, ServiceId> =
        against.services.iter().rev().map(|(service, name)| (plain(name), *service)).collect();
    let salt = if against.others { fingerprint(table) } else { String::new() };
    let mut checked = Checked { review: Review { rows: Vec::new() }, answers: Vec::new(), unknown };
    let mut seen: HashMap<String, u64> = HashMap::new();
    for row in &table.rows {
        let reviewed = match read(against, &fields, &services, row) {
            Err(fault) => reviewed(row, Verdict::Wrong, Some(fault), String::new()),
            Ok(mut answer) => {
                let stored = serde_json::to_string(&answer).unwrap_or_default();
                // The second of two equal rows is another person's.
                let times = seen.entry(stored.clone()).or_insert(0);
                *times += 1;
                answer.delivery = delivery(&salt, &stored, *times);
                let id = AnswerId::of(against.institution, against.period, &answer.delivery);
                if against.known.contains(&id) {
                    reviewed(row, Verdict::Unchanged, None, stored)
                } else {
                    checked.answers.push(answer);
                    reviewed(row, Verdict::New, None, stored)
                }
            }
        };
        checked.review.rows.push(reviewed);
    }
    Ok(checked)
}

fn reviewed(row: &Row, verdict: Verdict, fault: Option<Fault>, stored: String) -> import::Checked {
    let findings = fault.into_iter().map(|fault| Finding::fault("", fault.phrase)).collect();
    import::Checked { line: row.line, label: String::new(), verdict, findings, stored }
}

/// The name of a row: what stands in it, and which of several equal ones it is. A table that was corrected keeps the names of the
/// rows that were right, and so adds only what is new.
fn delivery(salt: &str, stored: &str, times: u64) -> String {
    let mut hash = Sha256::new();
    for part in [salt, stored, &times.to_string()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    format!("table-{}", hex(&hash.finalize()[..16]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What marks a table: its cells.
fn fingerprint(table: &Table) -> String {
    let mut hash = Sha256::new();
    for row in &table.rows {
        for cell in &row.cells {
            hash.update(cell);
            hash.update([0]);
        }
        hash.update([1]);
    }
    hex(&hash.finalize()[..12])
}

/// One row as it would wait, without its name yet.
fn read(
    against: &Against,
    fields: &Fields,
    services: &HashMap<String, ServiceId>,
    row: &Row,
) -> Result<FromTable, Fault> {
    let typed = Typed { fields, cells: cells(fields, row) };
    let service = service_of(fields, row, services)?;
    let day = day_of(against, fields, row)?;
    let answer = Answer::read(&against.instrument, against.questions.len(), &typed).map_err(|faults| {
        let first = faults.into_iter().next().unwrap_or_else(|| Fault::new("", "fault.no-survey"));
        told(first, row, fields)
    })?;
    Ok(FromTable { delivery: String::new(), service, day, fields: answer.fields() })
}

fn fields(against: &Against, table: &Table) -> Result<(Fields, Vec<String>), Phrase> {
    let Some(survey) = survey(&against.instrument) else { return Err(Phrase::new("fault.no-survey")) };
    let mut found = Fields { places: HashMap::new(), service: find_column(&table.columns, "service"), day: None };
    let mut unknown = Vec::new();
    for (place, name) in table.columns.iter().enumerate() {
        let element = survey.position(name, Order::Questionnaire).map(|at| survey.elements[at].key.clone());
        let words = plain(name);
        let known = COLUMNS.iter().find(|(_, names)| names.contains(&words.as_str()));
        let known = known.map(|(field, _)| (*field).to_owned());
        match element.or(known).or_else(|| own(&words, &against.questions)) {
            Some(field) => {
                found.places.entry(field).or_insert(place);
            }
            None if DAYS.contains(&words.as_str()) && found.day.is_none() => found.day = Some(place),
            None if Some(place) == found.service || words.is_empty() => {}
            None if PASSED_OVER.contains(&words.as_str()) => {}
            None => unknown.push(name.clone()),
        }
    }
    let missing: Vec<&str> = survey
        .keys_in(Order::Questionnaire)
        .iter()
        .map(String::as_str)
        .filter(|key| !found.places.contains_key(*key))
        .collect();
    if missing.is_empty() {
        return Ok((found, unknown));
    }
    Err(Phrase::new("fault.missing-columns").with("missing", missing.join(", ")))
}

/// The field of a question of the unit's own, by its words or as "Pertanyaan tambahan 2".
fn own(words: &str, questions: &[String]) -> Option<String> {
    let named = |(number, question): (usize, &String)| {
        let numbered = words.strip_prefix("pertanyaan tambahan").map(str::trim);
        let is = plain(question) == words
            || numbered.is_some_and(|rest| rest == number.to_string() || (rest.is_empty() && number == 1));
        is.then(|| format!("own-{number}"))
    };
    (1..).zip(questions).find_map(named)
}

fn service_of(fields: &Fields, row: &Row, services: &HashMap<String, ServiceId>) -> Result<Option<ServiceId>, Fault> {
    let written = fields.service.and_then(|place| row.cells.get(place)).map_or("", String::as_str);
    if written.is_empty() {
        return Ok(None);
    }
    let unknown =
        || Fault { field: "service".into(), phrase: Phrase::new("fault.unknown-service").with("service", written) };
    services.get(&plain(written)).copied().map(Some).ok_or_else(unknown)
}

/// Days as offices write them, beside `2026-10-01`.
const OFFICE_DAYS: [&[BorrowedFormatItem<'_>]; 3] = [
    DAY,
    format_description!("[day padding:none]-[month padding:none]-[year]"),
    format_description!("[day padding:none]/[month padding:none]/[year]"),
];

/// The day of an answer, where the table tells it: one of the period that has been.
fn day_of(against: &Against, fields: &Fields, row: &Row) -> Result<Option<Date>, Fault> {
    let written = fields.day.and_then(|place| row.cells.get(place)).map_or("", String::as_str);
    // A workbook may tell the time, too: it is not kept.
    let Some(day) = written.split([' ', 'T']).next().filter(|day| !day.is_empty()) else { return Ok(None) };
    let read = OFFICE_DAYS.iter().find_map(|way| Date::parse(day, way).ok());
    let fault = |key, name, said: &str| Fault { field: "day".into(), phrase: Phrase::new(key).with(name, said) };
    match read {
        None => Err(fault("fault.no-day", "found", written)),
        Some(day) if !against.plan.covers(day) || day > against.today => {
            Err(fault("fault.day-outside", "day", &day.to_string()))
        }
        day => Ok(day),
    }
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
    use crate::period::Rhythm;
    use calculation::instruments;
    use platform::database::Uuid;
    use time::macros::date;

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
    const GOOD: [&str; 11] = ["1", "3", "3", "2", "4", "3", "3", "4", "1", "4", "Perempuan"];

    fn against() -> Against {
        let (starts_on, ends_on) = (date!(2026 - 10 - 01), date!(2026 - 12 - 31));
        Against {
            institution: InstitutionId::from(Uuid::from_u128(1)),
            period: PeriodId::from(Uuid::from_u128(2)),
            plan: Plan { rhythm: Rhythm::Quarter, starts_on, ends_on, population: None },
            instrument: instruments::find("skm-2017").unwrap(),
            services: vec![(ServiceId::from(Uuid::from_u128(3)), "Kartu Keluarga".into())],
            questions: vec!["Dari mana Anda tahu?".into()],
            today: date!(2026 - 11 - 21),
            known: BTreeSet::new(),
            others: false,
        }
    }

    fn known(against: &Against, checked: &Checked) -> BTreeSet<AnswerId> {
        let id = |answer: &FromTable| AnswerId::of(against.institution, against.period, &answer.delivery);
        checked.answers.iter().map(id).collect()
    }

    #[test]
    fn a_numbered_table_is_read_by_the_names_of_the_elements() {
        let checked = check(&against(), &table(&NUMBERED, &[&GOOD])).unwrap();
        let answer = checked.answers[0].answer(&against().instrument, 0).unwrap();
        assert_eq!((checked.review.rows[0].line, checked.answers[0].service), (2, None));
        assert_eq!(
            (answer.answers["sarana"], answer.answers["pengaduan"]),
            (1, 4),
            "U8 is facilities in the questionnaire"
        );
        assert_eq!(answer.profile["sex"], "P");
        assert!(checked.unknown.is_empty() && checked.review.counts().wrong == 0);
    }

    #[test]
    fn a_row_with_an_impossible_answer_is_left_out_with_its_line_and_column() {
        let rows: &[&[&str]] = &[&["1", "3", "3", "5", "4", "3", "3", "4", "1", "4", "L"], &GOOD];
        let checked = check(&against(), &table(&NUMBERED, rows)).unwrap();
        assert_eq!((checked.answers.len(), checked.review.rows[0].line), (1, 2));
        let expected = Phrase::new("fault.not-a-choice").with("column", "waktu").with("found", "5");
        assert_eq!(checked.review.rows[0].findings[0].phrase, expected);
    }

    #[test]
    fn a_table_without_an_element_is_refused_and_a_column_without_meaning_is_named() {
        let phrase = check(&against(), &table(&NUMBERED[..9], &[])).unwrap_err();
        assert_eq!(phrase, Phrase::new("fault.missing-columns").with("missing", "pengaduan"));
        let mut columns = NUMBERED.to_vec();
        columns.push("Warna favorit");
        assert_eq!(check(&against(), &table(&columns, &[])).unwrap().unknown, ["Warna favorit"]);
    }

    #[test]
    fn a_table_that_was_corrected_adds_only_what_is_new() {
        let mut wrong = GOOD;
        wrong[3] = "5";
        let mut against = against();
        let first = check(&against, &table(&NUMBERED, &[&GOOD, &wrong, &GOOD])).unwrap();
        assert_eq!((first.answers.len(), first.review.counts().wrong), (2, 1), "two people may answer alike");
        against.known = known(&against, &first);
        wrong[3] = "4";
        let second = check(&against, &table(&NUMBERED, &[&GOOD, &wrong, &GOOD])).unwrap();
        assert_eq!((second.answers.len(), second.review.counts().unchanged), (1, 2));
        against.others = true;
        let others = check(&against, &table(&NUMBERED, &[&GOOD, &wrong, &GOOD])).unwrap();
        assert_eq!(others.answers.len(), 3, "of other people, somebody said");
        against.known.extend(known(&against, &others));
        let again = check(&against, &table(&NUMBERED, &[&GOOD, &wrong, &GOOD])).unwrap();
        assert_eq!(again.answers.len(), 0, "the same table a second time");
    }

    #[test]
    fn the_day_of_a_row_is_one_of_the_period_that_has_been() {
        let mut columns = NUMBERED.to_vec();
        columns.push("Tanggal");
        let day = |written: &str| {
            let row: Vec<&str> = GOOD.into_iter().chain([written]).collect();
            let checked = check(&against(), &table(&columns, &[&row])).unwrap();
            let fault = checked.review.rows[0].findings.first().map(|finding| finding.phrase.key);
            (checked.answers.first().and_then(|answer| answer.day), fault)
        };
        for written in ["2026-10-03", "3/10/2026", "03-10-2026", "2026-10-03 08:15:00"] {
            assert_eq!(day(written), (Some(date!(2026 - 10 - 03)), None), "{written}");
        }
        assert_eq!(day(""), (None, None));
        assert_eq!(day("kemarin"), (None, Some("fault.no-day")));
        assert_eq!(day("2026-09-30"), (None, Some("fault.day-outside")));
        assert_eq!(day("2026-12-01"), (None, Some("fault.day-outside")), "that day has not been");
    }

    #[test]
    fn services_and_own_questions_are_known_by_their_words() {
        let mut columns = NUMBERED.to_vec();
        columns.extend(["Layanan", "Dari mana Anda tahu?"]);
        let row = |service: &'static str| GOOD.into_iter().chain([service, "Tetangga"]).collect::<Vec<_>>();
        let rows = [row("kartu keluarga"), row("Paspor")];
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let checked = check(&against(), &table(&columns, &rows)).unwrap();
        assert_eq!(checked.answers[0].service, Some(against().services[0].0));
        assert_eq!(checked.answers[0].fields["own-1"], "Tetangga");
        assert_eq!(checked.review.rows[1].findings[0].phrase.key, "fault.unknown-service");
        assert!(checked.unknown.is_empty(), "{:?}", checked.unknown);
    }

    #[test]
    fn ages_are_taken_in_years_or_groups() {
        assert_eq!(["17", "37 tahun", "70"].map(|text| chosen("age", text)), ["17-24", "35-44", "65-"]);
        assert_eq!(chosen("age", "35-44"), "35-44");
        assert_eq!(chosen("age", "dewasa"), "");
    }
}
