//! Workbooks as offices keep them: covers before the table, titles above it, headers of two rows, totals below.

use super::tests::{number_cell, open_document, row, text_cell};
use crate::question::Fault;
use crate::testing::{file, plain, question, rows};
use crate::{Source, tally};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

fn titled(sheet: &mut Worksheet) {
    let format = Format::new();
    sheet.merge_range(0, 0, 0, 5, "Rekapitulasi SKM Semester I 2026", &format).unwrap();
    sheet.write(1, 0, "Periode:").unwrap().write(1, 1, 2026).unwrap();
    sheet.write_row(4, 0, ["No.", "Unit", "U1", "U2", "Tanggal"]).unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (line, (number, unit, one, two)) in (5..).zip([(1, "A", 4, 3), (2, "B", 3, 9)]) {
        sheet.write(line, 0, number).unwrap().write(line, 1, unit).unwrap();
        sheet.write(line, 2, one).unwrap().write(line, 3, two).unwrap();
        sheet.write_with_format(line, 4, ExcelDateTime::from_ymd(2026, 7, 1).unwrap(), &date).unwrap();
    }
    sheet.write(7, 0, "Jumlah").unwrap().write(7, 2, 7).unwrap();
    sheet.write(9, 0, "Sumber: Dinas").unwrap();
}

/// A cover, then a table below a merged title.
pub(crate) fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let cover = book.add_worksheet();
    cover.merge_range(3, 1, 3, 6, "Laporan SKM", &Format::new()).unwrap();
    cover.write(5, 1, "Dinas Kesehatan").unwrap();
    titled(book.add_worksheet());
    let later = book.add_worksheet();
    later.write_row(0, 0, ["Unit", "lain"]).unwrap().write_row(1, 0, ["A", "B"]).unwrap();
    book.save_to_buffer().unwrap()
}

/// The sheet of a workbook with one sheet.
fn only(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// A table below a merged title, after a sheet with a note.
pub(crate) fn document() -> Vec<u8> {
    let title = "<table:table-row><table:table-cell table:number-columns-spanned=\"4\"><text:p>Rekapitulasi</text:p></table:table-cell>\
                 <table:covered-table-cell table:number-columns-repeated=\"3\"/></table:table-row>";
    let blank = "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>";
    let note = row(&[text_cell("Petunjuk pengisian")]);
    let header = row(&["Unit", "U1", "U2"].map(text_cell));
    let lines = [("A", "4", "3"), ("B", "2", "9")];
    let lines = lines.map(|(unit, one, two)| row(&[text_cell(unit), number_cell(one), number_cell(two)])).concat();
    let cover = format!("{note}</table:table><table:table table:name=\"Data\">");
    open_document(&format!("{cover}{title}{blank}{header}{lines}"))
}

fn columns(content: Vec<u8>) -> String {
    Source::open(file(content).path()).unwrap().columns().join("|")
}

fn lines(content: Vec<u8>) -> Vec<(u64, String)> {
    rows(content).unwrap().into_iter().map(|row| (row.line, row.cells.join("|"))).collect()
}

#[test]
fn a_table_on_a_later_sheet_below_a_title_is_found_and_keeps_its_row_numbers() {
    assert_eq!(columns(workbook()), "No.|Unit|U1|U2|Tanggal");
    let expected =
        [(6, "1|A|4|3|2026-07-01"), (7, "2|B|3|9|2026-07-01"), (8, "Jumlah||7||"), (10, "Sumber: Dinas||||")];
    assert_eq!(lines(workbook()), expected.map(|(line, cells)| (line, cells.to_owned())));
}

#[test]
fn totals_and_notes_below_the_table_are_listed_and_not_counted() {
    let file = file(workbook());
    let question = crate::Question { group_by: vec![4, 1], answers: vec![2, 3], ..question(0, 0) };
    let counted = tally(Source::open(file.path()).unwrap(), &question, 1).unwrap();
    assert_eq!(plain(&counted), [("2026-07-01/A".into(), 1, vec![4, 3])]);
    let bad: Vec<_> = counted.left_out.first.iter().map(|bad| (bad.line, bad.column.as_str(), bad.fault)).collect();
    let blank = Fault::Blank;
    let out = Fault::OutOfRange;
    assert_eq!(bad, [(7, "U2", out), (8, "U1", out), (8, "U2", blank), (10, "U1", blank), (10, "U2", blank)]);
}

#[test]
fn an_open_document_with_a_note_before_and_a_title_above_is_read() {
    assert_eq!(columns(document()), "Unit|U1|U2");
    assert_eq!(lines(document()), [(5, "A|4|3".to_owned()), (6, "B|2|9".to_owned())]);
}

#[test]
fn merged_cells_of_a_header_in_two_rows_name_their_columns() {
    let book = only(|sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 0, 6, "Rekapitulasi", &format).unwrap();
        sheet.merge_range(1, 0, 2, 0, "No.", &format).unwrap().merge_range(1, 1, 2, 1, "Unit", &format).unwrap();
        sheet.merge_range(1, 2, 1, 5, "Unsur pelayanan", &format).unwrap();
        sheet.write_row(2, 2, ["U1", "U2", "U3", "U4"]).unwrap();
        sheet.write(3, 0, 1).unwrap().write(3, 1, "A").unwrap().write_row(3, 2, [4, 4, 3, 3]).unwrap();
    });
    assert_eq!(columns(book.clone()), "No.|Unit|U1|U2|U3|U4");
    assert_eq!(lines(book), [(4, "1|A|4|4|3|3".to_owned())]);
}

#[test]
fn without_a_table_the_first_sheet_with_anything_in_it_is_read() {
    let mut book = Workbook::new();
    book.add_worksheet();
    book.add_worksheet().write(2, 1, "Nama").unwrap().write(3, 1, "A").unwrap();
    book.add_worksheet().write_row(0, 0, ["unit", "u1"]).unwrap();
    let book = book.save_to_buffer().unwrap();
    assert_eq!(columns(book.clone()), "Nama");
    assert_eq!(lines(book), [(4, "A".to_owned())]);
}

#[test]
fn a_large_sheet_without_a_table_is_passed_over() {
    let mut book = Workbook::new();
    let list = book.add_worksheet();
    for line in 0..500 {
        list.write(line, 0, "catatan").unwrap();
    }
    titled(book.add_worksheet());
    assert_eq!(columns(book.save_to_buffer().unwrap()), "No.|Unit|U1|U2|Tanggal");
}

#[test]
fn decimal_commas_percentages_and_dates_are_given_as_they_stand() {
    let percent = Format::new().set_num_format("0.00%");
    let date = Format::new().set_num_format("d mmmm yyyy");
    let book = only(|sheet| {
        sheet.write_row(0, 0, ["tanggal", "nilai", "persen", "teks"]).unwrap();
        sheet.write_with_format(1, 0, ExcelDateTime::from_ymd(2026, 1, 31).unwrap(), &date).unwrap();
        sheet.write(1, 1, "3,62").unwrap().write_with_format(1, 2, 0.85, &percent).unwrap();
        sheet.write(1, 3, "85,5%").unwrap();
    });
    assert_eq!(lines(book), [(2, "2026-01-31|3,62|0.85|85,5%".to_owned())]);
}
