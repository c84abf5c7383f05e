//! From settings to an open database and a running program.

use super::arguments::{BackupSettings, LogFormat, MailSettings, ServerSettings, StoreSettings};
use crate::problem::Problem;
use platform::app::{Means, Surroundings};
use platform::backup::{self, Bucket, Folder, Origin, Place, Plan, Recipients};
use platform::checkup::{self, Equipment, Probe};
use platform::database::{Database, Options, Read};
use platform::files::{self, Files};
use platform::identity::InstitutionId;
use platform::jobs::Handlers;
use platform::messages::{self, Mail, MailWords, WrongMailSetting};
use platform::secret::{KeyFile, Secrets};
use platform::server::Tls;
use platform::site::Zone;
use platform::telemetry::Telemetry;
use rules::phrase::Phrase;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Where the data is when nobody says otherwise.
pub(super) const DATABASE: &str = "prima.db";

impl StoreSettings {
    pub(super) fn place(&self) -> &str {
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
    pub(crate) fn place_of_files(&self) -> Result<files::Place, Problem> {
        match (self.files(), self.files.as_deref()) {
            (Some(folder), _) => Ok(files::Place::folder(folder)),
            (None, url) => {
                let url = url.unwrap_or_default();
                files::Place::bucket(url, self.s3_endpoint.as_deref(), None).map_err(Problem::server)
            }
        }
    }

    /// The file of the keys.
    pub(super) fn keys(&self) -> KeyFile {
        KeyFile::at(self.key_path())
    }

    pub(super) fn key_path(&self) -> PathBuf {
        let file = self.place().strip_prefix("sqlite:").unwrap_or(self.place());
        match &self.key_file {
            Some(path) => path.clone(),
            None if file.starts_with("postgres") => PathBuf::from("prima.key"),
            None => PathBuf::from(format!("{file}.key")),
        }
    }
}

impl StoreSettings {
    /// A path beside the database: `prima.db.berkas`; for a database on a server, `prima.berkas` in the folder of the program.
    pub(super) fn beside(&self, ending: &str) -> PathBuf {
        match Origin::of(self.place()) {
            Origin::Sqlite(file) => PathBuf::from(format!("{}.{ending}", file.display())),
            Origin::Postgres(_) => PathBuf::from(format!("prima.{ending}")),
        }
    }

    /// Where uploaded files are read from for a backup: their folder, or their bucket.
    fn files_to_save(&self) -> Result<Option<Arc<dyn Place>>, Problem> {
        let bucket = self.files.as_deref().and_then(|url| url.strip_prefix("s3://"));
        Ok(match (self.files(), bucket, &self.s3_endpoint) {
            (Some(folder), ..) => Some(Arc::new(Folder(folder))),
            (None, Some(bucket), None) => Some(Arc::new(Bucket::of_environment(bucket)?)),
            (None, Some(bucket), Some(endpoint)) => Some(Arc::new(Bucket::of_server(bucket, endpoint)?)),
            (None, None, _) => None,
        })
    }

    /// The folder of uploaded files; nothing when they are in a bucket.
    pub(super) fn files(&self) -> Option<PathBuf> {
        match self.files.as_deref() {
            Some(url) if url.starts_with("s3://") => None,
            Some(folder) => Some(folder.into()),
            None => Some(self.beside("berkas")),
        }
    }

    /// The database as it is, when there is one: looking for it makes none.
    pub(super) fn open_if_there(&self) -> Option<Database> {
        match Origin::of(self.place()) {
            Origin::Sqlite(file) if !file.exists() => None,
            _ => self.open_as_it_is().ok(),
        }
    }
}

impl BackupSettings {
    /// What a backup of a database needs; nothing when no place is named.
    pub(super) fn plan(&self, store: &StoreSettings, zone: Zone) -> Result<Option<Plan>, Problem> {
        let Some(address) = &self.backup else { return Ok(None) };
        let recipient = self.backup_recipient.as_deref().ok_or(Problem::Usage(Phrase::new("backup.no-recipient")))?;
        let mut settings: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with("PRIMA_"))
            .collect();
        settings.sort();
        Ok(Some(Plan {
            place: backup::place(address)?,
            recipients: Recipients::read(recipient)?,
            origin: Origin::of(store.place()),
            files: store.files_to_save()?,
            keys: vec![store.key_path()],
            settings,
            work: self.backup_work.clone().unwrap_or_else(|| store.beside("cadangan-sementara")),
            names_key: store.secrets()?.fingerprint("backups.names", ""),
            retention: self.backup_keep,
            zone,
        }))
    }

    /// The place that is named, for commands that make no backup.
    pub(super) fn place(&self) -> Result<Arc<dyn Place>, Problem> {
        let address = self.backup.as_deref().ok_or(Problem::Usage(Phrase::new("backup.no-place")))?;
        Ok(backup::place(address)?)
    }
}

/// The time zone of the city that keeps the installation, whose nights and days count; western Indonesia before there is one.
pub(super) fn zone(database: &Database) -> Zone {
    let found = database.read_now(organisation::institutions);
    found.ok().and_then(|all| all.first().map(|own| own.settings.zone)).unwrap_or_default()
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
        let (surroundings, equipment) = (self.surroundings(), self.equipment(&mail));
        Ok(Means { surroundings, secrets: self.store.secrets()?, files, mail, origin, equipment })
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

    /// What the checks of the system look at.
    pub(super) fn equipment(&self, mail: &Mail) -> Equipment {
        let (asked, is_set) = (mail.clone(), self.mail.smtp.is_some());
        let probe: Probe = Arc::new(move || {
            let mail = asked.clone();
            Box::pin(async move { mail.probe().await })
        });
        Equipment {
            origin: Some(Origin::of(self.store.place())),
            files: self.store.files(),
            backups: self.backup.backup.as_deref().and_then(|address| backup::place(address).ok()),
            key: Some(self.store.key_path()),
            certificate: self.certificate.clone(),
            time_server: self.ntp.clone(),
            mail: is_set.then_some(probe),
            ..Equipment::default()
        }
    }

    /// The jobs of an installation beside those of slices: the nightly backup, and a look at everything every ten minutes.
    pub(super) fn upkeep(
        &self,
        handlers: Handlers,
        database: &Database,
        equipment: Equipment,
    ) -> Result<Handlers, Problem> {
        let zone = zone(database);
        let handlers = checkup::watched(handlers, equipment);
        match (self.backup.plan(&self.store, zone)?, self.backup.backup_at) {
            (Some(plan), Some(at)) => Ok(backup::scheduled(handlers, plan, at, zone)),
            (None, Some(_)) => Err(Problem::Usage(Phrase::new("backup.no-place"))),
            (_, None) => Ok(handlers),
        }
    }

    pub(crate) fn tls(&self) -> Option<Tls> {
        let (certificate, key) = self.certificate.clone().zip(self.private_key.clone())?;
        Some(Tls { certificate, key })
    }
}
