//! What every page of a city needs of its institution.

use crate::institution::Institution;
use crate::store;
use platform::database::{DatabaseError, Read};
use platform::site::Site;
use sha2::{Digest as _, Sha256};

/// Where logo and colours are served.
pub(crate) const FILES: &str = "/aset-kota/";

/// The site of a host: of the institution that has it, else of the one founded first. For the platform's wiring.
///
/// # Errors
/// When the database cannot be read.
pub fn find_site(db: &mut Read<'_>, host: &str) -> Result<Option<Site>, DatabaseError> {
    let Some(institution) = store::institution_of_host(db, host)? else { return Ok(None) };
    let keeps_installation = store::first_institution(db)? == Some(institution.id);
    Ok(Some(Site { keeps_installation, ..site_of(&institution) }))
}

pub(crate) fn site_of(institution: &Institution) -> Site {
    let settings = &institution.settings;
    Site {
        institution: Some(institution.id),
        name: settings.name.clone(),
        short_name: settings.short_name.clone(),
        tagline: settings.tagline.clone(),
        zone: settings.zone,
        logo: institution.logo.as_ref().map(|hash| format!("{FILES}logo-{hash}")),
        theme: stylesheet(institution).map(|css| format!("{FILES}tema-{}.css", fingerprint(&css))),
        help: settings.help.clone(),
        demonstration: institution.demonstration,
        keeps_installation: false,
    }
}

/// The stylesheet with the colours of an institution; nothing when it has those of the program.
pub(crate) fn stylesheet(institution: &Institution) -> Option<String> {
    Some(institution.settings.colours.as_ref()?.theme()?.to_css())
}

/// The fingerprint of a stylesheet in its address.
pub(crate) fn fingerprint(css: &str) -> String {
    Sha256::digest(css.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
