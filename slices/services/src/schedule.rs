//! On which days the counters of a service are open: its week, less the national holidays.

use crate::promise::Opening;
use crate::service::ServiceFacts;
use rules::calendar::{Calendar, JointLeave, Rest};
use rules::phrase::Text;
use std::sync::LazyLock;
use time::Date;

/// The national calendar, with every day of the week worked: which days are, the service says.
static CALENDAR: LazyLock<Option<Calendar>> = LazyLock::new(|| {
    let mut calendar = rules::calendar::national().ok()?;
    calendar.set_working_week(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(str::to_owned));
    Some(calendar)
});

/// A day as those who want to come need to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) on: Date,
    /// When it is open; nothing when it is closed.
    pub(crate) open: Option<Opening>,
    /// The holiday for which it is closed.
    pub(crate) holiday: Option<Text>,
    /// Whether the holidays of its year are known.
    pub(crate) known: bool,
}

/// So many days from `first`.
pub(crate) fn days(facts: &ServiceFacts, first: Date, count: u16) -> Vec<Day> {
    let following = std::iter::successors(Some(first), |day| day.next_day());
    following.take(count.into()).map(|on| day(facts, on)).collect()
}

fn day(facts: &ServiceFacts, on: Date) -> Day {
    let place = usize::from(on.weekday().number_days_from_monday());
    let usual = facts.hours.0[place];
    let holiday =
        CALENDAR.as_ref().and_then(|calendar| calendar.rest(on, JointLeave::Off)).and_then(|rest| match rest {
            Rest::Named(named) => Some(named.name),
            Rest::Weekend => None,
        });
    let closing = holiday.filter(|_| facts.closed_on_holidays && usual.is_some());
    let known = !facts.closed_on_holidays || CALENDAR.as_ref().is_some_and(|calendar| calendar.knows(on.year()));
    Day { on, open: usual.filter(|_| closing.is_none()), holiday: closing, known }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promise::Week;
    use time::macros::date;

    fn facts(closed_on_holidays: bool) -> ServiceFacts {
        let hours = Week::read("Senin–Jumat 08.00–15.00; Sabtu 08.00–11.00").expect("it can be read");
        ServiceFacts { hours, closed_on_holidays, ..ServiceFacts::default() }
    }

    /// 17 August 2026 is a Monday and a national holiday.
    #[test]
    fn a_national_holiday_is_closed_and_named_unless_the_service_works_on_it() {
        let shown = days(&facts(true), date!(2026 - 08 - 14), 4);
        let open: Vec<bool> = shown.iter().map(|day| day.open.is_some()).collect();
        assert_eq!(open, [true, true, false, false], "Friday, Saturday, Sunday, Independence Day");
        assert!(shown[3].holiday.is_some() && shown[2].holiday.is_none());
        assert!(days(&facts(false), date!(2026 - 08 - 17), 1)[0].open.is_some());
    }

    #[test]
    fn a_year_whose_holidays_are_not_known_is_said() {
        assert!(days(&facts(true), date!(2026 - 08 - 14), 1)[0].known);
        assert!(!days(&facts(true), date!(2199 - 01 - 01), 1)[0].known);
        assert!(days(&facts(false), date!(2199 - 01 - 01), 1)[0].known, "it does not matter");
    }
}
