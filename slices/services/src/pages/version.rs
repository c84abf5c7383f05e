//! One version of a standard: for staff with what it changes of the one before, for everybody as it was published.

use super::service_files::linked;
use super::{
    EditPath, KeepPath, PublicBytesPath, PublicVersionPath, ServicePath, ServicesPath, StandardPath,
    StandardVersionPath, duration_words, fee_words, load_for, standard::state_words,
};
use crate::WORDS;
use crate::permissions::READ_SERVICES;
use crate::service::{Service, ServiceState};
use crate::service_files::{FileRole, ServiceFile, service_files};
use crate::standard::{Content, FEE, PROCEDURE, REQUIREMENTS, Standard, TIME, rule};
use crate::store::{self, standards as kept};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::database::DatabaseError;
use platform::files::StoredFile;
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use rules::service_standard::ComponentPart;
use similar::{ChangeTag, TextDiff};

/// A component as a page shows it.
pub(super) struct Shown {
    pub(super) name: String,
    /// What stands in one line before the text: time, fee.
    pub(super) short: String,
    /// The text, line by line.
    pub(super) lines: Vec<String>,
    /// Whether each line is an item of its own.
    pub(super) items: bool,
    /// Whether each line is a step that follows the one before.
    pub(super) steps: bool,
}

/// The components of one part, in their official order, those that say something.
pub(super) fn components(content: &Content, part: ComponentPart, w: Words) -> Vec<Shown> {
    let own = rule().components.iter().filter(|component| component.part == part);
    let shown = own.map(|component| Shown {
        name: component.name.in_language(w.language).to_owned(),
        short: short(content, &component.key, w),
        lines: content.text(&component.key).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        items: component.key == REQUIREMENTS,
        steps: component.key == PROCEDURE,
    });
    shown.filter(|shown| !shown.short.is_empty() || !shown.lines.is_empty()).collect()
}

fn short(content: &Content, key: &str, w: Words) -> String {
    match key {
        TIME => content.duration.map(|duration| duration_words(w, duration)).unwrap_or_default(),
        FEE => content.fee.as_ref().map(|fee| fee_words(w, fee)).unwrap_or_default(),
        _ => String::new(),
    }
}

#[derive(Template)]
#[template(path = "pages/version.html")]
struct VersionPage {
    page: Page,
    w: Words,
    state: String,
    /// Each component that differs, and its words: kept, taken out, put in.
    changes: Vec<(String, Vec<Piece>)>,
    /// Whether there is a version before.
    compared: bool,
    delivery: Vec<Shown>,
    management: Vec<Shown>,
}

/// Words that two versions share, or that one alone has.
struct Piece {
    /// "same", "out" or "in".
    kind: &'static str,
    text: String,
}

/// Shows a version to staff.
pub(crate) async fn show_version(
    path: StandardVersionPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &READ_SERVICES).await?;
    let (institution, id, number) = (visit.institution()?, service.id, path.number);
    let (own, before) = app
        .database()
        .read(move |db| {
            let own = kept::numbered(db, institution, id, number)?;
            Ok::<_, DatabaseError>((own, kept::numbered(db, institution, id, number.saturating_sub(1))?))
        })
        .await?;
    let own = own.ok_or_else(Problem::not_found)?;
    let w = visit.words(&WORDS);
    let slug = service.slug.clone();
    let title = w.fill("standard.version", [("number", &w.count(number.unsigned_abs()))]);
    let page = visit.page(title).crumb(w.text("keep.title"), KeepPath);
    let page = page.crumb(service.facts.name, EditPath { slug: slug.clone() });
    show(&VersionPage {
        page: page.crumb(w.text("standard.title"), StandardPath { slug }),
        state: state_words(w, own.state),
        changes: before.as_ref().map(|before| changes(&before.content, &own.content, w)).unwrap_or_default(),
        compared: before.is_some(),
        delivery: components(&own.content, ComponentPart::Penyampaian, w),
        management: components(&own.content, ComponentPart::Pengelolaan, w),
        w,
    })
}

/// What one version says otherwise than another, component by component, word by word.
fn changes(before: &Content, after: &Content, w: Words) -> Vec<(String, Vec<Piece>)> {
    let whole = |content: &Content, key: &str| {
        let (short, text) = (short(content, key, w), content.text(key));
        if short.is_empty() || text.is_empty() { format!("{short}{text}") } else { format!("{short}\n{text}") }
    };
    let compared = rule().components.iter().filter_map(|component| {
        let (old, new) = (whole(before, &component.key), whole(after, &component.key));
        (old != new).then(|| (component.name.in_language(w.language).to_owned(), pieces(&old, &new)))
    });
    compared.collect()
}

fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for change in TextDiff::from_words(old, new).iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "out",
            ChangeTag::Insert => "in",
        };
        match pieces.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => pieces.push(Piece { kind, text: change.value().to_owned() }),
        }
    }
    pieces
}

#[derive(Template)]
#[template(path = "pages/public_version.html")]
struct PublicPage {
    page: Page,
    w: Words,
    lines: Vec<(String, String)>,
    current: Option<String>,
    bytes: String,
    /// Decree and minutes: title, size where it is a file of ours, address.
    papers: Vec<(String, String, String)>,
    delivery: Vec<Shown>,
    management: Vec<Shown>,
}

/// Shows a version as it was published, to anybody.
pub(crate) async fn show_public(
    path: PublicVersionPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (service, standard) = published(&app, &visit, &path.slug, path.number).await?;
    let (institution, id) = (visit.institution()?, service.id);
    let files = app.database().read(move |db| service_files(db, institution, id)).await?;
    let w = visit.words(&WORDS);
    let on = |date| day(date, w.language);
    let mut lines = Vec::new();
    if let Some(decree) = &standard.decree {
        lines.push((w.text("standard.decree"), format!("{} ({})", decree.number, on(decree.on))));
        lines.push((w.text("standard.effective"), on(decree.effective_on)));
    }
    if let Some(discussion) = &standard.discussion {
        lines.push((w.text("standard.discussed-on"), format!("{}: {}", on(discussion.on), discussion.with)));
    }
    if let Some(at) = standard.published_at {
        lines.push((w.text("standard.published"), visit.site().zone.moment(at, w.language)));
    }
    if let Some(at) = standard.replaced_at {
        lines.push((w.text("standard.replaced"), visit.site().zone.moment(at, w.language)));
    }
    lines.extend(standard.hash.clone().map(|hash| (w.text("standard.hash"), hash)));
    let title = w.fill("standard.public-title", [("service", &service.facts.name)]);
    let page = visit.page(title).crumb(w.text("list.title"), ServicesPath);
    let current = ServicePath { slug: service.slug.clone() }.to_string();
    show(&PublicPage {
        page: page.crumb(service.facts.name, &current),
        lines,
        current: standard.replaced_at.is_some().then_some(current),
        papers: papers(&standard, &files, w),
        bytes: PublicBytesPath { slug: service.slug, number: standard.number }.to_string(),
        delivery: components(&standard.content, ComponentPart::Penyampaian, w),
        management: components(&standard.content, ComponentPart::Pengelolaan, w),
        w,
    })
}

/// The decree and the minutes of a version: files of ours, and addresses elsewhere.
fn papers(standard: &Standard, files: &[(ServiceFile, StoredFile)], w: Words) -> Vec<(String, String, String)> {
    let own = |role| linked(files, (role, Some(standard.id)), w);
    let elsewhere = |key: &str, url: &str| (w.text(key), String::new(), url.to_owned());
    let mut papers = own(FileRole::Decree);
    papers.extend(standard.decree.as_ref().map(|decree| elsewhere("service-files.decree", &decree.url)));
    papers.extend(own(FileRole::Minutes));
    papers.extend(standard.discussion.as_ref().map(|held| elsewhere("service-files.minutes", &held.minutes)));
    papers.retain(|(_, _, href)| !href.is_empty());
    papers
}

/// The bytes of which the fingerprint is.
pub(crate) async fn bytes(path: PublicBytesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (_, standard) = published(&app, &visit, &path.slug, path.number).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], standard.content.bytes()).into_response())
}

async fn published(app: &App, visit: &Visit, slug: &str, number: i64) -> Result<(Service, Standard), Problem> {
    let (institution, slug) = (visit.institution()?, slug.to_owned());
    let found = app
        .database()
        .read(move |db| {
            let Some(service) = store::service_by_slug(db, institution, &slug)? else { return Ok(None) };
            let standard = kept::numbered(db, institution, service.id, number)?;
            Ok::<_, DatabaseError>(standard.map(|standard| (service, standard)))
        })
        .await?;
    let public = |(service, standard): &(Service, Standard)| {
        service.state != ServiceState::Draft && standard.published_at.is_some()
    };
    found.filter(public).ok_or_else(Problem::not_found)
}
