//! Signatures of what a city publishes, in the form of [minisign](https://jedisct1.github.io/minisign/), so that anybody can check them
//! with a tool that is not ours: `minisign -V -p kunci.pub -m hasil.json`.
//!
//! A figure can be computed again by everybody (`prima verify`); the signature says who published it. Each institution has a key of
//! its own (Ed25519), derived from the installation's key of signatures, which is kept with the other keys and is in no backup of the
//! database. So it stays the same when data are sealed with a new key, and is lost with the key file.

use crate::app::App;
use crate::identity::InstitutionId;
use crate::problem::Problem;
use crate::route::Routes;
use crate::secret::Secrets;
use crate::visit::Visit;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest as _};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde::Deserialize;
use sha2::Sha256;

/// What a name of a signed file ends with.
pub const END: &str = ".minisig";

/// Of keys: Ed25519.
const KEY: &[u8; 2] = b"Ed";
/// Of signatures: Ed25519 over the BLAKE2b hash of the file.
const HASHED: &[u8; 2] = b"ED";

/// The key of an institution.
pub struct Signer {
    pair: Ed25519KeyPair,
    /// Tells keys apart; part of the form.
    number: [u8; 8],
}

impl Signer {
    /// The key of this institution.
    ///
    /// # Errors
    /// Never with a seed of 32 bytes; the library's word is passed on.
    pub fn of(secrets: &Secrets, institution: InstitutionId) -> Result<Self, Problem> {
        let seed = secrets.fingerprint("publication signature", &institution.to_string());
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|error| Problem::internal(error.to_string()))?;
        let mut number = [0; 8];
        number.copy_from_slice(&Sha256::digest(pair.public_key().as_ref())[..8]);
        Ok(Self { pair, number })
    }

    /// The public half on one line, as `minisign -P` and `prima verify --key` take it.
    #[must_use]
    pub fn public_key(&self) -> String {
        STANDARD.encode([KEY, self.number.as_slice(), self.pair.public_key().as_ref()].concat())
    }

    /// The public half as a file: `minisign -p`. `about` is a line for people.
    #[must_use]
    pub fn public_file(&self, about: &str) -> String {
        format!("untrusted comment: {}\n{}\n", one_line(about), self.public_key())
    }

    /// The signature of a file, as a file. `about` is a line for people that is signed with it.
    #[must_use]
    pub fn sign(&self, file: &[u8], about: &str) -> String {
        let signature = self.pair.sign(&Blake2b512::digest(file));
        let about = one_line(about);
        let global = self.pair.sign(&[signature.as_ref(), about.as_bytes()].concat());
        let signature = STANDARD.encode([HASHED, self.number.as_slice(), signature.as_ref()].concat());
        let global = STANDARD.encode(global.as_ref());
        format!("untrusted comment: {about}\n{signature}\ntrusted comment: {about}\n{global}\n")
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where everybody finds the key of a city.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kunci.pub")]
pub struct KeyPath;

/// The route of the key.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get(key).file().public()
}

async fn key(_: KeyPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let signer = Signer::of(app.secrets(), visit.institution()?)?;
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((kind, signer.public_file(&visit.site().name)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Uuid;
    use minisign_verify::{PublicKey, Signature};

    fn signer(institution: u128) -> Signer {
        let secrets = Secrets::new([7; 32]);
        Signer::of(&secrets, InstitutionId::from(Uuid::from_u128(institution))).unwrap()
    }

    fn agrees(key: &str, file: &[u8], signature: &str) -> bool {
        let signature = Signature::decode(signature).unwrap();
        PublicKey::decode(key).unwrap().verify(file, &signature, false).is_ok()
    }

    #[test]
    fn a_signature_is_found_true_by_another_program_and_false_after_one_changed_byte() {
        let signer = signer(1);
        let signature = signer.sign(b"IKM 81.20", "Kota Contoh, 2026 TW I");
        let key = signer.public_file("Kota\nContoh");
        assert!(agrees(&key, b"IKM 81.20", &signature));
        assert!(!agrees(&key, b"IKM 81.21", &signature));
        let other = signature.replacen(
            "trusted comment: Kota Contoh, 2026 TW I\n",
            "trusted comment: Kota Contoh, 2026 TW II\n",
            2,
        );
        assert!(!agrees(&key, b"IKM 81.20", &other), "the line for people is signed, too");
    }

    #[test]
    fn each_institution_has_a_key_of_its_own_which_stays() {
        assert_eq!(signer(1).public_key(), signer(1).public_key());
        assert_ne!(signer(1).public_key(), signer(2).public_key());
        let signature = signer(1).sign(b"IKM", "x");
        assert!(!agrees(&signer(2).public_file("x"), b"IKM", &signature));
    }
}
