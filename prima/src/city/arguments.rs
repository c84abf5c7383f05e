//! The settings of a city and the options of its commands. Each setting is a flag and an environment variable.

use crate::cli::Format;
use clap::{Args, Subcommand, ValueEnum};
use ipnet::IpNet;
use platform::audit::Head;
use platform::backup::Retention;
use platform::checkup::Check;
use platform::files::Scanner;
use std::net::SocketAddr;
use std::path::PathBuf;
use time::Time;

/// Where the data is: for every command of a city.
#[derive(Debug, Clone, Args)]
pub(crate) struct StoreSettings {
    #[arg(long, env = "PRIMA_DATABASE", value_name = "FILE|URL")]
    pub(crate) database: Option<String>,
    #[arg(long, env = "PRIMA_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    #[arg(long, env = "PRIMA_READERS", value_name = "N", default_value_t = 4)]
    pub(crate) readers: u16,
    #[arg(long, env = "PRIMA_WRITERS", value_name = "N", default_value_t = 8)]
    pub(crate) writers: u16,
    #[arg(long, env = "PRIMA_STATEMENT_SECONDS", value_name = "N", default_value_t = 10)]
    pub(crate) statement_seconds: u16,
    #[arg(long, env = "PRIMA_FILES", value_name = "FOLDER|s3://…")]
    pub(crate) files: Option<String>,
    #[arg(long, env = "PRIMA_S3_ENDPOINT", value_name = "URL")]
    pub(crate) s3_endpoint: Option<String>,
}

/// How the server meets the network and its operator.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServerSettings {
    #[command(flatten)]
    pub(crate) store: StoreSettings,
    #[arg(long, env = "PRIMA_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    #[arg(long, env = "PRIMA_METRICS", value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    #[arg(long, env = "PRIMA_CERTIFICATE", value_name = "FILE", requires = "private_key")]
    pub(crate) certificate: Option<PathBuf>,
    #[arg(long, env = "PRIMA_PRIVATE_KEY", value_name = "FILE", requires = "certificate")]
    pub(crate) private_key: Option<PathBuf>,
    #[arg(long, env = "PRIMA_CLAMAV", value_name = "unix:PATH|tcp:HOST:PORT")]
    pub(crate) clamav: Option<Scanner>,
    #[arg(long, env = "PRIMA_HTTPS")]
    pub(crate) https: bool,
    #[arg(long, env = "PRIMA_TRUSTED_PROXIES", value_name = "NETWORK,…", value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<IpNet>,
    #[arg(long, env = "PRIMA_REQUESTS_A_MINUTE", value_name = "N", default_value_t = 1200)]
    pub(crate) requests_a_minute: u32,
    #[command(flatten)]
    pub(crate) mail: MailSettings,
    #[arg(long, env = "PRIMA_LOG", value_name = "FILTER", default_value = "info")]
    pub(crate) log: String,
    #[arg(long, env = "PRIMA_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    #[arg(long, env = "PRIMA_TRACES", value_name = "URL")]
    pub(crate) traces: Option<String>,
    #[command(flatten)]
    pub(crate) backup: BackupSettings,
    #[arg(long, env = "PRIMA_NTP", value_name = "HOST")]
    pub(crate) ntp: Option<String>,
}

/// Where backups go, for whom, when, and how many are kept.
#[derive(Debug, Clone, Args)]
pub(crate) struct BackupSettings {
    #[arg(long, env = "PRIMA_BACKUP", value_name = "FOLDER|s3://…")]
    pub(crate) backup: Option<String>,
    #[arg(long, env = "PRIMA_BACKUP_RECIPIENT", value_name = "age1…,…")]
    pub(crate) backup_recipient: Option<String>,
    #[arg(long, env = "PRIMA_BACKUP_AT", value_name = "HH.MM", value_parser = time_of_day)]
    pub(crate) backup_at: Option<Time>,
    #[arg(long, env = "PRIMA_BACKUP_KEEP", value_name = "DAYS,WEEKS,MONTHS", default_value = "7,5,12", value_parser = retention)]
    pub(crate) backup_keep: Retention,
    #[arg(long, env = "PRIMA_BACKUP_WORK", value_name = "FOLDER")]
    pub(crate) backup_work: Option<PathBuf>,
}

/// How mail goes out, and the address that links in it lead to.
#[derive(Debug, Clone, Args)]
pub(crate) struct MailSettings {
    #[arg(long, env = "PRIMA_SMTP", value_name = "URL", requires = "mail_from", hide_env_values = true)]
    pub(crate) smtp: Option<String>,
    #[arg(long, env = "PRIMA_SMTP_PASSWORD_FILE", value_name = "FILE", requires = "smtp")]
    pub(crate) smtp_password_file: Option<PathBuf>,
    #[arg(long, env = "PRIMA_SMTP_ROOTS", value_name = "FILE", requires = "smtp")]
    pub(crate) smtp_roots: Option<PathBuf>,
    #[arg(long, env = "PRIMA_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<String>,
    #[arg(long, env = "PRIMA_MAIL_SENT", value_name = "ADDRESS=maildir:FOLDER")]
    pub(crate) mail_sent: Option<String>,
    #[arg(long, env = "PRIMA_MAIL_A_MINUTE", value_name = "N", default_value_t = 600)]
    pub(crate) mail_a_minute: u32,
    #[arg(long = "origin", env = "PRIMA_ORIGIN", value_name = "URL")]
    pub(crate) origin: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) settings: ServerSettings,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    pub(crate) store: StoreSettings,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(flatten)]
    pub(crate) settings: ServerSettings,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: ServerSettings,
}

#[derive(Debug, Args)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    pub(crate) action: UserAction,
}

/// Which city a command is about.
#[derive(Debug, Clone, Args)]
pub(crate) struct CitySettings {
    #[command(flatten)]
    pub(crate) store: StoreSettings,
    #[arg(long, env = "PRIMA_INSTITUTION", value_name = "SLUG")]
    pub(crate) institution: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserAction {
    Add {
        #[command(flatten)]
        city: CitySettings,
        #[arg(value_name = "EMAIL")]
        email: String,
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "ROLE", default_value = "system-admin")]
        role: String,
        #[arg(long, value_name = "SLUG")]
        unit: Option<String>,
        #[arg(long, env = "PRIMA_ORIGIN", value_name = "URL", default_value = "http://127.0.0.1:8080")]
        origin: String,
    },
    Reset {
        #[command(flatten)]
        city: CitySettings,
        #[arg(value_name = "EMAIL")]
        email: String,
        #[arg(long)]
        second_factor: bool,
        #[arg(long, env = "PRIMA_ORIGIN", value_name = "URL", default_value = "http://127.0.0.1:8080")]
        origin: String,
    },
    Revoke {
        #[command(flatten)]
        city: CitySettings,
        #[arg(value_name = "EMAIL")]
        email: String,
    },
    List {
        #[command(flatten)]
        city: CitySettings,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Imported {
    Units,
    People,
    Results,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Exported {
    Units,
    Results,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[arg(value_enum, value_name = "units|people|results")]
    pub(crate) what: Imported,
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long)]
    pub(crate) yes: bool,
    #[arg(long, env = "PRIMA_ORIGIN", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub(crate) origin: String,
    #[command(flatten)]
    pub(crate) city: CitySettings,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[arg(value_enum, value_name = "units|results")]
    pub(crate) what: Exported,
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) city: CitySettings,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    pub(crate) action: AuditAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    Verify {
        #[command(flatten)]
        city: CitySettings,
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
        expect: Option<Head>,
    },
    Export {
        #[command(flatten)]
        city: CitySettings,
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) action: KeyAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    List {
        #[command(flatten)]
        store: StoreSettings,
    },
    Add {
        #[command(flatten)]
        store: StoreSettings,
        #[arg(long, conflicts_with = "index")]
        later: bool,
        #[arg(long)]
        index: bool,
    },
    Use {
        #[command(flatten)]
        store: StoreSettings,
        #[arg(value_name = "NUMBER")]
        number: u16,
    },
    Rotate {
        #[command(flatten)]
        store: StoreSettings,
    },
    Retire {
        #[command(flatten)]
        store: StoreSettings,
        #[arg(value_name = "NUMBER")]
        number: u16,
        #[arg(long)]
        index: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(subcommand)]
    pub(crate) action: Option<BackupAction>,
    #[command(flatten)]
    pub(crate) store: StoreSettings,
    #[command(flatten)]
    pub(crate) settings: BackupSettings,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupAction {
    Key {
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    List {
        #[command(flatten)]
        settings: BackupSettings,
    },
    Verify {
        #[arg(value_name = "PLACE[:ID]")]
        from: Option<String>,
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        #[arg(long, value_name = "URL")]
        scratch: Option<String>,
        #[command(flatten)]
        store: StoreSettings,
        #[command(flatten)]
        settings: BackupSettings,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[arg(value_name = "PLACE[:ID]")]
    pub(crate) from: String,
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) to: String,
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) migrate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[arg(value_name = "CHECK", value_parser = check)]
    pub(crate) checks: Vec<Check>,
    #[arg(long)]
    pub(crate) thorough: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) settings: ServerSettings,
}

#[derive(Debug, Args)]
pub(crate) struct RoutesArgs {}

/// `02.00` or `02:00`.
fn time_of_day(text: &str) -> Result<Time, String> {
    let read = text
        .split_once(['.', ':'])
        .and_then(|(hour, minute)| Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok());
    read.ok_or_else(|| text.to_owned())
}

fn retention(text: &str) -> Result<Retention, String> {
    text.parse().map_err(|()| text.to_owned())
}

fn check(text: &str) -> Result<Check, String> {
    Check::named(text).ok_or_else(|| text.to_owned())
}

fn head(text: &str) -> Result<Head, String> {
    text.parse().map_err(|()| text.to_owned())
}
