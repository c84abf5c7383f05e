//! `prima serve` and `prima migrate`.

use super::arguments::{MigrateArgs, ServeArgs, ServerSettings};
use super::slices;
use crate::output::{Ending, Output, complain};
use crate::problem::Problem;
use crate::words::{say, word};
use platform::app::App;
use platform::checkup;
use platform::clock::Clock;
use platform::database::Database;
use platform::secret::rotation;
use platform::server::{self, Listener};
use platform::telemetry;
use rules::phrase::{Language, Phrase};

pub(crate) fn serve(args: &ServeArgs, language: Language) -> Result<Ending, Problem> {
    let listener = listen(&args.settings)?;
    let database = args.settings.store.open()?;
    run(&args.settings, listener, database, language, &[])
}

/// Takes the port before anything else: a taken port is said before a database is touched.
pub(super) fn listen(settings: &ServerSettings) -> Result<Listener, Problem> {
    Listener::bind(settings.listen).map_err(|error| {
        let phrase = Phrase::new("serve.port").with("address", settings.listen.to_string());
        Problem::Input(phrase.with("detail", error.to_string()))
    })
}

/// Serves until told to stop. `notes` are printed below the address: who can sign in, where to begin.
pub(super) fn run(
    settings: &ServerSettings,
    listener: Listener,
    database: Database,
    language: Language,
    notes: &[String],
) -> Result<Ending, Problem> {
    let _flow = telemetry::start(&settings.telemetry()).map_err(Problem::server)?;
    let means = settings.means()?;
    let jobs = settings.upkeep(slices::handlers(), &database, means.equipment.clone())?;
    let app = App::new(database, Clock::machine(), slices::wiring(), means);
    let scheme = if settings.certificate.is_some() { "https" } else { "http" };
    let address = format!("{scheme}://{}", listener.address);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Problem::server)?;
    runtime.block_on(async {
        let unclaimed = app.site("").await?.institution.is_none();
        let begin = format!("{address}/mulai?kode={}", app.setup_code());
        let ready = say(&Phrase::new("serve.ready").with("address", address), language);
        let first = unclaimed.then(|| say(&Phrase::new("serve.first").with("address", begin), language));
        let stop = word("serve.stop", language);
        for line in [ready].into_iter().chain(first).chain(notes.iter().cloned()).chain([stop]) {
            complain(&line);
        }
        if let Some(metrics) = settings.metrics {
            tokio::spawn(metrics_listener(app.clone(), metrics));
        }
        tokio::spawn(rotation::follow(app.clone()));
        tokio::spawn(checkup::begin(app.clone()));
        let router = server::router(&app, slices::routes());
        server::serve(app, router, jobs, listener, settings.tls(), server::told_to_stop())
            .await
            .map_err(Problem::server)
    })?;
    Ok(Ending::Done)
}

/// The counters, on their own address; the server goes on when it cannot be taken, and says so in the log.
async fn metrics_listener(app: App, address: std::net::SocketAddr) {
    let served = async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        server::serve_metrics(&app, listener).await
    };
    if let Err(error) = served.await {
        tracing::error!(%error, %address, "the counters cannot be read");
    }
}

pub(crate) fn migrate(args: &MigrateArgs, language: Language) -> Result<Ending, Problem> {
    let database = args.store.open_as_it_is()?;
    let applied = database.migrate()?;
    let lines: String = applied.iter().map(|step| format!("{:04} {}\n", step.number, step.name)).collect();
    let key = if applied.is_empty() { "migrate.none" } else { "migrate.done" };
    Output::Standard.write(format!("{lines}{}\n", word(key, language)).as_bytes())?;
    Ok(Ending::Done)
}
