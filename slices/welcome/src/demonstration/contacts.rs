//! How the contacts of two units of the demonstration city were found to be: one well, one with a mailbox that is gone.

use super::{ACTOR, Trouble, wrong};
use organisation::Desk;
use platform::database::Write;
use platform::identity::InstitutionId;
use services::{ContactFault, ContactKind, Look};
use time::OffsetDateTime;

/// The unit by its code, and what was found of its mail address.
const FOUND: [(&str, Look); 2] = [("2.06", Ok(())), ("1.06", Err(ContactFault::NoMailbox))];

/// Notes what was found; a person tried the first one's telephone.
pub(super) fn bring(db: &mut Write<'_>, institution: InstitutionId, now: OffsetDateTime) -> Result<(), Trouble> {
    let desk = Desk { institution, actor: ACTOR, now };
    let units = organisation::units(db, institution)?;
    for (code, mail) in FOUND {
        let unit = units.iter().find(|unit| unit.facts.code.as_deref() == Some(code)).ok_or_else(|| wrong(code))?;
        let contact = &unit.facts.contact;
        let phone = services::phone(&contact.phone);
        let looks =
            [(ContactKind::Mail, contact.email.clone(), mail), (ContactKind::Phone, contact.phone.clone(), phone)];
        services::note_looks(db, &desk, unit.id, &looks)?;
        if mail.is_ok() {
            services::confirm_contact(db, &desk, unit.id, (ContactKind::Phone, &contact.phone)).map_err(wrong)?;
        }
    }
    Ok(())
}
