//! Open data: every result as a row, for spreadsheets and programs. Values are decimal texts as printed, days are ISO.

use crate::result::{Family, Published, instrument};
use crate::store;
use platform::database::{DatabaseError, Read};
use platform::visit::{Visit, query};
use std::fmt::Write as _;

/// A column: its name, and what stands in it.
type Column = (&'static str, fn(&Published) -> String);

/// The columns of open data; what each means is said in the dictionary.
pub(crate) const COLUMNS: &[Column] = &[
    ("id", |result| result.id.clone()),
    ("keluarga", |result| result.family.name().to_owned()),
    ("instrumen", |result| result.instrument.clone()),
    ("tempat", |result| result.place.name.clone()),
    ("jenis", |result| result.kind().name().to_owned()),
    ("kode_wilayah", |result| result.place.area_code.clone().unwrap_or_default()),
    ("unit", |result| result.place.unit.clone()),
    ("tahun", |result| result.year.map(|year| year.to_string()).unwrap_or_default()),
    ("periode", |result| result.period.clone()),
    ("nilai", |result| result.value.clone().unwrap_or_default()),
    ("kategori_tercetak", |result| result.words.category.clone()),
    ("sebutan_tercetak", |result| result.words.label.clone()),
    ("zona_tercetak", |result| result.words.zone.clone()),
    ("opini_tercetak", |result| result.words.opinion.clone()),
    ("kategori_menurut_aturan", |result| result.category.clone()),
    ("zona_menurut_aturan", |result| result.zone.clone()),
    ("nilai_hitung_ulang", |result| result.computed.clone().unwrap_or_default()),
    ("kecocokan", |result| result.standing.clone()),
    ("alasan", |result| result.reasons.clone()),
    ("responden", |result| result.respondents.map(|count| count.to_string()).unwrap_or_default()),
    ("sidik", |result| result.fingerprint.clone().unwrap_or_default()),
    ("dasar", |result| instrument(&result.instrument).map(|known| known.header.citation()).unwrap_or_default()),
    ("sumber", |result| source(result)),
    ("nama_tercetak", |result| result.printed_place.clone()),
    ("catatan", |result| result.note.clone()),
];

fn source(result: &Published) -> String {
    if result.source.address.is_empty() { result.source.title.clone() } else { result.source.address.clone() }
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    separator: char,
    /// Whether it begins with the mark by which Excel knows UTF-8.
    mark: bool,
}

impl Style {
    /// Commas, without a mark: what RFC 4180 and programs expect.
    pub(crate) const PLAIN: Self = Self { separator: ',', mark: false };

    /// As the query asks: `pemisah=titik-koma`, `bom=ya`.
    pub(crate) fn of(visit: &Visit) -> Self {
        query(&visit.facts().uri).fold(Self::PLAIN, |style, (name, value)| match (name.as_str(), value.as_str()) {
            ("pemisah", "titik-koma") => Self { separator: ';', ..style },
            ("bom", "ya") => Self { mark: true, ..style },
            _ => style,
        })
    }
}

/// A table that grows row by row.
#[derive(Debug)]
pub(crate) struct Csv {
    text: String,
    style: Style,
}

impl Csv {
    /// The table with its heads.
    pub(crate) fn new(style: Style) -> Self {
        let mut csv = Self { text: if style.mark { "\u{feff}".to_owned() } else { String::new() }, style };
        csv.row(COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
        csv
    }

    /// Adds a result.
    pub(crate) fn push(&mut self, result: &Published) {
        self.row(COLUMNS.iter().map(|(_, cell)| cell(result)));
    }

    fn row(&mut self, cells: impl Iterator<Item = String>) {
        for (position, cell) in cells.enumerate() {
            if position > 0 {
                self.text.push(self.style.separator);
            }
            // A cell that a spreadsheet would run as a formula is shown as text instead.
            let risky = cell.starts_with(['=', '+', '@', '\t', '-']) && cell.parse::<i64>().is_err();
            let guard = if risky { "'" } else { "" };
            if risky || cell.contains([',', ';', '"', '\n', '\r']) {
                // Writing to a string cannot fail.
                let _ = write!(self.text, "\"{guard}{}\"", cell.replace('"', "\"\""));
            } else {
                self.text.push_str(&cell);
            }
        }
        self.text.push_str("\r\n");
    }

    /// The whole table.
    pub(crate) fn text(self) -> String {
        self.text
    }
}

/// These results as a table.
pub(crate) fn csv_of(results: &[Published], style: Style) -> String {
    let mut csv = Csv::new(style);
    results.iter().for_each(|result| csv.push(result));
    csv.text()
}

/// The results of a part as a table, row by row from the database.
pub(crate) fn table(db: &mut Read<'_>, part: &Part, style: Style) -> Result<String, DatabaseError> {
    let mut csv = Csv::new(style);
    store::export(db, part.family, part.year, &part.subject, |result| {
        csv.push(&result);
        Ok::<_, DatabaseError>(())
    })?;
    Ok(csv.text())
}

/// A result as an object; empty cells are `null`, numbers stay decimal text.
pub(crate) fn object(result: &Published) -> serde_json::Value {
    let pair = |(name, cell): &Column| {
        let text = cell(result);
        let value = match (*name, text.as_str()) {
            (_, "") => serde_json::Value::Null,
            ("tahun" | "responden", number) => number.parse::<i64>().map_or(serde_json::Value::Null, Into::into),
            _ => text.into(),
        };
        ((*name).to_owned(), value)
    };
    let mut object: serde_json::Map<String, serde_json::Value> = COLUMNS.iter().map(pair).collect();
    let inputs = result.inputs.as_deref().and_then(|inputs| serde_json::from_str(inputs).ok());
    object.insert("masukan".to_owned(), inputs.unwrap_or(serde_json::Value::Null));
    serde_json::Value::Object(object)
}

/// What is asked for of open data: `keluarga`, `tahun`, `tempat`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) family: Option<Family>,
    pub(crate) year: Option<i64>,
    pub(crate) subject: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::tests::known;

    #[test]
    fn a_table_for_excel_in_indonesia_has_semicolons_and_a_mark() {
        let text = csv_of(&[known("omb-001")], Style { separator: ';', mark: true });
        assert!(text.starts_with("\u{feff}id;keluarga;instrumen;"), "{text}");
        assert!(
            text.contains("\r\nomb-001;ombudsman;ombudsman-2015;Kota Pangkalpinang;kota;19.71;;2021;2021;73.14;"),
            "{text}"
        );
    }

    #[test]
    fn a_cell_with_a_separator_stands_in_quotes_and_a_formula_is_text() {
        let mut result = known("omb-001");
        result.note = "=1+1".to_owned();
        result.printed_place = "A, \"B\"".to_owned();
        assert!(csv_of(&[result], Style::PLAIN).ends_with("\"A, \"\"B\"\"\",\"'=1+1\"\r\n"));
    }

    #[test]
    fn an_object_keeps_decimals_as_text_and_inputs_as_they_are() {
        let object = object(&known("omb-089"));
        assert_eq!((&object["nilai"], &object["tahun"]), (&"88.23".into(), &2025.into()));
        assert_eq!(object["masukan"]["units"]["SMPN9"]["score"], "91.99");
        assert!(object["responden"].is_null());
    }
}
