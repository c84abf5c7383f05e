//! What the bytes of a Parquet value mean: as an answer, as a text.

use crate::answer::Scale;
use crate::question::Fault;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;
use std::borrow::Cow;
use time::Date;

/// The kinds of values that can be read. Values come as the bytes of Parquet's plain encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Boolean,
    Signed,
    Unsigned,
    Float,
    Text,
    Uuid,
    /// Digits after the decimal mark; whether the bytes are the highest first.
    Decimal(u32, bool),
    /// Days since 1970-01-01.
    Date,
    /// Units per second; whether Universal Time is meant.
    Instant(i64, bool),
    /// Units per second.
    TimeOfDay(i64),
    /// An old way to write instants: nanoseconds of the day, then the Julian day.
    JulianInstant,
}

const UNIX_EPOCH_JULIAN: i64 = 2_440_588;
const SECONDS_PER_DAY: i64 = 86_400;

impl Kind {
    /// The kind of a column's values, or the name of a kind that is not read.
    pub(crate) fn of(column: &ColumnDescriptor) -> Result<Self, String> {
        if column.max_rep_level() > 0 {
            return Err("list".to_owned());
        }
        let physical = column.physical_type();
        if let Some(logical) = column.logical_type_ref() {
            return Self::of_logical(logical, physical);
        }
        let scale = u32::try_from(column.type_scale()).unwrap_or(0);
        Ok(match (column.converted_type(), physical) {
            (ConvertedType::DECIMAL, _) => Self::decimal(scale, physical)?,
            (ConvertedType::DATE, Type::INT32) => Self::Date,
            (ConvertedType::TIMESTAMP_MILLIS, Type::INT64) => Self::Instant(1000, true),
            (ConvertedType::TIMESTAMP_MICROS, Type::INT64) => Self::Instant(1_000_000, true),
            (ConvertedType::TIME_MILLIS, Type::INT32) => Self::TimeOfDay(1000),
            (ConvertedType::TIME_MICROS, Type::INT64) => Self::TimeOfDay(1_000_000),
            (
                ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64,
                Type::INT32 | Type::INT64,
            ) => Self::Unsigned,
            (ConvertedType::INTERVAL | ConvertedType::BSON, _) => return Err(column.converted_type().to_string()),
            (_, Type::BOOLEAN) => Self::Boolean,
            (_, Type::INT32 | Type::INT64) => Self::Signed,
            (_, Type::FLOAT | Type::DOUBLE) => Self::Float,
            (_, Type::INT96) => Self::JulianInstant,
            (_, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY) => Self::Text,
        })
    }

    fn of_logical(logical: &LogicalType, physical: Type) -> Result<Self, String> {
        Ok(match (logical, physical) {
            (LogicalType::String | LogicalType::Enum | LogicalType::Json, Type::BYTE_ARRAY) => Self::Text,
            (LogicalType::Integer(integer), Type::INT32 | Type::INT64) if integer.is_signed => Self::Signed,
            (LogicalType::Integer(_), Type::INT32 | Type::INT64) => Self::Unsigned,
            (LogicalType::Decimal(decimal), _) => Self::decimal(u32::try_from(decimal.scale).unwrap_or(0), physical)?,
            (LogicalType::Date, Type::INT32) => Self::Date,
            (LogicalType::Timestamp(stamp), Type::INT64) => {
                Self::Instant(per_second(stamp.unit), stamp.is_adjusted_to_u_t_c)
            }
            (LogicalType::Time(time), Type::INT32 | Type::INT64) => Self::TimeOfDay(per_second(time.unit)),
            (LogicalType::Uuid, Type::FIXED_LEN_BYTE_ARRAY) => Self::Uuid,
            // A column of nothing but nulls.
            (LogicalType::Unknown, _) => Self::Text,
            _ => return Err(format!("{logical:?}").split('(').next().unwrap_or_default().to_lowercase()),
        })
    }

    fn decimal(scale: u32, physical: Type) -> Result<Self, String> {
        let highest_first = match physical {
            Type::INT32 | Type::INT64 => false,
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => true,
            _ => return Err("decimal".to_owned()),
        };
        if scale > 38 { Err("decimal".to_owned()) } else { Ok(Self::Decimal(scale, highest_first)) }
    }

    /// Whether values of this kind can be answers.
    pub(crate) fn counts(self) -> bool {
        matches!(self, Self::Signed | Self::Unsigned | Self::Float | Self::Text | Self::Decimal(..))
    }

    /// A word for this kind, for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Signed | Self::Unsigned => "integer",
            Self::Float => "float",
            Self::Text => "text",
            Self::Uuid => "uuid",
            Self::Decimal(..) => "decimal",
            Self::Date => "date",
            Self::Instant(..) | Self::JulianInstant => "timestamp",
            Self::TimeOfDay(_) => "time",
        }
    }

    /// The answer a value stands for.
    pub(crate) fn answer(self, value: &[u8], scale: Scale) -> Result<u8, Fault> {
        match self {
            Self::Signed | Self::Unsigned => {
                let number = if self == Self::Signed { signed(value) } else { unsigned(value) };
                scale.whole(i64::try_from(number).unwrap_or(i64::MAX))
            }
            Self::Float => scale.float(float(value)),
            _ => scale.text(&self.text(value)),
        }
    }

    /// The text of a value.
    pub(crate) fn text(self, value: &[u8]) -> Cow<'_, [u8]> {
        let text = match self {
            Self::Text => return Cow::Borrowed(value),
            Self::Boolean => (value != [0]).to_string(),
            Self::Signed => signed(value).to_string(),
            Self::Unsigned => unsigned(value).to_string(),
            Self::Float if value.len() == 4 => single(value).to_string(),
            Self::Float => float(value).to_string(),
            Self::Uuid => uuid(value),
            Self::Decimal(scale, highest_first) => decimal(value, scale, highest_first),
            Self::Date => date(i64::try_from(signed(value)).unwrap_or(i64::MAX)),
            Self::Instant(units, utc) => {
                let text = instant(i64::try_from(signed(value)).unwrap_or(i64::MAX), units);
                if utc { format!("{text}Z") } else { text }
            }
            Self::TimeOfDay(units) => time_of_day(i64::try_from(signed(value)).unwrap_or(i64::MAX), units),
            Self::JulianInstant => julian_instant(value),
        };
        Cow::Owned(text.into_bytes())
    }
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

fn signed(value: &[u8]) -> i128 {
    match value.len() {
        4 => value.first_chunk().map_or(0, |bytes| i32::from_le_bytes(*bytes).into()),
        _ => value.first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes).into()),
    }
}

fn unsigned(value: &[u8]) -> i128 {
    match value.len() {
        4 => value.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes).into()),
        _ => value.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes).into()),
    }
}

fn single(value: &[u8]) -> f32 {
    value.first_chunk().map_or(f32::NAN, |bytes| f32::from_le_bytes(*bytes))
}

fn float(value: &[u8]) -> f64 {
    match value.len() {
        4 => single(value).into(),
        _ => value.first_chunk().map_or(f64::NAN, |bytes| f64::from_le_bytes(*bytes)),
    }
}

fn uuid(value: &[u8]) -> String {
    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    let bounds = [0..8, 8..12, 12..16, 16..20, 20..32];
    let parts: Vec<&str> = bounds.into_iter().filter_map(|part| hex.get(part)).collect();
    parts.join("-")
}

fn decimal(value: &[u8], scale: u32, highest_first: bool) -> String {
    let units = if highest_first { big_endian(value) } else { signed(value) };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    let fraction = fraction.trim_end_matches('0');
    let sign = if units < 0 { "-" } else { "" };
    let mark = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{mark}{fraction}")
}

/// A two's complement number, highest byte first; beyond 16 bytes only the lowest 16 count.
fn big_endian(value: &[u8]) -> i128 {
    let start = if value.first().is_some_and(|byte| *byte >= 0x80) { -1 } else { 0 };
    value.iter().fold(start, |number: i128, byte| number << 8 | i128::from(*byte))
}

fn date(days: i64) -> String {
    let julian = days.checked_add(UNIX_EPOCH_JULIAN).and_then(|day| i32::try_from(day).ok());
    julian.and_then(|day| Date::from_julian_day(day).ok()).map_or_else(|| days.to_string(), |date| date.to_string())
}

fn instant(units: i64, per_second: i64) -> String {
    let day = per_second * SECONDS_PER_DAY;
    format!("{}T{}", date(units.div_euclid(day)), time_of_day(units.rem_euclid(day), per_second))
}

fn time_of_day(units: i64, per_second: i64) -> String {
    let (seconds, fraction) = (units.div_euclid(per_second), units.rem_euclid(per_second));
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 {
        return clock;
    }
    let digits = per_second.ilog10() as usize;
    format!("{clock}.{}", format!("{fraction:0digits$}").trim_end_matches('0'))
}

fn julian_instant(value: &[u8]) -> String {
    let (Some(nanoseconds), Some(day)) = (value.first_chunk(), value.get(8..).and_then(<[u8]>::first_chunk)) else {
        return String::new();
    };
    let day = i64::from(u32::from_le_bytes(*day)) - UNIX_EPOCH_JULIAN;
    format!("{}T{}", date(day), time_of_day(i64::from_le_bytes(*nanoseconds), 1_000_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: Kind, value: &[u8]) -> String {
        String::from_utf8(kind.text(value).into_owned()).unwrap()
    }

    #[test]
    fn values_become_the_text_people_write() {
        assert_eq!(text(Kind::Signed, &(-7_i32).to_le_bytes()), "-7");
        assert_eq!(text(Kind::Unsigned, &u64::MAX.to_le_bytes()), "18446744073709551615");
        assert_eq!(text(Kind::Float, &3.62_f32.to_le_bytes()), "3.62");
        assert_eq!(text(Kind::Float, &3.0_f64.to_le_bytes()), "3");
        assert_eq!(text(Kind::Decimal(2, false), &362_i32.to_le_bytes()), "3.62");
        assert_eq!(text(Kind::Decimal(2, true), &[0xff, 0xff]), "-0.01");
        assert_eq!(text(Kind::Date, &20_778_i32.to_le_bytes()), "2026-11-21");
        assert_eq!(text(Kind::Instant(1000, true), &1_500_i64.to_le_bytes()), "1970-01-01T00:00:01.5Z");
        assert_eq!(text(Kind::Instant(1_000_000, false), &(-1_i64).to_le_bytes()), "1969-12-31T23:59:59.999999");
        assert_eq!(text(Kind::Uuid, &[0x12; 16]), "12121212-1212-1212-1212-121212121212");
        assert_eq!(text(Kind::Boolean, &[1]), "true");
    }

    #[test]
    fn extreme_values_are_still_some_text() {
        assert_eq!(text(Kind::Date, &i32::MAX.to_le_bytes()), i32::MAX.to_string());
        for kind in [Kind::Instant(1000, true), Kind::TimeOfDay(1000), Kind::Date, Kind::Decimal(38, false)] {
            for number in [i64::MIN, i64::MAX] {
                assert!(!text(kind, &number.to_le_bytes()).is_empty());
            }
        }
        assert_eq!(text(Kind::JulianInstant, &[0xff; 12]).split('T').count(), 2);
        assert!(!text(Kind::Decimal(2, true), &[0x7f; 40]).is_empty());
    }

    #[test]
    fn answers_are_read_from_numbers_and_texts() {
        let scale = Scale { lowest: 1, highest: 4 };
        assert_eq!(Kind::Signed.answer(&4_i64.to_le_bytes(), scale), Ok(4));
        assert_eq!(Kind::Unsigned.answer(&u64::MAX.to_le_bytes(), scale), Err(Fault::OutOfRange));
        assert_eq!(Kind::Float.answer(&3.5_f32.to_le_bytes(), scale), Err(Fault::NotWhole));
        assert_eq!(Kind::Decimal(1, false).answer(&40_i32.to_le_bytes(), scale), Ok(4));
        assert_eq!(Kind::Text.answer(b" 4,0 ", scale), Ok(4));
    }
}
