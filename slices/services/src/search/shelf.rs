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
    units: UnitNames,
    /// The state of the database in which nothing was newer than this.
    stamp: Option<Stamp>,
    revision: i64,
    units_stamp: (i64, i64),
}

/// What was read of a catalogue that changed.
struct News {
    revision: i64,
    services: Vec<Service>,
    /// The units, when they changed: then every service is read again.
    units: Option<(UnitNames, (i64, i64))>,
}

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
            let since = if units.is_some() { 0 } else { revision };
            let mut services = Vec::new();
            if now != revision || units.is_some() {
                store::each_since(db, institution, since, |service| services.push(service))?;
            }
            Ok::<_, DatabaseError>(News { revision: now, services, units })
        });
        let news = news.await?;
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.take(news);
        kept.stamp = Some(stamp);
        Ok(())
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

impl Kept {
    fn take(&mut self, news: News) {
        let Self { index, units, .. } = self;
        if let Some((names, stamp)) = news.units {
            (*units, self.units_stamp) = (names, stamp);
            *index = Index::default();
        }
        if !news.services.is_empty() {
            for service in &news.services {
                index.put(service, units);
            }
            index.settle();
        }
        self.revision = news.revision;
    }
}
