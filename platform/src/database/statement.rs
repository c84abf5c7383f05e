//! Statements by name.
//!
//! A statement is text in the program, never put together at run time: [`statements!`](crate::statements) is the only way to make
//! one, and lists all it makes, so that one test can prepare every statement on both engines. A statement that must differ between
//! the engines is written twice, with names that end in `_IN_SQLITE` and `_IN_POSTGRES`; [`Read::engine`](super::Read::engine) chooses.

use super::Engine;

/// A registered statement: its name and its text for both engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql {
    name: &'static str,
    text: &'static str,
    in_order: bool,
}

const fn in_order(text: &[u8]) -> bool {
    let (mut at, mut most) = (0, 0);
    while at < text.len() {
        let named = text[at] == b'$';
        at += 1;
        let mut number = 0;
        while named && at < text.len() && text[at].is_ascii_digit() {
            number = number * 10 + (text[at] - b'0') as usize;
            at += 1;
        }
        if number > most + 1 {
            return false;
        }
        if number > most {
            most = number;
        }
    }
    true
}

impl Sql {
    /// For [`statements!`](crate::statements) only.
    #[doc(hidden)]
    #[must_use]
    pub const fn registered(name: &'static str, text: &'static str) -> Self {
        Self { name, text, in_order: in_order(text.as_bytes()) }
    }

    /// Whether `$1`, `$2`, … first stand in the order of their numbers, so that SQLite's places are the numbers.
    pub(super) const fn in_order(&self) -> bool {
        self.in_order
    }

    /// The name of its constant.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The text with `$1` parameters, as it is written in the store.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// The only engine it is for, when its name ends with one.
    #[must_use]
    pub fn engine(&self) -> Option<Engine> {
        match self.name {
            name if name.ends_with("_IN_SQLITE") => Some(Engine::Sqlite),
            name if name.ends_with("_IN_POSTGRES") => Some(Engine::Postgres),
            _ => None,
        }
    }
}

/// Names the statements of one store: a constant for each and `STATEMENTS` with all of them.
///
/// ```
/// platform::statements! {
///     /// The unit at an address.
///     pub UNIT_BY_SLUG = "SELECT id, name FROM unit WHERE institution_id = $1 AND slug = $2";
/// }
/// assert_eq!(STATEMENTS[0].name(), "UNIT_BY_SLUG");
/// ```
///
/// A store of which nothing is seen from outside its crate begins with `private;`.
#[macro_export]
macro_rules! statements {
    (@ $all:vis, $($(#[$doc:meta])* $visible:vis $name:ident = $text:expr;)*) => {
        $($(#[$doc])* $visible const $name: $crate::database::Sql =
            $crate::database::Sql::registered(stringify!($name), $text);)*
        /// Every statement named above.
        $all const STATEMENTS: &[$crate::database::Sql] = &[$($name),*];
    };
    (private; $($statements:tt)*) => { $crate::statements!(@ pub(super), $($statements)*); };
    ($($statements:tt)*) => { $crate::statements!(@ pub, $($statements)*); };
}
