//! Counters in the text format of Prometheus. Paths are those of the routes, with their holes, so that no name and no token
//! of anybody becomes a label.

use crate::database::Database;
use crate::jobs::Counts;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DatabaseGauge {
    of: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobGauge {
    state: &'static str,
}

/// The counters of one server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    under_way: Gauge,
    store: Family<DatabaseGauge, Gauge>,
    jobs: Family<JobGauge, Gauge>,
    database: Database,
}

impl Metrics {
    /// Counters at zero, and those of `database`.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        let mut registry = Registry::with_prefix("prima");
        let answered = Family::default();
        let seconds =
            Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.5, 10)));
        let (under_way, store, jobs) = (Gauge::default(), Family::default(), Family::default());
        registry.register("requests", "Requests answered", answered.clone());
        registry.register("request_seconds", "Time to answer", seconds.clone());
        registry.register("requests_under_way", "Requests being answered", under_way.clone());
        registry.register("database", "Queue, workers and commits of the database", store.clone());
        registry.register("jobs", "Jobs of all institutions: waiting, of these due, running, dead", jobs.clone());
        Self { registry, answered, seconds, under_way, store, jobs, database: database.clone() }
    }

    /// A request began.
    pub fn began(&self) {
        self.under_way.inc();
    }

    /// A request was answered.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.under_way.dec();
        let labels = Answered { method: method.to_owned(), route: route.to_owned(), status };
        self.answered.get_or_create(&labels).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Takes note of how many jobs there are.
    pub fn jobs(&self, counts: Counts) {
        let Counts { waiting, due, running, dead } = counts;
        for (state, number) in [("waiting", waiting), ("due", due), ("running", running), ("dead", dead)] {
            self.jobs.get_or_create(&JobGauge { state }).set(i64::try_from(number).unwrap_or(i64::MAX));
        }
    }

    /// All counters as text.
    ///
    /// # Errors
    /// Never with a `String`; the format's own signature says so.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let now = self.database.gauges();
        let sizes = [
            ("reads_waiting", now.reads_waiting as u64),
            ("writes_waiting", now.writes_waiting as u64),
            ("readers_busy", now.readers_busy as u64),
            ("writers_busy", now.writers_busy as u64),
            ("commits", now.commits),
            ("requests", now.requests),
            ("retries", now.retries),
            ("statements", now.statements),
        ];
        for (of, size) in sizes {
            self.store.get_or_create(&DatabaseGauge { of }).set(i64::try_from(size).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
