//! Values on their way into statements and out of columns, the same for both engines.
//!
//! Decimals and JSON travel as text; there is no floating point.

use super::DatabaseError;
use derive_more::From;
use std::cell::Cell;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

/// Fixed width, so that the order of the texts is the order of the moments.
pub(super) const MOMENT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
/// A day as ISO 8601 writes it.
pub(super) const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A value given to a statement or found in a column.
#[derive(Debug, Clone, PartialEq, Eq, From)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no; 0 and 1 in SQLite.
    #[from]
    Bool(bool),
    /// A whole number.
    #[from(i64, i32, u32, u16, u8)]
    Int(i64),
    /// A text.
    #[from(String, &str, &String)]
    Text(String),
    /// Bytes.
    #[from(Vec<u8>, &[u8])]
    Blob(Vec<u8>),
    /// An identifier; 16 bytes in SQLite.
    #[from]
    Uuid(Uuid),
    /// A moment in UTC, to the microsecond; in SQLite a text whose order is the order of time.
    #[from]
    Time(OffsetDateTime),
    /// A day.
    #[from]
    Date(Date),
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads it, or gives back what is of another type.
    ///
    /// # Errors
    /// When the column is of another type.
    #[doc(hidden)]
    fn read(value: Value) -> Result<Self, Value>;
}

macro_rules! columns {
    ($($type:ty: $($found:pat => $read:expr),+;)+) => {
        $(impl Column for $type {
            fn read(value: Value) -> Result<Self, Value> {
                match value {
                    $($found => $read,)+
                    other => Err(other),
                }
            }
        })+
    };
}

columns! {
    bool: Value::Bool(yes) => Ok(yes), Value::Int(number @ 0..=1) => Ok(number == 1);
    i64: Value::Int(number) => Ok(number);
    String: Value::Text(text) => Ok(text);
    Vec<u8>: Value::Blob(bytes) => Ok(bytes);
    Uuid: Value::Uuid(uuid) => Ok(uuid),
        Value::Blob(bytes) => Self::from_slice(&bytes).map_err(|_| Value::Blob(bytes));
    OffsetDateTime: Value::Time(moment) => Ok(moment),
        Value::Text(text) => PrimitiveDateTime::parse(&text, MOMENT)
            .map(PrimitiveDateTime::assume_utc)
            .map_err(|_| Value::Text(text));
    Date: Value::Date(day) => Ok(day), Value::Text(text) => Self::parse(&text, DAY).map_err(|_| Value::Text(text));
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Column for Value {
    fn read(value: Value) -> Result<Self, Value> {
        Ok(value)
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: Value) -> Result<Self, Value> {
        if value == Value::Null { Ok(None) } else { T::read(value).map(Some) }
    }
}

/// One row, as long as the engine holds it.
pub struct Row<'a> {
    column: &'a dyn Fn(usize) -> Result<Value, String>,
    next: Cell<usize>,
}

impl<'a> Row<'a> {
    pub(super) const fn new(column: &'a dyn Fn(usize) -> Result<Value, String>) -> Self {
        Self { column, next: Cell::new(0) }
    }

    /// The next column; the first call gives the first.
    ///
    /// # Errors
    /// When there is no further column or it is of another type.
    pub fn next<T: Column>(&self) -> Result<T, DatabaseError> {
        self.get(self.next.replace(self.next.get() + 1))
    }

    /// The column at a position from 0.
    ///
    /// # Errors
    /// When there is no such column or it is of another type.
    pub fn get<T: Column>(&self, column: usize) -> Result<T, DatabaseError> {
        // Only the wanted type is told: what stands in the column may be about a person.
        let unfit = |_| format!("cannot be read as {}", std::any::type_name::<T>());
        let read = (self.column)(column).and_then(|value| T::read(value).map_err(unfit));
        read.map_err(|why| DatabaseError::other(format!("column {column}: {why}")))
    }
}

/// What one row becomes: a tuple of its columns, or a type of the store's own.
pub trait FromRow: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// When a column is missing or of another type.
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError>;
}

macro_rules! tuples {
    ($($($column:ident)+;)+) => {
        $(impl<$($column: Column),+> FromRow for ($($column,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
                Ok(($(row.next::<$column>()?,)+))
            }
        })+
    };
}

tuples! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; A B C D E F G H I;
    A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
}

/// The values of a statement's parameters, in order, as `&[Value]`: `db.one(UNIT, params![institution, "loket-1"])`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::database::Value::from($value)),*] as &[$crate::database::Value]
    };
}
