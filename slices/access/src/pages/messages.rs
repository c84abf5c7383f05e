//! Messages that did not go out: for whoever runs the system, who decides what becomes of them.

use super::{done, page};
use crate::actions::{self, Act, Refused};
use crate::{WORDS, store};
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::messages::{self, Decision, MailTrouble, MessageCounts, MessageId, MessageState, OpenMessage, masked};
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/pesan")]
pub(crate) struct MessagesPath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/pesan/{id}/{decision}")]
pub(crate) struct DecisionPath {
    id: String,
    decision: String,
}

/// So many messages are shown; the others follow when these are decided.
const SHOWN: u32 = 100;

struct Line {
    id: MessageId,
    what: String,
    to: String,
    at: String,
    state: String,
    trouble: String,
    in_doubt: bool,
}

#[derive(askama::Template)]
#[template(path = "pages/messages.html")]
struct MessagesPage {
    page: Page,
    w: Words,
    mail: bool,
    trouble: String,
    counts: Vec<(String, String)>,
    lines: Vec<Line>,
}

/// What a kind of message is about: its subject without what differs from one to the next.
fn what(app: &App, kind: &str, visit: &Visit) -> String {
    let known = app.wiring().messages.iter().copied().flatten().find(|known| known.name == kind);
    known.map_or_else(
        || kind.to_owned(),
        |known| {
            let subject = Words::new(known.catalogue, visit.language()).text(known.subject);
            subject
                .split('{')
                .enumerate()
                .map(|(at, part)| {
                    if at == 0 {
                        part.to_owned()
                    } else {
                        format!("…{}", part.split_once('}').map_or("", |(_, rest)| rest))
                    }
                })
                .collect()
        },
    )
}

fn line(app: &App, visit: &Visit, (message, address): (OpenMessage, Option<String>)) -> Line {
    let (w, language, zone) = (visit.words(&WORDS), visit.language(), visit.site().zone);
    let in_doubt = message.state == MessageState::InDoubt;
    Line {
        id: message.id,
        what: what(app, &message.kind, visit),
        to: address.or(message.address).unwrap_or_else(|| w.text("messages.nobody")),
        at: zone.moment(message.handed_at.unwrap_or(message.created_at), language),
        state: w.text(if in_doubt { "messages.in-doubt" } else { "messages.refused" }),
        trouble: message.trouble.map(|trouble| trouble.sentence(language)).unwrap_or_default(),
        in_doubt,
    }
}

fn counted(counts: MessageCounts, w: Words) -> Vec<(String, String)> {
    let MessageCounts { waiting, collected, in_doubt, refused, sent, expired } = counts;
    let line = |key: &str, count: u64| (w.text(key), w.count(count));
    vec![
        line("messages.count-waiting", waiting),
        line("messages.count-collected", collected),
        line("messages.count-in-doubt", in_doubt),
        line("messages.count-refused", refused),
        line("messages.count-expired", expired),
        line("messages.count-sent", sent),
    ]
}

pub(crate) async fn show(_: MessagesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, secrets) = (visit.institution()?, app.secrets().clone());
    let load = move |db: &mut Read<'_>| {
        let mut open = Vec::new();
        for message in messages::open_messages(db, &secrets, institution, SHOWN)? {
            let contact = match message.account {
                Some(account) => store::mail::contact(db, institution, account)?,
                None => None,
            };
            open.push((message, contact.map(|contact| masked(&contact.address))));
        }
        let (counts, trouble) = (messages::counts(db, institution)?, messages::last_trouble(db, institution)?);
        Ok::<_, DatabaseError>((open, counts, trouble))
    };
    let (open, counts, trouble) = app.database().read(load).await?;
    let mail = app.mail().is_set();
    let trouble =
        if mail { trouble.filter(|trouble| *trouble != MailTrouble::NotSet) } else { Some(MailTrouble::NotSet) };
    let w = visit.words(&WORDS);
    page::show(&MessagesPage {
        page: page(&visit, "messages.title"),
        w,
        mail,
        trouble: trouble.map(|trouble| trouble.sentence(visit.language())).unwrap_or_default(),
        counts: counted(counts, w),
        lines: open.into_iter().map(|open| line(&app, &visit, open)).collect(),
    })
}

pub(crate) async fn decide(path: DecisionPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let id: MessageId = path.id.parse().map_err(|_| Problem::not_found())?;
    let decision = match path.decision.as_str() {
        "kirim-lagi" => (Decision::Again, "again"),
        "anggap-terkirim" => (Decision::Arrived, "arrived"),
        "abaikan" => (Decision::Drop, "dropped"),
        _ => return Err(Problem::not_found()),
    };
    let act = Act::of(visit.signed_in()?, app.now());
    match app.database().write(move |db| actions::decide_message(db, &act, id, decision)).await {
        Ok(()) => {
            app.jobs().wake();
            Ok(done(&MessagesPath, "pesan"))
        }
        // Somebody else decided it meanwhile: the list shows what is left.
        Err(Refused::NotFound) => Ok(done(&MessagesPath, "pesan-sudah")),
        Err(refused) => Err(refused.into()),
    }
}
