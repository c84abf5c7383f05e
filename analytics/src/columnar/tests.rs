use crate::question::Fault;
use crate::testing::{counted, file, plain, rows};
use crate::{Format, Question, ReadError, Source, tally};
use parquet::basic::{Compression, Encoding};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use std::sync::Arc;

/// A column's values; nulls only where the schema says `optional`.
pub(crate) enum Values {
    Ints(Vec<Option<i32>>),
    Longs(Vec<Option<i64>>),
    Doubles(Vec<Option<f64>>),
    Texts(Vec<Option<&'static str>>),
    Booleans(Vec<Option<bool>>),
}

fn split<T: Clone>(values: &[Option<T>]) -> (Vec<T>, Vec<i16>) {
    (values.iter().flatten().cloned().collect(), values.iter().map(|value| i16::from(value.is_some())).collect())
}

/// A Parquet file with these row groups.
pub(crate) fn written(schema: &str, properties: WriterPropertiesBuilder, groups: &[Vec<Values>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message answers {{ {schema} }}")).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    for group in groups {
        let mut group_writer = writer.next_row_group().unwrap();
        for values in group {
            let mut column = group_writer.next_column().unwrap().unwrap();
            match (column.untyped(), values) {
                (ColumnWriter::Int32ColumnWriter(writer), Values::Ints(values)) => {
                    let (values, levels) = split(values);
                    writer.write_batch(&values, Some(&levels), Some(&vec![0; levels.len()])).unwrap();
                }
                (ColumnWriter::Int64ColumnWriter(writer), Values::Longs(values)) => {
                    let (values, levels) = split(values);
                    writer.write_batch(&values, Some(&levels), Some(&vec![0; levels.len()])).unwrap();
                }
                (ColumnWriter::DoubleColumnWriter(writer), Values::Doubles(values)) => {
                    let (values, levels) = split(values);
                    writer.write_batch(&values, Some(&levels), Some(&vec![0; levels.len()])).unwrap();
                }
                (ColumnWriter::ByteArrayColumnWriter(writer), Values::Texts(values)) => {
                    let (values, levels) = split(values);
                    let values: Vec<ByteArray> = values.into_iter().map(ByteArray::from).collect();
                    writer.write_batch(&values, Some(&levels), Some(&vec![0; levels.len()])).unwrap();
                }
                (ColumnWriter::BoolColumnWriter(writer), Values::Booleans(values)) => {
                    let (values, levels) = split(values);
                    writer.write_batch(&values, Some(&levels), Some(&vec![0; levels.len()])).unwrap();
                }
                _ => panic!("the schema and the values differ"),
            }
            column.close().unwrap();
        }
        group_writer.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
}

const SCHEMA: &str = "optional binary unit (UTF8); optional int32 u1; optional int64 u2;";

/// Five rows in two groups, two of them bad.
pub(crate) fn small(properties: WriterPropertiesBuilder) -> Vec<u8> {
    let first = vec![
        Values::Texts(vec![Some("A"), None, Some("B"), Some("A")]),
        Values::Ints(vec![Some(4), Some(1), Some(2), None]),
        Values::Longs(vec![Some(3), Some(1), Some(9), Some(-1)]),
    ];
    let second = vec![Values::Texts(vec![Some(" A ")]), Values::Ints(vec![Some(2)]), Values::Longs(vec![Some(2)])];
    written(SCHEMA, properties, &[first, second])
}

#[test]
fn row_groups_are_counted_together_and_bad_rows_left_out() {
    let file = file(small(properties()));
    let source = Source::open(file.path()).unwrap();
    assert_eq!((source.format(), source.columns().join(",")), (Format::Parquet, "unit,u1,u2".to_owned()));
    let counted = counted(file.path(), 2).unwrap();
    assert_eq!(plain(&counted), [("".into(), 1, vec![1, 1]), ("A".into(), 2, vec![6, 5])]);
    let bad: Vec<_> = counted
        .left_out
        .first
        .iter()
        .map(|bad| (bad.line, bad.column.as_str(), bad.found.as_str(), bad.fault))
        .collect();
    let expected = [(3, "u2", "9", Fault::OutOfRange), (4, "u1", "", Fault::Blank), (4, "u2", "-1", Fault::OutOfRange)];
    assert_eq!(bad, expected);
    assert_eq!((counted.rows, counted.left_out.rows), (5, 2));
}

/// Every version, compression and kind of encoding that is met.
pub(crate) fn manners() -> Vec<WriterPropertiesBuilder> {
    let zstd = Compression::ZSTD(Default::default());
    let mut manners = Vec::new();
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::LZ4_RAW, zstd] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for dictionary in [true, false] {
                let manner = properties().set_writer_version(version).set_compression(compression);
                manners.push(manner.set_dictionary_enabled(dictionary).set_data_page_row_count_limit(2));
            }
        }
    }
    manners.push(properties().set_compression(Compression::GZIP(Default::default())));
    let split = properties().set_column_encoding("u1".into(), Encoding::BYTE_STREAM_SPLIT);
    let split = split.set_column_encoding("unit".into(), Encoding::DELTA_LENGTH_BYTE_ARRAY);
    manners.push(split.set_dictionary_enabled(false));
    manners
}

#[test]
fn every_encoding_version_and_compression_gives_the_same_sums() {
    let expected = counted(file(small(properties())).path(), 1).unwrap();
    for (position, manner) in manners().into_iter().enumerate() {
        let file = file(small(manner));
        assert_eq!(counted(file.path(), 1).unwrap(), expected, "manner {position}");
        assert_eq!(counted(file.path(), 3).unwrap(), expected, "manner {position}");
    }
}

#[test]
fn answers_may_be_floats_texts_or_decimals_but_not_truth_values() {
    let values = || {
        vec![
            Values::Doubles(vec![Some(4.0), Some(3.5), Some(f64::NAN)]),
            Values::Texts(vec![Some("4,0"), Some("x"), Some(" 3 ")]),
            Values::Ints(vec![Some(40), Some(35), Some(10)]),
            Values::Booleans(vec![Some(true), Some(false), None]),
        ]
    };
    let schema =
        "optional double u1; optional binary u2 (UTF8); optional int32 u3 (DECIMAL(3,1)); optional boolean ok;";
    let file = file(written(schema, properties(), &[values()]));
    let question = |answers: Vec<usize>| Question { group_by: vec![3], answers, lowest: 1, highest: 4, detail: false };
    let counted = tally(Source::open(file.path()).unwrap(), &question(vec![0, 1, 2]), 1).unwrap();
    assert_eq!(plain(&counted), [("true".into(), 1, vec![4, 4, 4])]);
    let faults: Vec<_> = counted.left_out.first.iter().map(|bad| (bad.line, bad.found.as_str(), bad.fault)).collect();
    let expected = [
        (2, "3.5", Fault::NotWhole),
        (2, "x", Fault::NotANumber),
        (2, "3.5", Fault::NotWhole),
        (3, "NaN", Fault::NotANumber),
    ];
    assert_eq!(faults, expected);
    let refused = tally(Source::open(file.path()).unwrap(), &question(vec![3]), 1);
    assert_eq!(refused, Err(ReadError::ColumnKind("ok".into(), "boolean".into())));
}

#[test]
fn groups_may_be_dates_and_lists_are_refused() {
    let schema = "optional int32 day (DATE); optional int32 u1; repeated int32 many;";
    let day = Values::Ints(vec![Some(20_778), None]);
    let values = vec![day, Values::Ints(vec![Some(4), Some(3)]), Values::Ints(vec![None, None])];
    let file = file(written(schema, properties(), &[values]));
    let question =
        |group: usize| Question { group_by: vec![group], answers: vec![1], lowest: 1, highest: 4, detail: false };
    let by_day = tally(Source::open(file.path()).unwrap(), &question(0), 1).unwrap();
    assert_eq!(plain(&by_day), [("".into(), 1, vec![3]), ("2026-11-21".into(), 1, vec![4])]);
    let refused = tally(Source::open(file.path()).unwrap(), &question(2), 1);
    assert_eq!(refused, Err(ReadError::ColumnKind("many".into(), "list".into())));
}

#[test]
fn rows_are_given_as_text() {
    let texts: Vec<_> =
        rows(small(properties())).unwrap().into_iter().map(|row| (row.line, row.cells.join("|"))).collect();
    let expected = [(1, "A|4|3"), (2, "|1|1"), (3, "B|2|9"), (4, "A||-1"), (5, "A|2|2")];
    assert_eq!(texts, expected.map(|(line, cells)| (line, cells.to_owned())));
}

#[test]
fn a_cut_file_is_damaged() {
    let whole = small(properties());
    for length in 4..whole.len() {
        let error = counted(file(&whole[..length]).path(), 1).unwrap_err();
        assert_eq!(error.code(), "file-corrupt", "{length}");
    }
}

proptest! {
    #[test]
    fn many_rows_with_nulls_are_counted_as_text_would_be(
        rows in proptest::collection::vec((proptest::option::weighted(0.9, 0_usize..4), proptest::option::weighted(0.95, 0_i32..6)), 1..400),
        version in prop_oneof![Just(WriterVersion::PARQUET_1_0), Just(WriterVersion::PARQUET_2_0)],
        dictionary: bool,
        page in 1_usize..100,
    ) {
        let names = ["A", "B", "C", "D"];
        let text: String = rows.iter().map(|(unit, answer)| {
            let answer = answer.map_or_else(String::new, |answer| answer.to_string());
            format!("{},{answer},x\n", unit.map_or("", |unit| names[unit]))
        }).collect();
        let units = rows.iter().map(|(unit, _)| unit.map(|unit| names[unit])).collect();
        let answers = rows.iter().map(|(_, answer)| *answer).collect();
        let properties = properties().set_writer_version(version).set_dictionary_enabled(dictionary);
        let properties = properties.set_data_page_row_count_limit(page).set_write_batch_size(page);
        let schema = "optional binary unit (UTF8); optional int32 u1;";
        let columnar = file(written(schema, properties, &[vec![Values::Texts(units), Values::Ints(answers)]]));
        let text = file(format!("unit,u1,note\n{text}"));
        let question = crate::testing::question(1, 1);
        let one = tally(Source::open(columnar.path()).unwrap(), &question, 1).unwrap();
        let other = tally(Source::open(text.path()).unwrap(), &question, 1).unwrap();
        prop_assert_eq!(one.groups, other.groups);
        prop_assert_eq!((one.rows, one.left_out.rows), (other.rows, other.left_out.rows));
    }
}
