//! All slices together: whom each route lets in, what each statement is on each engine, what each page weighs.

mod leaks;

use super::slices::{ACTIONS, MESSAGES, STATEMENTS, handlers, routes, wiring};
use platform::app::{App, Means, Wiring};
use platform::clock::Clock;
use platform::database::{DatabaseError, Read, Sql};
use platform::identity::{AccountId, Action, Grant, InstitutionId, Person, Role, SessionId, UnitId};
use platform::route::{Audience, Declaration};
use platform::secret::Secrets;
use platform::session::{COOKIE, Token, TokenHash};
use platform::testing::{
    Answer, Browser, Fresh, migrated_sqlite, prepare_all, read_every_kind, statements_name_their_institution,
};
use std::collections::BTreeMap;
use std::path::Path;
use time::OffsetDateTime;
use time::macros::datetime;
use welcome::demonstration::Trouble;

const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

/// The demonstration city, served without a network.
fn city(wiring: Wiring) -> (Browser, Fresh) {
    let fresh = migrated_sqlite();
    let filled: Result<InstitutionId, Trouble> = fresh.write_now(|db| welcome::demonstration::found(db, NOW));
    let institution = filled.expect("the demonstration city can be founded");
    let desk = privacy::Desk {
        secrets: Secrets::new([7; 32]),
        institution,
        actor: platform::audit::Actor::Program("test"),
        now: NOW,
        reach: organisation::Reach::default(),
    };
    fresh.write_now(move |db| privacy::fill(db, &desk)).expect("a request and a breach are entered");
    let actor = platform::audit::Actor::Program("test");
    let desk = organisation::Desk { institution, actor, now: NOW };
    fresh.write_now(move |db| improvement::fill(db, &desk)).expect("findings are entered");
    let desk = survey::Desk { institution, actor, now: NOW, zone: platform::site::Zone::Wib };
    fresh.write_now(move |db| survey::fill(db, &desk, &Secrets::new([7; 32]))).expect("surveys are entered");
    let app = App::new(fresh.clone(), Clock::standing(NOW), wiring, Means::new(Secrets::new([7; 32])));
    (Browser::new(platform::server::router(&app, routes())), fresh)
}

/// Whoever holds the token "sekda" is the Sekda, and so on: in the whole institution, with a second factor.
fn person_of_role(
    _: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let role = Role::ALL.into_iter().find(|role| Token::presented(role.name()).hash() == *token);
    Ok(role.map(|role| Person {
        account: AccountId::new(NOW),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role, units: role.is_of_a_unit().then(|| vec![UnitId::new(NOW)]) }],
        second_factor: true,
        proved_at: NOW,
    }))
}

/// Every route that can be opened, with an address that exists.
fn openable() -> Vec<(Declaration, &'static str)> {
    let routes = routes();
    let opened = routes.declarations().filter(|route| route.method == "GET");
    opened.filter_map(|route| Some((*route, address(route)?))).collect()
}

fn address(route: &Declaration) -> Option<&'static str> {
    route.sample.or_else(|| (!route.path.contains('{')).then_some(route.path))
}

#[test]
fn every_page_can_be_visited_by_checks() {
    let routes = routes();
    let without: Vec<&str> =
        routes.declarations().filter(|route| route.page && address(route).is_none()).map(|route| route.path).collect();
    assert_eq!(without, Vec::<&str>::new(), "pages whose path has holes need .sample(…)");
}

#[test]
fn no_two_routes_share_an_address() {
    let mut seen = BTreeMap::new();
    for route in routes().declarations() {
        let before = seen.insert((route.method, route.path), route.audience);
        assert!(before.is_none(), "{} {} is declared twice", route.method, route.path);
    }
}

#[test]
fn the_actions_of_routes_stand_in_the_matrix() {
    let known: Vec<&str> = ACTIONS.iter().copied().flatten().map(|action| action.name).collect();
    for route in routes().declarations() {
        if let Audience::May(action) = route.audience {
            assert!(known.contains(&action.name), "{} of {}", action.name, route.path);
        }
    }
}

#[test]
fn the_matrix_of_roles_is_the_reviewed_one() {
    let all: Vec<&Action> = ACTIONS.iter().copied().flatten().copied().collect();
    let matrix = access::matrix(&all);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/role-actions.txt");
    if std::env::var_os("PRIMA_BLESS").is_some() {
        std::fs::write(&file, &matrix).expect("the file can be written");
    }
    let reviewed = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(matrix, reviewed, "review the difference, then run the test with PRIMA_BLESS=1");
}

#[tokio::test]
async fn each_route_lets_in_exactly_those_it_is_for() {
    let (browser, _fresh) = city(Wiring { person: person_of_role, ..wiring() });
    for (route, address) in openable() {
        let stranger = browser.at("contoh.go.id").get(address).await;
        let led_away = stranger.location().starts_with("/masuk?lanjut=");
        assert_eq!(led_away, route.audience != Audience::Public, "{address} for a stranger: {}", stranger.status);
        for role in Role::ALL {
            let somebody = browser.at("contoh.go.id");
            somebody.keep(COOKIE, role.name());
            let refused = somebody.get(address).await.status == 403;
            let expected = matches!(route.audience, Audience::May(action) if !action.roles.contains(&role));
            // A role of a unit may be let in by the route and still be refused the unit it asks for.
            let elsewhere = role.is_of_a_unit() && route.path.contains('{');
            assert!(refused == expected || (refused && elsewhere), "{address} for {}: refused {refused}", role.name());
        }
    }
}

#[tokio::test]
async fn every_public_page_opens_in_both_languages() {
    let (browser, _fresh) = city(wiring());
    for (route, address) in openable().into_iter().filter(|(route, _)| route.page && route.audience == Audience::Public)
    {
        for language in ["id", "en"] {
            let page = browser.at("contoh.go.id").get(&with_language(address, language)).await;
            let moved = page.status.is_redirection();
            // The page of a link that was used is shown with "410 Gone": it tells what to do.
            assert!(
                page.status == 200 || page.status == 410 || moved,
                "{} {address} ({language}): {}",
                route.path,
                page.status
            );
            if !moved {
                assert!(page.says(&format!("<html lang=\"{language}\"")), "{address}");
                assert_eq!(page.text().matches("<h1").count(), 1, "{address} ({language}) has one heading");
            }
        }
    }
}

#[test]
fn every_kind_of_job_is_named_on_the_page_of_those_that_failed() {
    let nameless: Vec<&str> = handlers().kinds().filter(|kind| !operations::names_work(kind)).collect();
    assert_eq!(nameless, Vec::<&str>::new(), "give them words under [work] in slices/operations/locales");
}

fn with_language(address: &str, language: &str) -> String {
    format!("{address}{}lang={language}", if address.contains('?') { '&' } else { '?' })
}

/// One initial TCP window: what arrives in it is shown without another round trip.
const FIRST_VIEW_BYTES: usize = 14_600;

#[tokio::test]
async fn the_first_view_of_every_public_page_fits_into_one_window() {
    let (browser, _fresh) = city(wiring());
    let mut heavy = Vec::new();
    for (_, address) in openable().into_iter().filter(|(route, _)| route.page && route.audience == Audience::Public) {
        let whole = browser.get(address).await;
        if whole.status.is_redirection() {
            continue;
        }
        let (page, text) = (compressed(&browser, address).await, whole.text());
        let mut bytes = page.bytes.len();
        for style in text.split("<link rel=\"stylesheet\" href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            bytes += compressed(&browser, style).await.bytes.len();
        }
        if bytes > FIRST_VIEW_BYTES {
            heavy.push((address, bytes));
        }
    }
    assert_eq!(heavy, Vec::new());
}

async fn compressed(browser: &Browser, address: &str) -> Answer {
    let answer = browser.get_with(address, "accept-encoding", "br").await;
    assert_eq!(answer.headers["content-encoding"], "br", "{address}");
    answer
}

#[test]
fn every_statement_is_one_on_both_engines() {
    let stores: Vec<&[Sql]> = STATEMENTS.iter().copied().flatten().copied().collect();
    prepare_all(&stores);
}

#[test]
fn every_statement_on_rows_of_a_city_names_the_city() {
    let all: Vec<Sql> = STATEMENTS.iter().copied().flatten().copied().flatten().copied().collect();
    statements_name_their_institution(&all, CITYLESS);
}

#[test]
fn every_kind_of_message_can_be_read_in_both_languages() {
    let own = [&platform::messages::DIGEST].into_iter();
    let all: Vec<_> = own.chain(MESSAGES.iter().copied().flatten().copied()).collect();
    read_every_kind(&all);
}

/// Of the statements that count what a key seals.
const KEYS: &str = "whether a key may be retired is asked of the whole installation; a number is all they give";

/// Statements that may see rows of every city, each with its reason.
const CITYLESS: &[(&str, &str)] = &[
    ("LEAGUES", "published results are of the whole nation; its column `unit` is a name, not the table"),
    ("NEXT_DUE_JOB", "a worker does the jobs of all cities, and each handler is told whose it is"),
    ("COUNT_JOBS", "figures of the whole installation, for whoever keeps it"),
    ("SWEEP_JOBS", "finished jobs go by age alone"),
    ("SWEEP_MESSAGES", "messages that are over go by age alone"),
    ("HELD_CONTENT", KEYS),
    ("HELD_TOTP", KEYS),
    ("HELD_NAME", KEYS),
    ("HELD_EMAIL", KEYS),
    ("INDEXED_EMAIL", KEYS),
    ("HELD_PHONE", KEYS),
    ("INDEXED_PHONE", KEYS),
    ("HELD_NIK", KEYS),
    ("INDEXED_NIK", KEYS),
    ("HELD_ABOUT", KEYS),
    ("HELD_ANSWER", KEYS),
    ("HELD_COPY", KEYS),
    ("HELD_WEBHOOK", KEYS),
    ("HELD_WHAT", KEYS),
    ("HELD_HOW", KEYS),
    ("HELD_HANDLING", KEYS),
    ("OLDEST_DUE_JOB", "how late the worker is, for all cities"),
];
