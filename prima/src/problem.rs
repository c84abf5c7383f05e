//! Why a command ended without doing its work: a sentence and an exit code.

use crate::words::{catalogue, say};
use platform::backup::BackupError;
use platform::database::DatabaseError;
use platform::secret::NoKey;
use platform::words::Words;
use rules::instrument::InstrumentError;
use rules::phrase::{Language, Phrase};

/// A failed command.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The command was used wrongly: exit code 2.
    Usage(Phrase),
    /// The input could not be worked on: exit code 1.
    Input(Phrase),
    /// A slice's own sentence, already in the reader's language.
    Said(String),
    /// The database refused: its own sentence says why.
    Database(DatabaseError),
    /// A backup was not made, or not brought back.
    Backup(BackupError),
    /// The server or the machine it runs on failed.
    Server(String),
    /// Nothing could be calculated: 2 when something was asked for that cannot be, else 1.
    Calculation(calculation::Problem),
}

impl Problem {
    /// 1 for input that could not be worked on, 2 for wrong usage.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Calculation(calculation::Problem::Request(_)) => 2,
            Self::Input(_)
            | Self::Said(_)
            | Self::Database(_)
            | Self::Backup(_)
            | Self::Server(_)
            | Self::Calculation(_) => 1,
        }
    }

    /// The sentence a person reads. Where the command line has its own for a problem of calculating, it names the option that helps.
    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Usage(phrase) | Self::Input(phrase) => say(phrase, language),
            Self::Said(sentence) => sentence.clone(),
            Self::Database(error) => format!("{} ({error})", Words::shared(language).say(&error.phrase())),
            Self::Backup(error) => Words::shared(language).say(&error.phrase()),
            Self::Server(why) => say(&Phrase::new("serve.failed").with("detail", why.as_str()), language),
            Self::Calculation(problem) => match problem.phrase() {
                Some(phrase) if catalogue().find(phrase.key, language).is_some() => say(&phrase, language),
                _ => problem.message(language),
            },
        }
    }
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<BackupError> for Problem {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Database(error) => Self::Database(error),
            error => Self::Backup(error),
        }
    }
}

impl Problem {
    /// A failure of the server or its machine.
    pub(crate) fn server(error: impl std::fmt::Display) -> Self {
        Self::Server(error.to_string())
    }
}

impl From<NoKey> for Problem {
    fn from(error: NoKey) -> Self {
        Self::server(error)
    }
}

impl From<calculation::Problem> for Problem {
    fn from(problem: calculation::Problem) -> Self {
        Self::Calculation(problem)
    }
}

impl From<InstrumentError> for Problem {
    fn from(error: InstrumentError) -> Self {
        calculation::Problem::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_of_calculating_names_the_option_that_helps() {
        let wanted = Phrase::new("verify.other-instrument").with("wanted", "survei-kota");
        let problem = Problem::from(calculation::Problem::Input(wanted.clone()));
        assert!(problem.message(Language::English).ends_with("with --instrument."));
        let elsewhere = calculation::Problem::Input(wanted).message(Language::English);
        assert!(!elsewhere.contains("--"), "{elsewhere}");
    }

    #[test]
    fn what_cannot_be_asked_for_is_wrong_usage_and_the_rest_is_input() {
        let code = |problem: calculation::Problem| Problem::from(problem).exit_code();
        assert_eq!(code(calculation::Problem::Request(Phrase::new("score.no-index"))), 2);
        assert_eq!(code(calculation::Problem::Input(Phrase::new("score.no-index"))), 1);
        assert_eq!(code(calculation::Problem::Read("a".to_owned(), analytics::ReadError::Empty)), 1);
    }
}
