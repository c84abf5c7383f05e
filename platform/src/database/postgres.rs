//! PostgreSQL: a connection that remembers what it prepared and whether its transaction may run again.

use super::link::{self, Setback, Take};
use super::{Cause, DatabaseError, Engine, Options, Row, Sql, Value, tls};
use bytes::BytesMut;
use postgres::config::SslMode;
use postgres::error::{DbError, SqlState};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, Error, NoTls, Statement};
use std::collections::HashMap;
use std::time::Duration;

/// Where the server is and how to speak with it.
pub(super) struct Address {
    config: postgres::Config,
    tls: Option<tokio_postgres_rustls::MakeRustlsConnect>,
}

impl Address {
    pub(super) fn read(url: &str) -> Result<Self, DatabaseError> {
        let (url, tls) = tls::split(url)?;
        let mut config: postgres::Config = url.parse().map_err(|error: Error| DatabaseError::Other(error.into()))?;
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        config.connect_timeout(Duration::from_secs(5)).tcp_user_timeout(Duration::from_secs(20));
        if config.get_application_name().is_none() {
            config.application_name("prima");
        }
        Ok(Self { config, tls })
    }
}

/// One connection with its prepared statements and what befell its transaction.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    setback: Option<Setback>,
}

impl Connection {
    pub(super) fn open(address: &Address, options: &Options) -> Result<Self, DatabaseError> {
        let client = match &address.tls {
            Some(tls) => address.config.connect(tls.clone()),
            None => address.config.connect(NoTls),
        };
        let client = client.map_err(|error| failure("CONNECT", error, true))?;
        let limit = options.statement_timeout.as_millis();
        let mut connection = Self { client, statements: HashMap::new(), setback: None };
        link::Connection::batch(&mut connection, &format!("SET statement_timeout={limit}; SET TimeZone='UTC'"))?;
        Ok(connection)
    }

    fn prepared(&mut self, sql: Sql) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql.text()) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql.text())?;
        self.statements.insert(sql.text(), statement.clone());
        Ok(statement)
    }

    fn try_run(&mut self, sql: Sql, params: &[Value], take: Take<'_>) -> Result<Result<u64, DatabaseError>, Error> {
        let statement = self.prepared(sql)?;
        let mut rows = self.client.query_raw(&statement, params)?;
        while let Some(row) = rows.next()? {
            let column = |index| row.try_get(index).map_err(|error| error.to_string());
            if let Err(error) = take(&Row::new(&column)) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(rows.rows_affected().unwrap_or(0)))
    }

    /// The error for the reader; what it means for the transaction is remembered.
    fn failed(&mut self, statement: &'static str, error: Error) -> DatabaseError {
        self.setback = self.setback.or_else(|| setback(&error));
        failure(statement, error, self.setback == Some(Setback::Lost))
    }
}

impl link::Connection for Connection {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn batch(&mut self, text: &str) -> Result<(), DatabaseError> {
        self.setback = None;
        self.client.batch_execute(text).map_err(|error| self.failed("BATCH", error))
    }

    fn control(&mut self, words: &[&'static str]) -> Result<(), DatabaseError> {
        self.batch(&words.join("; "))
    }

    fn prepare(&mut self, sql: Sql) -> Result<(), DatabaseError> {
        self.prepared(sql).map(drop).map_err(|error| self.failed(sql.name(), error))
    }

    fn run(&mut self, sql: Sql, params: &[Value], limited: bool, take: Take<'_>) -> Result<u64, DatabaseError> {
        if !limited {
            // For the rest of the transaction: what may take long is asked by exports, alone in theirs.
            self.batch("SET LOCAL statement_timeout=0")?;
        }
        self.try_run(sql, params, take).map_err(|error| self.failed(sql.name(), error))?
    }

    /// Which transactions of the server were over when this was asked: any that writes changes it when it ends.
    fn stamp(&mut self) -> Result<String, DatabaseError> {
        let row = self.client.query_one("SELECT CAST(pg_current_snapshot() AS TEXT)", &[]);
        row.and_then(|row| row.try_get(0)).map_err(|error| self.failed("STAMP", error))
    }

    fn setback(&self) -> Option<Setback> {
        self.setback
    }
}

fn setback(error: &Error) -> Option<Setback> {
    match error.code().map(SqlState::code) {
        Some("40001" | "40P01") => Some(Setback::Collided),
        // 0A000 is also said of a prepared statement whose tables a migration changed: a new connection prepares it anew.
        Some(state) => (state.starts_with("57P") || state == "0A000").then_some(Setback::Lost),
        None => {
            // The driver's own errors: all come of the connection but two, for values that do not fit the statement.
            let words = error.to_string();
            (!words.starts_with("error serializing") && !words.starts_with("expected")).then_some(Setback::Lost)
        }
    }
}

fn failure(statement: &'static str, source: Error, lost: bool) -> DatabaseError {
    let (state, name) = match source.as_db_error() {
        Some(error) => (error.code().code().to_owned(), rule_of(error)),
        None => (if lost { "08006" } else { "" }.to_owned(), String::new()),
    };
    DatabaseError::of_engine(&state, name, statement, source.into())
}

/// `table.column, table.column` as SQLite says it, from `Key (column, column)=(…) already exists.`; else the constraint's name.
fn rule_of(error: &DbError) -> String {
    let table = error.table().unwrap_or_default();
    let detail = error.detail().filter(|_| *error.code() == SqlState::UNIQUE_VIOLATION);
    let key = detail.and_then(|words| words.split_once('(')?.1.split_once(")="));
    match error.column().or(key.map(|(columns, _)| columns)) {
        Some(columns) => format!("{table}.{}", columns.replace(", ", &format!(", {table}."))),
        None => error.constraint().unwrap_or_default().to_owned(),
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Cause> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(yes) => yes.to_sql_checked(kind, out),
            Self::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Int(number) => number.to_sql_checked(kind, out),
            Self::Text(text) => text.to_sql_checked(kind, out),
            Self::Blob(bytes) => bytes.to_sql_checked(kind, out),
            Self::Uuid(uuid) => uuid.to_sql_checked(kind, out),
            Self::Time(moment) => moment.to_sql_checked(kind, out),
            Self::Date(day) => day.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Result<Self, Cause> {
        let read = match *kind {
            Type::BOOL => value::<bool>,
            Type::INT4 => value::<i32>,
            Type::INT8 => value::<i64>,
            Type::BYTEA => value::<&[u8]>,
            Type::UUID => value::<uuid::Uuid>,
            Type::TIMESTAMPTZ => value::<time::OffsetDateTime>,
            Type::DATE => value::<time::Date>,
            _ if <&str as FromSql>::accepts(kind) => value::<&str>,
            _ => return Err(format!("{kind} is no type of these tables").into()),
        };
        read(kind, bytes)
    }

    fn from_sql_null(_: &Type) -> Result<Self, Cause> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn value<'a, T: FromSql<'a> + Into<Value>>(kind: &Type, bytes: &'a [u8]) -> Result<Value, Cause> {
    T::from_sql(kind, bytes).map(Into::into)
}
