//! How long the certificate is valid, and whether its chain fits together.

use super::{Health, Saying, Seen, Value};
use std::path::Path;
use time::OffsetDateTime;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::Pem;

/// Fewer days than these are bad, or call for attention.
const FEW_DAYS: (i64, i64) = (7, 21);

pub(super) fn look(file: Option<&Path>, now: OffsetDateTime) -> Seen {
    let Some(file) = file else {
        return Seen::of(Health::NotSet, Saying::new("check.certificate-not-set"), Saying::new("check.proxy-has-it"));
    };
    let named = |key| Saying::new(key).with("file", Value::Text(file.display().to_string()));
    let read = std::fs::read(file).ok().and_then(|bytes| chain(&bytes));
    let Some(Chain { names, ends, fits }) = read else {
        return Seen::of(Health::Bad, named("check.certificate-unreadable"), Saying::new("check.renew-certificate"));
    };
    let days = (ends - now).whole_days();
    let seen = |key| {
        let names = Value::Text(names.join(", "));
        Saying::new(key).with("names", names).with("at", Value::moment(ends))
    };
    if ends <= now {
        return Seen::of(Health::Bad, seen("check.certificate-ended"), Saying::new("check.renew-certificate"));
    }
    if days < FEW_DAYS.1 {
        let health = if days < FEW_DAYS.0 { Health::Bad } else { Health::Attention };
        return Seen::of(health, seen("check.certificate-ends"), Saying::new("check.renew-certificate"));
    }
    if !fits {
        return Seen::of(Health::Attention, named("check.certificate-chain"), Saying::new("check.order-chain"));
    }
    Seen::good(seen("check.certificate-good"))
}

/// What matters of the certificates in a file.
pub(super) struct Chain {
    /// Names the first is for.
    pub(super) names: Vec<String>,
    /// When the first of them all ends.
    pub(super) ends: OffsetDateTime,
    /// Whether each was issued by the next.
    pub(super) fits: bool,
}

fn chain(bytes: &[u8]) -> Option<Chain> {
    let pems: Vec<Pem> = Pem::iter_from_buffer(bytes).filter_map(Result::ok).collect();
    let pems: Vec<&Pem> = pems.iter().filter(|pem| pem.label == "CERTIFICATE").collect();
    let certificates: Vec<_> = pems.iter().map(|pem| pem.parse_x509().ok()).collect::<Option<_>>()?;
    let first = certificates.first()?;
    let alternative = first.subject_alternative_name().ok().flatten();
    let names = alternative.into_iter().flat_map(|extension| &extension.value.general_names);
    let names = names.filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        _ => None,
    });
    let names = names.collect();
    let ends = certificates.iter().map(|one| one.validity().not_after.timestamp()).min()?;
    let fits = certificates.windows(2).all(|pair| pair[0].issuer() == pair[1].subject());
    Some(Chain { names, ends: OffsetDateTime::from_unix_timestamp(ends).ok()?, fits })
}
