//! Encrypted connections to PostgreSQL: `sslmode=require` in the address, or `verify-ca` or `verify-full`.
//!
//! All three check the server's certificate and name, against the system's authorities or those of `sslrootcert=FILE`: encryption
//! to an unknown server protects nobody. Without `sslmode` the connection is plain, as fits a socket on the same machine.

use super::{Cause, DatabaseError};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// The address without its words on encryption, and what they ask for.
pub(super) fn split(url: &str) -> Result<(String, Option<MakeRustlsConnect>), DatabaseError> {
    let Some((address, query)) = url.split_once('?') else { return Ok((url.to_owned(), None)) };
    let (mut mode, mut file, mut rest) = (None, None, Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => file = Some(value),
            _ => rest.push(pair),
        }
    }
    let tls = match mode {
        None | Some("disable") => None,
        Some("require" | "verify-ca" | "verify-full") => Some(connector(file).map_err(DatabaseError::Other)?),
        Some(other) => return Err(DatabaseError::other(format!("sslmode={other} is not known"))),
    };
    let separator = if rest.is_empty() { "" } else { "?" };
    Ok((format!("{address}{separator}{}", rest.join("&")), tls))
}

fn connector(file: Option<&str>) -> Result<MakeRustlsConnect, Cause> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(path) => {
            for certificate in CertificateDer::pem_file_iter(path)? {
                roots.add(certificate?)?;
            }
        }
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if roots.is_empty() {
        return Err("no certificate authority is known; give one with sslrootcert=FILE".into());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_word_on_encryption_is_left_alone() {
        let (url, tls) = split("postgres://prima@db/prima?application_name=x").unwrap();
        assert_eq!(url, "postgres://prima@db/prima?application_name=x");
        assert!(tls.is_none());
    }

    #[test]
    fn asking_for_encryption_never_gives_a_plain_connection() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("none.pem");
        std::fs::write(&empty, "").unwrap();
        for mode in ["require", "verify-ca", "verify-full", "prefer", "Require", ""] {
            let address = format!("postgres://prima@db/prima?sslmode={mode}&sslrootcert={}", empty.display());
            assert!(split(&address).is_err(), "{mode}");
        }
        let (url, tls) = split("postgres://prima@db/prima?sslmode=disable&connect_timeout=3").unwrap();
        assert_eq!(url, "postgres://prima@db/prima?connect_timeout=3");
        assert!(tls.is_none());
    }
}
