//! `prima demo`: the demonstration city, served. With `--output` it writes the recomputed reports instead and ends.

use super::arguments::DemoArgs;
use super::serve;
use crate::output::Ending;
use crate::problem::Problem;
use crate::words::{say, word};
use platform::audit::Actor;
use platform::clock::Clock;
use platform::database::Database;
use platform::secret::Secrets;
use platform::site::Zone;
use rules::phrase::{Language, Phrase};
use welcome::demonstration::{self, Trouble};

/// The folder of a demonstration that nobody gave a place: it ends with the program.
const FOLDER: &str = "prima-kota-contoh-";

pub(crate) fn run(args: &DemoArgs, language: Language) -> Result<Ending, Problem> {
    if let Some(folder) = &args.output {
        return crate::demo::run(folder, language);
    }
    let listener = serve::listen(&args.settings)?;
    let mut settings = args.settings.clone();
    let folder = tempfile::Builder::new().prefix(FOLDER).tempdir().map_err(Problem::server)?;
    settings.store.database.get_or_insert_with(|| folder.path().join("prima.db").display().to_string());
    let database = settings.store.open()?;
    fill(&database, &settings.store.secrets()?)?;
    let people: Vec<String> = demonstration::PEOPLE.iter().map(|(before, _, _, _)| (*before).to_owned()).collect();
    let sign_in = Phrase::new("demo.sign-in")
        .with("people", people.join(", "))
        .with("domain", demonstration::DOMAIN)
        .with("password", demonstration::PASSWORD);
    let reports = word("demo.reports", language);
    serve::run(&settings, listener, database, language, &[say(&sign_in, language), reports])
}

/// Fills an empty database; one that has a city already is left as it is.
fn fill(database: &Database, secrets: &Secrets) -> Result<(), Problem> {
    let (now, secrets) = (Clock::machine().now(), secrets.clone());
    let filled = database.write_now(move |db| match organisation::first_institution(db)? {
        Some(_) => Ok(()),
        None => {
            let institution = demonstration::found(db, now)?;
            let desk = privacy::Desk {
                secrets: secrets.clone(),
                institution,
                actor: Actor::Program("demonstration"),
                now,
                reach: organisation::Reach::default(),
            };
            privacy::fill(db, &desk).map_err(|refused| match refused {
                privacy::Refused::Database(error) => Trouble::Database(error),
                other => Trouble::Data(format!("{other:?}")),
            })?;
            let desk = organisation::Desk { institution, actor: Actor::Program("demonstration"), now };
            improvement::fill(db, &desk).map_err(|refused| match refused {
                improvement::Refused::Database(error) => Trouble::Database(error),
                other => Trouble::Data(format!("{other:?}")),
            })?;
            let desk = survey::Desk { institution, actor: Actor::Program("demonstration"), now, zone: Zone::Wib };
            survey::fill(db, &desk, &secrets).map_err(|refused| match refused {
                survey::Refused::Database(error) => Trouble::Database(error),
                other => Trouble::Data(format!("{other:?}")),
            })
        }
    });
    filled.map_err(|trouble| match trouble {
        Trouble::Database(error) => error.into(),
        Trouble::Data(what) => Problem::server(what),
    })
}
