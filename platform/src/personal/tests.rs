//! What personal values promise: one form of each, a mask for everybody, and the whole for whoever was recorded.

use super::*;
use crate::audit::{self, Actor, Filter, Subject};
use crate::database::{Column as _, DatabaseError, Value, new_uuid};
use crate::identity::{AccountId, InstitutionId};
use crate::secret::Secrets;
use crate::testing::each_engine;
use proptest::prelude::*;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-22 01:00 UTC);

fn nik(typed: &str) -> Result<String, Fault> {
    Nik::read(typed).map(|nik| nik.compared())
}

fn phone(typed: &str) -> Result<String, Fault> {
    Phone::read(typed).map(|phone| phone.compared())
}

#[test]
fn a_nik_has_sixteen_digits_with_a_day_of_birth() {
    assert_eq!(nik("3201 0115 0890 0001").as_deref(), Ok("3201011508900001"));
    assert_eq!(nik("320101150890000"), Err(Fault::NikLength));
    assert_eq!(nik("32010115089O0001"), Err(Fault::NikLength), "the letter O");
    assert_eq!(nik("3201013202900001"), Err(Fault::NikDigits), "30 February and more");
    assert_eq!(nik("3201011513900001"), Err(Fault::NikDigits), "month thirteen");
    assert_eq!(nik("0001011508900001"), Err(Fault::NikDigits), "no such province");
    assert_eq!(nik("3201011508900000"), Err(Fault::NikDigits), "numbers begin at one");
}

#[test]
fn the_day_of_a_womans_birth_has_forty_added() {
    assert!(nik("3201015508900001").is_ok());
    assert_eq!(nik("3201017208900001"), Err(Fault::NikDigits), "the thirty-second");
    assert!(nik("3201016902000001").is_ok(), "29 February of a leap year");
    assert_eq!(nik("3201016902010001"), Err(Fault::NikDigits));
}

#[test]
fn a_telephone_number_is_one_however_it_is_written() {
    for typed in ["0812-3456-7890", "+62 812 3456 7890", "62812 34567890", "812.3456.7890", "+62 (0)812 3456 7890"] {
        assert_eq!(phone(typed).as_deref(), Ok("+6281234567890"), "{typed}");
    }
    assert_eq!(phone("+65 6123 4567").as_deref(), Ok("+6561234567"));
    for wrong in
        ["", "12345", "0812", "0812-abc-7890", "08123456789012345", "+0812345678", "62+81234567", "0062812345678"]
    {
        assert_eq!(phone(wrong), Err(Fault::Phone), "{wrong}");
    }
}

#[test]
fn an_address_has_a_name_and_a_domain() {
    let email = |typed: &str| EmailAddress::read(typed).map(|email| email.compared());
    assert_eq!(email(" Siti@Contoh.GO.id ").as_deref(), Ok("siti@contoh.go.id"));
    for wrong in
        ["siti", "@contoh.id", "siti@contoh", "si ti@contoh.id", "a@b@contoh.id", "siti@-contoh.id", "siti@contoh..id"]
    {
        assert_eq!(email(wrong), Err(Fault::Email), "{wrong}");
    }
}

#[test]
fn a_name_is_kept_as_its_owner_writes_it() {
    assert_eq!(PersonName::read("  siti   Nurhaliza ").map(|name| name.to_string()).as_deref(), Ok("S. N."));
    assert_eq!(PersonName::read("R.A. Kartini").map(|name| name.to_string()).as_deref(), Ok("R. K."));
    assert!(matches!(PersonName::read("12 34"), Err(Fault::Name)));
    assert!(matches!(PersonName::read(&"a".repeat(121)), Err(Fault::NameLong)));
}

#[test]
fn everybody_sees_a_mask() {
    assert_eq!(Nik::read("3201011508903456").unwrap().to_string(), "••••••••••••3456");
    assert_eq!(Phone::read("081234567878").unwrap().to_string(), "0812•••••78");
    assert_eq!(Phone::read("+6561234567").unwrap().to_string(), "+656•••••67");
    assert_eq!(EmailAddress::read("siti@contoh.go.id").unwrap().to_string(), "s•••@contoh.go.id");
    assert_eq!(format!("{:?}", Nik::read("3201011508903456").unwrap()), "Nik(…)");
    assert_eq!(format!("{:?}", PersonText::read("isi").unwrap()), "PersonText(…)");
}

#[test]
fn a_value_shows_itself_after_a_line_in_the_log_and_the_line_names_no_value() {
    each_engine("a receipt", |database| async move {
        let institution = InstitutionId::new(NOW);
        let by = Actor::Person(AccountId::new(NOW));
        let written = database
            .write(move |db| reveal(db, (institution, by, NOW), Reason::Contact, Subject::new("data-request", "7")));
        let receipt: Result<Revealed, DatabaseError> = written.await;
        let phone = Phone::read("081234567878").unwrap();
        assert_eq!(phone.reveal(&receipt.unwrap()), "+6281234567878");
        let found = database.read(move |db| audit::search(db, Some(institution), &Filter::default(), 9)).await.unwrap();
        assert_eq!((found[0].act.as_str(), found[0].detail.as_str()), ("personal.revealed", r#"{"reason":"contact"}"#));
    });
}

#[test]
fn a_sealed_value_opens_in_its_own_place_only() {
    let (secrets, institution, row) = (Secrets::new([7; 32]), InstitutionId::new(NOW), new_uuid(NOW));
    let place = Place::new(institution, "data_request.name", row);
    let sealed = Sealed::new(&secrets, &place, &PersonName::read("Siti Aminah").unwrap());
    let value = Value::from(&sealed);
    let read = Sealed::<PersonName>::read(value).unwrap();
    assert!(read.open(&secrets, &place).is_some());
    let elsewhere = [
        Place::new(InstitutionId::new(NOW), "data_request.name", row),
        Place::new(institution, "data_request.email", row),
        Place::new(institution, "data_request.name", new_uuid(NOW)),
    ];
    for other in elsewhere {
        assert!(read.open(&secrets, &other).is_none(), "{other:?}");
    }
    assert!(read.open(&Secrets::new([8; 32]), &place).is_none());
}

#[test]
fn a_blind_index_is_the_same_for_the_same_value_in_one_city_and_field() {
    let (secrets, here, there) = (Secrets::new([7; 32]), InstitutionId::new(NOW), InstitutionId::new(NOW));
    let (one, same) = (Phone::read("0812 3456 7890").unwrap(), Phone::read("+6281234567890").unwrap());
    let index = |city, field, phone: &Phone| BlindIndex::new(&secrets, city, field, phone);
    assert_eq!(index(here, "phone", &one), index(here, "phone", &same));
    assert_ne!(index(here, "phone", &one), index(there, "phone", &one), "another city");
    assert_ne!(index(here, "phone", &one), index(here, "fax", &one), "another field");
    assert_ne!(index(here, "phone", &one), BlindIndex::new(&Secrets::new([8; 32]), here, "phone", &one), "another key");
}

proptest! {
    #[test]
    fn no_text_makes_a_value_panic_and_what_is_read_is_read_again(text in "\\PC{0,40}") {
        if let Ok(value) = Nik::read(&text) { prop_assert_eq!(Nik::read(&value.compared()).unwrap(), value); }
        if let Ok(value) = Phone::read(&text) { prop_assert_eq!(Phone::read(&value.compared()).unwrap(), value); }
        if let Ok(value) = PersonName::read(&text) { let _ = value.to_string(); }
        if let Ok(value) = EmailAddress::read(&text) { let _ = value.to_string(); }
    }

    #[test]
    fn a_mask_of_a_number_hides_most_of_it(digits in "8[0-9]{8,11}") {
        let phone = Phone::read(&format!("0{digits}")).unwrap();
        let shown = phone.to_string();
        prop_assert!(shown.chars().filter(char::is_ascii_digit).count() <= 6);
        prop_assert!(!shown.contains(&digits[3..digits.len() - 2]));
    }

    #[test]
    fn any_text_is_sealed_and_opened(text in "\\PC{1,300}") {
        prop_assume!(!text.trim().is_empty());
        let (secrets, place) = (Secrets::new([7; 32]), Place::new(InstitutionId::new(NOW), "t.c", new_uuid(NOW)));
        let value = PersonText::read(&text).unwrap();
        let sealed = Sealed::new(&secrets, &place, &value);
        prop_assert_eq!(sealed.open(&secrets, &place).unwrap(), value);
    }
}
