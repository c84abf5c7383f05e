//! An answer is given, with a code that is good for one.

use super::Refused;
use crate::answer::{Answer, AnswerId, Channel, Typed};
use crate::period::PeriodId;
use crate::store::answers::{self as store, Belonging};
use crate::store::{codes, counts};
use crate::token::Code;
use platform::database::{DatabaseError, Write};
use platform::identity::InstitutionId;
use rules::instrument::shared;
use time::Date;

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// The period it counts in.
    pub period: PeriodId,
    /// Whether it was kept now; otherwise it was kept before, when it was sent for the first time.
    pub new: bool,
}

/// Where and how an answer arrives.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The institution.
    pub institution: InstitutionId,
    /// The city's day; no moment is kept.
    pub day: Date,
    /// The code of the visit.
    pub code: Code,
    /// The name the browser gave this sending, so that it counts once however often it arrives.
    pub delivery: String,
    /// The period the browser saw, to know again what arrived before.
    pub period: Option<PeriodId>,
    /// Whether the browser kept it until the line was back.
    pub offline: bool,
}

/// Takes an answer: the code is used up and the answer kept, to be counted within a minute, all or nothing.
///
/// Two statements on the way that everybody goes; one more for each text.
///
/// # Errors
/// When the code was used by another sending, its period is over, or an element has no choice.
pub fn answer(db: &mut Write<'_>, sending: &Sending, typed: &impl Typed) -> Result<Delivered, Refused> {
    let institution = sending.institution;
    let Some(taken) = codes::take(db, institution, sending.code.hash(institution), (sending.day, sending.offline))?
    else {
        return again(db, sending);
    };
    let unknown = || DatabaseError::Other("the instrument of a period is unknown".into());
    let instrument = shared(&taken.instrument).ok_or_else(unknown)?;
    let answer = Answer::read(instrument, taken.own_questions, typed)?;
    let channel = if sending.offline { Channel::Offline } else { taken.channel };
    let belonging = Belonging { institution, period: taken.period, service: taken.service, channel, day: sending.day };
    let id = AnswerId::of(institution, taken.period, &sending.delivery);
    store::take_in(db, &belonging, &id, &answer)?;
    store::add_texts(db, &belonging, &sending.delivery, &answer)?;
    Ok(Delivered { period: taken.period, new: true })
}

/// The code is gone: either this very sending arrived before, or another did. Answers that came are counted first, so that all of them
/// can be looked up.
fn again(db: &mut Write<'_>, sending: &Sending) -> Result<Delivered, Refused> {
    let Some(period) = sending.period else { return Err(Refused::Used) };
    counts::count_all(db, sending.institution)?;
    let id = AnswerId::of(sending.institution, period, &sending.delivery);
    match store::has(db, sending.institution, period, &id)? {
        true => Ok(Delivered { period, new: false }),
        false => Err(Refused::Used),
    }
}
