//! "Survei Kepuasan Masyarakat (SKM)": from a real visit to a published index that anybody can compute again.
//!
//! - **People**: the admin of a unit plans, opens and closes its periods; whoever serves at a counter hands out codes; whoever was
//!   served answers, once for each visit, without a name; the coordinator publishes; everybody reads what was published.
//! - **Law**: Permenpan RB 14/2017, in `rules/parameters/skm-2017.toml`; nothing is computed here but by `rules` and `calculation`.
//! - **States**: `docs/states/survey-period.md`. **Anonymity**: `docs/survey-anonymity.md`.
//!
//! | page | for whom |
//! |---|---|
//! | `/s`, `/s/{code}`, `/s/{code}/layar`, `/s/terima-kasih` | whoever was served |
//! | `/survei`, `/survei/{id}` and its files | everybody |
//! | `/kelola/survei` and below | staff of the unit, coordinator, auditor |

mod actions;
mod answer;
mod count;
mod demonstration;
mod export;
mod fault;
mod importance;
mod jobs;
mod pages;
mod period;
mod permissions;
mod personal;
mod result;
mod store;
mod table;
mod terms;
#[cfg(test)]
mod tests;
mod token;
mod trust;

pub use actions::{
    Changes, Delivered, Desk, Difference, Entered, Imported, MOST_CODES, NewBatch, Refused, Sending, Sheet, answer,
    change, close, enter_sheet, follow_up, import, issue, judge, open, plan, publish,
};
pub use answer::{Answer, AnswerId, Channel, PROFILE, PROMISES, Typed, is_delivery, receipt};
pub use count::{Count, Counts, GroupIndex, Promise, SMALLEST_GROUP, shown};
pub use demonstration::fill;
pub use fault::Fault;
pub use jobs::handlers;
pub use period::{Period, PeriodId, PeriodState, Plan, Rhythm, TypedPlan, WrongState};
pub use permissions::ACTIONS;
pub use personal::HOLDINGS;
pub use result::Named;
pub use store::codes::{Batch, BatchId, OpenSurvey};
pub use table::{Checked, MOST_ROWS, check as check_table, fingerprint as table_fingerprint};
pub use token::{Code, NoCode};
pub use trust::{Flag, Look, flags};

use pages::{
    cards, enter, files, follow, import as imports, judge as judging, keep, offline, open as survey, outcome, paper,
    period as periods, plan as plans, public, receipt as receipts, screen,
};
use permissions::{ENTER_SHEETS, ISSUE_CODES, JUDGE_ANSWERS, KEEP_PERIODS, READ_PERIODS};
use platform::app::{MenuEntry, Shown};
use platform::database::Sql;
use platform::route::{Pace, Routes};
use platform::words::{Words, catalogue};
use rules::phrase::{Catalogue, Language};
use std::sync::LazyLock;
use std::time::Duration;

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// The largest table of answers.
const LARGEST_TABLE: usize = 5 * 1024 * 1024;

/// Every statement of the slice.
pub const STATEMENTS: &[&[Sql]] = store::STATEMENTS;

/// "Survei", for staff.
pub const STAFF_MENU: MenuEntry = MenuEntry {
    href: "/kelola/survei",
    label: |language| words(language).text("menu.keep"),
    shown: Shown::ToWhoMay(&READ_PERIODS),
};

/// The words of the slice in a language.
#[must_use]
pub fn words(language: Language) -> Words {
    Words::new(&WORDS, language)
}

/// The routes of the slice.
#[must_use]
pub fn routes() -> Routes {
    answering().and(published()).and(keeping())
}

fn answering() -> Routes {
    Routes::new()
        .get(enter::show_enter)
        .public()
        .get(receipts::show_receipt)
        .public()
        .get(offline::script)
        .file()
        .public()
        .get(survey::show_survey)
        .sample(demonstration::SAMPLE_SURVEY)
        .public()
        .post(survey::post_survey)
        .public()
        .get(screen::show_first)
        .sample(demonstration::SAMPLE_SCREEN)
        .public()
        .post(screen::post_step)
        // A tablet sends a form for each question, and asks no more of the server than a page does.
        .pace(Pace::Reading)
        .public()
}

fn published() -> Routes {
    Routes::new()
        .get(public::list)
        .public_and_kept()
        .get(public::show_result)
        .sample(demonstration::SAMPLE_PUBLISHED)
        .public_and_kept()
        .get(files::public_file)
        .sample(demonstration::SAMPLE_PUBLIC_FILE)
        .file()
        .public()
}

fn keeping() -> Routes {
    Routes::new()
        .get(keep::list)
        .may(&READ_PERIODS)
        .get(plans::show_new)
        .may(&KEEP_PERIODS)
        .post(plans::post_new)
        .may(&KEEP_PERIODS)
        .get(periods::show_period)
        .sample(demonstration::SAMPLE_PERIOD)
        .may(&READ_PERIODS)
        .post(periods::post_step)
        // The handler asks for the right of each step.
        .may(&KEEP_PERIODS)
        .get(plans::show_plan)
        .sample(demonstration::SAMPLE_PLAN)
        .may(&KEEP_PERIODS)
        .post(plans::post_plan)
        .may(&KEEP_PERIODS)
        .get(cards::show_codes)
        .sample(demonstration::SAMPLE_CODES)
        .may(&ISSUE_CODES)
        .post(cards::post_codes)
        .may(&ISSUE_CODES)
        .get(paper::show_sheet)
        .sample(demonstration::SAMPLE_PAPER)
        .may(&ENTER_SHEETS)
        .post(paper::post_sheet)
        .may(&ENTER_SHEETS)
        .get(imports::show_import)
        .sample(demonstration::SAMPLE_IMPORT)
        .may(&KEEP_PERIODS)
        .post(imports::post_import)
        .upload(LARGEST_TABLE, Duration::from_secs(60))
        .pace(Pace::Heavy)
        .may(&KEEP_PERIODS)
        .post(imports::post_store)
        .may(&KEEP_PERIODS)
        .get(judging::show_flags)
        .sample(demonstration::SAMPLE_JUDGE)
        .may(&JUDGE_ANSWERS)
        .post(judging::post_judgement)
        .may(&JUDGE_ANSWERS)
        .get(outcome::show_outcome)
        .sample(demonstration::SAMPLE_OUTCOME)
        .may(&READ_PERIODS)
        .post(follow::post_follow)
        .may(&improvement::PLAN_MEASURES)
        .get(files::staff_file)
        .sample(demonstration::SAMPLE_FILE)
        .file()
        .may(&READ_PERIODS)
}
