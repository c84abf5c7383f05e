//! The life of a message; the diagram stands in `docs/states/message.md`.

use crate::database::{Column, Value};

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageState {
    /// It will be handed over when it is due.
    Waiting,
    /// It is being handed over, or was when the program ended: nobody else does it meanwhile.
    HandingOver,
    /// The server may have it or not, and a person decides.
    InDoubt,
    /// It waits for the daily summary of the person.
    Collected,
    /// The mail server has it.
    Sent,
    /// It stands in a daily summary.
    Digested,
    /// The mail server refused it for good, or the address is none. A person decides.
    Refused,
    /// The person does not want messages of this category.
    Declined,
    /// Its time passed before it could be sent.
    Expired,
    /// It will not be sent: a person said so, or nobody is there to receive it.
    Dropped,
}

impl MessageState {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Waiting,
        Self::HandingOver,
        Self::InDoubt,
        Self::Collected,
        Self::Sent,
        Self::Digested,
        Self::Refused,
        Self::Declined,
        Self::Expired,
        Self::Dropped,
    ];

    /// The stable name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::HandingOver => "handing-over",
            Self::InDoubt => "in-doubt",
            Self::Collected => "collected",
            Self::Sent => "sent",
            Self::Digested => "digested",
            Self::Refused => "refused",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a message may go from this state to that one. One that waits may go on waiting, for another moment.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use MessageState::{
            Collected, Declined, Digested, Dropped, Expired, HandingOver, InDoubt, Refused, Sent, Waiting,
        };
        match self {
            Waiting => matches!(next, Waiting | HandingOver | Collected | Refused | Declined | Expired | Dropped),
            HandingOver => matches!(next, HandingOver | Sent | Waiting | Refused | InDoubt),
            InDoubt => matches!(next, Waiting | Sent | Dropped),
            Collected => matches!(next, Digested | Declined | Expired | Dropped),
            Refused => matches!(next, Waiting | Dropped),
            Sent | Digested | Declined | Expired | Dropped => false,
        }
    }

    /// Whether nothing can come after it: what the message said is erased.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Sent | Self::Digested | Self::Declined | Self::Expired | Self::Dropped)
    }

    /// Whether the program looks at it again by itself.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::HandingOver | Self::Collected)
    }
}

impl Column for MessageState {
    fn read(value: Value) -> Result<Self, Value> {
        let name = String::read(value)?;
        Self::named(&name).ok_or(Value::Text(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diagram_shows_exactly_the_ways_there_are() {
        let page = include_str!("../../../docs/states/message.md");
        for from in MessageState::ALL {
            for to in MessageState::ALL {
                let arrow = format!("    {from:?} --> {to:?}:");
                assert_eq!(page.contains(&arrow), from.may_become(to), "{arrow}");
            }
        }
    }

    #[test]
    fn what_is_over_leads_nowhere_and_all_else_goes_on() {
        for state in MessageState::ALL {
            let goes_on = MessageState::ALL.into_iter().any(|next| state.may_become(next));
            assert_ne!(state.is_over(), goes_on, "{state:?}");
            assert_eq!(MessageState::named(state.name()), Some(state));
        }
    }
}
