//! What the address of PostgreSQL says of encryption.

use super::super::tls::split;

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
