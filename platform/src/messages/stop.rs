//! The link below a message with which such messages are stopped (RFC 8058): signed, and of use for nothing else.

use super::Category;
use crate::identity::{AccountId, InstitutionId};
use crate::secret::Secrets;

/// What the signature is made for.
const PURPOSE: &str = "message-stop";
/// The page behind the link, before the token.
const PATH: &str = "/surel/berhenti/";

/// Whose messages are to stop, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopping {
    /// The institution.
    pub institution: InstitutionId,
    /// The account.
    pub account: AccountId,
    /// The category.
    pub category: Category,
}

/// The address of the page that stops messages of a category for an account.
#[must_use]
pub fn stop_address(secrets: &Secrets, origin: &str, stopping: &Stopping) -> String {
    let Stopping { institution, account, category } = stopping;
    let token = secrets.sign(PURPOSE, &format!("{institution}_{account}_{}", category.name()));
    format!("{origin}{PATH}{token}")
}

/// What the token of such an address stops; nothing when it was not made here, or for what cannot be stopped.
#[must_use]
pub fn stopping(secrets: &Secrets, token: &str) -> Option<Stopping> {
    let mut parts = secrets.signed(PURPOSE, token)?.split('_');
    let (institution, account) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let category = Category::named(parts.next()?).filter(|category| category.may_be_stopped())?;
    Some(Stopping { institution, account, category })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_link_stops_what_it_was_made_for_and_nothing_else() {
        let (secrets, now) = (Secrets::new([7; 32]), datetime!(2026-11-21 01:00 UTC));
        let own =
            Stopping { institution: InstitutionId::new(now), account: AccountId::new(now), category: Category::Work };
        let address = stop_address(&secrets, "https://contoh.go.id", &own);
        let token = address.strip_prefix("https://contoh.go.id/surel/berhenti/").unwrap();
        assert_eq!(stopping(&secrets, token), Some(own));
        assert_eq!(stopping(&secrets, &token.replace("work", "summary")), None);
        assert_eq!(stopping(&Secrets::new([8; 32]), token), None);
        let security = Stopping { category: Category::Security, ..own };
        let address = stop_address(&secrets, "", &security);
        assert_eq!(stopping(&secrets, address.strip_prefix(PATH).unwrap()), None);
    }
}
