//! "Rencana perbaikan": from what was found to what was done about it, shown, verified by another person, and read by everybody.
//!
//! - **People**: the admin and the head of a unit raise findings and plan; the owner of a measure does it and shows it; another person
//!   verifies it; the head or the coordinator publishes; the coordinator sees every unit; everybody reads "Anda bilang, kami lakukan".
//! - **Law**: Permenpan RB 14/2017 asks for the follow-up of a survey's result; PEKPPP judges its share and its speed.
//! - **States**: `docs/states/finding.md`, `docs/states/measure.md`.
//!
//! Other slices [`raise`] findings, ask for their [`follow_up`] and note figures that were measured later ([`note_later`]).
//!
//! | page | for whom |
//! |---|---|
//! | `/anda-bilang`, `/anda-bilang/{unit}` | everybody |
//! | `/kelola/perbaikan`, `/kelola/perbaikan.csv`, `…/baru`, `…/{id}`, `…/{id}/tindakan`, `…/{id}/tayang` | staff of the unit, coordinator |
//! | `/kelola/tindakan/{id}` | the owner, and whoever verifies |

mod actions;
mod demonstration;
mod evidence;
mod finding;
mod measure;
mod notices;
mod pages;
mod permissions;
mod personal;
mod state;
mod store;
#[cfg(test)]
mod tests;

pub use actions::measures::{
    begin_measure, cancel_measure, finish_measure, plan_measure, send_back_measure, verify_measure,
};
pub use actions::{
    FollowUp, Refused, correct_before, drop_finding, enter, follow_up, note_later, publish_finding, raise, raised,
    resume_finding, withdraw_finding,
};
pub use demonstration::{carry_out, fill};
pub use evidence::MEASURE_HOLDER;
pub use finding::{Figure, Finding, FindingId, Later, NewFinding, Source, SourceKind, TypedFinding};
pub use measure::{MOST_WORKING_DAYS, Measure, MeasureId, Owner, Plan, Proof, Told, TypedPlan, TypedProof, due_on};
pub use notices::{MESSAGES, Way, handlers};
pub use pages::{FindingPath, PublicPath, PublicUnitPath};
pub use permissions::{DO_MEASURES, PLAN_MEASURES, PUBLISH_FINDINGS, READ_FINDINGS, VERIFY_MEASURES};
pub use personal::HOLDINGS;
pub use state::{FindingState, MeasureState, WrongState};

use pages::{finding as one, list, measure as measures, new, plan, public, publish};
use platform::app::{MenuEntry, Shown};
use platform::database::Sql;
use platform::identity::Action;
use platform::route::Routes;
use platform::words::{Words, catalogue};
use rules::phrase::{Catalogue, Language};
use std::sync::LazyLock;
use std::time::Duration;

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// Every statement of the slice.
pub const STATEMENTS: &[&[Sql]] = store::ALL;

/// Every action of this slice.
pub const ACTIONS: &[&Action] = &[&READ_FINDINGS, &PLAN_MEASURES, &DO_MEASURES, &VERIFY_MEASURES, &PUBLISH_FINDINGS];

/// A file with the form around it.
const LARGEST_PROOF: usize = 101 * 1024 * 1024;

/// "Perbaikan", for staff.
pub const STAFF_MENU: MenuEntry = MenuEntry {
    href: "/kelola/perbaikan",
    label: |language| words(language).text("menu.keep"),
    shown: Shown::ToWhoMay(&READ_FINDINGS),
};

/// The words of the slice in a language.
#[must_use]
pub fn words(language: Language) -> Words {
    Words::new(&WORDS, language)
}

/// The routes of the slice.
#[must_use]
pub fn routes() -> Routes {
    reading().and(keeping())
}

fn reading() -> Routes {
    Routes::new()
        .get(public::show_city)
        .public_and_kept()
        .get(public::show_unit)
        .sample(demonstration::SAMPLE_PUBLIC_UNIT)
        .public_and_kept()
}

fn keeping() -> Routes {
    Routes::new()
        .get(list::show_list)
        .may(&READ_FINDINGS)
        .get(list::csv)
        .file()
        .may(&READ_FINDINGS)
        .get(new::show_new)
        .may(&PLAN_MEASURES)
        .post(new::post_new)
        .may(&PLAN_MEASURES)
        .get(one::show_finding)
        .sample(demonstration::SAMPLE_FINDING)
        .may(&READ_FINDINGS)
        .post(one::post_step)
        // The handler asks for the right of each step.
        .may(&PLAN_MEASURES)
        .get(plan::show_plan)
        .sample(demonstration::SAMPLE_PLAN)
        .may(&PLAN_MEASURES)
        .post(plan::post_plan)
        .may(&PLAN_MEASURES)
        .get(publish::show_publish)
        .sample(demonstration::SAMPLE_PUBLISH)
        .may(&PUBLISH_FINDINGS)
        .post(publish::post_publish)
        .may(&PUBLISH_FINDINGS)
        .get(measures::show_measure)
        .sample(demonstration::SAMPLE_MEASURE)
        .may(&READ_FINDINGS)
        .post(measures::post_step)
        // The handler asks for the right of each step.
        .may(&READ_FINDINGS)
        .post(measures::post_done)
        .upload(LARGEST_PROOF, Duration::from_secs(300))
        .may(&DO_MEASURES)
}
