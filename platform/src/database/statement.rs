//! Statements by name and the values they take.
//!
//! A statement is text in the program, never put together at run time: [`statements!`](crate::statements) is the only way to make
//! one, and lists all it makes, so that one test can prepare every statement on both engines. A statement that must differ between
//! the engines is written twice, with names that end in `_IN_SQLITE` and `_IN_POSTGRES`; [`Read::engine`](super::Read::engine) chooses.

use super::Engine;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// A registered statement: its name and its text for both engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql {
    name: &'static str,
    text: &'static str,
    numbered: &'static str,
}

impl Sql {
    /// For [`statements!`](crate::statements) only.
    #[doc(hidden)]
    #[must_use]
    pub const fn registered(name: &'static str, text: &'static str, numbered: &'static [u8]) -> Self {
        match std::str::from_utf8(numbered) {
            Ok(numbered) => Self { name, text, numbered },
            Err(_) => panic!("replacing one ASCII sign by another keeps UTF-8"),
        }
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

    /// The text with `?1` parameters: to SQLite `$1` is a name, numbered by where it first stands.
    pub(super) const fn numbered(&self) -> &'static str {
        self.numbered
    }
}

/// `$1` → `?1` outside quotes, while the program is compiled.
#[doc(hidden)]
#[must_use]
pub const fn numbered<const N: usize>(text: &str) -> [u8; N] {
    let (bytes, mut out, mut at, mut quoted) = (text.as_bytes(), [0; N], 0, false);
    while at < N {
        quoted ^= bytes[at] == b'\'';
        let parameter = !quoted && bytes[at] == b'$' && at + 1 < N && bytes[at + 1].is_ascii_digit();
        out[at] = if parameter { b'?' } else { bytes[at] };
        at += 1;
    }
    out
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
    (private; $($(#[$doc:meta])* $visible:vis $name:ident = $text:expr;)*) => {
        $crate::statements!(@each $($(#[$doc])* $visible $name = $text;)*);
        /// Every statement named above.
        pub(super) const STATEMENTS: &[$crate::database::Sql] = &[$($name),*];
    };
    (@each $($(#[$doc:meta])* $visible:vis $name:ident = $text:expr;)*) => {
        $($(#[$doc])* $visible const $name: $crate::database::Sql = {
            const TEXT: &str = $text;
            const NUMBERED: &[u8] = &$crate::database::numbered::<{ TEXT.len() }>(TEXT);
            $crate::database::Sql::registered(stringify!($name), TEXT, NUMBERED)
        };)*
    };
    ($($(#[$doc:meta])* $visible:vis $name:ident = $text:expr;)*) => {
        $crate::statements!(@each $($(#[$doc])* $visible $name = $text;)*);
        /// Every statement named above.
        pub const STATEMENTS: &[$crate::database::Sql] = &[$($name),*];
    };
}

/// A value given to a statement. Decimals and JSON travel as text; there is no floating point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no; 0 and 1 in SQLite.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// An identifier; 16 bytes in SQLite.
    Uuid(Uuid),
    /// A moment in UTC, to the microsecond; in SQLite a text whose order is the order of time.
    Time(OffsetDateTime),
    /// A day.
    Date(Date),
}

macro_rules! from {
    ($($type:ty => $make:expr;)*) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                $make(value)
            }
        })*
    };
}

from! {
    bool => Self::Bool;
    i64 => Self::Int;
    i32 => |number: i32| Self::Int(number.into());
    u32 => |number: u32| Self::Int(number.into());
    u16 => |number: u16| Self::Int(number.into());
    u8 => |number: u8| Self::Int(number.into());
    String => Self::Text;
    &str => |text: &str| Self::Text(text.to_owned());
    &String => |text: &String| Self::Text(text.clone());
    Vec<u8> => Self::Blob;
    &[u8] => |bytes: &[u8]| Self::Blob(bytes.to_vec());
    Uuid => Self::Uuid;
    OffsetDateTime => Self::Time;
    Date => Self::Date;
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a statement's parameters, in order, as `&[Value]`: `db.one(UNIT, params![institution, "loket-1"])`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::database::Value::from($value)),*] as &[$crate::database::Value]
    };
}
