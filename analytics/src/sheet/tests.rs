use crate::question::Fault;
use crate::testing::{counted, file, plain, rows};
use crate::{Format, ReadError, Source};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The header and three rows, one of them bad, as people type them: a title sheet first, the table not in the corner.
pub(crate) fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Kosong").unwrap();
    let sheet = book.add_worksheet();
    for (column, name) in [" unit ", "u1", "u2", "nilai", "tanggal"].iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap() + 1, *name).unwrap();
    }
    let date = CellFormat::new().set_num_format("yyyy-mm-dd");
    let lines = [("A", 4.0, 3.0, 3.62), ("B", 1.0, 9.0, 3.0), ("A", 2.0, 2.0, 0.1 + 0.2)];
    for (row, (unit, one, two, value)) in (3..).zip(lines) {
        sheet.write(row, 1, unit).unwrap().write(row, 2, one).unwrap().write(row, 3, two).unwrap();
        sheet.write(row, 4, value).unwrap();
        sheet.write_with_format(row, 5, ExcelDateTime::from_ymd(2026, 11, 21).unwrap(), &date).unwrap();
    }
    sheet.write(6, 1, "C").unwrap().write(6, 2, "4,0").unwrap().write(6, 3, true).unwrap();
    book.save_to_buffer().unwrap()
}

fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A spreadsheet with these rows in its second sheet.
pub(crate) fn open_document(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"Kosong\"><table:table-row><table:table-cell/></table:table-row></table:table>\
         <table:table table:name=\"Isi\"><table:table-column/>{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

pub(crate) fn text_cell(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

pub(crate) fn number_cell(number: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>{number}</text:p></table:table-cell>"
    )
}

pub(crate) fn row(cells: &[String]) -> String {
    format!("<table:table-row>{}</table:table-row>", cells.concat())
}

pub(crate) fn small_open_document() -> Vec<u8> {
    let header = row(&["unit", "u1", "u2"].map(text_cell));
    let date = "<table:table-cell office:value-type=\"date\" office:date-value=\"2026-11-21\"><text:p>21/11/26</text:p></table:table-cell>";
    let first = row(&[text_cell("Dinas &amp; <text:s text:c=\"2\"/>Badan"), number_cell("4"), number_cell("3")]);
    let repeated = format!(
        "<table:table-row table:number-rows-repeated=\"2\">{date}<table:table-cell table:number-columns-repeated=\"2\" \
         office:value-type=\"float\" office:value=\"2\"><office:annotation><text:p>catatan</text:p></office:annotation>\
         <text:p>2</text:p></table:table-cell></table:table-row>"
    );
    let empty = "<table:table-row table:number-rows-repeated=\"10\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>";
    let bad = row(&[text_cell("C"), "<table:table-cell/>".to_owned(), number_cell("3.62")]);
    open_document(&format!("{empty}{header}{first}{repeated}{empty}{bad}{empty}"))
}

#[test]
fn the_first_sheet_with_anything_in_it_is_read_from_its_first_such_row() {
    let file = file(workbook());
    let source = Source::open(file.path()).unwrap();
    assert_eq!((source.format(), source.columns().join(",")), (Format::Xlsx, "unit,u1,u2,nilai,tanggal".to_owned()));
    let rows: Vec<_> = source.rows().unwrap().into_iter().map(|row| (row.line, row.cells.join("|"))).collect();
    let expected =
        [(4, "A|4|3|3.62|2026-11-21"), (5, "B|1|9|3|2026-11-21"), (6, "A|2|2|0.3|2026-11-21"), (7, "C|4,0|true||")];
    assert_eq!(rows, expected.map(|(line, cells)| (line, cells.to_owned())));
}

#[test]
fn answers_of_a_workbook_are_counted_and_bad_cells_named() {
    let file = file(workbook());
    let question = crate::testing::question(1, 2);
    let counted = crate::tally(Source::open(file.path()).unwrap(), &question, 2).unwrap();
    assert_eq!(plain(&counted), [("A".into(), 2, vec![6, 5])]);
    let bad: Vec<_> = counted.left_out.first.iter().map(|bad| (bad.line, bad.found.as_str(), bad.fault)).collect();
    assert_eq!(bad, [(5, "9", Fault::OutOfRange), (7, "true", Fault::NotANumber)]);
}

#[test]
fn an_open_document_is_read_with_its_repetitions() {
    let file = file(small_open_document());
    assert_eq!(Source::open(file.path()).unwrap().format(), Format::Ods);
    let counted = counted(file.path(), 1).unwrap();
    assert_eq!(plain(&counted), [("2026-11-21".into(), 2, vec![4, 4]), ("Dinas &   Badan".into(), 1, vec![4, 3])]);
    let bad: Vec<_> = counted.left_out.first.iter().map(|bad| (bad.line, bad.found.as_str(), bad.fault)).collect();
    assert_eq!(bad, [(25, "", Fault::Blank), (25, "3.62", Fault::NotWhole)]);
}

#[test]
fn archives_that_are_no_workbooks_say_what_they_are() {
    let kind = |entries: &[(&str, &str)]| Source::open(file(archive(entries)).path()).unwrap_err();
    assert_eq!(kind(&[("word/document.xml", "<a/>")]), ReadError::NotATable("docx".into()));
    assert_eq!(kind(&[("readme.txt", "x")]), ReadError::NotATable("zip".into()));
    assert_eq!(Source::open(file(open_document("")).path()).unwrap_err(), ReadError::Empty);
}

#[test]
fn a_document_that_breaks_off_or_claims_too_much_is_refused() {
    let header = row(&["unit", "u1"].map(text_cell));
    let cut = archive(&[("content.xml", &format!("<office:body><table:table>{header}<table:table-row>"))]);
    assert_eq!(counted(file(cut).path(), 1).unwrap_err().code(), "file-corrupt");
    let wide = number_cell("1").replacen(" office", " table:number-columns-repeated=\"99999999999\" office", 1);
    assert_eq!(counted(file(open_document(&row(&[wide]))).path(), 1).unwrap_err().code(), "file-corrupt");
    let line =
        row(&[text_cell("A"), number_cell("1")]).replacen('>', " table:number-rows-repeated=\"99999999999\">", 1);
    assert_eq!(counted(file(open_document(&format!("{header}{line}"))).path(), 1).unwrap_err().code(), "too-many-rows");
    let long = archive(&[("content.xml", &" ".repeat(40 << 20))]);
    assert_eq!(Source::open(file(long).path()).unwrap_err().code(), "file-too-large");
}

#[test]
fn a_cut_workbook_is_damaged() {
    let whole = workbook();
    for length in (4..whole.len()).step_by(97) {
        assert_eq!(rows(&whole[..length]).unwrap_err().code(), "file-corrupt", "{length}");
    }
}
