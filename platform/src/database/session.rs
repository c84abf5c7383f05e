//! What a closure works with: [`Read`] inside a snapshot, [`Write`] inside a transaction.

use super::connection::{Connection, Take};
use super::{DatabaseError, Engine, FromRow, Row, Sql, Value};
use derive_more::{Deref, DerefMut};

/// A consistent view of the database: every statement of one closure sees the same state.
pub struct Read<'c> {
    connection: &'c mut dyn Connection,
    /// What the first failure of a statement means for all of the transaction.
    failed: Option<DatabaseError>,
    statements: u64,
}

impl Read<'_> {
    /// The row of a question that has at most one.
    ///
    /// # Errors
    /// When the statement fails, a column is of another type, or there is more than one row.
    pub fn one<T: FromRow>(&mut self, sql: Sql, params: &[Value]) -> Result<Option<T>, DatabaseError> {
        let mut found = None;
        self.run(sql, params, true, &mut |row| match found.replace(T::from_row(row)?) {
            None => Ok(()),
            Some(_) => Err(DatabaseError::other(format!("{}: more than one row", sql.name()))),
        })?;
        Ok(found)
    }

    /// All rows, in the statement's order.
    ///
    /// # Errors
    /// When the statement fails or a column is of another type.
    pub fn all<T: FromRow>(&mut self, sql: Sql, params: &[Value]) -> Result<Vec<T>, DatabaseError> {
        let mut found = Vec::new();
        self.run(sql, params, true, &mut |row| T::from_row(row).map(|row| found.push(row)))?;
        Ok(found)
    }

    /// Hands over row by row without keeping them, for exports: memory stays flat and the statement's time is not limited.
    ///
    /// # Errors
    /// When the statement fails, or what `take` says.
    pub fn each<E: From<DatabaseError>>(
        &mut self,
        sql: Sql,
        params: &[Value],
        mut take: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut refused = None;
        let outcome = self.run(sql, params, false, &mut |row| {
            take(row).map_err(|error| {
                refused = Some(error);
                DatabaseError::other("the receiver of the rows stopped")
            })
        });
        refused.map_or_else(|| outcome.map(drop).map_err(E::from), Err)
    }

    /// Which engine answers, for the rare statement that has a text for each.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.connection.engine()
    }

    /// After one failure PostgreSQL refuses all further statements of a transaction; SQLite is held to the same.
    fn run(&mut self, sql: Sql, params: &[Value], limited: bool, take: Take<'_>) -> Result<u64, DatabaseError> {
        if self.failed.is_some() {
            return Err(ignored());
        }
        self.statements += 1;
        let outcome = self.connection.run(sql, params, limited, take);
        self.failed = outcome.as_ref().err().map(|error| match error {
            DatabaseError::Busy(_) => DatabaseError::Busy(None),
            DatabaseError::Unreachable(_) => DatabaseError::Unreachable(None),
            _ => ignored(),
        });
        outcome
    }
}

fn ignored() -> DatabaseError {
    DatabaseError::other("an earlier statement of this transaction failed, and that was ignored")
}

/// A transaction: reads as [`Read`] does and changes; all of it is saved, or nothing.
///
/// A statement that failed ends the transaction: what is expected to collide is written with `ON CONFLICT`.
#[derive(Deref, DerefMut)]
pub struct Write<'c>(Read<'c>);

impl<'c> Write<'c> {
    pub(super) const fn new(connection: &'c mut dyn Connection) -> Self {
        Self(Read { connection, failed: None, statements: 0 })
    }

    /// How many statements were run so far.
    pub(super) const fn statements(&self) -> u64 {
        self.0.statements
    }

    /// What the first failure of a statement means for all of the transaction: to be run again when it is `Busy` or `Unreachable`.
    pub(super) fn failure(self) -> Option<DatabaseError> {
        self.0.failed
    }

    /// Changes rows and says how many. `INSERT … RETURNING` goes through [`Read::one`].
    ///
    /// # Errors
    /// When the statement fails.
    pub fn execute(&mut self, sql: Sql, params: &[Value]) -> Result<u64, DatabaseError> {
        self.0.run(sql, params, true, &mut |_| Ok(()))
    }
}
