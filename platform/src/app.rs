//! What every handler can reach: the database, the clock, the site of a host, who a token belongs to.

use crate::api::Part;
use crate::checkup::Equipment;
use crate::clock::{self, Clock};
use crate::database::{Database, DatabaseError, Read};
use crate::files::{Files, HolderKind};
use crate::identity::{AccountId, Action, InstitutionId, Person};
use crate::jobs::Jobs;
use crate::messages::{FindCity, FindContact, Mail, MessageKind};
use crate::metrics::Metrics;
use crate::personal::Holding;
use crate::rate::Paces;
use crate::secret::Secrets;
use crate::session::TokenHash;
use crate::site::{FindSite, Site, Sites};
use crate::visit::Visit;
use crate::words::Words;
use ipnet::IpNet;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use time::OffsetDateTime;
use tokio::sync::Semaphore;

/// Finds who holds a session token in an institution at a moment, and notes nothing. Given by the slice that keeps accounts.
pub type FindPerson = fn(
    &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    now: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError>;

/// Notes that somebody is at work, beside the request, so that their session goes on. Given by the slice that keeps accounts.
pub type NoteSeen = fn(&App, &Person);

/// The name of an account's holder in an institution, for pages that show who did something. Given by the slice that keeps accounts.
pub type FindName = fn(&mut Read<'_>, InstitutionId, AccountId) -> Result<Option<String>, DatabaseError>;

/// One entry of a menu.
#[derive(Debug, Clone, Copy)]
pub struct MenuEntry {
    /// Where it leads; pages below that address mark it as the current one.
    pub href: &'static str,
    /// The words, of the slice that has the page.
    pub label: fn(rules::phrase::Language) -> String,
    /// Who sees it.
    pub shown: Shown,
}

/// Who sees an entry of a menu.
#[derive(Debug, Clone, Copy)]
pub enum Shown {
    /// Everybody.
    ToAll,
    /// Whoever may do this somewhere.
    ToWhoMay(&'static Action),
    /// Whoever may do this, in the institution that keeps the installation.
    ToKeeper(&'static Action),
}

impl Shown {
    /// Whether a visitor sees it.
    #[must_use]
    pub fn to(self, visit: &Visit) -> bool {
        let may = |action| visit.person().is_some_and(|person| person.may_somewhere(action));
        match self {
            Self::ToAll => true,
            Self::ToWhoMay(action) => may(action),
            Self::ToKeeper(action) => visit.site().keeps_installation && may(action),
        }
    }
}

/// How the server meets the network.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Proxies whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether browsers reach the server by https, directly or through a proxy, so that cookies may be kept to it.
    pub https: bool,
    /// Requests an address may send in a minute while reading; nothing turns limits off (a benchmark, a closed network).
    pub requests_a_minute: Option<u32>,
}

/// What whoever keeps the installation gave it beside its database.
#[derive(Debug, Clone)]
pub struct Means {
    /// How the server meets the network.
    pub surroundings: Surroundings,
    /// The installation's key.
    pub secrets: Secrets,
    /// Where files are, and who looks at them first.
    pub files: Files,
    /// The way mail goes out.
    pub mail: Mail,
    /// `https://host` by which people reach the installation, for links in messages of a city that names no host of its own.
    pub origin: Option<String>,
    /// What the checks of the system look at.
    pub equipment: Equipment,
}

impl Means {
    /// A key, and of all else what needs no setting.
    #[must_use]
    pub fn new(secrets: Secrets) -> Self {
        Self {
            surroundings: Surroundings::default(),
            secrets,
            files: Files::nowhere(),
            mail: Mail::none(),
            origin: None,
            equipment: Equipment::default(),
        }
    }
}

/// What slices give the server.
#[derive(Debug, Clone)]
pub struct Wiring {
    /// Finds the site of a host.
    pub site: FindSite,
    /// Finds the person of a token.
    pub person: FindPerson,
    /// Notes that this person is at work.
    pub seen: NoteSeen,
    /// Finds the name of an account's holder.
    pub name: FindName,
    /// Finds who receives what is sent to an account.
    pub contact: FindContact,
    /// Finds what messages say of their city.
    pub city: FindCity,
    /// Every kind of message of every slice.
    pub messages: &'static [&'static [&'static MessageKind]],
    /// What slices keep of people: the register of personal data.
    pub holdings: &'static [&'static [Holding]],
    /// The public menu.
    pub menu: &'static [MenuEntry],
    /// The menu of people who are signed in; each entry is shown to whoever may use it.
    pub staff_menu: &'static [MenuEntry],
    /// What can hold files.
    pub holders: &'static [&'static HolderKind],
    /// What slices give to programs.
    pub api: &'static [Part],
}

impl Default for Wiring {
    /// No city, nobody, no menu, no files.
    fn default() -> Self {
        Self {
            site: |_, _| Ok(None),
            person: |_, _, _, _| Ok(None),
            seen: |_, _| {},
            name: |_, _, _| Ok(None),
            contact: |_, _, _| Ok(None),
            city: |_, _| Ok(None),
            messages: &[],
            holdings: &[],
            menu: &[],
            staff_menu: &[],
            holders: &[],
            api: &[],
        }
    }
}

/// So many files are received at once: more would fill the disk of a small server before any of them is looked at.
const UPLOADS: usize = 16;

/// The running program, shared by all requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    database: Database,
    clock: Clock,
    sites: Sites,
    wiring: Wiring,
    means: Means,
    paces: Paces,
    uploads: Semaphore,
    metrics: Metrics,
    jobs: Jobs,
    setup_code: String,
    shelf: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl App {
    /// The program over a database.
    #[must_use]
    pub fn new(database: Database, clock: Clock, wiring: Wiring, means: Means) -> Self {
        let paces = Paces::new(means.surroundings.requests_a_minute);
        let uploads = Semaphore::new(UPLOADS);
        let metrics = Metrics::new(&database);
        let sites = Sites::new(wiring.site);
        let setup_code = setup_code();
        Self(Arc::new(Parts {
            database,
            clock,
            sites,
            wiring,
            means,
            paces,
            uploads,
            metrics,
            jobs: Jobs::new(),
            setup_code,
            shelf: Mutex::default(),
        }))
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.clock.now()
    }

    /// The clock itself, for work that goes on.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What slices gave the server.
    #[must_use]
    pub fn wiring(&self) -> &Wiring {
        &self.0.wiring
    }

    /// How the server meets the network.
    #[must_use]
    pub fn surroundings(&self) -> &Surroundings {
        &self.0.means.surroundings
    }

    /// The limits of pace.
    #[must_use]
    pub fn paces(&self) -> &Paces {
        &self.0.paces
    }

    /// Places for those who send files.
    pub(crate) fn uploads(&self) -> &Semaphore {
        &self.0.uploads
    }

    /// The counters.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// What wakes this process's worker: said after a transaction that enqueued a job.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The installation's key.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.0.means.secrets
    }

    /// What is done with files.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.0.means.files
    }

    /// The way mail goes out.
    #[must_use]
    pub fn mail(&self) -> &Mail {
        &self.0.means.mail
    }

    /// `https://host` by which people reach the installation, when somebody has said so. What a request says of itself is no base
    /// for a link in a message: a stranger could have it point elsewhere.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.0.means.origin.as_deref()
    }

    /// What the checks of the system look at.
    #[must_use]
    pub fn equipment(&self) -> &Equipment {
        &self.0.means.equipment
    }

    /// What a slice keeps in the memory of this program beside its database, one value of each type, made when it is first asked
    /// for. It must find out by itself what was changed elsewhere: other nodes have their own.
    ///
    /// # Panics
    /// Never: what stands under a type is of that type.
    #[must_use]
    pub fn shelf<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut shelf = self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = shelf.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(kept).downcast().expect("what stands under a type is of that type")
    }

    /// The code that lets somebody set up this installation while it has no city: printed where the server was started, so that
    /// nobody else can.
    #[must_use]
    pub fn setup_code(&self) -> &str {
        &self.0.setup_code
    }

    /// The site of a host.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn site(&self, host: &str) -> Result<Arc<Site>, DatabaseError> {
        self.0.sites.of_host(&self.0.database, host, self.now()).await
    }

    /// Reads sites anew: after a change of a city's name, colours, logo or host.
    pub fn forget_sites(&self) {
        self.0.sites.forget();
    }

    /// The platform's own words.
    #[must_use]
    pub fn words(language: rules::phrase::Language) -> Words {
        Words::shared(language)
    }
}

/// Ten letters and digits that cannot be mistaken for one another: fifty bits.
fn setup_code() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    clock::random::<10>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}
