//! What the slice promises, shown over its pages and its store on both engines: a city with two offices, and another city beside it.

mod audit_pages;
mod contracts;
mod guessing;
mod importing;
mod invitations;
mod isolation;
mod kept_links;
mod looking_after;
mod mailing;
mod meanwhile;
mod own_account;
mod second_factor;
mod signing_in;

use crate::account::Email;
use crate::actions::{Act, Invited, NewGrant, create_account};
use crate::granting::Post;
use crate::one_time_code::Secret;
use crate::password::hash_now;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header;
use organisation::{Desk, InstitutionKind, Settings, UnitFacts, UnitKind};
use platform::app::{App, Means, Wiring};
use platform::audit::{self, Actor, Filter};
use platform::clock::Clock;
use platform::database::{Database, DatabaseError};
use platform::identity::{AccountId, InstitutionId, Role, UnitId};
use platform::messages::{Mail, MessageKind};
use platform::secret::Secrets;
use platform::site::Zone;
use platform::testing::{Answer, Browser};
use std::net::SocketAddr;
use std::sync::LazyLock;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub(crate) const START: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
pub(crate) const PASSWORD: &str = "kuda hijau makan awan";
const KINDS: &[&[&MessageKind]] = &[crate::MESSAGES];
static HASHED: LazyLock<String> = LazyLock::new(|| hash_now(PASSWORD));

/// A city with people, and another one beside it.
pub(crate) struct City {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    pub(crate) database: Database,
    pub(crate) institution: InstitutionId,
    pub(crate) elsewhere: InstitutionId,
    /// An office, a counter below it, and another office.
    pub(crate) office: UnitId,
    pub(crate) counter: UnitId,
    pub(crate) other_office: UnitId,
}

/// Somebody who can sign in.
#[derive(Clone)]
pub(crate) struct Someone {
    pub(crate) account: AccountId,
    pub(crate) email: String,
}

fn settings(name: &str, host: &str) -> Settings {
    Settings {
        kind: InstitutionKind::City,
        name: format!("Pemerintah {name}"),
        short_name: name.to_owned(),
        area_code: None,
        zone: Zone::Wib,
        host: Some(host.to_owned()),
        tagline: String::new(),
        help: String::new(),
        colours: None,
    }
}

fn facts(name: &str, code: &str, parent: Option<UnitId>) -> UnitFacts {
    UnitFacts {
        parent,
        kind: if parent.is_some() { UnitKind::ServicePoint } else { UnitKind::Opd },
        code: Some(code.to_owned()),
        name: name.to_owned(),
        short_name: String::new(),
        class: None,
        contact: organisation::Contact {
            address: String::new(),
            phone: String::new(),
            email: String::new(),
            web: String::new(),
        },
    }
}

impl City {
    pub(crate) async fn new(database: Database) -> Self {
        Self::with_mail(database, Mail::none()).await
    }

    pub(crate) async fn with_mail(database: Database, mail: Mail) -> Self {
        let actor = Actor::Program("test");
        let made = database.write(move |db| {
            let institution = organisation::found(db, settings("Kota Contoh", "contoh.go.id"), false, actor, START)?;
            let elsewhere = organisation::found(db, settings("Kota Lain", "lain.go.id"), false, actor, START)?;
            let desk = Desk { institution, actor, now: START };
            let office = organisation::enter_unit(db, &desk, &facts("Dinas Sosial", "1.06", None))?.id;
            let counter = organisation::enter_unit(db, &desk, &facts("Loket Sosial", "1.06.1", Some(office)))?.id;
            let other_office = organisation::enter_unit(db, &desk, &facts("Dinas Kesehatan", "1.02", None))?.id;
            Ok::<_, organisation::Refused>((institution, elsewhere, office, counter, other_office))
        });
        let Ok((institution, elsewhere, office, counter, other_office)) = made.await else {
            panic!("the city is founded")
        };
        let clock = Clock::standing(START);
        let wiring = Wiring {
            site: organisation::find_site,
            person: crate::find_person,
            seen: crate::note_seen,
            contact: crate::contact_of,
            city: crate::city_of,
            messages: KINDS,
            ..Wiring::default()
        };
        let origin = Some("https://contoh.go.id".to_owned());
        let means = Means { mail, origin, ..Means::new(Secrets::new([9; 32])) };
        let app = App::new(database.clone(), clock.clone(), wiring, means);
        Self { app, clock, database, institution, elsewhere, office, counter, other_office }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// A browser that was never here.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(platform::server::router(&self.app, crate::routes()))
    }

    pub(crate) async fn person(&self, name: &str, role: Role, unit: Option<UnitId>) -> Someone {
        self.person_of(self.institution, name, Some(Post { role, unit })).await
    }

    pub(crate) async fn person_of(&self, institution: InstitutionId, name: &str, post: Option<Post>) -> Someone {
        let email = format!("{}@contoh.go.id", name.to_lowercase());
        let new = Invited {
            email: Email::read(&email).unwrap(),
            name: name.to_owned(),
            grants: post.into_iter().map(NewGrant::now).collect(),
        };
        let act = Act::of_program(institution, self.now(), "test");
        let account = self.database.write(move |db| create_account(db, &act, &new, &HASHED)).await.unwrap();
        Someone { account, email }
    }

    /// A browser in which somebody without a second factor is signed in.
    pub(crate) async fn signed_in(&self, who: &Someone) -> Browser {
        let browser = self.browser();
        let answer = sign_in(&browser, &who.email, PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/akun"), "{}", answer.text());
        browser
    }

    /// A browser in which somebody signed in and set up a second factor, with its secret and the codes on paper.
    pub(crate) async fn enrolled(&self, who: &Someone) -> (Browser, Secret, Vec<String>) {
        let browser = self.signed_in(who).await;
        let page = browser.get("/akun/dua-langkah").await.text();
        let secret = Secret::of_written(between(&page, "<code>", "</code>"));
        let (draft, code) = (hidden(&page, "draft"), secret.shown(self.now()));
        let answer = browser.post("/akun/dua-langkah", &[("draft", &draft), ("code", &code)]).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        let codes =
            answer.text().split("<code>").skip(1).map(|part| part.split('<').next().unwrap().to_owned()).collect();
        (browser, secret, codes)
    }

    /// A system admin at work.
    pub(crate) async fn admin(&self) -> Browser {
        let admin = self.person("Admin", Role::SystemAdmin, None).await;
        self.enrolled(&admin).await.0
    }

    /// The acts recorded about an account, the newest first.
    pub(crate) async fn acts(&self, account: AccountId) -> Vec<String> {
        let institution = self.institution;
        let filter = Filter { subject_id: Some(account.to_string()), ..Filter::default() };
        let found = self.database.read(move |db| audit::search(db, Some(institution), &filter, 100)).await.unwrap();
        found.into_iter().map(|entry| entry.act).collect()
    }

    /// Whether the whole chain of the city holds.
    pub(crate) async fn chain_is_whole(&self) -> bool {
        let institution = self.institution;
        let verdict = self.database.read(move |db| audit::verify(db, Some(institution), None)).await;
        verdict.unwrap_or_else(|error: DatabaseError| panic!("{error}")).is_whole()
    }
}

pub(crate) async fn sign_in(browser: &Browser, email: &str, password: &str) -> Answer {
    browser.post("/masuk", &[("email", email), ("password", password)]).await
}

/// Signs in from an address of a network.
pub(crate) async fn sign_in_from(browser: &Browser, address: [u8; 4], email: &str, password: &str) -> Answer {
    let query = |pairs: &[(&str, &str)]| {
        let mut text = String::new();
        for (key, value) in pairs {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            text.push_str(&format!("{key}={value}&"));
        }
        text
    };
    let request = browser
        .request("POST", "/masuk")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .extension(ConnectInfo(SocketAddr::from((address, 4000))));
    browser.send(request, Body::from(query(&[("email", email), ("password", password)]))).await
}

/// The text between two others, the first time they occur.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} is missing in {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("{after} is missing")).0
}

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    between(page, &format!("name=\"{name}\" value=\""), "\"").to_owned()
}

/// The address of a link that a page shows once.
pub(crate) fn link_on(page: &str) -> String {
    let token = between(page, "/undangan/", "<");
    format!("/undangan/{}", token.trim())
}
