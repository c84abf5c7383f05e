//! Identifiers: a type of its own for each kind of thing, so that a unit's cannot be given where an account's is asked.

/// Declares an identifier: a UUID (version 7, so that new rows stand together) that cannot be mistaken for another kind's.
///
/// ```
/// platform::id! {
///     /// A counter of a service point.
///     pub struct CounterId;
/// }
/// let text = "0198c1a0-0000-7000-8000-000000000001";
/// assert_eq!(text.parse::<CounterId>().expect("a UUID").to_string(), text);
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $visible:vis struct $name:ident;) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $visible struct $name($crate::database::Uuid);

        impl $name {
            /// A new identifier that sorts by `now`.
            #[must_use]
            $visible fn new(now: $crate::database::OffsetDateTime) -> Self {
                Self($crate::database::new_uuid(now))
            }

            /// The UUID itself.
            #[must_use]
            $visible const fn uuid(self) -> $crate::database::Uuid {
                self.0
            }
        }

        impl From<$crate::database::Uuid> for $name {
            fn from(uuid: $crate::database::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for $crate::database::Value {
            fn from(id: $name) -> Self {
                Self::Uuid(id.0)
            }
        }

        impl $crate::database::Column for $name {
            fn read(value: $crate::database::Value) -> Result<Self, $crate::database::Value> {
                <$crate::database::Uuid as $crate::database::Column>::read(value).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, out)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::database::NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::database::Uuid::parse_str(text).map(Self).map_err(|_| $crate::database::NotAnId)
            }
        }

        impl $crate::database::serde::Serialize for $name {
            fn serialize<S: $crate::database::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(&self.0)
            }
        }

        impl<'de> $crate::database::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::database::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::database::serde::Deserialize>::deserialize(from)?;
                text.parse().map_err($crate::database::serde::de::Error::custom)
            }
        }
    };
}

/// The text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("not an identifier")
    }
}

impl std::error::Error for NotAnId {}

/// A version 7 UUID of this moment with random bits from the operating system.
#[doc(hidden)]
#[must_use]
pub fn new_uuid(now: time::OffsetDateTime) -> uuid::Uuid {
    let milliseconds = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &crate::clock::random::<10>()).into_uuid()
}
