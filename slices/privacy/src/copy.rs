//! The copy of somebody's data that is handed over: a ZIP with the data for programs and a page for people.

use crate::words;
use ::rules::phrase::Language;
use askama::Template;
use platform::personal::Holding;
use platform::words::Words;
use serde_json::{Value, json};
use std::io::{Cursor, Write as _};
use time::OffsetDateTime;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Why a copy could not be made.
type Trouble = Box<dyn std::error::Error + Send + Sync>;

#[derive(Template)]
#[template(path = "pages/copy.html")]
struct CopyPage {
    w: Words,
    number: String,
    made: String,
    parts: Vec<Part>,
}

struct Part {
    title: String,
    purpose: String,
    retention: String,
    rows: Vec<Vec<(String, String)>>,
}

/// Makes the file: `data.json` with everything by holding, and `halaman.html` that anybody can read.
pub(crate) fn file(
    number: &str,
    made: OffsetDateTime,
    parts: &[(&'static Holding, Vec<Value>)],
    language: Language,
) -> Result<Vec<u8>, Trouble> {
    let holdings: serde_json::Map<String, Value> =
        parts.iter().map(|(holding, rows)| (holding.name.to_owned(), Value::Array(rows.clone()))).collect();
    let data = json!({ "number": number, "made": made.to_string(), "holdings": holdings });
    let part = |(holding, rows): &(&'static Holding, Vec<Value>)| Part {
        title: (holding.words)("what", language),
        purpose: (holding.words)("purpose", language),
        retention: (holding.words)("retention", language),
        rows: rows.iter().map(lines).collect(),
    };
    let page = CopyPage {
        w: words(language),
        number: number.to_owned(),
        made: made.date().to_string(),
        parts: parts.iter().map(part).collect(),
    };
    // The same data gives the same bytes: the time of packing is not told.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("data.json", options)?;
    zip.write_all(serde_json::to_string_pretty(&data)?.as_bytes())?;
    zip.start_file("halaman.html", options)?;
    zip.write_all(page.render()?.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}

/// A row as names and values; what lies deeper is named with its way: `roles 1 role`.
fn lines(row: &Value) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    flatten(row, "", &mut lines);
    lines
}

fn flatten(value: &Value, way: &str, into: &mut Vec<(String, String)>) {
    let deeper = |name: &str| if way.is_empty() { name.to_owned() } else { format!("{way} {name}") };
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(name, value)| flatten(value, &deeper(name), into)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| flatten(item, &deeper(&(at + 1).to_string()), into));
        }
        Value::String(text) => into.push((way.to_owned(), text.clone())),
        other => into.push((way.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_copy_holds_the_data_and_a_page_with_its_markup_escaped() {
        let holding = &crate::HOLDINGS[0];
        let rows = vec![json!({ "name": "Siti <b>", "roles": [{ "role": "sekda" }], "nik": null })];
        let now = time::macros::datetime!(2026-11-22 01:00 UTC);
        let bytes = file("DP-2026-000001", now, &[(holding, rows)], Language::Indonesian).unwrap();
        assert_eq!(
            bytes,
            file(
                "DP-2026-000001",
                now,
                &[(
                    holding,
                    vec![json!({
            "name": "Siti <b>", "roles": [{ "role": "sekda" }], "nik": null })]
                )],
                Language::Indonesian
            )
            .unwrap()
        );
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let data: Value = serde_json::from_str(&text("data.json")).unwrap();
        assert_eq!(data["holdings"]["privacy.request"][0]["name"], "Siti <b>");
        let page = text("halaman.html");
        assert!(page.contains("Siti &#60;b&#62;") && page.contains("roles 1 role") && !page.contains("<b>"), "{page}");
    }
}
