//! `/kelola/unit/{slug}/riwayat`: what was changed of a unit, when, and from what to what.

use super::{EditPath, HistoryPath, KeepPath, class_words, field_words, kind_words, load_unit, state_words};
use crate::WORDS;
use crate::permissions::READ_UNITS;
use crate::store::{self, Version};
use crate::unit::Unit;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::identity::{AccountId, UnitId};
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

#[derive(Template)]
#[template(path = "pages/history.html")]
struct HistoryPage {
    page: Page,
    w: Words,
    entries: Vec<Change>,
}

/// One version beside the one before.
struct Change {
    when: String,
    what: String,
    /// Who: by name, or the program.
    who: String,
    /// Field in words, before, after.
    changes: Vec<(String, String, String)>,
}

/// Shows the versions, the newest first.
pub(crate) async fn show_history(path: HistoryPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    if !visit.signed_in()?.may(&READ_UNITS, Some(unit.id)) {
        return Err(Problem::not_found());
    }
    let (institution, id) = (visit.institution()?, unit.id);
    let find = app.wiring().name;
    let read = move |db: &mut Read<'_>| {
        let versions = store::versions(db, institution, id)?;
        let mut people = HashMap::new();
        for account in versions.iter().filter_map(|version| version.account) {
            if let Entry::Vacant(unknown) = people.entry(account) {
                unknown.insert(find(db, institution, account)?.unwrap_or_default());
            }
        }
        Ok::<_, DatabaseError>((versions, store::units(db, institution)?, people))
    };
    let (versions, units, people) = app.database().read(read).await?;
    let w = visit.words(&WORDS);
    let names: HashMap<UnitId, String> = units.into_iter().map(|unit| (unit.id, unit.facts.name)).collect();
    let befores = std::iter::once(None).chain(versions.iter().map(Some));
    let mut entries: Vec<Change> = versions
        .iter()
        .zip(befores)
        .map(|(version, before)| Change {
            when: visit.site().zone.moment(version.at, w.language),
            what: w.text(&format!("act.{}", version.act)),
            who: who(version, &people, w),
            changes: before.map(|before| changes(&before.unit, &version.unit, &names, w)).unwrap_or_default(),
        })
        .collect();
    entries.reverse();
    let own = EditPath { slug: unit.slug.clone() };
    let page = visit.page(w.text("history.title")).crumb(w.text("keep.title"), KeepPath).crumb(unit.facts.name, own);
    show(&HistoryPage { page, w, entries })
}

/// Who did it. An account that is no longer kept has a number only.
fn who(version: &Version, people: &HashMap<AccountId, String>, w: Words) -> String {
    let Some(account) = version.account else { return w.text("history.program") };
    match people.get(&account).filter(|name| !name.is_empty()) {
        Some(name) => w.fill("history.person", [("name", name)]),
        None => w.fill("history.account", [("account", &short(&account.to_string()))]),
    }
}

/// The last digits of an identifier: enough to tell accounts apart.
fn short(id: &str) -> String {
    id.chars().skip(id.len().saturating_sub(6)).collect()
}

fn changes(before: &Unit, after: &Unit, names: &HashMap<UnitId, String>, w: Words) -> Vec<(String, String, String)> {
    let value = |unit: &Unit, field: &str| {
        let facts = &unit.facts;
        match field {
            "parent" => facts.parent.and_then(|parent| names.get(&parent).cloned()).unwrap_or_default(),
            "kind" => kind_words(w, facts.kind),
            "class" => facts.class.map(|class| class_words(w, class)).unwrap_or_default(),
            "code" => facts.code.clone().unwrap_or_default(),
            "name" => facts.name.clone(),
            "short_name" => facts.short_name.clone(),
            "address" => facts.contact.address.clone(),
            "phone" => facts.contact.phone.clone(),
            "email" => facts.contact.email.clone(),
            _ => facts.contact.web.clone(),
        }
    };
    let fields = before.facts.differences(&after.facts);
    let mut changes: Vec<_> =
        fields.into_iter().map(|field| (field_words(w, field), value(before, field), value(after, field))).collect();
    if before.state != after.state {
        let ended = |unit: &Unit| {
            let successor = unit.state.successor().and_then(|id| names.get(&id)).map(|name| format!(" ({name})"));
            format!("{}{}", state_words(w, unit.state), successor.unwrap_or_default())
        };
        changes.push((w.text("keep.state"), ended(before), ended(after)));
    }
    changes
}
