//! What a closure works with: [`Read`] inside a snapshot, [`Write`] inside a transaction.

use super::{DatabaseError, Engine, FromRow, Row, Sql, Value, postgres, sqlite};
use std::ops::{Deref, DerefMut};

/// A consistent view of the database: every statement of one closure sees the same state.
pub struct Read<'c> {
    session: Session<'c>,
    failed: bool,
}

/// The engine's side of a running transaction.
pub(super) enum Session<'c> {
    Sqlite(&'c sqlite::Connection),
    Postgres(&'c mut postgres::Connection),
}

impl<'c> Read<'c> {
    /// The row of a question that has at most one.
    ///
    /// # Errors
    /// When the statement fails, a column is of another type, or there is more than one row.
    pub fn one<T: FromRow>(&mut self, sql: Sql, params: &[Value]) -> Result<Option<T>, DatabaseError> {
        let mut found = None;
        self.rows(sql, params, Duration::Limited, &mut |row| {
            if found.is_some() {
                return Err(DatabaseError::other(format!("{}: more than one row", sql.name())));
            }
            found = Some(T::from_row(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// All rows, in the statement's order.
    ///
    /// # Errors
    /// When the statement fails or a column is of another type.
    pub fn all<T: FromRow>(&mut self, sql: Sql, params: &[Value]) -> Result<Vec<T>, DatabaseError> {
        let mut found = Vec::new();
        self.rows(sql, params, Duration::Limited, &mut |row| {
            found.push(T::from_row(row)?);
            Ok(())
        })?;
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
        let outcome = self.rows(sql, params, Duration::Unlimited, &mut |row| {
            take(row).map_err(|error| {
                refused = Some(error);
                DatabaseError::other("the receiver of the rows stopped")
            })
        });
        match refused {
            Some(error) => Err(error),
            None => outcome.map_err(E::from),
        }
    }

    /// Which engine answers, for the rare statement that has a text for each.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    fn rows(&mut self, sql: Sql, params: &[Value], time: Duration, take: Take<'_>) -> Result<(), DatabaseError> {
        self.unbroken(|session| match session {
            Session::Sqlite(connection) => connection.rows(sql, params, time, take),
            Session::Postgres(connection) => connection.rows(sql, params, time, take),
        })
    }

    /// After one failure PostgreSQL refuses all further statements of a transaction; SQLite is held to the same.
    fn unbroken<T>(
        &mut self,
        run: impl FnOnce(&mut Session<'c>) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        if self.failed {
            return Err(ignored_failure());
        }
        let outcome = run(&mut self.session);
        self.failed = outcome.is_err();
        outcome
    }
}

fn ignored_failure() -> DatabaseError {
    DatabaseError::other("an earlier statement of this transaction failed, and the failure was ignored")
}

/// How long a statement may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duration {
    Limited,
    Unlimited,
}

/// Receives row by row.
pub(super) type Take<'t> = &'t mut dyn FnMut(&Row<'_>) -> Result<(), DatabaseError>;

/// A transaction: reads as [`Read`] does and changes; all of it is saved, or nothing.
///
/// A statement that failed ends the transaction: what is expected to collide is written with `ON CONFLICT`.
pub struct Write<'c>(Read<'c>);

impl<'c> Write<'c> {
    pub(super) const fn new(session: Session<'c>) -> Self {
        Self(Read { session, failed: false })
    }

    /// Whether all statements so far succeeded.
    pub(super) const fn sound(&self) -> Result<(), fn() -> DatabaseError> {
        if self.0.failed { Err(ignored_failure) } else { Ok(()) }
    }

    /// Changes rows and says how many. `INSERT … RETURNING` goes through [`Read::one`].
    ///
    /// # Errors
    /// When the statement fails.
    pub fn execute(&mut self, sql: Sql, params: &[Value]) -> Result<u64, DatabaseError> {
        self.0.unbroken(|session| match session {
            Session::Sqlite(connection) => connection.execute(sql, params),
            Session::Postgres(connection) => connection.execute(sql, params),
        })
    }
}

impl<'c> Deref for Write<'c> {
    type Target = Read<'c>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Write<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
