//! What the demonstration city shows here: an officer, a request and a breach of invented people.

use crate::actions::{self, Desk, Refused};
use crate::breach::{BreachId, Report};
use crate::register::Officer;
use crate::request::{Asked, RequestId, RequestKind};
use platform::database::{Uuid, Write};
use platform::personal::{PersonName, PersonText, Personal as _, Phone};
use platform::session::Token;
use time::Duration;

/// Where the checks of every page find a request and a breach.
const SAMPLE: u128 = 0x7000_8000_0000_0000_0002;
/// The end of the demonstration's link to follow a request.
pub(crate) const TOKEN: &str = "contoh";

/// Fills the demonstration city.
///
/// # Errors
/// When the database refuses.
pub fn fill(db: &mut Write<'_>, desk: &Desk) -> Result<(), Refused> {
    let officer = Officer {
        name: "Pejabat Pelindungan Data Pribadi Kota Contoh".into(),
        contact: "pdp@contoh.go.id".into(),
        recipients: String::new(),
        version: 0,
    };
    actions::set_officer(db, desk, &officer)?;
    let (Ok(name), Ok(phone), Ok(about), Ok(what)) = (
        PersonName::read("Warga Contoh"),
        Phone::read("0811-0000-0000"),
        PersonText::read("Saya ingin salinan data saya."),
        PersonText::read("Nama dan nomor telepon pada satu berkas daftar hadir."),
    ) else {
        return Err(Refused::WrongState);
    };
    let asked =
        Asked { kind: RequestKind::Access, name, email: None, phone: Some(phone), nik: None, about, account: None };
    let id = RequestId::from(Uuid::from_u128(SAMPLE));
    actions::ask_as(db, desk, &asked, (id, Token::presented(TOKEN)))?;
    let report = Report {
        title: "Berkas daftar hadir terkirim ke alamat yang salah".into(),
        what,
        how: None,
        handling: None,
        contact: "pdp@contoh.go.id".into(),
        people: Some(12),
        public_needed: false,
        happened_at: None,
        known_at: desk.now - Duration::hours(5),
        holdings: Vec::new(),
    };
    actions::record_as(db, desk, &report, BreachId::from(Uuid::from_u128(SAMPLE)))?;
    Ok(())
}
