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

/// One megabyte of text in one cell, said to stand in all 16,384 columns: 16 GB, from a file of a few kilobytes.
#[test]
fn a_long_text_repeated_in_every_column_is_refused_before_it_is_copied() {
    let cell = |text: &str| text_cell(text).replacen(' ', " table:number-columns-repeated=\"16384\" ", 1);
    let long = file(open_document(&row(&[cell(&"x".repeat(1 << 20))])));
    assert_eq!(Source::open(long.path()).unwrap_err(), ReadError::LongText(1));
    let wide = file(open_document(&row(&[cell(&"x".repeat(3000))])));
    assert_eq!(Source::open(wide.path()).unwrap_err(), ReadError::LongText(1));
}

/// The same in a workbook: one megabyte among the shared texts, and a row whose cells all name it.
#[test]
fn a_shared_text_named_by_every_cell_of_a_row_is_refused_before_it_is_copied() {
    let shared = |text: &str| {
        let mut book = Workbook::new();
        book.add_worksheet().write(0, 0, "unit").unwrap().write(0, 1, "u1").unwrap();
        let book = book.save_to_buffer().unwrap();
        let cell = "<c t=\"s\"><v>0</v></c>";
        replaced(&book, "xl/sharedStrings.xml", &format!("<sst><si><t>{text}</t></si></sst>"), cell)
    };
    assert_eq!(Source::open(file(shared(&"x".repeat(1 << 20))).path()).unwrap_err(), ReadError::LongText(1));
    assert_eq!(Source::open(file(shared(&"é".repeat(32_767))).path()).unwrap_err(), ReadError::LongText(1));
}

/// The workbook with another list of shared texts, and one row of 16,384 such cells.
fn replaced(book: &[u8], shared: &str, texts: &str, cell: &str) -> Vec<u8> {
    let mut book = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let names: Vec<String> = book.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let sheet = format!("<worksheet><sheetData><row>{}</row></sheetData></worksheet>", cell.repeat(16_384));
    let entries = names.iter().map(|name| {
        let mut content = String::new();
        std::io::Read::read_to_string(&mut book.by_name(name).unwrap(), &mut content).unwrap();
        let content = match name.as_str() {
            name if name == shared => texts.to_owned(),
            "xl/worksheets/sheet1.xml" => sheet.clone(),
            _ => content,
        };
        (name.as_str(), content)
    });
    let entries: Vec<(&str, String)> = entries.collect();
    archive(&entries.iter().map(|(name, content)| (*name, content.as_str())).collect::<Vec<_>>())
}

/// A cell may hold 32,767 characters, whatever bytes they take; one more is too many, also when formatting cuts it into pieces.
#[test]
fn a_cell_holds_as_many_characters_as_in_excel() {
    let header = row(&["unit", "catatan"].map(text_cell));
    let length = |text: &str| {
        let rows = rows(open_document(&format!("{header}{}", row(&[text_cell("A"), text_cell(text)]))))?;
        Ok::<_, ReadError>(rows[0].cells[1].chars().count())
    };
    assert_eq!(length(&"é".repeat(32_767)), Ok(32_767));
    assert_eq!(length(&"x".repeat(32_768)), Err(ReadError::LongText(2)));
    assert_eq!(length(&"<text:span>kata </text:span>".repeat(40_000)), Err(ReadError::LongText(2)));
}

/// Twice a number of columns or rows so large that their sum is beyond any number of the machine.
#[test]
fn repetitions_beyond_all_numbers_are_refused() {
    let most = u64::MAX;
    let empty = format!("<table:table-cell table:number-columns-repeated=\"{most}\"/>");
    let wide = row(&[empty.clone(), empty.clone(), text_cell("A")]);
    let refused = Source::open(file(open_document(&wide)).path()).unwrap_err();
    assert!(refused.to_string().contains("of at most 16384"), "{refused}");
    let blank = format!("<table:table-row table:number-rows-repeated=\"{most}\">{empty}</table:table-row>").repeat(2);
    let header = row(&["unit", "u1"].map(text_cell));
    let line = row(&[text_cell("A"), number_cell("1")]);
    let below = |rows: &str| counted(file(open_document(&format!("{header}{rows}"))).path(), 1);
    assert_eq!(below(&format!("{line}{blank}")).unwrap().rows, 1);
    assert_eq!(below(&format!("{blank}{line}")).unwrap_err(), ReadError::TooManyRows(1 << 20));
    let all = line.replacen('>', &format!(" table:number-rows-repeated=\"{most}\">"), 1);
    assert_eq!(below(&all).unwrap_err(), ReadError::TooManyRows(1 << 20));
}

/// A long text in one row that is said to stand a million times: 20 GB, which a table kept as text may not take.
#[test]
fn a_long_row_repeated_a_million_times_is_not_kept() {
    let header = row(&["unit", "catatan"].map(text_cell));
    let line = row(&[text_cell("A"), text_cell(&"x".repeat(20_000))]);
    let line = line.replacen('>', " table:number-rows-repeated=\"1000000\">", 1);
    let file = file(open_document(&format!("{header}{line}")));
    let limits = crate::Limits { unpacked: 8 << 20, ..crate::Limits::default() };
    let rows = Source::open_within(file.path(), &limits).unwrap().rows();
    assert_eq!(rows.unwrap_err(), ReadError::TooLarge(8 << 20));
}
