//! The city whose pages are shown: found by the host a browser asked for, kept for a few seconds, shown in its own time zone.

use crate::database::{Database, DatabaseError, Read};
use crate::identity::InstitutionId;
use crate::words::Words;
use quick_cache::sync::Cache;
use rules::phrase::Language;
use std::sync::Arc;
use time::{Date, Duration, OffsetDateTime, UtcOffset};

/// One of the three time zones of Indonesia. None has summer time, so an offset is all there is to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// "Waktu Indonesia Barat", UTC+7.
    #[default]
    Wib,
    /// "Waktu Indonesia Tengah", UTC+8.
    Wita,
    /// "Waktu Indonesia Timur", UTC+9.
    Wit,
}

impl Zone {
    /// The three, from west to east.
    pub const ALL: [Self; 3] = [Self::Wib, Self::Wita, Self::Wit];

    /// "WIB", "WITA" or "WIT", as printed behind a time and stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// The zone of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zone| zone.name() == name)
    }

    /// The moment as a clock in this zone shows it.
    #[must_use]
    pub fn local(self, moment: OffsetDateTime) -> OffsetDateTime {
        let hours = match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        };
        moment.to_offset(UtcOffset::from_hms(hours, 0, 0).unwrap_or(UtcOffset::UTC))
    }

    /// "21 November 2026, 08.00 WIB".
    #[must_use]
    pub fn moment(self, moment: OffsetDateTime, language: Language) -> String {
        let local = self.local(moment);
        let (hour, minute) = (local.hour(), local.minute());
        let mark = if language == Language::Indonesian { '.' } else { ':' };
        format!("{}, {hour:02}{mark}{minute:02} {}", day(local.date(), language), self.name())
    }

    /// The day that `moment` falls on in this zone.
    #[must_use]
    pub fn date(self, moment: OffsetDateTime) -> Date {
        self.local(moment).date()
    }
}

/// "21 November 2026".
#[must_use]
pub fn day(date: Date, language: Language) -> String {
    let month = Words::shared(language).text(&format!("month.{}", u8::from(date.month())));
    format!("{} {month} {}", date.day(), date.year())
}

/// What every page needs to know of the city it belongs to.
#[derive(Debug, Clone)]
pub struct Site {
    /// The institution; nothing while nobody has set up this installation.
    pub institution: Option<InstitutionId>,
    /// "Pemerintah Kota Contoh".
    pub name: String,
    /// "Kota Contoh".
    pub short_name: String,
    /// "Pelayanan Publik" or the city's own line beside the logo.
    pub tagline: String,
    /// The time zone.
    pub zone: Zone,
    /// Address of the city's logo; nothing for the default shield.
    pub logo: Option<String>,
    /// Address of the stylesheet with the city's colours; nothing for the default.
    pub theme: Option<String>,
    /// Who to ask for help: the line at the same place on every page.
    pub help: String,
    /// Whether the installation shows demonstration data, which every page then says.
    pub demonstration: bool,
    /// Whether this institution was founded first, and so keeps the installation: its system admin founds further ones.
    pub keeps_installation: bool,
}

impl Site {
    /// The site of an installation that nobody has set up yet.
    #[must_use]
    pub fn unclaimed() -> Self {
        Self {
            institution: None,
            name: "Prima".into(),
            short_name: "Prima".into(),
            tagline: String::new(),
            zone: Zone::Wib,
            logo: None,
            theme: None,
            help: String::new(),
            demonstration: false,
            keeps_installation: false,
        }
    }
}

/// Finds the site of a host: the institution with that host, else the first one. Given by the slice that keeps institutions.
pub type FindSite = fn(&mut Read<'_>, host: &str) -> Result<Option<Site>, DatabaseError>;

/// How long a site is believed before it is read again; another node may have changed it.
const BELIEVED: Duration = Duration::seconds(5);

/// Hosts are chosen by whoever asks: no more than these are remembered, and those that are asked for often stay.
const REMEMBERED: usize = 1_000;

type Known = Cache<String, (OffsetDateTime, Arc<Site>)>;

/// The sites seen lately. Reading one for each request would double the cost of a page.
#[derive(Debug)]
pub struct Sites {
    find: FindSite,
    known: Known,
}

impl Sites {
    /// No site is known yet; `find` reads them.
    #[must_use]
    pub fn new(find: FindSite) -> Self {
        Self { find, known: Cache::new(REMEMBERED) }
    }

    /// The site of `host`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of_host(
        &self,
        database: &Database,
        host: &str,
        now: OffsetDateTime,
    ) -> Result<Arc<Site>, DatabaseError> {
        if let Some((read_at, site)) = self.known.get(host)
            && now - read_at < BELIEVED
        {
            return Ok(site);
        }
        let (find, wanted) = (self.find, host.to_owned());
        let found = database.read(move |db| find(db, &wanted)).await?;
        let site = Arc::new(found.unwrap_or_else(Site::unclaimed));
        self.known.insert(host.to_owned(), (now, Arc::clone(&site)));
        Ok(site)
    }

    /// Forgets all sites: called after a change of a city's name, colours or host.
    pub fn forget(&self) {
        self.known.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_moment_is_shown_in_the_citys_zone() {
        let moment = datetime!(2026-11-21 16:30 UTC);
        assert_eq!(Zone::Wib.moment(moment, Language::Indonesian), "21 November 2026, 23.30 WIB");
        assert_eq!(Zone::Wit.moment(moment, Language::English), "22 November 2026, 01:30 WIT");
    }

    #[test]
    fn the_day_changes_at_the_citys_midnight() {
        assert_eq!(Zone::Wita.date(datetime!(2026-12-31 16:00 UTC)), time::macros::date!(2027 - 01 - 01));
    }
}
