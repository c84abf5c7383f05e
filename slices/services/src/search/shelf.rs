//! The catalogues in the memory of this program, and how they learn of changes.

use super::index::{Found, Index, UnitNames, Wanted};
use crate::service::Service;
use crate::store;
use platform::app::App;
use platform::database::{Database, DatabaseError, Stamp};
use platform::identity::InstitutionId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The catalogues of all cities of an installation, as far as somebody asked for them.
#[derive(Debug, Default)]
pub struct Shelf {
    catalogues: Mutex<HashMap<InstitutionId, Arc<Catalogue>>>,
}

/// The catalogue of a city.
#[derive(Debug, Default)]
pub struct Catalogue {
    kept: RwLock<Kept>,
    /// Held by whoever reads what changed, so that it is read once.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Kept {
    index: Index,
    units: Arc<UnitNames>,
    /// The state of the database in which nothing was newer than this.
    stamp: Option<Stamp>,
    revision: i64,
    units_stamp: (i64, i64),
}

/// What was read of a catalogue that changed.
struct News {
    revision: i64,
    units: Option<(UnitNames, (i64, i64))>,
    services: Vec<Service>,
    /// Whether these are all services of the city: the units changed, or very many services.
    whole: bool,
}

/// So many changed services are put into the index while nobody searches it; of more, a new index is made beside the old one.
const AT_ONCE: usize = 200;

impl Shelf {
    /// The catalogue of a city as it is in the database now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of(app: &App, institution: InstitutionId) -> Result<Arc<Catalogue>, DatabaseError> {
        let shelf = app.shelf::<Self>();
        let catalogue = {
            let mut catalogues = shelf.catalogues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(catalogues.entry(institution).or_default())
        };
        catalogue.refresh(app.database(), institution).await?;
        Ok(catalogue)
    }
}

impl Catalogue {
    /// Takes over what was committed since the last look.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn refresh(&self, database: &Database, institution: InstitutionId) -> Result<(), DatabaseError> {
        // Asked before anything is read: what is committed meanwhile is read at the next look.
        let stamp = database.stamp().await?;
        if self.is_of(&stamp) {
            return Ok(());
        }
        let _turn = self.reading.lock().await;
        if self.is_of(&stamp) {
            return Ok(());
        }
        let (revision, units_stamp) = {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            (kept.revision, kept.units_stamp)
        };
        let news = database.read(move |db| {
            let units_now = organisation::units_stamp(db, institution)?;
            let units = if units_now == units_stamp {
                None
            } else {
                let named =
                    |unit: organisation::Unit| (unit.id, format!("{} {}", unit.facts.name, unit.facts.short_name));
                Some((organisation::units(db, institution)?.into_iter().map(named).collect(), units_now))
            };
            let now = store::revision(db, institution)?;
            let (mut whole, mut services) = (units.is_some(), Vec::new());
            if !whole && now != revision {
                store::each_since(db, institution, revision, |service| services.push(service))?;
                whole = services.len() > AT_ONCE;
            }
            if whole {
                services.clear();
                store::each_since(db, institution, 0, |service| services.push(service))?;
            }
            Ok::<_, DatabaseError>(News { revision: now, units, services, whole })
        });
        self.take(news.await?, stamp).await;
        Ok(())
    }

    /// Puts what was read into the index. Whoever searches meanwhile finds what was there before; whoever breaks off leaves that.
    async fn take(&self, news: News, stamp: Stamp) {
        let News { revision, units, services, whole } = news;
        let (names, units_stamp) = {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            let unchanged = || (Arc::clone(&kept.units), kept.units_stamp);
            units.map_or_else(unchanged, |(names, units_stamp)| (Arc::new(names), units_stamp))
        };
        if !whole {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            kept.index.put_all(&services, &names);
            (kept.revision, kept.stamp) = (revision, Some(stamp));
            return;
        }
        // This takes seconds for a hundred thousand services, so it keeps neither the tasks of the server nor a reader from their work.
        let units = Arc::clone(&names);
        let made = tokio::task::spawn_blocking(move || {
            let mut index = Index::default();
            index.put_all(&services, &units);
            index
        });
        let index = made.await.unwrap_or_else(|broken| std::panic::resume_unwind(broken.into_panic()));
        let made = Kept { index, units: names, stamp: Some(stamp), revision, units_stamp };
        let old = std::mem::replace(&mut *self.kept.write().unwrap_or_else(PoisonError::into_inner), made);
        drop(tokio::task::spawn_blocking(move || drop(old)));
    }

    fn is_of(&self, stamp: &Stamp) -> bool {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).stamp.as_ref() == Some(stamp)
    }

    /// What fits, `size` of it after the first `skipped`.
    #[must_use]
    pub fn find(&self, wanted: &Wanted, skipped: usize, size: usize) -> Found {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).index.find(wanted, skipped, size)
    }

    /// How many services everybody finds.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).index.len()
    }

    /// Whether nobody finds any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many services there are for each event in people's lives, by its key, in the order of screens.
    #[must_use]
    pub fn events(&self) -> Vec<(&'static str, u64)> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).index.events()
    }
}
