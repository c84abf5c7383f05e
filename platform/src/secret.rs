//! The installation's keys: what they seal can be read by this installation alone, what they sign was made by it.
//!
//! The keys stand in a file that only the program may read ([`KeyFile`]), or in the environment. A copy of the database without
//! them gives away neither second factors nor personal data. One key seals; all others still open, so a new one can take over
//! while the program runs: [`Secrets::refresh`] reads a changed file, [`rotation`] seals everything anew, and then an old key can go.
//!
//! Sealed bytes say by which key: form, number of the key, nonce, text. Those of form 1 have no number and are older.
//! Signatures and blind indexes have roots of their own, which stay when a key that seals goes.

mod file;
mod ring;
pub mod rotation;
#[cfg(test)]
mod tests;

pub use file::{KeyFile, Numbers};
pub use ring::KeyNumber;

use crate::clock;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use ring::{Ring, Root, Written};
use sha2::Sha256;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Sealed texts begin with the number of their form.
const FORM: u8 = 2;
/// The form without the number of a key.
const FORMER: u8 = 1;
const NONCE: usize = 24;

/// Seals and signs with the installation's keys. Cheap to clone; all copies follow the same file.
#[derive(Clone)]
pub struct Secrets(Arc<Shared>);

struct Shared {
    ring: RwLock<Arc<Ring>>,
    /// The keys before the last change, and when they were replaced.
    former: Mutex<Option<(Instant, Arc<Ring>)>>,
    /// The file to follow, and what it held when it was last taken.
    file: Option<(PathBuf, Mutex<Written>)>,
}

/// Requests that began before the keys changed have ended after this: so long a key that was taken away still opens what they had
/// read, and so long sealing anew waits.
pub const GRACE: Duration = Duration::from_secs(60);

/// Why there is no key, or why the keys cannot be changed.
#[derive(Debug)]
pub enum NoKey {
    /// The file cannot be read or made.
    File(io::Error),
    /// A line is no key.
    NotAKey,
    /// Two keys have the same number.
    Twice,
    /// The root of signatures or of blind indexes is missing, and so is key 1, from which it could be derived.
    NoRoot,
    /// Everybody on the machine may read the file.
    OpenToAll,
    /// There is no key of this number.
    Unknown,
    /// This key seals: it cannot be taken away.
    InUse,
    /// There are two roots of blind indexes already.
    TwoIndexes,
}

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::File(error) => return write!(f, "the key file cannot be used: {error}"),
            Self::NotAKey => "a key must be 64 hexadecimal digits, after its number when there are several",
            Self::Twice => "two keys have the same number",
            Self::NoRoot => "the lines `sign` and `index` are missing, and so is key 1 they could be derived from",
            Self::OpenToAll => "everybody may read the key file: chmod 600 it",
            Self::Unknown => "there is no key of this number",
            Self::InUse => "this key seals: let another one seal first",
            Self::TwoIndexes => "there are two roots of blind indexes already: retire the older one first",
        };
        f.write_str(words)
    }
}

impl std::error::Error for NoKey {}

impl From<io::Error> for NoKey {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// What becomes of sealed bytes when a newer key seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anew {
    /// They are sealed with the key that seals now.
    Current,
    /// The same text, sealed with the key that seals now.
    Sealed(Vec<u8>),
    /// No key here opens them: they stay as they are.
    Unreadable,
}

impl Secrets {
    /// With one key of 32 bytes.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self::of(&Written::single(key), None)
    }

    /// With keys as a file holds them, as from an environment variable.
    ///
    /// # Errors
    /// When they are none.
    pub fn written(keys: &str) -> Result<Self, NoKey> {
        Ok(Self::of(&Written::read(keys)?, None))
    }

    fn following(written: Written, file: PathBuf) -> Self {
        Self::of(&written.clone(), Some((file, Mutex::new(written))))
    }

    fn of(written: &Written, file: Option<(PathBuf, Mutex<Written>)>) -> Self {
        let ring = RwLock::new(Arc::new(written.ring()));
        Self(Arc::new(Shared { ring, former: Mutex::default(), file }))
    }

    /// Reads the file again, and says whether the keys are others now. On an error those in use stay.
    ///
    /// # Errors
    /// When the file cannot be read or holds no keys.
    pub fn refresh(&self) -> Result<bool, NoKey> {
        let Some((file, known)) = &self.0.file else { return Ok(false) };
        let written = file::read(file)?;
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == written {
            return Ok(false);
        }
        *self.0.former.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), self.ring()));
        *self.0.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(written.ring());
        *known = written;
        Ok(true)
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.0.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The number of the key that seals.
    #[must_use]
    pub fn sealing(&self) -> KeyNumber {
        self.ring().keys.first().map_or(0, |(number, _)| *number)
    }

    /// The number of the root that writes blind indexes.
    #[must_use]
    pub fn indexing(&self) -> KeyNumber {
        self.ring().indexes.first().map_or(0, |(number, _)| *number)
    }

    /// Seals bytes for one purpose and owner: `context` must be given again to open them.
    ///
    /// # Panics
    /// Never: what is sealed fits the memory, and there is always a key.
    #[must_use]
    pub fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        let ring = self.ring();
        let (number, key) = ring.keys.first().expect("a ring has a key that seals");
        let (head, nonce) = (head(*number), clock::random::<NONCE>());
        let aad = [&head, context.as_bytes()].concat();
        let payload = Payload { msg: plain, aad: &aad };
        let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload).expect("a short text can be sealed");
        [&head, nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed with one of the keys and the same context; nothing when no key fits or a byte was changed.
    #[must_use]
    pub fn open(&self, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open_with(&self.ring(), context, sealed).or_else(|| {
            let former = self.0.former.lock().unwrap_or_else(PoisonError::into_inner).clone();
            former.filter(|(at, _)| at.elapsed() < GRACE).and_then(|(_, ring)| open_with(&ring, context, sealed))
        })
    }

    /// Seals anew what another key than the present one sealed.
    #[must_use]
    pub fn seal_anew(&self, context: &str, sealed: &[u8]) -> Anew {
        if sealed_with(sealed) == Some(self.sealing()) {
            return Anew::Current;
        }
        match self.open(context, sealed) {
            Some(plain) => Anew::Sealed(self.seal(context, &plain)),
            None => Anew::Unreadable,
        }
    }

    /// The blind index of a text for a purpose, under the root that writes and under the one before: a value is looked up by both.
    /// With one root both are the same.
    #[must_use]
    pub fn blind_indexes(&self, purpose: &str, text: &str) -> [Vec<u8>; 2] {
        let ring = self.ring();
        let under = |(number, root): &(KeyNumber, Root)| {
            let fingerprint = mac(root, &[purpose.as_bytes(), text.as_bytes()]);
            [number.to_be_bytes().as_slice(), &fingerprint].concat()
        };
        let first = ring.indexes.first().map(under).unwrap_or_default();
        let last = ring.indexes.last().map(under).unwrap_or_default();
        [first, last]
    }

    /// A fingerprint of a text that only this installation can make: to store a key without what it stands for.
    #[must_use]
    pub fn fingerprint(&self, purpose: &str, text: &str) -> [u8; 32] {
        mac(&self.ring().sign, &[purpose.as_bytes(), text.as_bytes()])
    }

    /// A text with its signature, fit for a cookie: `text.signature`.
    #[must_use]
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(self.fingerprint(purpose, text)))
    }

    /// The text of a signed one, when it was signed here for this purpose.
    #[must_use]
    pub fn signed<'t>(&self, purpose: &str, signed: &'t str) -> Option<&'t str> {
        let (text, signature) = signed.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        // Compared by the library in a time that does not depend on where they differ.
        hmac(&self.ring().sign, &[purpose.as_bytes(), text.as_bytes()]).verify_slice(&signature).ok()?;
        Some(text)
    }
}

/// A key is never written into a log.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// What sealed bytes begin with: form and number of the key.
pub(crate) const HEAD: usize = 3;

/// The beginning of everything that a key sealed.
pub(crate) fn head(number: KeyNumber) -> [u8; HEAD] {
    let [high, low] = number.to_be_bytes();
    [FORM, high, low]
}

/// The number of the key that sealed bytes; nothing for those of the former form.
#[must_use]
pub fn sealed_with(sealed: &[u8]) -> Option<KeyNumber> {
    match sealed {
        [FORM, high, low, ..] => Some(KeyNumber::from_be_bytes([*high, *low])),
        _ => None,
    }
}

fn cipher(key: &Root) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*key).into())
}

fn open_with(ring: &Ring, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    if let Some(rest) = sealed.strip_prefix(&[FORMER]) {
        // There was one key then, and nothing says which one it is now.
        return ring.keys.iter().rev().find_map(|(_, key)| opened(key, context.as_bytes(), rest));
    }
    let number = sealed_with(sealed)?;
    let (_, key) = ring.keys.iter().find(|(own, _)| *own == number)?;
    opened(key, &[&head(number), context.as_bytes()].concat(), sealed.get(HEAD..)?)
}

fn opened(key: &Root, aad: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = rest.split_first_chunk::<NONCE>()?;
    cipher(key).decrypt(&XNonce::from(*nonce), Payload { msg: text, aad }).ok()
}

/// Every part is preceded by its length, so that no two lists of parts have the same bytes.
fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part);
    }
    hmac
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    hmac(key, parts).finalize().into_bytes().into()
}
