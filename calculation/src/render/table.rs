//! An aligned table for the terminal. Numbers stand right, words left; colours do not count as width.

use super::{Style, printable_line};
use unicode_width::UnicodeWidthStr;

/// Heads and rows.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these heads.
    pub fn new(heads: impl IntoIterator<Item = String>) -> Self {
        Self { rows: vec![heads.into_iter().collect()] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as lines of text.
    #[must_use]
    pub fn text(&self, style: Style) -> String {
        let columns = self.rows[0].len();
        let rows: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(|cell| shown(cell, style)).collect()).collect();
        let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| shown_width(cell)).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        let right: Vec<bool> = (0..columns).map(|column| self.is_numeric(column)).collect();
        let mut text = String::new();
        for (number, row) in rows.iter().enumerate() {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate().take(columns) {
                let blanks = " ".repeat(widths[column].saturating_sub(shown_width(cell)));
                let cell = if right[column] { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") };
                line.push_str(&cell);
                line.push_str("  ");
            }
            let line = line.trim_end();
            text.push_str(&if number == 0 { style.strong(line) } else { line.to_owned() });
            text.push('\n');
        }
        text
    }

    /// A column of figures: every cell below the head holds digits and marks only, and one at least is filled.
    fn is_numeric(&self, column: usize) -> bool {
        let mut cells =
            self.rows[1..].iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
        let figure = |cell: &String| cell.chars().all(|char| char.is_ascii_digit() || ".,/±–-% ".contains(char));
        cells.peek().is_some() && cells.all(figure)
    }
}

/// A cell as it is printed: only a colour that a [`Style`] put around it whole may steer the terminal.
fn shown(cell: &str, style: Style) -> String {
    let reset = style.colours.then(|| cell.strip_suffix("\u{1b}[0m")).flatten();
    let painted = reset.and_then(|cell| cell.strip_prefix("\u{1b}["));
    match painted.and_then(|rest| rest.split_once('m')) {
        Some((code, words)) if !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("\u{1b}[{code}m{}\u{1b}[0m", printable_line(words))
        }
        _ => printable_line(cell),
    }
}

/// The width on a terminal, without colour codes.
fn shown_width(text: &str) -> usize {
    let mut width = 0;
    let mut rest = text;
    while let Some((before, code)) = rest.split_once('\u{1b}') {
        width += before.width();
        rest = code.split_once('m').map_or("", |(_, after)| after);
    }
    width + rest.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_right_and_words_left() {
        let mut table = Table::new(["Unit", "Indeks"].map(String::from));
        table.row(["Disdukcapil", "87,28"].map(String::from));
        table.row(["RSUD", "9,5"].map(String::from));
        assert_eq!(
            table.text(Style { colours: false }),
            "Unit         Indeks\nDisdukcapil   87,28\nRSUD            9,5\n"
        );
    }

    #[test]
    fn cells_cannot_steer_the_terminal() {
        let colours = Style { colours: true };
        let mut table = Table::new(["Unit"].map(String::from));
        table.row(["A\u{1b}[2J\n\u{7}\u{202e}B".to_owned()]);
        table.row([colours.faint("C\u{1b}]0;x\u{7}")]);
        assert_eq!(table.text(Style { colours: false }), "Unit\nA·[2J···B\n·[2mC·]0;x··[0m\n");
        assert_eq!(table.text(colours), "\u{1b}[1mUnit\u{1b}[0m\nA·[2J···B\n\u{1b}[2mC·]0;x·\u{1b}[0m\n");
    }

    #[test]
    fn colours_have_no_width() {
        assert_eq!(shown_width("\u{1b}[36m● A\u{1b}[0m"), 3);
    }
}
