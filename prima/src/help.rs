//! Help and usage errors in the reader's language.

use crate::cli::Cli;
use crate::words::{catalogue, word};
use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory};
use rules::phrase::{Language, Phrase};

/// The command tree with help texts from the locales.
pub(crate) fn command(language: Language) -> Command {
    localise(Cli::command(), "prima", "prima", language)
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .global(true)
                .action(clap::ArgAction::Help)
                .help(word("help.help", language))
                .help_heading(word("help.options", language)),
        )
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(clap::ArgAction::Version)
                .help(word("help.version", language))
                .help_heading(word("help.options", language)),
        )
}

/// The sentence of a key built at run time; every such key is checked by a test.
fn text(key: &str, language: Language) -> String {
    catalogue().find(key, language).unwrap_or(key).to_owned()
}

/// `path` names the command in the locales (`instruments-show`), `words` on the command line (`prima instruments show`).
/// Place of the options that every command has: below its own.
const LAST: usize = 900;

fn localise(command: Command, path: &str, words: &str, language: Language) -> Command {
    let heading = word("help.usage", language);
    let usage = usage(&command, words, language);
    let about = text(&format!("help.{path}.about"), language);
    let names: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let mut command = command
        .about(about)
        .help_template(format!("{{about-with-newline}}\n{heading}: {{usage}}\n\n{{all-args}}"))
        .override_usage(usage)
        .subcommand_help_heading(word("help.commands", language))
        .subcommand_value_name(word("help.command", language))
        .disable_version_flag(true);
    for (order, name) in names.into_iter().enumerate() {
        let key = if matches!(name.as_str(), "lang" | "format") {
            format!("help.{name}")
        } else {
            own_or_setting(path, &name)
        };
        let heading = word("help.options", language);
        let help = text(&key, language);
        command = command.mut_arg(&name, |arg| {
            let positional = arg.is_positional();
            let takes_value = arg.get_action().takes_values();
            let order = if name == "lang" { LAST } else { order };
            let arg =
                arg.help(help).display_order(order).hide_possible_values(takes_value).hide_default_value(takes_value);
            arg.help_heading(if positional { word("help.arguments", language) } else { heading })
        });
    }
    let subcommands: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in subcommands {
        let sub_path = if path == "prima" { name.clone() } else { format!("{path}-{name}") };
        let sub_words = format!("{words} {name}");
        command = command.mut_subcommand(&name, |sub| localise(sub, &sub_path, &sub_words, language));
    }
    command
}

/// The key of an option: its command's own, else that of the setting that several commands share.
fn own_or_setting(path: &str, name: &str) -> String {
    let own = format!("help.{path}.{name}");
    if catalogue().find(&own, Language::Indonesian).is_some() { own } else { format!("help.setting.{name}") }
}

/// How a command is called: `prima score [PILIHAN] <INSTRUMENT> <FILE>...`.
fn usage(command: &Command, words: &str, language: Language) -> String {
    let mut parts = vec![words.to_owned(), format!("[{}]", word("help.option", language))];
    parts.extend(command.get_positionals().map(ToString::to_string));
    if command.has_subcommands() {
        let name = word("help.command", language);
        parts.push(if command.is_subcommand_required_set() { format!("<{name}>") } else { format!("[{name}]") });
    }
    parts.join(" ")
}

/// The sentence for a usage error.
pub(crate) fn usage_error(error: &clap::Error, language: Language) -> String {
    use clap::error::{ContextKind, ContextValue};
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(value)) => value.clone(),
        Some(ContextValue::Strings(values)) => values.join(", "),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let phrase = match error.kind() {
        ErrorKind::UnknownArgument => Phrase::new("usage.unknown-argument").with("argument", argument),
        ErrorKind::InvalidSubcommand => {
            Phrase::new("usage.unknown-command").with("command", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => Phrase::new("usage.missing").with("argument", argument),
        ErrorKind::InvalidValue if value.is_empty() => Phrase::new("usage.no-value").with("argument", argument),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let choices = context(ContextKind::ValidValue);
            // Without choices the option takes a whole number.
            let key = if choices.is_empty() { "usage.not-a-count" } else { "usage.bad-value" };
            Phrase::new(key).with("argument", argument).with("value", value).with("choices", choices)
        }
        _ => {
            Phrase::new("usage.other").with("detail", error.to_string().trim_start_matches("error: ").trim().to_owned())
        }
    };
    let hint = word("usage.hint", language);
    format!("{}\n{hint}", crate::words::say(&phrase, language))
}

/// The language asked for, found before the arguments are parsed so that help and errors can speak it.
pub(crate) fn language_of(arguments: &[std::ffi::OsString]) -> Language {
    let asked = arguments.iter().enumerate().find_map(|(position, argument)| {
        let argument = argument.to_string_lossy();
        match argument.strip_prefix("--lang=") {
            Some(value) => Some(value.to_owned()),
            None if argument == "--lang" => arguments.get(position + 1).map(|next| next.to_string_lossy().into_owned()),
            None => None,
        }
    });
    if asked.as_deref() == Some("en") { Language::English } else { Language::Indonesian }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_of(command: &Command, path: &str, keys: &mut Vec<String>) {
        keys.push(format!("help.{path}.about"));
        for arg in command.get_arguments().filter(|arg| !matches!(arg.get_id().as_str(), "lang" | "format" | "help")) {
            keys.push(own_or_setting(path, arg.get_id().as_str()));
        }
        for sub in command.get_subcommands() {
            let name = sub.get_name();
            keys_of(sub, &if path == "prima" { name.to_owned() } else { format!("{path}-{name}") }, keys);
        }
    }

    #[test]
    fn every_command_and_option_has_a_help_text() {
        let mut keys = Vec::new();
        keys_of(&Cli::command(), "prima", &mut keys);
        let missing: Vec<&String> =
            keys.iter().filter(|key| catalogue().find(key, Language::Indonesian).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn the_command_tree_is_sound() {
        command(Language::Indonesian).debug_assert();
        command(Language::English).debug_assert();
    }
}
