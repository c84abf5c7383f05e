//! `prima user`: people who may sign in, for whoever runs the installation. Links are printed once and handed over by hand.

use super::arguments::{CitySettings, UserAction, UserArgs};
use super::settings::institution;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use access::{Email, Post, Purpose, Refused};
use platform::clock::Clock;
use platform::database::Database;
use platform::identity::{InstitutionId, Role, UnitId};
use platform::session::Token;
use rules::phrase::{Language, Phrase};

pub(crate) fn run(args: &UserArgs, language: Language) -> Result<Ending, Problem> {
    let now = Clock::machine().now();
    let refused = |refused: Refused| why(refused, language);
    match &args.action {
        UserAction::Add { city, email, name, role, unit, origin } => {
            let (database, institution) = open(city)?;
            let post = post(&database, institution, role, unit.as_deref())?;
            let email = Email::read(email).ok_or_else(|| Problem::Usage(Phrase::new("user.email")))?;
            let (_, token) =
                access::invite_person(&database, institution, (name, &email), post, now).map_err(refused)?;
            link(origin, &token, language)
        }
        UserAction::Reset { city, email, second_factor, origin } => {
            let (database, institution) = open(city)?;
            let purpose = if *second_factor { Purpose::SecondFactor } else { Purpose::Password };
            let token = access::link_for(&database, institution, email, purpose, now).map_err(refused)?;
            link(origin, &token, language)
        }
        UserAction::Revoke { city, email } => {
            let (database, institution) = open(city)?;
            let ended = access::end_sessions_of(&database, institution, email, now).map_err(refused)?;
            print(&say(&Phrase::new("user.revoked").with("sessions", ended), language))
        }
        UserAction::List { city } => {
            let (database, institution) = open(city)?;
            let people = access::list_people(&database, institution, now).map_err(refused)?;
            let line = |listed: &access::Listed| {
                let role = |(role, unit): &(Role, Option<String>)| match unit {
                    Some(unit) => format!("{} ({unit})", role.name()),
                    None => role.name().to_owned(),
                };
                let roles: Vec<String> = listed.roles.iter().map(role).collect();
                format!("{}  {}  {}", listed.account.email, listed.account.name, roles.join(", "))
            };
            print(&people.iter().map(line).collect::<Vec<_>>().join("\n"))
        }
    }
}

fn open(city: &CitySettings) -> Result<(Database, InstitutionId), Problem> {
    let database = city.store.open()?;
    let slug = city.institution.clone();
    let institution = database.read_now(move |db| institution(db, slug.as_deref()))?;
    Ok((database, institution))
}

fn post(database: &Database, institution: InstitutionId, role: &str, unit: Option<&str>) -> Result<Post, Problem> {
    let known = Role::ALL.map(Role::name).join(", ");
    let role = Role::named(role).ok_or_else(|| Problem::Usage(Phrase::new("user.role").with("roles", known)))?;
    let unit = match unit {
        None => None,
        Some(slug) => Some(unit_of(database, institution, slug)?),
    };
    Post::new(role, unit).ok_or_else(|| Problem::Usage(Phrase::new("user.place")))
}

fn unit_of(database: &Database, institution: InstitutionId, slug: &str) -> Result<UnitId, Problem> {
    let wanted = slug.to_owned();
    let unit = database.read_now(move |db| organisation::unit_by_slug(db, institution, &wanted))?;
    unit.map(|unit| unit.id).ok_or_else(|| Problem::Usage(Phrase::new("user.unit").with("unit", slug)))
}

fn link(origin: &str, token: &Token, language: Language) -> Result<Ending, Problem> {
    let address = access::link_address(origin.trim_end_matches('/'), token);
    print(&say(&Phrase::new("user.link").with("address", address), language))
}

fn print(text: &str) -> Result<Ending, Problem> {
    Output::Standard.write(format!("{text}\n").as_bytes())?;
    Ok(Ending::Done)
}

/// Why something was refused, in the slice's own words.
pub(super) fn why(refused: Refused, language: Language) -> Problem {
    match refused {
        Refused::Database(error) => error.into(),
        Refused::NotFound => Problem::Input(Phrase::new("user.unknown")),
        other => match other.key() {
            Some(key) => Problem::Said(access::words(language).text(key)),
            None => Problem::server(format!("{other:?}")),
        },
    }
}
