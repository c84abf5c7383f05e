//! The steps between which a program may end; tests end it at each.

/// A step on a message's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A worker has it.
    Claimed,
    /// The server took the addresses.
    Addressed,
    /// It is marked as being handed over.
    Marked,
    /// The server waits for the words.
    Opened,
    /// The server answered that it has the message.
    Accepted,
    /// The message is written down as sent.
    Written,
}

#[cfg(not(test))]
pub(crate) const fn passing(_: Step) {}

/// Ends the program at the step that stands in the environment.
#[cfg(test)]
pub(crate) fn passing(step: Step) {
    if std::env::var("PRIMA_TEST_DIE_AT").is_ok_and(|name| name == format!("{step:?}")) {
        std::process::abort();
    }
}
