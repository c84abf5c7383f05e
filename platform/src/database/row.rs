//! Reading the columns of a row, the same on both engines.

use super::DatabaseError;
use postgres::types::{FromSql, Type};
use rusqlite::types::ValueRef;
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

/// One row, as long as the engine holds it.
pub struct Row<'a> {
    source: Source<'a>,
    next: Cell<usize>,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl<'a> Row<'a> {
    pub(super) const fn of_sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self { source: Source::Sqlite(row), next: Cell::new(0) }
    }

    pub(super) const fn of_postgres(row: &'a postgres::Row) -> Self {
        Self { source: Source::Postgres(row), next: Cell::new(0) }
    }

    /// The next column; the first call gives the first.
    ///
    /// # Errors
    /// When there is no further column or it is of another type.
    pub fn next<T: Column>(&self) -> Result<T, DatabaseError> {
        let column = self.next.get();
        self.next.set(column + 1);
        self.get(column)
    }

    /// The column at a position from 0.
    ///
    /// # Errors
    /// When there is no such column or it is of another type.
    pub fn get<T: Column>(&self, column: usize) -> Result<T, DatabaseError> {
        let read = |field: Result<Field<'_>, String>| field.and_then(T::read);
        match &self.source {
            Source::Sqlite(row) => read(row.get_ref(column).map(Field::of_sqlite).map_err(|error| error.to_string())),
            Source::Postgres(row) => read(row.try_get(column).map_err(|error| error.to_string())),
        }
        .map_err(|why| DatabaseError::other(format!("column {column}: {why}")))
    }
}

/// What stands in one column of one row.
#[derive(Debug)]
#[doc(hidden)]
pub enum Field<'a> {
    Null,
    Sqlite(ValueRef<'a>),
    Postgres(Type, &'a [u8]),
}

impl<'a> Field<'a> {
    const fn of_sqlite(value: ValueRef<'a>) -> Self {
        if let ValueRef::Null = value { Self::Null } else { Self::Sqlite(value) }
    }

    fn postgres<T: FromSql<'a>>(self) -> Result<T, String> {
        match self {
            Self::Postgres(kind, bytes) if T::accepts(&kind) => {
                T::from_sql(&kind, bytes).map_err(|error| error.to_string())
            }
            other => Err(other.mismatch::<T>()),
        }
    }

    fn mismatch<T>(&self) -> String {
        let found = match self {
            Self::Null => "NULL".to_owned(),
            Self::Sqlite(value) => format!("{:?}", value.data_type()),
            Self::Postgres(kind, _) => kind.name().to_owned(),
        };
        format!("{found} cannot be read as {}", std::any::type_name::<T>())
    }
}

impl<'a> FromSql<'a> for Field<'a> {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Postgres(kind.clone(), bytes))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads it, or says why not.
    ///
    /// # Errors
    /// When the column is of another type.
    #[doc(hidden)]
    fn read(field: Field<'_>) -> Result<Self, String>;
}

impl Column for i64 {
    fn read(field: Field<'_>) -> Result<Self, String> {
        match field {
            Field::Sqlite(ValueRef::Integer(number)) => Ok(number),
            Field::Postgres(Type::INT4, _) => field.postgres::<i32>().map(Into::into),
            Field::Postgres(Type::INT2, _) => field.postgres::<i16>().map(Into::into),
            other => other.postgres(),
        }
    }
}

impl Column for bool {
    fn read(field: Field<'_>) -> Result<Self, String> {
        match field {
            Field::Sqlite(ValueRef::Integer(number @ 0..=1)) => Ok(number == 1),
            other => other.postgres(),
        }
    }
}

impl Column for String {
    fn read(field: Field<'_>) -> Result<Self, String> {
        match field {
            Field::Sqlite(ValueRef::Text(text)) => Self::from_utf8(text.to_vec()).map_err(|error| error.to_string()),
            other => other.postgres(),
        }
    }
}

impl Column for Vec<u8> {
    fn read(field: Field<'_>) -> Result<Self, String> {
        match field {
            Field::Sqlite(ValueRef::Blob(bytes)) => Ok(bytes.to_vec()),
            other => other.postgres(),
        }
    }
}

impl Column for Uuid {
    fn read(field: Field<'_>) -> Result<Self, String> {
        match field {
            Field::Sqlite(ValueRef::Blob(bytes)) => Self::from_slice(bytes).map_err(|error| error.to_string()),
            other => other.postgres(),
        }
    }
}

impl Column for OffsetDateTime {
    fn read(field: Field<'_>) -> Result<Self, String> {
        match field {
            Field::Sqlite(ValueRef::Text(text)) => PrimitiveDateTime::parse(&String::from_utf8_lossy(text), MOMENT)
                .map(PrimitiveDateTime::assume_utc)
                .map_err(|error| error.to_string()),
            other => other.postgres(),
        }
    }
}

impl Column for Date {
    fn read(field: Field<'_>) -> Result<Self, String> {
        match field {
            Field::Sqlite(ValueRef::Text(text)) => {
                Self::parse(&String::from_utf8_lossy(text), DAY).map_err(|error| error.to_string())
            }
            other => other.postgres(),
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn read(field: Field<'_>) -> Result<Self, String> {
        if matches!(field, Field::Null) { Ok(None) } else { T::read(field).map(Some) }
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
