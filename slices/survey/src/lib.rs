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
//! | `/s/openrosa` and below | tablets with a key |
//! | `/api/v1/survey` and below | programs |
//! | `/kelola/survei` and below | staff of the unit, coordinator, auditor |

mod actions;
mod answer;
mod api;
mod city_index;
mod count;
mod delivering;
mod demonstration;
mod export;
mod fault;
mod import;
mod importance;
mod jobs;
mod key;
mod pages;
mod period;
mod permissions;
mod personal;
mod places;
mod protect;
mod questionnaire;
mod reminders;
mod result;
mod store;
mod table;
mod terms;
#[cfg(test)]
mod tests;
mod token;
mod trust;
mod webhook;
mod xform;
mod xlsform;

pub use actions::{
    Asking, Changes, Delivered, Desk, Difference, Entered, MOST_CODES, MOST_CODES_AT_ONCE, NewBatch, NewWebhook,
    Refused, Sending, Sheet, answer, change, close, decide_table, enter_sheet, estimate, follow_up, issue,
    issue_with_key, judge, make_key, open, plan, present_key, publish, revoke_key, rotate_webhook, send_again,
    send_table, stop_webhook, subscribe, try_webhook,
};
pub use answer::{Answer, AnswerId, Channel, PROFILE, PROMISES, Typed, is_delivery, receipt};
pub use api::API;
pub use count::{Count, Counts, GroupIndex, Promise, SMALLEST_GROUP, shown};
pub use demonstration::fill;
pub use fault::Fault;
pub use import::{FromTable, Import, ImportId, ImportState};
pub use jobs::handlers;
pub use key::{Key, KeyId, KeyState, ProgramKey};
pub use period::{Period, PeriodId, PeriodState, Plan, Rhythm, TypedPlan, WrongState};
pub use permissions::ACTIONS;
pub use personal::HOLDINGS;
pub use reminders::MESSAGES;
pub use result::Named;
pub use store::codes::{Batch, BatchId, OpenSurvey};
pub use store::counts::count as count_incoming;
pub use store::webhooks::RESEALED;
pub use table::{Against, Checked, MOST_ROWS, check as check_table};
pub use token::{Code, NoCode};
pub use trust::{Flag, Look, flags};
pub use webhook::{Delivery, DeliveryId, DeliveryState, Event, Signing, Webhook, WebhookId, WebhookState};

use pages::{
    cards, city, closing, enter, files, follow, import as imports, import_decision, judge as judging, keep,
    keys as key_pages, offline, open as survey, openrosa, outcome, paper, period as periods, plan as plans, public,
    receipt as receipts, screen, webhook as receiver, webhooks, xlsform as xlsforms,
};
use permissions::{
    CONFIRM_TABLES, ENTER_SHEETS, ISSUE_CODES, JUDGE_ANSWERS, KEEP_KEYS, KEEP_PERIODS, KEEP_WEBHOOKS, READ_PERIODS,
};
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
    answering().and(published()).and(keeping()).and(taking()).and(programs()).and(tablets()).and(api::routes())
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
        .get(city::show_city)
        .sample(demonstration::SAMPLE_CITY)
        .public_and_kept()
        .get(city::city_file)
        .sample(demonstration::SAMPLE_CITY_FILE)
        .file()
        .public()
        .get(public::show_result)
        .sample(demonstration::SAMPLE_PUBLISHED)
        .public_and_kept()
        .get(files::public_file)
        .sample(demonstration::SAMPLE_PUBLIC_FILE)
        .file()
        .pace(Pace::Heavy)
        .public()
}

fn tablets() -> Routes {
    // The handlers ask for the key of a program.
    Routes::new()
        .get(openrosa::list)
        .file()
        .public()
        .get(openrosa::form)
        .file()
        .public()
        .get(openrosa::ask)
        .file()
        .public()
        .post(openrosa::submit)
        .public()
}

fn programs() -> Routes {
    Routes::new()
        .get(key_pages::show_keys)
        .may(&KEEP_KEYS)
        .post(key_pages::post_key)
        .may(&KEEP_KEYS)
        .post(key_pages::post_revoke)
        .may(&KEEP_KEYS)
        .get(webhooks::show_webhooks)
        .may(&KEEP_WEBHOOKS)
        .post(webhooks::post_webhook)
        .may(&KEEP_WEBHOOKS)
        .get(receiver::show_webhook)
        .sample(demonstration::SAMPLE_WEBHOOK)
        .may(&KEEP_WEBHOOKS)
        .post(receiver::post_step)
        .may(&KEEP_WEBHOOKS)
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
        .get(closing::show_close)
        .sample(demonstration::SAMPLE_CLOSE)
        .may(&KEEP_PERIODS)
        .post(closing::post_close)
        .may(&KEEP_PERIODS)
        .get(xlsforms::export)
        .sample(demonstration::SAMPLE_XLSFORM)
        .file()
        .may(&READ_PERIODS)
        .post(xlsforms::import)
        .upload(LARGEST_TABLE, Duration::from_secs(60))
        .pace(Pace::Heavy)
        .may(&KEEP_PERIODS)
        .get(plans::show_plan)
        .sample(demonstration::SAMPLE_PLAN)
        .may(&KEEP_PERIODS)
        .post(plans::post_plan)
        .may(&KEEP_PERIODS)
}

/// How answers come in, and what becomes of them.
fn taking() -> Routes {
    Routes::new()
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
        .pace(Pace::Heavy)
        .may(&KEEP_PERIODS)
        .post(imports::post_import)
        .upload(LARGEST_TABLE, Duration::from_secs(60))
        .pace(Pace::Heavy)
        .may(&KEEP_PERIODS)
        .post(imports::post_store)
        .pace(Pace::Heavy)
        .may(&KEEP_PERIODS)
        .get(imports::wrong_rows)
        .sample(demonstration::SAMPLE_WRONG_ROWS)
        .file()
        .pace(Pace::Heavy)
        .may(&KEEP_PERIODS)
        .post(import_decision::post_decision)
        .pace(Pace::Heavy)
        .may(&CONFIRM_TABLES)
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
