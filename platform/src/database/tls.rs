//! Encrypted connections to PostgreSQL: `sslmode=require` in the address, or `verify-ca` or `verify-full`.
//!
//! All three check the server's certificate and name, against the system's authorities or those of `sslrootcert=FILE`: encryption
//! to an unknown server protects nobody. Without `sslmode` the connection is plain, as fits a socket on the same machine.

use super::DatabaseError;
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
        Some("require" | "verify-ca" | "verify-full") => Some(connector(file)?),
        Some(other) => return Err(DatabaseError::other(format!("sslmode={other} is not known"))),
    };
    let separator = if rest.is_empty() { "" } else { "?" };
    Ok((format!("{address}{separator}{}", rest.join("&")), tls))
}

fn connector(file: Option<&str>) -> Result<MakeRustlsConnect, DatabaseError> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(path) => {
            let certificates = CertificateDer::pem_file_iter(path).map_err(refused)?;
            for certificate in certificates {
                roots.add(certificate.map_err(refused)?).map_err(refused)?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(DatabaseError::other("no certificate authority is known; give one with sslrootcert=FILE"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(refused)?;
    Ok(MakeRustlsConnect::new(versions.with_root_certificates(roots).with_no_client_auth()))
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> DatabaseError {
    DatabaseError::Other(Box::new(error))
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
