//! PostgreSQL: a connection that remembers what it prepared and whether its transaction may run again.

use super::connection::{self, Take};
use super::{Cause, DatabaseError, Engine, Options, Row, Sql, Value, tls};
use bytes::BytesMut;
use postgres::config::SslMode;
use postgres::error::{DbError, SqlState};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, Column, Error, NoTls, Statement};
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

/// One connection with its prepared statements.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Connection {
    pub(super) fn open(address: &Address, options: &Options) -> Result<Self, DatabaseError> {
        let client = match &address.tls {
            Some(tls) => address.config.connect(tls.clone()),
            None => address.config.connect(NoTls),
        };
        let client = client.map_err(|error| failure("CONNECT", error))?;
        let limit = options.statement_timeout.as_millis();
        let mut connection = Self { client, statements: HashMap::new() };
        connection::Connection::batch(&mut connection, &format!("SET statement_timeout={limit}; SET TimeZone='UTC'"))?;
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
}

impl connection::Connection for Connection {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn batch(&mut self, text: &str) -> Result<(), DatabaseError> {
        self.client.batch_execute(text).map_err(|error| failure("BATCH", error))
    }

    fn prepare(&mut self, sql: Sql) -> Result<(), DatabaseError> {
        self.prepared(sql).map(drop).map_err(|error| failure(sql.name(), error))
    }

    fn run(&mut self, sql: Sql, params: &[Value], limited: bool, take: Take<'_>) -> Result<u64, DatabaseError> {
        if !limited {
            // For the rest of the transaction: what may take long is asked by exports, alone in theirs.
            self.batch("SET LOCAL statement_timeout=0")?;
        }
        let fail = |error| failure(sql.name(), error);
        let statement = self.prepared(sql).map_err(fail)?;
        let mut rows = self.client.query_raw(&statement, params).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            take(&Row::new(&|index| column(&row, index).map_err(|error| error.to_string())))?;
        }
        Ok(rows.rows_affected().unwrap_or(0))
    }
}

fn failure(statement: &'static str, source: Error) -> DatabaseError {
    let (state, name) = match source.as_db_error() {
        // A migration changed the tables of a prepared statement: on a new connection it is prepared anew.
        Some(error) if error.routine() == Some("RevalidateCachedQuery") => ("08000".to_owned(), String::new()),
        Some(error) => (error.code().code().to_owned(), rule_of(error)),
        None if is_of_a_value(&source) => (String::new(), String::new()),
        None => ("08006".to_owned(), String::new()),
    };
    DatabaseError::of_engine(&state, name, statement, source.into())
}

/// The driver's own errors all come of the connection but two: for values that do not fit the statement.
fn is_of_a_value(error: &Error) -> bool {
    let words = error.to_string();
    words.starts_with("error serializing") || words.starts_with("expected")
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

fn column(row: &postgres::Row, index: usize) -> Result<Value, Error> {
    let read = match row.columns().get(index).map(Column::type_) {
        Some(&Type::BOOL) => value::<bool>,
        Some(&Type::INT4) => value::<i32>,
        Some(&Type::INT8) => value::<i64>,
        Some(&Type::BYTEA) => value::<&[u8]>,
        Some(&Type::UUID) => value::<uuid::Uuid>,
        Some(&Type::TIMESTAMPTZ) => value::<time::OffsetDateTime>,
        Some(&Type::DATE) => value::<time::Date>,
        _ => value::<&str>,
    };
    read(row, index)
}

fn value<'a, T: FromSql<'a> + Into<Value>>(row: &'a postgres::Row, index: usize) -> Result<Value, Error> {
    row.try_get::<_, Option<T>>(index).map(Value::from)
}
