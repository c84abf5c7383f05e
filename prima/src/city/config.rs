//! `prima config`: every setting in force, and where it comes from. Passwords in addresses are not shown.

use super::arguments::ConfigArgs;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::word;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args as _, Command};
use rules::phrase::Language;

/// Prints the settings as `matches`, those of the command, hold them.
pub(crate) fn run(matches: &ArgMatches, language: Language) -> Result<Ending, Problem> {
    let command = ConfigArgs::augment_args(Command::new("config"));
    let mut lines =
        vec![[word("config.setting", language), word("config.value", language), word("config.source", language)]];
    for argument in command.get_arguments() {
        let name = argument.get_id().as_str();
        let Some(variable) = argument.get_env().and_then(std::ffi::OsStr::to_str) else { continue };
        let source = matches.value_source(name);
        let value = if source.is_some() { value(matches, name) } else { String::new() };
        let value = match value.as_str() {
            "" if name == "database" => super::settings::DATABASE.to_owned(),
            "" => "-".to_owned(),
            value => without_password(value),
        };
        let flag = argument.get_long().unwrap_or(name);
        let from = match source {
            Some(ValueSource::CommandLine) => format!("--{flag}"),
            Some(ValueSource::EnvVariable) => variable.to_owned(),
            _ => word("config.default", language),
        };
        lines.push([flag.to_owned(), value, from]);
    }
    Output::Standard.write(table(&lines).as_bytes())?;
    Ok(Ending::Done)
}

fn value(matches: &ArgMatches, name: &str) -> String {
    let raw = matches.try_get_raw(name).ok().flatten();
    let words = raw.into_iter().flatten().map(|value| value.to_string_lossy().into_owned());
    words.collect::<Vec<_>>().join(",")
}

fn table(lines: &[[String; 3]]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    lines.iter().map(|[flag, value, from]| format!("{flag:first$}  {value:second$}  {from}\n")).collect()
}

/// `postgres://prima:…@host/db` of an address with a password.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let Some((login, host)) = rest.rsplit_once('@') else { return address.to_owned() };
    let user = login.split(':').next().unwrap_or_default();
    if login.contains(':') { format!("{scheme}://{user}:…@{host}") } else { address.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        assert_eq!(without_password("postgres://prima:rahasia@db/kota"), "postgres://prima:…@db/kota");
        assert_eq!(without_password("postgres://prima@db/kota"), "postgres://prima@db/kota");
        assert_eq!(without_password("smtps://prima:r@hasia@mail.kota.go.id"), "smtps://prima:…@mail.kota.go.id");
        assert_eq!(without_password("prima.db"), "prima.db");
    }
}
