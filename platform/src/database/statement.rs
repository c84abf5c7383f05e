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
}

impl Sql {
    /// For [`statements!`](crate::statements) only.
    #[doc(hidden)]
    #[must_use]
    pub const fn registered(name: &'static str, text: &'static str) -> Self {
        Self { name, text }
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
