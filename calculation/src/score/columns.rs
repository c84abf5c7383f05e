//! Finding columns: by the name asked for, or by the words offices use for it.

use crate::problem::Problem;
use analytics::Source;
use rules::phrase::Phrase;

/// Columns that name groups, each with the words in circulation for it.
const KNOWN: &[(&str, &[&str])] = &[
    ("region", &["wilayah", "provinsi"]),
    ("institution", &["instansi", "lembaga", "pemda"]),
    ("unit", &["opd", "upp", "unit-layanan", "unit-pelayanan"]),
    ("service", &["layanan", "jenis-layanan", "jenis-pelayanan"]),
    ("period", &["periode"]),
    ("year", &["tahun"]),
    ("respondents", &["responden", "n", "n-respondents", "jumlah-responden"]),
    ("sex", &["jenis-kelamin", "gender"]),
    ("age", &["usia", "umur"]),
    ("education", &["pendidikan"]),
    ("occupation", &["pekerjaan"]),
    ("indicator", &["indikator"]),
    ("f03", &["f-03", "nilai-f03", "nilai-f-03"]),
    ("score", &["nilai", "skor", "nilai-akhir"]),
    ("compliance", &["kepatuhan", "tingkat-kepatuhan"]),
    ("order", &["element-order", "urutan"]),
];

/// A column name as it is compared: lower case, words joined by hyphens.
pub(crate) fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '_'], "-")
}

/// The name under which a column is known: `unit` for `Unit` or `OPD`, else the words as they are.
pub(crate) fn canonical(name: &str) -> String {
    let wanted = normal(name);
    let known = KNOWN.iter().find(|(known, others)| *known == wanted || others.contains(&wanted.as_str()));
    known.map_or_else(|| name.trim().to_owned(), |(known, _)| (*known).to_owned())
}

/// The position of a column by its own name, or by the words in circulation for it.
pub fn find(columns: &[String], name: &str) -> Option<usize> {
    let wanted = normal(name);
    let exact = columns.iter().position(|column| normal(column) == wanted);
    exact.or_else(|| {
        let others = KNOWN.iter().find(|(known, _)| *known == wanted)?.1;
        columns.iter().position(|column| others.contains(&normal(column).as_str()))
    })
}

/// The columns a result is grouped by: those asked for, else those of `usual` that the file has.
pub(crate) struct Grouping {
    /// Name as asked for, and position.
    pub(crate) columns: Vec<(String, usize)>,
}

impl Grouping {
    /// The columns to group a file by: those `fixed` by the files before it or asked for, else those of `usual` that the file has.
    ///
    /// # Errors
    /// When a column is asked for that the file lacks: results of several files must be grouped alike.
    pub(crate) fn of(source: &Source, asked: Option<&[String]>, usual: &[&str]) -> Result<Self, Problem> {
        let columns = match asked {
            None => {
                let present = usual.iter().filter_map(|name| Some(((*name).to_owned(), find(source.columns(), name)?)));
                present.collect()
            }
            Some(asked) => {
                let mut columns: Vec<(String, usize)> = Vec::new();
                for name in asked.iter().map(|name| canonical(name)).filter(|name| !name.is_empty()) {
                    let position = require(source, &name)?;
                    if columns.iter().all(|(_, known)| *known != position) {
                        columns.push((name, position));
                    }
                }
                columns
            }
        };
        Ok(Self { columns })
    }

    pub(crate) fn positions(&self) -> Vec<usize> {
        self.columns.iter().map(|(_, position)| *position).collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The group of a row.
    pub(crate) fn key(&self, cells: &[String]) -> Vec<(String, String)> {
        self.columns.iter().map(|(name, position)| (name.clone(), cells[*position].clone())).collect()
    }
}

/// The position of a column that must be there.
///
/// # Errors
/// Naming the columns the file does have.
pub(crate) fn require(source: &Source, name: &str) -> Result<usize, Problem> {
    find(source.columns(), name).ok_or_else(|| {
        let phrase = Phrase::new("score.no-column").with("file", source.name()).with("column", name);
        Problem::Input(phrase.with("columns", source.columns().join(", ")))
    })
}
