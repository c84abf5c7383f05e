//! From settings to an open database and a running program.

use super::arguments::{LogFormat, MailSettings, ServerSettings, StoreSettings};
use crate::problem::Problem;
use platform::app::{Means, Surroundings};
use platform::database::{Database, Options, Read};
use platform::files::{Files, Place};
use platform::identity::InstitutionId;
use platform::messages::{self, Mail, MailWords, WrongMailSetting};
use platform::secret::{KeyFile, Secrets};
use platform::server::Tls;
use platform::telemetry::Telemetry;
use rules::phrase::Phrase;
use std::path::PathBuf;
use std::time::Duration;

/// Where the data is when nobody says otherwise.
pub(super) const DATABASE: &str = "prima.db";

impl StoreSettings {
    fn place(&self) -> &str {
        self.database.as_deref().unwrap_or(DATABASE)
    }

    /// Opens the database and brings its tables to this version.
    pub(crate) fn open(&self) -> Result<Database, Problem> {
        let database = self.open_as_it_is()?;
        database.migrate()?;
        Ok(database)
    }

    /// Opens the database without changing it.
    pub(crate) fn open_as_it_is(&self) -> Result<Database, Problem> {
        let options = Options {
            readers: self.readers.into(),
            writers: self.writers.into(),
            statement_timeout: Duration::from_secs(self.statement_seconds.into()),
            ..Options::default()
        };
        Ok(Database::open(self.place(), &options)?)
    }

    /// The installation's key: in the file that is named, else beside the SQLite file, made when it is missing.
    pub(crate) fn secrets(&self) -> Result<Secrets, Problem> {
        Ok(Secrets::kept_in(&self.key_path())?)
    }

    /// Where files are: as set, else a folder beside the SQLite file.
    pub(crate) fn place_of_files(&self) -> Result<Place, Problem> {
        let file = self.place().strip_prefix("sqlite:").unwrap_or(self.place());
        match self.files.as_deref() {
            Some(url) if url.starts_with("s3://") => {
                Place::bucket(url, self.s3_endpoint.as_deref(), None).map_err(Problem::server)
            }
            Some(folder) => Ok(Place::folder(folder)),
            None if file.starts_with("postgres") => Ok(Place::folder("prima.berkas")),
            None => Ok(Place::folder(format!("{file}.berkas"))),
        }
    }

    /// The file of the keys.
    pub(super) fn keys(&self) -> KeyFile {
        KeyFile::at(self.key_path())
    }

    fn key_path(&self) -> PathBuf {
        let file = self.place().strip_prefix("sqlite:").unwrap_or(self.place());
        match &self.key_file {
            Some(path) => path.clone(),
            None if file.starts_with("postgres") => PathBuf::from("prima.key"),
            None => PathBuf::from(format!("{file}.key")),
        }
    }
}

/// The institution a command is about: the one with this slug, else the only one there is.
pub(super) fn institution(db: &mut Read<'_>, slug: Option<&str>) -> Result<InstitutionId, Problem> {
    let all = organisation::institutions(db)?;
    let fits = |own: &organisation::Institution| slug.is_none_or(|slug| own.slug == slug);
    let mut fitting = all.iter().filter(|own| fits(own));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one.id),
        (None, _) if slug.is_none() => Err(Problem::Input(Phrase::new("city.none"))),
        _ => {
            let slugs: Vec<&str> = all.iter().map(|own| own.slug.as_str()).collect();
            Err(Problem::Usage(Phrase::new("city.which").with("slugs", slugs.join(", "))))
        }
    }
}

impl MailSettings {
    /// The way mail goes out; none without a server.
    pub(crate) fn mail(&self) -> Result<Mail, Problem> {
        let (Some(server), Some(from)) = (&self.smtp, &self.mail_from) else { return Ok(Mail::none()) };
        let words = MailWords {
            server,
            from,
            password_file: self.smtp_password_file.as_deref(),
            roots: self.smtp_roots.as_deref(),
            sent: self.mail_sent.as_deref(),
            a_minute: self.mail_a_minute,
        };
        let mail = messages::MailSettings::read(&words).and_then(Mail::new);
        mail.map_err(|wrong| Problem::Input(Phrase::new(sentence(&wrong))))
    }

    /// `https://host`, without anything behind it.
    fn origin(&self) -> Result<Option<String>, Problem> {
        let Some(typed) = self.origin.as_deref().map(|typed| typed.trim_end_matches('/')) else { return Ok(None) };
        let host = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://"));
        let plain = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']));
        if plain { Ok(Some(typed.to_owned())) } else { Err(Problem::Input(Phrase::new("mail.origin"))) }
    }
}

const fn sentence(wrong: &WrongMailSetting) -> &'static str {
    match wrong {
        WrongMailSetting::Server => "mail.server",
        WrongMailSetting::From => "mail.from",
        WrongMailSetting::Password(_) => "mail.password",
        WrongMailSetting::Sent => "mail.sent",
        WrongMailSetting::Roots => "mail.roots",
    }
}

impl ServerSettings {
    /// What the program is given beside its database.
    pub(crate) fn means(&self) -> Result<Means, Problem> {
        let files = Files::new(self.store.place_of_files()?, self.clamav.clone());
        let (mail, origin) = (self.mail.mail()?, self.mail.origin()?);
        Ok(Means { surroundings: self.surroundings(), secrets: self.store.secrets()?, files, mail, origin })
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings {
            trusted_proxies: self.trusted_proxies.clone(),
            https: self.https || self.certificate.is_some(),
            requests_a_minute: (self.requests_a_minute > 0).then_some(self.requests_a_minute),
        }
    }

    pub(crate) fn telemetry(&self) -> Telemetry {
        Telemetry { filter: self.log.clone(), json: self.log_format == LogFormat::Json, traces: self.traces.clone() }
    }

    pub(crate) fn tls(&self) -> Option<Tls> {
        let (certificate, key) = self.certificate.clone().zip(self.private_key.clone())?;
        Some(Tls { certificate, key })
    }
}
