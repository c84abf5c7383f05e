//! What the demonstration city shows here: two units that ask now, with codes to try, and one whose results were published.

use crate::actions::{self, Desk, NewBatch, NewWebhook, Refused};
use crate::answer::{Answer, AnswerId, Channel, PROFILE};
use crate::delivering::ATTEMPTS;
use crate::importance;
use crate::key::ProgramKey;
use crate::period::{PeriodId, Plan, Rhythm, survey};
use crate::store::answers::{self, Belonging};
use crate::store::periods;
use crate::store::webhooks;
use crate::token::Code;
use crate::webhook::{Delivery, DeliveryId, DeliveryState, Event, WebhookId, body};
use calculation::instruments;
use platform::database::{Uuid, Write};
use platform::identity::UnitId;
use platform::secret::Secrets;
use std::collections::BTreeMap;
use time::{Date, Duration};

pub(crate) const SAMPLE_SURVEY: &str = "/s/aaaa-aaaa-avpk";
pub(crate) const SAMPLE_SCREEN: &str = "/s/aaaa-aaaa-avpk/layar";
pub(crate) const SAMPLE_PERIOD: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101";
pub(crate) const SAMPLE_XLSFORM: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101/xlsform.xlsx";
pub(crate) const SAMPLE_PLAN: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101/rencana";
pub(crate) const SAMPLE_CLOSE: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101/tutup";
pub(crate) const SAMPLE_CODES: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101/kode";
pub(crate) const SAMPLE_PAPER: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101/kertas";
pub(crate) const SAMPLE_IMPORT: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101/impor";
pub(crate) const SAMPLE_WRONG_ROWS: &str = "/kelola/survei/00000000-0000-7000-8000-000000000101/impor/baris-keliru.csv";
pub(crate) const SAMPLE_JUDGE: &str = "/kelola/survei/00000000-0000-7000-8000-000000000104/periksa";
pub(crate) const SAMPLE_OUTCOME: &str = "/kelola/survei/00000000-0000-7000-8000-000000000104/hasil";
pub(crate) const SAMPLE_FILE: &str = "/kelola/survei/00000000-0000-7000-8000-000000000104/hasil/hasil.json";
pub(crate) const SAMPLE_PUBLISHED: &str = "/survei/00000000-0000-7000-8000-000000000104";
pub(crate) const SAMPLE_CITY: &str = "/survei/kota/terbaru";
pub(crate) const SAMPLE_CITY_FILE: &str = "/survei/kota/terbaru/hasil.json";
pub(crate) const SAMPLE_PUBLIC_FILE: &str = "/survei/00000000-0000-7000-8000-000000000104/jawaban.csv";

pub(crate) const SAMPLE_WEBHOOK: &str = "/kelola/survei/webhook/00000000-0000-7000-8000-000000000201";

/// The periods of the demonstration: their identifiers end in these numbers.
const OPEN: u128 = 0x7000_8000_0000_0000_0101;
const OTHER_OPEN: u128 = 0x7000_8000_0000_0000_0102;
const EARLIER: u128 = 0x7000_8000_0000_0000_0103;
const PUBLISHED: u128 = 0x7000_8000_0000_0000_0104;
const OTHER_PUBLISHED: u128 = 0x7000_8000_0000_0000_0105;

/// Its receiver.
const RECEIVER: u128 = 0x7000_8000_0000_0000_0201;

/// The units that ask: by their codes in the table of the demonstration.
const CIVIL_REGISTRY: &str = "2.06";
const ONE_DOOR: &str = "2.12";

/// What the civil registry did about the time people wait: the plan, and what was done.
const SHORTER_WAIT: (&str, &str) = (
    "Buka dua loket lagi pukul 08.00–10.00 dan beri nomor antrean daring",
    "Dua loket tambahan buka pukul 08.00–10.00. Nomor antrean dapat diambil dari rumah.",
);

/// What people of the demonstration suggest.
const SUGGESTIONS: [&str; 6] = [
    "Tambah kursi di ruang tunggu.",
    "Kursi tunggu kurang saat pagi hari.",
    "Petugas ramah, tetapi antrean panjang.",
    "Tolong tambah kursi untuk lansia.",
    "Antrean pagi terlalu panjang.",
    "Jam layanan sebaiknya sampai sore, antrean jadi lebih pendek.",
];

/// Fills the demonstration city. Units that are not there are passed over.
///
/// # Errors
/// When the database refuses.
pub fn fill(db: &mut Write<'_>, desk: &Desk, secrets: &Secrets) -> Result<(), Refused> {
    let units = organisation::units(db, desk.institution)?;
    let unit = |code: &str| units.iter().find(|unit| unit.facts.code.as_deref() == Some(code)).map(|unit| unit.id);
    let quarter = quarter_of(desk.today());
    if let Some(unit) = unit(CIVIL_REGISTRY) {
        let before = quarter_before(&quarter);
        published(db, desk, unit, &quarter_before(&before), (EARLIER, 150, 11))?;
        // What was done about the weakest element stands beside the next result.
        let waiting = actions::follow_up(db, desk, id(EARLIER), "waktu")?;
        improvement::carry_out(db, &actions::following::at_findings(desk), waiting, SHORTER_WAIT)?;
        published(db, desk, unit, &before, (PUBLISHED, 320, 7))?;
        actions::follow_up(db, desk, id(PUBLISHED), "sarana")?;
        asking(db, desk, unit, &quarter, (OPEN, 41))?;
        let try_out = vec![Code::of([0; 9])];
        codes(db, desk, (OPEN, "Loket 1"), (try_out, 0))?;
        codes(db, desk, (OPEN, "Loket 2"), ((0..60).map(|_| Code::new()).collect(), 41))?;
        programs(db, desk, secrets, unit)?;
    }
    if let Some(unit) = unit(ONE_DOOR) {
        // A second unit published the same quarter: together they make the index of the city.
        published(db, desk, unit, &quarter_before(&quarter), (OTHER_PUBLISHED, 90, 3))?;
        asking(db, desk, unit, &quarter, (OTHER_OPEN, 12))?;
        codes(db, desk, (OTHER_OPEN, ""), ((0..24).map(|_| Code::new()).collect(), 12))?;
    }
    Ok(())
}

/// A key whose signs everybody knows, and a receiver that got two messages.
fn programs(db: &mut Write<'_>, desk: &Desk, secrets: &Secrets, unit: UnitId) -> Result<(), Refused> {
    actions::make_key_as(db, desk, unit, "Mesin antrean lantai 1", ProgramKey::of([0; 32]))?;
    let wanted = NewWebhook {
        unit: Some(unit),
        url: "https://penerima.example/survei".into(),
        events: vec![Event::Opened, Event::Published],
    };
    let id = WebhookId::from(Uuid::from_u128(RECEIVER));
    actions::subscribe_as(db, desk, secrets, &wanted, id)?;
    for (number, state, answer) in [(1, DeliveryState::Delivered, "204"), (2, DeliveryState::Dead, "503")] {
        let delivery = Delivery {
            id: DeliveryId::new(desk.now),
            webhook: id,
            event: Event::Tried,
            body: body(Event::Tried, desk.now, None),
            state,
            made_at: desk.now - Duration::hours(number),
            attempts: if state == DeliveryState::Dead { i64::from(ATTEMPTS) } else { 1 },
            tried_at: Some(desk.now - Duration::minutes(number)),
            answer: answer.into(),
        };
        webhooks::add_delivery(db, desk.institution, &delivery)?;
        webhooks::set_delivery(db, desk.institution, &delivery)?;
    }
    Ok(())
}

fn quarter_of(day: Date) -> Plan {
    let (starts_on, ends_on) = Rhythm::Quarter.days_around(day).unwrap_or((day, day));
    Plan { rhythm: Rhythm::Quarter, starts_on, ends_on, population: Some(1_800) }
}

fn quarter_before(plan: &Plan) -> Plan {
    quarter_of(plan.starts_on - Duration::days(1))
}

fn id(number: u128) -> PeriodId {
    PeriodId::from(Uuid::from_u128(number))
}

/// Codes of a place: those that are still good, and how many more were used.
fn codes(
    db: &mut Write<'_>,
    desk: &Desk,
    (period, place): (u128, &str),
    (codes, used): (Vec<Code>, usize),
) -> Result<(), Refused> {
    let count = i64::try_from(codes.len() + used).unwrap_or(0);
    let wanted = NewBatch { service: None, place: place.to_owned(), channel: Channel::Web, count };
    actions::issue_as(db, desk, (id(period), 2), &wanted, codes).map(drop)
}

fn opened(db: &mut Write<'_>, desk: &Desk, unit: UnitId, plan: &Plan, id: PeriodId) -> Result<(), Refused> {
    actions::plan_as(db, desk, unit, plan, id)?;
    let period = periods::period(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    actions::opened(db, desk, &period)
}

fn asking(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    plan: &Plan,
    (number, people): (u128, u64),
) -> Result<(), Refused> {
    opened(db, desk, unit, plan, id(number))?;
    answered(db, desk, unit, (id(number), plan.starts_on), (people, 5))
}

fn published(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    plan: &Plan,
    (number, people, mood): (u128, u64, u64),
) -> Result<(), Refused> {
    opened(db, desk, unit, plan, id(number))?;
    answered(db, desk, unit, (id(number), plan.starts_on), (people, mood))?;
    actions::close(db, desk, (id(number), 2))?;
    importance::make_now(db, desk.institution, id(number))?;
    actions::publish(db, desk, (id(number), 3))
}

/// Answers of invented people: numbers from a fixed row, so that every demonstration shows the same.
fn answered(
    db: &mut Write<'_>,
    desk: &Desk,
    unit: UnitId,
    (period, day): (PeriodId, Date),
    (people, mood): (u64, u64),
) -> Result<(), Refused> {
    let services = periods::services_of(db, desk.institution, unit)?;
    let instrument = instruments::find("skm-2017")?;
    let keys = survey(&instrument).map(|survey| survey.orders.questionnaire.clone()).unwrap_or_default();
    let mut row = Row(mood.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
    for person in 0..people {
        let mut given = Answer::default();
        for (place, key) in keys.iter().enumerate() {
            // Waiting is what people like least here; conduct what they like most.
            let leaning = [6, 6, 3, 7, 6, 7, 8, 5, 6][place % 9];
            let choice = if row.below(10) < leaning {
                3 + u8::from(row.below(10) < leaning)
            } else {
                2 + u8::from(row.below(3) > 0)
            };
            given.answers.insert(key.clone(), choice);
        }
        given.profile = profile(&mut row);
        for promise in ["time", "fee", "requirements"] {
            if row.below(5) > 0 {
                given.promises.insert(promise, row.below(10) > u64::from(promise == "time") * 3);
            }
        }
        let delivery = format!("demonstration-{period}-{person}");
        let channel = if row.below(4) == 0 { Channel::Kiosk } else { Channel::Web };
        let named = usize::try_from(row.below(services.len() as u64 + 1)).unwrap_or(0);
        let service = services.get(named).map(|(service, _)| *service);
        let day = day + Duration::days(i64::try_from(person % 40).unwrap_or(0));
        let belonging = Belonging { institution: desk.institution, period, service, channel, day };
        if person % 9 == 0 {
            SUGGESTIONS[usize::try_from(row.below(6)).unwrap_or(0)].clone_into(&mut given.suggestion);
        }
        answers::add(db, &belonging, &AnswerId::of(desk.institution, period, &delivery), &given)?;
        answers::add_texts(db, &belonging, &delivery, &given)?;
    }
    Ok(())
}

fn profile(row: &mut Row) -> BTreeMap<&'static str, String> {
    let mut profile = BTreeMap::new();
    for (column, choices) in PROFILE {
        if row.below(8) > 0 {
            let choice =
                if column == "disability" { u64::from(row.below(12) > 0) } else { row.below(choices.len() as u64) };
            if let Some(choice) = usize::try_from(choice).ok().and_then(|place| choices.get(place)) {
                profile.insert(column, (*choice).to_owned());
            }
        }
    }
    profile
}

/// A row of numbers that looks like chance and is always the same.
struct Row(u64);

impl Row {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_to_try_is_the_one_of_the_addresses() {
        assert_eq!(SAMPLE_SURVEY, format!("/s/{}", Code::of([0; 9]).printed()));
    }
}
