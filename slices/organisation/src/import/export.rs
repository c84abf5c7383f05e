//! Tables that people take along: lines of CSV and small workbooks.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// A line of CSV. What a spreadsheet would compute is marked as text.
#[must_use]
pub fn csv_line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(csv_cell).collect();
    format!("{}\r\n", cells.join(","))
}

fn csv_cell(cell: &str) -> String {
    let guard = if would_be_computed(cell) { "'" } else { "" };
    let quoted = cell.contains(['"', ',', ';', '\n', '\r', '\t']) || cell.starts_with(' ') || cell.ends_with(' ');
    let text = format!("{guard}{cell}");
    if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Whether a spreadsheet takes a cell for a formula. Numbers and telephone numbers with a sign are none.
pub(super) fn would_be_computed(cell: &str) -> bool {
    let usual = |letter: char| letter.is_ascii_digit() || " +-.,()".contains(letter);
    match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !cell.chars().all(usual),
        _ => false,
    }
}

/// A workbook of sheets with a name, a row of headings and rows of text.
///
/// # Errors
/// When a name is no name of a sheet or a text is too long for a cell.
pub fn workbook(sheets: &[(&str, Vec<Vec<String>>)]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (heading, text) = (Format::new().set_bold(), Format::new().set_num_format("@").set_text_wrap());
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (row, cells) in (0_u32..).zip(rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                let format = if row == 0 { &heading } else { &text };
                sheet.write_string_with_format(row, column, cell, format)?;
                sheet.set_column_width(column, 28)?;
            }
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        assert_eq!(csv_line(["Dinas", "Jalan A, 1", "\"x\"", ""]), "Dinas,\"Jalan A, 1\",\"\"\"x\"\"\",\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_marked_as_text() {
        assert_eq!(csv_line(["=1+1", "@x", "+cmd|x", "-1,5", "+62 711"]), "'=1+1,'@x,'+cmd|x,\"-1,5\",+62 711\r\n");
    }
}
