use crate::question::Fault;
use crate::testing::{counted_text, file, plain, rows};
use crate::{Format, ReadError, Source};
use proptest::prelude::*;

fn columns(content: impl AsRef<[u8]>) -> Result<Vec<String>, ReadError> {
    Source::open(file(content).path()).map(|source| source.columns().to_vec())
}

/// Line, column, what was found and the fault of each bad cell.
fn faults(content: &str) -> Vec<(u64, String, String, Fault)> {
    let counted = counted_text(content).unwrap();
    counted.left_out.first.into_iter().map(|bad| (bad.line, bad.column, bad.found, bad.fault)).collect()
}

fn expected(list: &[(u64, &str, &str, Fault)]) -> Vec<(u64, String, String, Fault)> {
    list.iter().map(|(line, column, found, fault)| (*line, (*column).into(), (*found).into(), *fault)).collect()
}

#[test]
fn comma_semicolon_and_tab_give_the_same_sums() {
    let comma = counted_text("unit,u1,u2\nA,4,3\nB,1,1\nA,2,2\n").unwrap();
    assert_eq!(plain(&comma), [("A".into(), 2, vec![6, 5]), ("B".into(), 1, vec![1, 1])]);
    for separator in [";", "\t"] {
        assert_eq!(counted_text("unit,u1,u2\nA,4,3\nB,1,1\nA,2,2\n".replace(',', separator)).unwrap(), comma);
    }
    assert_eq!(counted_text("sep=;\nunit;u1;u2\nA;4;3\nB;1;1\nA;2;2").unwrap(), comma);
}

#[test]
fn byte_order_mark_and_windows_line_ends_do_not_matter() {
    let plain_file = counted_text("unit,u1\nA,4\nB,1\n").unwrap();
    assert_eq!(counted_text("\u{feff}unit,u1\r\nA,4\r\nB,1\r\n").unwrap(), plain_file);
    assert_eq!(counted_text("unit,u1\nA,4\nB,1").unwrap(), plain_file);
    assert_eq!(counted_text("unit,u1\rA,4\rB,1\r").unwrap(), plain_file);
    assert_eq!(columns("\u{feff}\"unit\",u1\r\n").unwrap(), ["unit", "u1"]);
}

#[test]
fn a_decimal_comma_is_read_where_the_separator_leaves_it_whole() {
    assert_eq!(plain(&counted_text("unit;u1\nA;4,0\nA;\"3,0\"\n").unwrap()), [("A".into(), 2, vec![7])]);
    assert_eq!(faults("unit;u1\nA;3,5\n"), expected(&[(2, "u1", "3,5", Fault::NotWhole)]));
}

#[test]
fn a_row_with_a_bad_answer_is_left_out_whole_and_every_bad_cell_is_named() {
    let text = "unit,u1,u2\nA,4,3\nA,,9\nA,x,2\n\nA,1\n,4,4\nB,2,2,,\nB,2,2,3\n , , \n";
    assert_eq!(
        faults(text),
        expected(&[
            (3, "u1", "", Fault::Blank),
            (3, "u2", "9", Fault::OutOfRange),
            (4, "u1", "x", Fault::NotANumber),
            (6, "u2", "", Fault::TooFewCells),
            (9, "", "3", Fault::TooManyCells),
        ])
    );
    let counted = counted_text(text).unwrap();
    assert_eq!((counted.rows, counted.left_out.rows), (7, 4));
    assert_eq!(plain(&counted), [("".into(), 1, vec![4, 4]), ("A".into(), 1, vec![4, 3]), ("B".into(), 1, vec![2, 2])]);
}

#[test]
fn a_line_end_inside_quotation_marks_keeps_the_line_numbers() {
    let text = "unit,u1\n\"Dinas\nSosial\",4\n\"a \"\"b\"\" c\",x\n5\" pipe,1\n";
    assert_eq!(faults(text), expected(&[(4, "u1", "x", Fault::NotANumber)]));
    let keys: Vec<_> = plain(&counted_text(text).unwrap()).into_iter().map(|(key, ..)| key).collect();
    assert_eq!(keys, ["5\" pipe", "Dinas\nSosial"]);
    let lines: Vec<_> = rows(text).unwrap().into_iter().map(|row| (row.line, row.cells[0].clone())).collect();
    assert_eq!(lines, [(2, "Dinas\nSosial".to_owned()), (4, "a \"b\" c".to_owned()), (5, "5\" pipe".to_owned())]);
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_an_error_with_its_line() {
    assert_eq!(counted_text("unit,u1\nA,4\n\"B,1\nC,2\n"), Err(ReadError::OpenQuote(3)));
    assert_eq!(columns("unit,\"u1\nA,4\n"), Err(ReadError::OpenQuote(1)));
}

#[test]
fn latin_1_text_is_read() {
    let counted = counted_text(b"unit,u1\nJos\xe9,4\nJos\xe8,2\n").unwrap();
    assert_eq!(plain(&counted), [("Josè".into(), 1, vec![2]), ("José".into(), 1, vec![4])]);
}

#[test]
fn files_that_are_no_tables_say_what_they_are() {
    assert_eq!(columns(""), Err(ReadError::Empty));
    assert_eq!(columns(" \n\r\n"), Err(ReadError::Empty));
    assert_eq!(columns(",,\n,\n"), Err(ReadError::NoHeader));
    assert_eq!(columns("%PDF-1.7 ..."), Err(ReadError::NotATable("pdf".into())));
    assert_eq!(columns("a,b\0c\n"), Err(ReadError::NotATable("binary".into())));
    assert_eq!(columns("unit,u1, unit \n"), Err(ReadError::DuplicateColumn("unit".into())));
    assert_eq!(Source::open("/does/not/exist".as_ref()).unwrap_err().code(), "file-not-found");
    assert_eq!(Source::open("/".as_ref()).unwrap_err().code(), "file-unreadable");
}

#[test]
fn columns_are_trimmed_and_unnamed_ones_may_repeat() {
    let source = file("\n unit ,,u1,,\n");
    let source = Source::open(source.path()).unwrap();
    assert_eq!((source.columns(), source.format()), (&["unit", "", "u1"].map(String::from)[..], Format::Csv));
}

#[test]
fn rows_are_padded_and_cells_too_many_are_flagged() {
    let rows = rows("a,b\n1\n 1 ,2,3,4,\n,\n").unwrap();
    let brief: Vec<_> = rows.iter().map(|row| (row.line, row.cells.join("|"), row.extra)).collect();
    assert_eq!(brief, [(2, "1|".to_owned(), 0), (3, "1|2".to_owned(), 2)]);
}

#[test]
fn rows_that_cross_the_blocks_are_read_once_and_keep_their_lines() {
    let filler = "x".repeat(1000);
    let mut text = String::from("unit,u1,note\n");
    for _ in 0..2500 {
        text.push_str(&format!("A,4,\"{filler}\n\"\"{filler}\"\nB,1,{filler}\n"));
    }
    text.push_str("C,5,\n");
    let path = file(&text);
    let source = || Source::open(path.path()).unwrap();
    let question = crate::Question { group_by: vec![0], answers: vec![1], lowest: 1, highest: 4, detail: false };
    let one = crate::tally(source(), &question, 1).unwrap();
    assert_eq!(one, crate::tally(source(), &question, 2).unwrap());
    assert_eq!(plain(&one), [("A".into(), 2500, vec![10000]), ("B".into(), 2500, vec![2500])]);
    assert_eq!((one.rows, one.left_out.first[0].line), (5001, 7502));
}

#[test]
fn a_row_without_end_is_refused() {
    let mut text = b"unit,u1\n\"".to_vec();
    text.resize(40 << 20, b'x');
    let path = file(text);
    let error = crate::testing::counted(path.path(), 2).unwrap_err();
    assert_eq!(error.code(), "file-corrupt");
}

/// Columns, then line and cells of each row.
fn table(content: &str) -> (String, Vec<(u64, String)>) {
    let lines = rows(content).unwrap().into_iter().map(|row| (row.line, row.cells.join("|"))).collect();
    (columns(content).unwrap().join("|"), lines)
}

fn one_table(names: &str, lines: &[(u64, &str)]) -> (String, Vec<(u64, String)>) {
    (names.to_owned(), lines.iter().map(|(line, cells)| (*line, (*cells).to_owned())).collect())
}

#[test]
fn a_title_above_the_table_is_passed_over_and_lines_stay_exact() {
    let text = "\u{feff}\"Rekapitulasi, SKM\nDinas\",,,\r\n,,,\r\nPeriode:,2026,,\r\n\r\nNo.,Unit,U1,U2\r\n1,A,4,3\r\n2,B,3,9\r\nJumlah,,7,\r\n";
    assert_eq!(table(text), one_table("No.|Unit|U1|U2", &[(7, "1|A|4|3"), (8, "2|B|3|9"), (9, "Jumlah||7|")]));
    let question = crate::Question { group_by: vec![1], answers: vec![2, 3], lowest: 1, highest: 4, detail: false };
    let path = file(text);
    let counted = |threads| crate::tally(Source::open(path.path()).unwrap(), &question, threads).unwrap();
    assert_eq!(counted(1), counted(3));
    assert_eq!(plain(&counted(1)), [("A".into(), 1, vec![4, 3])]);
    assert_eq!(counted(1).left_out.first.iter().map(|bad| bad.line).collect::<Vec<_>>(), [8, 9, 9]);
}

#[test]
fn a_title_without_separators_leaves_the_separator_to_the_header() {
    let text = "Rekapitulasi SKM\n\nUnit;U1;U2\nDinas A, Kota;4;3\nB;3,0;2\n";
    assert_eq!(table(text), one_table("Unit|U1|U2", &[(4, "Dinas A, Kota|4|3"), (5, "B|3,0|2")]));
    let told = "sep=;\nRekapitulasi\nUnit;U1;U2\nA;4;3\n";
    assert_eq!(table(told), one_table("Unit|U1|U2", &[(4, "A|4|3")]));
}

#[test]
fn a_file_of_one_column_stays_one() {
    assert_eq!(
        table("catatan\nbaik; cepat\nramah; rapi\n"),
        one_table("catatan", &[(2, "baik; cepat"), (3, "ramah; rapi")])
    );
    assert_eq!(table("unit\nA\nB\n"), one_table("unit", &[(2, "A"), (3, "B")]));
    assert_eq!(columns("unit,,\nu1,u2,u3\n").unwrap(), ["unit"]);
}

#[test]
fn a_header_far_below_the_title_is_not_looked_for() {
    let far = format!("judul\n\"{}\"\nunit,u1\nA,4\n", "x\n".repeat(40_000));
    assert_eq!(columns(far).unwrap(), ["judul"]);
    let near = format!("judul\n{}unit,u1\nA,4\n{}", "\n".repeat(500), "B,3\n".repeat(50_000));
    assert_eq!(columns(&near).unwrap(), ["unit", "u1"]);
    assert_eq!(rows(&near).unwrap().last().unwrap().line, 50_503);
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_nothing(
        rows in proptest::collection::vec(("[A-C]{1,2}", 0_u8..6, 0_u8..6), 0..40).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let text = |rows: &[(String, u8, u8)]| {
            let lines = rows.iter().map(|(unit, one, two)| format!("{unit},{one},{two}\n"));
            format!("unit,u1,u2\n{}", lines.collect::<String>())
        };
        let (one, other) = (counted_text(text(&rows.0)).unwrap(), counted_text(text(&rows.1)).unwrap());
        prop_assert_eq!(one.groups, other.groups);
        prop_assert_eq!(one.left_out.rows, other.left_out.rows);
    }
}
