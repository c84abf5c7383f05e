//! The commands and their options. Help texts live in the locales, under `help.<command>.<option>`.

use crate::city::arguments::{
    AuditArgs, BackupArgs, ConfigArgs, DemoArgs, DoctorArgs, ExportArgs, ImportArgs, KeyArgs, MigrateArgs,
    RegisterArgs, RestoreArgs, RoutesArgs, ServeArgs, UserArgs,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(name = "prima", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[arg(long, global = true, value_enum, default_value_t = Lang::Id)]
    pub(crate) lang: Lang,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Instruments(InstrumentsArgs),
    Score(ScoreArgs),
    Classify(ClassifyArgs),
    Deadline(DeadlineArgs),
    SampleSize(SampleSizeArgs),
    Path(PathArgs),
    Verify(VerifyArgs),
    Demo(DemoArgs),
    Serve(ServeArgs),
    Migrate(MigrateArgs),
    Config(ConfigArgs),
    User(UserArgs),
    Import(ImportArgs),
    Export(ExportArgs),
    Audit(AuditArgs),
    Key(KeyArgs),
    Register(RegisterArgs),
    Backup(Box<BackupArgs>),
    Restore(RestoreArgs),
    Doctor(Box<DoctorArgs>),
    Routes(RoutesArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Id,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScoreFormat {
    Text,
    Json,
    Csv,
    Pdf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct InstrumentsArgs {
    #[command(subcommand)]
    pub(crate) action: Option<InstrumentsAction>,
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    pub(crate) format: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InstrumentsAction {
    List,
    Show {
        #[arg(value_name = "INSTRUMENT")]
        instrument: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    #[arg(value_name = "INSTRUMENT")]
    pub(crate) instrument: String,
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) by: Option<Vec<String>>,
    #[arg(long)]
    pub(crate) means: bool,
    #[arg(long, value_name = "exact|round2|round3", value_parser = ["exact", "round2", "round3"])]
    pub(crate) weights: Option<String>,
    #[arg(long, value_name = "questionnaire|regulation", value_parser = ["questionnaire", "regulation"])]
    pub(crate) order: Option<String>,
    #[arg(long, value_name = "N")]
    pub(crate) population: Option<u64>,
    #[arg(long, value_name = "COLUMN")]
    pub(crate) compare: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) details: Option<PathBuf>,
    #[arg(long)]
    pub(crate) strict: bool,
    #[arg(long)]
    pub(crate) explain: bool,
    #[arg(long, value_enum, default_value_t = ScoreFormat::Text)]
    pub(crate) format: ScoreFormat,
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ClassifyArgs {
    #[arg(value_name = "INSTRUMENT")]
    pub(crate) instrument: String,
    #[arg(value_name = "VALUE", required = true, allow_negative_numbers = true)]
    pub(crate) values: Vec<String>,
    #[arg(long, value_name = "LEVEL")]
    pub(crate) compliance: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct DeadlineArgs {
    #[arg(value_name = "KIND RECEIVED", required = true, num_args = 1..=2)]
    pub(crate) words: Vec<String>,
    #[arg(long, value_name = "N")]
    pub(crate) days: Option<u32>,
    #[arg(long, value_name = "off|working", value_parser = ["off", "working"], default_value = "off")]
    pub(crate) joint_leave: String,
    #[arg(long, value_name = "FILE")]
    pub(crate) calendar: Option<PathBuf>,
    #[arg(long, value_name = "WIB|WITA|WIT", ignore_case = true, value_parser = ["WIB", "WITA", "WIT"])]
    pub(crate) zone: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct SampleSizeArgs {
    #[arg(value_name = "POPULATION")]
    pub(crate) population: u64,
    #[arg(long, default_value = "0.95")]
    pub(crate) confidence: String,
    #[arg(long, default_value = "0.05")]
    pub(crate) margin: String,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct PathArgs {
    #[arg(value_name = "INSTRUMENT")]
    pub(crate) instrument: String,
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "N")]
    pub(crate) f03: Option<String>,
    #[arg(long, value_name = "A-|N")]
    pub(crate) target: Option<String>,
    #[arg(long, value_name = "N")]
    pub(crate) budget: Option<String>,
    #[arg(long)]
    pub(crate) curve: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) efforts: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    #[arg(long, value_name = "FILE")]
    pub(crate) instrument: Option<String>,
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) signature: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
