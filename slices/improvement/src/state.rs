//! Where findings and measures stand: `docs/states/finding.md`, `docs/states/measure.md`.

/// Stable names of an enum, for the database and addresses.
macro_rules! names {
    ($type:ident: $($variant:ident = $name:literal),+) => {
        impl $type {
            /// All of them, in the order of screens.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The one of a stable name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}
pub(crate) use names;

/// It cannot take that step from where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongState;

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingState {
    /// "Belum ditangani": nobody has planned anything.
    Open,
    /// "Ditangani": a measure at least is not over.
    InHand,
    /// "Tuntas": what was planned was done, and somebody else looked at it.
    Settled,
    /// "Tayang": everybody reads what was said and what was done.
    Published,
    /// "Tidak dilanjutkan": with a reason.
    Dropped,
}

names! { FindingState: Open = "open", InHand = "in-hand", Settled = "settled", Published = "published", Dropped = "dropped" }

impl FindingState {
    /// Whether one step leads there: the arrows of the diagram.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Open | Self::InHand | Self::Settled, Self::InHand)
                | (Self::InHand | Self::Dropped, Self::Open)
                | (Self::InHand | Self::Published, Self::Settled)
                | (Self::Settled, Self::Published)
                | (Self::Open, Self::Dropped)
        )
    }

    const fn step(self, next: Self) -> Result<Self, WrongState> {
        if self.may_become(next) { Ok(next) } else { Err(WrongState) }
    }

    /// A measure is planned.
    ///
    /// # Errors
    /// When it was dropped, or everybody reads it.
    pub const fn plan(self) -> Result<Self, WrongState> {
        self.step(Self::InHand)
    }

    /// All that was planned was cancelled.
    ///
    /// # Errors
    /// When nothing was planned.
    pub const fn give_back(self) -> Result<Self, WrongState> {
        match self {
            Self::InHand => Ok(Self::Open),
            _ => Err(WrongState),
        }
    }

    /// All that was planned was verified.
    ///
    /// # Errors
    /// When nothing was planned.
    pub const fn settle(self) -> Result<Self, WrongState> {
        match self {
            Self::InHand => Ok(Self::Settled),
            _ => Err(WrongState),
        }
    }

    /// Everybody reads it.
    ///
    /// # Errors
    /// When it is not settled.
    pub const fn publish(self) -> Result<Self, WrongState> {
        self.step(Self::Published)
    }

    /// Nobody reads it any more.
    ///
    /// # Errors
    /// When it was not published.
    pub const fn withdraw(self) -> Result<Self, WrongState> {
        match self {
            Self::Published => Ok(Self::Settled),
            _ => Err(WrongState),
        }
    }

    /// Nothing will be done about it.
    ///
    /// # Errors
    /// When something is being done, or was.
    pub const fn drop(self) -> Result<Self, WrongState> {
        self.step(Self::Dropped)
    }

    /// It is looked at again.
    ///
    /// # Errors
    /// When it was not dropped.
    pub const fn resume(self) -> Result<Self, WrongState> {
        match self {
            Self::Dropped => Ok(Self::Open),
            _ => Err(WrongState),
        }
    }

    /// Where it stands after one of its measures changed, which stand so.
    ///
    /// # Errors
    /// When its measures cannot change.
    pub fn after(self, measures: &[MeasureState]) -> Result<Self, WrongState> {
        if measures.iter().any(|measure| !measure.is_over()) {
            self.plan()
        } else if measures.contains(&MeasureState::Verified) {
            self.settle()
        } else {
            self.give_back()
        }
    }
}

/// Where a measure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureState {
    /// "Direncanakan".
    Planned,
    /// "Dikerjakan".
    UnderWay,
    /// "Menunggu verifikasi": its owner says that it is done, and shows it.
    Done,
    /// "Terverifikasi": another person looked at it.
    Verified,
    /// "Dibatalkan": with a reason.
    Cancelled,
}

names! {
    MeasureState: Planned = "planned", UnderWay = "under-way", Done = "done", Verified = "verified", Cancelled = "cancelled"
}

impl MeasureState {
    /// Whether one step leads there: the arrows of the diagram.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Planned | Self::Done, Self::UnderWay)
                | (Self::Planned | Self::UnderWay, Self::Done | Self::Cancelled)
                | (Self::Done, Self::Verified)
        )
    }

    const fn step(self, next: Self) -> Result<Self, WrongState> {
        if self.may_become(next) { Ok(next) } else { Err(WrongState) }
    }

    /// Its owner begins.
    ///
    /// # Errors
    /// When it was begun before.
    pub const fn begin(self) -> Result<Self, WrongState> {
        match self {
            Self::Planned => Ok(Self::UnderWay),
            _ => Err(WrongState),
        }
    }

    /// Its owner says that it is done.
    ///
    /// # Errors
    /// When they said so before, or it was cancelled.
    pub const fn finish(self) -> Result<Self, WrongState> {
        self.step(Self::Done)
    }

    /// Another person found it done.
    ///
    /// # Errors
    /// When nobody says that it is done.
    pub const fn verify(self) -> Result<Self, WrongState> {
        self.step(Self::Verified)
    }

    /// Another person found it not done.
    ///
    /// # Errors
    /// When nobody says that it is done.
    pub const fn send_back(self) -> Result<Self, WrongState> {
        match self {
            Self::Done => Ok(Self::UnderWay),
            _ => Err(WrongState),
        }
    }

    /// It will not be done.
    ///
    /// # Errors
    /// When its owner says that it is done already, or it was cancelled before.
    pub const fn cancel(self) -> Result<Self, WrongState> {
        self.step(Self::Cancelled)
    }

    /// Whether its owner still has something to do.
    #[must_use]
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Planned | Self::UnderWay)
    }

    /// Whether nothing more is done about it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Verified | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_diagrams_show_the_arrows_of_the_code() {
        let drawn = |page: &str, arrow: String| page.lines().any(|line| line.trim().starts_with(&arrow));
        let page = include_str!("../../../docs/states/finding.md");
        for from in FindingState::ALL {
            for to in FindingState::ALL {
                assert_eq!(drawn(page, format!("{from:?} --> {to:?}:")), from.may_become(*to), "{from:?} --> {to:?}");
            }
        }
        let page = include_str!("../../../docs/states/measure.md");
        for from in MeasureState::ALL {
            for to in MeasureState::ALL {
                assert_eq!(drawn(page, format!("{from:?} --> {to:?}:")), from.may_become(*to), "{from:?} --> {to:?}");
            }
        }
    }

    #[test]
    fn each_method_follows_the_arrows() {
        use FindingState as F;
        use MeasureState as M;
        let of_findings: [fn(F) -> Result<F, WrongState>; 7] =
            [F::plan, F::give_back, F::settle, F::publish, F::withdraw, F::drop, F::resume];
        for from in F::ALL {
            for to in F::ALL {
                let led = of_findings.iter().any(|step| step(*from) == Ok(*to));
                assert_eq!(led, from.may_become(*to), "{from:?} --> {to:?}");
            }
        }
        let of_measures: [fn(M) -> Result<M, WrongState>; 5] =
            [M::begin, M::finish, M::verify, M::send_back, M::cancel];
        for from in M::ALL {
            for to in M::ALL {
                let led = of_measures.iter().any(|step| step(*from) == Ok(*to));
                assert_eq!(led, from.may_become(*to), "{from:?} --> {to:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_finding_is_settled_when_all_is_over_and_something_was_verified(
            places in proptest::collection::vec(0_usize..5, 1..6)
        ) {
            let measures: Vec<MeasureState> = places.into_iter().map(|place| MeasureState::ALL[place]).collect();
            let open = measures.iter().any(|measure| !measure.is_over());
            let verified = measures.contains(&MeasureState::Verified);
            let expected = match (open, verified) {
                (true, _) => FindingState::InHand,
                (false, true) => FindingState::Settled,
                (false, false) => FindingState::Open,
            };
            prop_assert_eq!(FindingState::InHand.after(&measures), Ok(expected));
            prop_assert_eq!(FindingState::Dropped.after(&measures), Err(WrongState));
        }
    }
}
