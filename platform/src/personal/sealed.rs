//! Values as columns hold them: sealed for one place, and found again by a keyed fingerprint.

use super::Personal;
use crate::database::{Column, Uuid, Value};
use crate::identity::InstitutionId;
use crate::secret::Secrets;
use std::fmt;
use std::marker::PhantomData;

/// Opens [`Personal::plain`] to this module alone.
#[derive(Debug)]
pub struct Key(());

/// Where a sealed value stands. It opens nowhere else: not in another city, column or row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    institution: InstitutionId,
    column: &'static str,
    row: Uuid,
}

impl Place {
    /// A column, `table.column`, of a row of an institution.
    #[must_use]
    pub const fn new(institution: InstitutionId, column: &'static str, row: Uuid) -> Self {
        Self { institution, column, row }
    }

    /// The context of [`Secrets::seal`].
    #[must_use]
    pub fn context(&self) -> String {
        format!("{}:{}:{}", self.institution, self.column, self.row)
    }
}

/// A sealed value: what a column holds, and nothing that tells what it is.
pub struct Sealed<T> {
    bytes: Vec<u8>,
    of: PhantomData<fn() -> T>,
}

impl<T: Personal> Sealed<T> {
    /// Seals a value for its place.
    #[must_use]
    pub fn new(secrets: &Secrets, place: &Place, value: &T) -> Self {
        Self { bytes: secrets.seal(&place.context(), value.plain(Key(())).as_bytes()), of: PhantomData }
    }

    /// The value; nothing when it was sealed elsewhere, or no key opens it.
    #[must_use]
    pub fn open(&self, secrets: &Secrets, place: &Place) -> Option<T> {
        let plain = secrets.open(&place.context(), &self.bytes)?;
        T::opened(String::from_utf8(plain).ok()?)
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl<T> From<Sealed<T>> for Value {
    fn from(sealed: Sealed<T>) -> Self {
        Self::Blob(sealed.bytes)
    }
}

impl<T> From<&Sealed<T>> for Value {
    fn from(sealed: &Sealed<T>) -> Self {
        Self::Blob(sealed.bytes.clone())
    }
}

impl<T> Column for Sealed<T> {
    fn read(value: Value) -> Result<Self, Value> {
        Vec::<u8>::read(value).map(|bytes| Self { bytes, of: PhantomData })
    }
}

/// A fingerprint by which a sealed value is found again, without telling what it is: keyed, of one institution and field.
#[derive(Clone, PartialEq, Eq)]
pub struct BlindIndex(Vec<u8>);

impl BlindIndex {
    /// The index of a value as it is stored.
    #[must_use]
    pub fn new<T: Personal>(secrets: &Secrets, institution: InstitutionId, field: &'static str, value: &T) -> Self {
        let [first, _] = Self::both(secrets, institution, field, value);
        first
    }

    /// The indexes a value may stand under while roots change: a statement asks `column IN ($2, $3)`.
    #[must_use]
    pub fn both<T: Personal>(
        secrets: &Secrets,
        institution: InstitutionId,
        field: &'static str,
        value: &T,
    ) -> [Self; 2] {
        secrets.blind_indexes(&format!("{institution}:{field}"), &value.compared()).map(Self)
    }

    /// The index of a value that was opened as bytes, for [`Indexed::of`](crate::secret::rotation::Indexed).
    #[must_use]
    pub fn of_bytes<T: Personal>(
        secrets: &Secrets,
        institution: InstitutionId,
        field: &'static str,
        plain: &[u8],
    ) -> Option<Vec<u8>> {
        let value = T::opened(String::from_utf8(plain.to_vec()).ok()?)?;
        Some(Self::new(secrets, institution, field, &value).0)
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndex(…)")
    }
}

impl From<BlindIndex> for Value {
    fn from(index: BlindIndex) -> Self {
        Self::Blob(index.0)
    }
}

impl From<&BlindIndex> for Value {
    fn from(index: &BlindIndex) -> Self {
        Self::Blob(index.0.clone())
    }
}

impl Column for BlindIndex {
    fn read(value: Value) -> Result<Self, Value> {
        Vec::<u8>::read(value).map(Self)
    }
}
