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
    let (asked, rest): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|pair| pair.starts_with("sslmode=") || pair.starts_with("sslrootcert="));
    let find = |name| asked.iter().rev().find_map(|pair| pair.strip_prefix(name));
    let tls = match find("sslmode=") {
        None | Some("disable") => None,
        Some("require" | "verify-ca" | "verify-full") => {
            Some(connector(find("sslrootcert=")).map_err(DatabaseError::Other)?)
        }
        Some(other) => return Err(DatabaseError::other(format!("sslmode={other} is not known"))),
    };
    Ok((format!("{address}?{}", rest.join("&")), tls))
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
