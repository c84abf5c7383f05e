//! The installation's key: what it seals can be read by this installation alone, what it signs was made by it.
//!
//! The key is 32 bytes in a file that only the program may read, or in the environment. A copy of the database without it gives
//! away no second factor. Losing it makes second factors and known browsers unknown, nothing else.

use crate::clock;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

/// Sealed texts begin with the number of their form, so that another can follow one day.
const FORM: u8 = 1;
const NONCE: usize = 24;

/// Seals and signs with the installation's key. Cheap to clone.
#[derive(Clone)]
pub struct Secrets(Arc<Keys>);

struct Keys {
    seal: [u8; 32],
    sign: [u8; 32],
}

/// Why there is no key.
#[derive(Debug)]
pub enum NoKey {
    /// The file cannot be read or made.
    File(io::Error),
    /// It does not hold 64 hexadecimal digits.
    NotAKey,
    /// Everybody on the machine may read the file.
    OpenToAll,
}

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "the key file cannot be used: {error}"),
            Self::NotAKey => f.write_str("the key must be 64 hexadecimal digits"),
            Self::OpenToAll => f.write_str("everybody may read the key file: chmod 600 it"),
        }
    }
}

impl std::error::Error for NoKey {}

impl From<io::Error> for NoKey {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl Secrets {
    /// With a key of 32 bytes.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        // Two uses never share a key.
        Self(Arc::new(Keys { seal: mac(&key, &[b"seal"]), sign: mac(&key, &[b"sign"]) }))
    }

    /// With the key written in hexadecimal, as from an environment variable.
    ///
    /// # Errors
    /// When it is none.
    pub fn written(key: &str) -> Result<Self, NoKey> {
        let key = key.trim();
        if key.len() != 64 || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoKey::NotAKey);
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = key.get(at * 2..at * 2 + 2).ok_or(NoKey::NotAKey)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NoKey::NotAKey)?;
        }
        Ok(Self::new(bytes))
    }

    /// With the key in a file. The first time the file is made, readable by its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or made, holds no key, or is open to everybody.
    pub fn kept_in(file: &Path) -> Result<Self, NoKey> {
        match std::fs::read_to_string(file) {
            Ok(key) => {
                refuse_open_file(file)?;
                Self::written(&key)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::made(file),
            Err(error) => Err(error.into()),
        }
    }

    fn made(file: &Path) -> Result<Self, NoKey> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let key: String = clock::random::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
        // Written whole under another name first: of two programs that start at once, one wins and the other reads it.
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        writeln!(draft, "{key}")?;
        draft.as_file().sync_all()?;
        match draft.persist_noclobber(file) {
            Ok(_) => Self::written(&key),
            Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => {
                Self::written(&std::fs::read_to_string(file)?)
            }
            Err(refused) => Err(refused.error.into()),
        }
    }

    /// Seals bytes for one purpose and owner: `context` must be given again to open them.
    ///
    /// # Panics
    /// Never: what is sealed fits the memory.
    #[must_use]
    pub fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = clock::random::<NONCE>();
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).expect("a short text can be sealed");
        [&[FORM], nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed with the same key and context; nothing when either differs or a byte was changed.
    #[must_use]
    pub fn open(&self, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.strip_prefix(&[FORM])?.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: text, aad: context.as_bytes() };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.seal.into())
    }

    /// A fingerprint of a text that only this installation can make: to store a key without what it stands for.
    #[must_use]
    pub fn fingerprint(&self, purpose: &str, text: &str) -> [u8; 32] {
        mac(&self.0.sign, &[purpose.as_bytes(), text.as_bytes()])
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
        hmac(&self.0.sign, &[purpose.as_bytes(), text.as_bytes()]).verify_slice(&signature).ok()?;
        Some(text)
    }
}

/// A key is never written into a log.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
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

#[cfg(unix)]
fn refuse_open_file(file: &Path) -> Result<(), NoKey> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)?.permissions().mode();
    if mode & 0o007 == 0 { Ok(()) } else { Err(NoKey::OpenToAll) }
}

#[cfg(not(unix))]
fn refuse_open_file(_: &Path) -> Result<(), NoKey> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets::new([7; 32])
    }

    #[test]
    fn what_is_sealed_is_opened_with_the_same_key_and_context_only() {
        let sealed = secrets().seal("totp:sari", b"secret");
        assert_eq!(secrets().open("totp:sari", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(secrets().open("totp:budi", &sealed), None, "moved to another account");
        assert_eq!(Secrets::new([8; 32]).open("totp:sari", &sealed), None, "another installation");
    }

    #[test]
    fn a_sealed_text_with_any_bit_changed_opens_no_more() {
        let sealed = secrets().seal("c", b"secret");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(secrets().open("c", &changed), None, "byte {at}");
        }
        assert_eq!(secrets().open("c", &[]), None);
        assert_eq!(secrets().open("c", &sealed[..20]), None);
    }

    #[test]
    fn the_same_text_is_never_sealed_the_same_way_twice() {
        assert_ne!(secrets().seal("c", b"secret"), secrets().seal("c", b"secret"));
    }

    #[test]
    fn a_signature_holds_for_its_text_and_purpose() {
        let signed = secrets().sign("device", "sari.7");
        assert_eq!(secrets().signed("device", &signed), Some("sari.7"));
        assert_eq!(secrets().signed("step", &signed), None, "another purpose");
        assert_eq!(secrets().signed("device", &signed.replace("sari", "budi")), None);
        assert_eq!(secrets().signed("device", "sari.7"), None);
        assert_eq!(secrets().signed("device", ""), None);
    }

    #[test]
    fn the_key_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("prima.key");
        let first = Secrets::kept_in(&file).unwrap();
        let again = Secrets::kept_in(&file).unwrap();
        assert_eq!(first.fingerprint("p", "t"), again.fingerprint("p", "t"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(Secrets::kept_in(&file), Err(NoKey::OpenToAll)));
        }
    }

    #[test]
    fn a_file_that_holds_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("prima.key");
        std::fs::write(&file, "rahasia").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        assert!(matches!(Secrets::kept_in(&file), Err(NoKey::NotAKey)));
    }
}
