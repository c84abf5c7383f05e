//! PostgreSQL through its own programs: `pg_dump` writes what `pg_restore` reads, in any later version.
//!
//! The password goes through the environment of the child, never on a command line, which others on the machine may read.

use super::{BackupError, Facts, store};
use crate::audit;
use crate::database::{Database, Options};
use postgres::config::Host;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use time::OffsetDateTime;

/// Writes the state of the moment when this begins into a file, and tells what is in it.
pub(super) fn dump(
    url: &str,
    to: &Path,
    begun: impl FnOnce() -> OffsetDateTime + Send + 'static,
) -> Result<(OffsetDateTime, Facts), BackupError> {
    let options = Options { readers: 1, writers: 1, statement_timeout: Duration::from_secs(60), ..Options::default() };
    let database = Database::open(url, &options)?;
    let (url, to) = (url.to_owned(), to.to_owned());
    let read = database.read_now(move |db| {
        let moment = begun();
        // One transaction counts and lends its snapshot to the program that writes: both see the same.
        let snapshot = store::export_snapshot(db)?;
        let version = store::server_version(db)?;
        let facts = Facts {
            engine_version: version.to_string(),
            migration: store::last_migration(db)?,
            rows: store::counts_in_postgres(db)?,
            audit: audit::heads(db)?,
        };
        let mut command = command("pg_dump", Some(version), &url)?;
        command.args(["--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--no-password"]);
        run("pg_dump", command.arg(format!("--snapshot={snapshot}")).arg("--file").arg(&to))?;
        Ok::<_, BackupError>((moment, facts))
    });
    database.close();
    read
}

/// Whether a file is a dump that can be read to its end.
pub(super) fn check(file: &Path) -> Result<(), BackupError> {
    let mut command = Command::new(program("pg_restore", None)?);
    // Writes what it reads as statements, to nowhere.
    run("pg_restore", command.arg("--file=/dev/null").arg(file))
}

/// Reads a dump into an empty database: all of it, or nothing.
pub(super) fn restore(file: &Path, url: &str) -> Result<(), BackupError> {
    let version = server_version(url)?;
    let mut command = command("pg_restore", Some(version), url)?;
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]);
    let database = database_of(url)?;
    run("pg_restore", command.arg("--dbname").arg(database).arg(file))
}

/// What is in a database that was restored.
pub(super) fn examine(url: &str) -> Result<Facts, BackupError> {
    asked(url, |db| {
        let (version, migration) = (store::server_version(db)?, store::last_migration(db)?);
        let (rows, audit) = (store::counts_in_postgres(db)?, audit::heads(db)?);
        Ok(Facts { engine_version: version.to_string(), migration, rows, audit })
    })
}

/// Whether a database has no tables.
pub(super) fn is_empty(url: &str) -> Result<bool, BackupError> {
    asked(url, |db| Ok(store::tables_in_postgres(db)? == 0))
}

fn server_version(url: &str) -> Result<u64, BackupError> {
    asked(url, |db| Ok(store::server_version(db)?))
}

fn asked<T: Send + 'static>(
    url: &str,
    ask: impl FnOnce(&mut crate::database::Read<'_>) -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let database = Database::open(url, &Options { readers: 1, writers: 1, ..Options::default() })?;
    let answered = database.read_now(ask);
    database.close();
    answered
}

fn run(tool: &'static str, command: &mut Command) -> Result<(), BackupError> {
    let ended = command.stdin(Stdio::null()).stdout(Stdio::null()).output();
    let ended = ended.map_err(|error| BackupError::of(tool, error))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    // Rows that were refused follow in later lines: only the first is shown.
    let detail: String = said.lines().next().unwrap_or_default().chars().take(200).collect();
    if said.contains("No space left on device") {
        return Err(BackupError::NoRoom { place: tool.to_owned() });
    }
    Err(BackupError::Tool { tool, detail })
}

/// A program with the address of the server in its environment.
fn command(tool: &'static str, server: Option<u64>, url: &str) -> Result<Command, BackupError> {
    let mut command = Command::new(program(tool, server)?);
    let (plain, tls) = without_tls(url);
    let config: postgres::Config =
        plain.parse().map_err(|_| BackupError::NotAPlace { given: "postgres://…".into() })?;
    let hosts: Vec<String> = config.get_hosts().iter().map(host).collect();
    let ports: Vec<String> = config.get_ports().iter().map(ToString::to_string).collect();
    let texts = [
        ("PGHOST", Some(hosts.join(","))),
        ("PGPORT", Some(ports.join(","))),
        ("PGUSER", config.get_user().map(str::to_owned)),
        ("PGDATABASE", config.get_dbname().map(str::to_owned)),
        ("PGPASSWORD", config.get_password().map(|bytes| String::from_utf8_lossy(bytes).into_owned())),
        ("PGSSLMODE", Some(tls.0)),
        ("PGSSLROOTCERT", tls.1),
        ("PGCONNECT_TIMEOUT", Some("10".to_owned())),
    ];
    for (name, value) in texts {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            command.env(name, value);
        }
    }
    Ok(command)
}

fn database_of(url: &str) -> Result<String, BackupError> {
    let config: Result<postgres::Config, _> = without_tls(url).0.parse();
    let name = config.ok().and_then(|config| config.get_dbname().or(config.get_user()).map(str::to_owned));
    name.ok_or_else(|| BackupError::NotAPlace { given: "postgres://…".into() })
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

/// The address without its words on encryption, and those: what encrypts is checked, as the program itself does.
fn without_tls(url: &str) -> (String, (String, Option<String>)) {
    let Some((address, query)) = url.split_once('?') else { return (url.to_owned(), ("prefer".into(), None)) };
    let (mut mode, mut file, mut rest) = ("prefer".to_owned(), None, Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", "disable")) => mode = "disable".into(),
            Some(("sslmode", _)) => mode = "verify-full".into(),
            Some(("sslrootcert", value)) => file = Some(value.to_owned()),
            _ => rest.push(pair),
        }
    }
    let separator = if rest.is_empty() { "" } else { "?" };
    if mode == "verify-full" && file.is_none() {
        file = Some("system".to_owned());
    }
    (format!("{address}{separator}{}", rest.join("&")), (mode, file))
}

/// The oldest installed program that is not older than the server, which is what its makers advise.
fn program(tool: &'static str, server: Option<u64>) -> Result<PathBuf, BackupError> {
    let wanted = server.map(|version| version / 10_000);
    let mut found: Vec<(u64, PathBuf)> =
        candidates(tool).into_iter().filter_map(|path| Some((major_of(&path)?, path))).collect();
    found.sort();
    if found.is_empty() {
        return Err(BackupError::NoTool { tool, server: None });
    }
    let fitting = found.into_iter().find(|(major, _)| wanted.is_none_or(|wanted| *major >= wanted));
    fitting.map(|(_, path)| path).ok_or(BackupError::NoTool { tool, server: wanted })
}

fn candidates(tool: &str) -> Vec<PathBuf> {
    let packages = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let of_packages = packages.map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = of_packages.chain(std::env::split_paths(&path)).collect();
    folders.into_iter().map(|folder| folder.join(tool)).filter(|file| file.is_file()).collect()
}

/// `pg_dump (PostgreSQL) 15.14 (Debian …)` gives 15.
fn major_of(program: &Path) -> Option<u64> {
    let said = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    major_in(&String::from_utf8_lossy(&said.stdout))
}

fn major_in(words: &str) -> Option<u64> {
    let version = words.split_whitespace().find(|word| word.starts_with(|sign: char| sign.is_ascii_digit()))?;
    version.split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_in_the_environment_and_not_on_the_command_line() {
        let command =
            command("pg_dump", None, "postgres://prima:rahasia@db.contoh.go.id:5433/kota?sslmode=require").unwrap();
        let line: Vec<_> = command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        assert!(!line.iter().any(|word| word.contains("rahasia")), "{line:?}");
        let of = |wanted: &str| {
            let found = command.get_envs().find(|(name, _)| *name == wanted);
            found.and_then(|(_, value)| value).map(|value| value.to_string_lossy().into_owned())
        };
        assert_eq!(of("PGPASSWORD").as_deref(), Some("rahasia"));
        assert_eq!((of("PGHOST").as_deref(), of("PGPORT").as_deref()), (Some("db.contoh.go.id"), Some("5433")));
        assert_eq!((of("PGDATABASE").as_deref(), of("PGUSER").as_deref()), (Some("kota"), Some("prima")));
        assert_eq!(of("PGSSLMODE").as_deref(), Some("verify-full"), "never weaker than the program's own connection");
    }

    #[test]
    fn a_program_older_than_the_server_is_refused_with_the_version_that_is_needed() {
        let refused = program("pg_dump", Some(990_000));
        assert!(matches!(refused, Err(BackupError::NoTool { tool: "pg_dump", server: Some(99) })), "{refused:?}");
        assert!(matches!(program("pg_no_such", None), Err(BackupError::NoTool { server: None, .. })));
        assert_eq!(major_in("pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(major_in("pg_dump (PostgreSQL) 18beta1"), Some(18));
    }
}
