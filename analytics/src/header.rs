//! Which row names the columns, in tables as offices keep them: a title above, a header of two rows, merged cells.

/// The header is looked for among this many rows that have anything in them.
const WINDOW: usize = 40;
/// The most bytes of the first rows that are kept.
const MOST_BYTES: usize = 16 << 20;

/// One of the first rows of a table.
#[derive(Debug)]
struct FirstRow {
    line: u64,
    /// The line on which the next row would begin.
    next: u64,
    /// Without empty cells at the end.
    cells: Vec<String>,
    filled: usize,
    all_names: bool,
}

/// The first rows of a table that have anything in them.
#[derive(Debug, Default)]
pub(crate) struct FirstRows {
    rows: Vec<FirstRow>,
    bytes: usize,
}

/// The row that names the columns.
#[derive(Debug)]
pub(crate) struct Header {
    /// Its position among the rows that have anything in them.
    pub(crate) row: usize,
    pub(crate) line: u64,
    /// The names, without empty ones at the end.
    pub(crate) names: Vec<String>,
    /// Whether it looks like a header, has at least two columns and a row below.
    pub(crate) of_a_table: bool,
}

impl FirstRows {
    /// Adds the row on `line`, unless it is empty. `next` is the line on which the next one would begin.
    pub(crate) fn add(&mut self, line: u64, next: u64, cells: &[String]) {
        let Some(last) = cells.iter().rposition(|cell| !cell.is_empty()) else { return };
        let cells = cells[..=last].to_vec();
        let filled = || cells.iter().filter(|cell| !cell.is_empty());
        self.bytes += cells.iter().map(|cell| size_of::<String>() + cell.len()).sum::<usize>();
        let (filled, all_names) = (filled().count(), filled().all(|cell| is_name(cell)));
        self.rows.push(FirstRow { line, next, cells, filled, all_names });
    }

    /// Whether more rows would change nothing: the window is full, and one row below it is known.
    pub(crate) fn are_enough(&self) -> bool {
        self.rows.len() > WINDOW || self.bytes > MOST_BYTES
    }

    /// The first row with at least two cells, all of them names, and half as many cells as the widest; without such a row the
    /// first of all. A first row that is itself the widest is no title, even where it names years.
    pub(crate) fn header(&self) -> Option<Header> {
        let window = &self.rows[..self.rows.len().min(WINDOW)];
        let first = window.first()?;
        let widest = window.iter().map(|row| row.filled).max()?;
        let fits = |row: &FirstRow| row.filled >= 2 && row.filled * 2 >= widest && row.all_names;
        let is_no_title = first.filled > 2 && first.filled == widest;
        let fitting = if is_no_title { Some(0) } else { window.iter().position(fits) };
        let row = fitting.map_or(0, |row| if self.goes_on_below(row) { row + 1 } else { row });
        let names = if fitting.is_some() { self.names(row) } else { self.rows[row].cells.clone() };
        let of_a_table = fitting.is_some() && self.rows.len() > row + 1;
        Some(Header { row, line: self.rows[row].line, names, of_a_table })
    }

    /// Whether the row below names the columns under the group titles of this one: it has names only, some where this one has
    /// gaps, and numbers begin below it.
    fn goes_on_below(&self, row: usize) -> bool {
        let [upper, lower, answers, ..] = &self.rows[row..] else { return false };
        let gap = |column: usize| upper.cells.get(column).is_none_or(String::is_empty);
        let fills_a_gap = lower.cells.iter().enumerate().any(|(column, cell)| gap(column) && !cell.is_empty());
        upper.all_names
            && lower.is_below(upper)
            && lower.filled >= 2
            && lower.all_names
            && fills_a_gap
            && !answers.all_names
    }

    /// The names in a row; where it has gaps, those in the upper row of a header of two rows, whose cells reach down.
    fn names(&self, row: usize) -> Vec<String> {
        let lower = &self.rows[row];
        let mut names = lower.cells.clone();
        let above = row.checked_sub(1).map(|above| &self.rows[above]);
        if let Some(upper) = above.filter(|upper| lower.is_below(upper) && upper.filled >= 2 && upper.all_names) {
            names.resize(names.len().max(upper.cells.len()), String::new());
            for (name, title) in names.iter_mut().zip(&upper.cells).filter(|(name, _)| name.is_empty()) {
                name.clone_from(title);
            }
        }
        names
    }
}

impl FirstRow {
    fn is_below(&self, upper: &Self) -> bool {
        upper.next == self.line
    }
}

/// Whether a cell may name a column: text that is no number, date, percentage or `(1)`.
fn is_name(cell: &str) -> bool {
    let has_digits = cell.chars().any(char::is_numeric);
    let is_number = has_digits && (!cell.chars().any(char::is_alphabetic) || cell.parse::<f64>().is_ok());
    !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, names and whether it is a table's, of rows written as `line: cell | cell`.
    fn header(rows: &[(u64, &str)]) -> (u64, String, bool) {
        let mut first = FirstRows::default();
        for (line, cells) in rows {
            let cells: Vec<String> = cells.split('|').map(|cell| cell.trim().to_owned()).collect();
            first.add(*line, line + 1, &cells);
        }
        let header = first.header().unwrap();
        (header.line, header.names.join("|"), header.of_a_table)
    }

    fn found(line: u64, names: &str, of_a_table: bool) -> (u64, String, bool) {
        (line, names.to_owned(), of_a_table)
    }

    #[test]
    fn numbers_dates_and_counts_are_no_names() {
        for name in ["U1", "No.", "#", "%", "Tahun 2026", "3 bulan", "nan", "-"] {
            assert!(is_name(name), "{name}");
        }
        for number in ["4", "3,62", "3.62", "75%", "(1)", "2026-11-21", "21/11/2026", "1.234,5", "1e5"] {
            assert!(!is_name(number), "{number}");
        }
    }

    #[test]
    fn a_title_is_passed_over() {
        let rows =
            [(1, "Rekapitulasi SKM 2026"), (2, "Periode: | 2026"), (4, "No. | Unit | U1 | U2"), (5, "1 | A | 4 | 3")];
        assert_eq!(header(&rows), found(4, "No.|Unit|U1|U2", true));
    }

    #[test]
    fn without_a_fitting_row_the_first_is_the_header() {
        assert_eq!(header(&[(1, "Rekap"), (2, "1 | A"), (3, "2 | B")]), found(1, "Rekap", false));
        assert_eq!(header(&[(3, "unit | u1")]), found(3, "unit|u1", false));
    }

    #[test]
    fn a_first_row_as_wide_as_any_is_the_header_even_where_it_names_years() {
        assert_eq!(header(&[(1, "Unit | 2025 | 2026"), (2, "A | baik | cukup")]), found(1, "Unit|2025|2026", true));
    }

    #[test]
    fn a_narrow_row_of_text_above_a_wide_table_is_not_its_header() {
        let rows = [(1, "Instansi: | Dinas Kesehatan"), (2, "Unit | U1 | U2 | U3 | U4"), (3, "A | 4 | 3 | 2 | 1")];
        assert_eq!(header(&rows), found(2, "Unit|U1|U2|U3|U4", true));
    }

    #[test]
    fn of_a_header_in_two_rows_the_lower_counts_and_cells_of_the_upper_reach_down() {
        let narrow = [
            (1, "No | Unit | Unsur | | | | | Ket"),
            (2, " | | U1 | U2 | U3 | U4 | U5"),
            (3, "1 | A | 4 | 3 | 4 | 4 | 4 | x"),
        ];
        assert_eq!(header(&narrow), found(2, "No|Unit|U1|U2|U3|U4|U5|Ket", true));
        let wide = [(1, "No | Unit | Usia | Unsur"), (2, " | | | U1 | U2"), (3, "1 | A | 30 | 4 | 3")];
        assert_eq!(header(&wide), found(2, "No|Unit|Usia|U1|U2", true));
        let whole = [(1, "Identitas | | Unsur"), (2, "No | Unit | U1 | U2"), (3, "1 | A | 4 | 3")];
        assert_eq!(header(&whole), found(2, "No|Unit|U1|U2", true));
    }

    #[test]
    fn rows_of_text_below_a_header_with_gaps_stay_rows() {
        let rows = [(1, "nama | | status"), (2, "Ani | jalan | selesai"), (3, "Budi | air | selesai")];
        assert_eq!(header(&rows), found(1, "nama||status", true));
    }

    #[test]
    fn a_header_below_the_fortieth_row_is_not_looked_for() {
        let at = |row: u64| {
            let mut rows: Vec<(u64, &str)> = (1..row).map(|line| (line, "catatan")).collect();
            rows.extend([(row, "unit | u1"), (row + 1, "A | 4")]);
            header(&rows)
        };
        assert_eq!(at(40), found(40, "unit|u1", true));
        assert_eq!(at(41), found(1, "catatan", false));
    }
}
