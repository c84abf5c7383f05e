//! A program with files: two cities, people of the first, one kind of holder.

use crate::app::{App, Means, Wiring};
use crate::clock::Clock;
use crate::database::{Database, DatabaseError, Read, Uuid};
use crate::files::{
    FileError, Files, Holder, HolderKind, Intake, Kind, Place, Scanner, Sender, Sent, Spool, StoredFile, take,
};
use crate::identity::{AccountId, Action, Grant, InstitutionId, Person, Role, SessionId};
use crate::secret::Secrets;
use crate::session::{Token, TokenHash};
use crate::site::Site;
use bytes::Bytes;
use std::io::{Cursor, Write as _};
use time::OffsetDateTime;
use time::macros::datetime;

pub(super) const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
pub(super) const HERE: &str = "satu.contoh.go.id";
pub(super) const THERE: &str = "dua.contoh.go.id";
pub(super) const SEND: Action = Action { name: "test.send", roles: &[Role::Coordinator] };

/// Anybody reads what the open holder has; the rest is for people of the city.
pub(super) static TEST: HolderKind = HolderKind {
    name: "test",
    kinds: &Kind::ALL,
    most_bytes: MOST,
    keeps_position: true,
    may_send: |person| person.may_somewhere(&SEND),
    may_read: |_, file, person| Ok(file.holder == Some(OPEN) || person.is_some()),
};
const HOLDERS: &[&HolderKind] = &[&TEST];
pub(super) const MOST: u64 = 3 * 1024 * 1024;

pub(super) const OPEN: Uuid = Uuid::from_u128(77);
pub(super) const CLOSED: Uuid = Uuid::from_u128(78);

pub(super) fn holder(id: Uuid) -> Holder {
    Holder { kind: &TEST, id }
}

pub(super) fn city(number: u128) -> InstitutionId {
    InstitutionId::from(Uuid::from_u128(number))
}

pub(super) fn account(who: &str) -> AccountId {
    let hash = Token::presented(who).hash();
    AccountId::from(Uuid::from_slice(&hash.0[..16]).unwrap())
}

pub(super) fn sender(who: &str) -> Sender {
    Sender::Account(account(who))
}

pub(super) fn app(database: &Database, place: Place, scanner: Option<Scanner>) -> App {
    let wiring = Wiring { site: find_site, person: find_person, holders: HOLDERS, ..Wiring::default() };
    let means = Means { files: Files::new(place, scanner), ..Means::new(Secrets::new([7; 32])) };
    App::new(database.clone(), Clock::standing(NOW), wiring, means)
}

fn find_site(_: &mut Read<'_>, host: &str) -> Result<Option<Site>, DatabaseError> {
    let institution = Some(city(if host == THERE { 2 } else { 1 }));
    Ok(Some(Site { institution, name: format!("Pemerintah {host}"), ..Site::unclaimed() }))
}

/// "sari" and "budi" coordinate the first city, "tamu" is its auditor, "ani" coordinates the second.
fn find_person(
    _: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let people = [
        ("sari", 1, Role::Coordinator),
        ("budi", 1, Role::Coordinator),
        ("tamu", 1, Role::Auditor),
        ("ani", 2, Role::Coordinator),
    ];
    let known = people
        .into_iter()
        .find(|(name, home, _)| city(*home) == institution && *token == Token::presented(name).hash());
    Ok(known.map(|(name, _, role)| Person {
        account: account(name),
        session: SessionId::new(NOW),
        institution,
        name: name.into(),
        grants: vec![Grant { role, units: None }],
        second_factor: true,
        proved_at: NOW,
    }))
}

pub(super) fn sent(name: &str) -> Sent {
    sent_by(city(1), "sari", name)
}

pub(super) fn sent_by(institution: InstitutionId, who: &str, name: &str) -> Sent {
    Sent { institution, sender: sender(who), kind: &TEST, name: name.into(), keep_position: false }
}

pub(super) async fn spool(app: &App, bytes: &[u8]) -> Result<Spool, FileError> {
    let mut intake = Intake::begin(app.files().place(), MOST).await?;
    for chunk in bytes.chunks(70_001) {
        intake.write(Bytes::copy_from_slice(chunk)).await?;
    }
    Ok(intake.finish().await?)
}

pub(super) async fn taken(app: &App, sent: &Sent, bytes: &[u8]) -> Result<StoredFile, FileError> {
    take(app, sent, spool(app, bytes).await?).await
}

/// A table of about so many bytes whose content depends on a number.
pub(super) fn table(number: u64, bytes: usize) -> Vec<u8> {
    let mut text = format!("nomor,nilai\n{number},").into_bytes();
    let mut next = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while text.len() < bytes {
        next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        writeln!(text, "{next}").unwrap();
    }
    text
}

pub(super) fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(6, 4).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A document of one page; `more` stands in its catalogue.
pub(super) fn pdf(more: &str) -> Vec<u8> {
    let objects = [
        format!("<</Type/Catalog/Pages 2 0 R{more}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>".into(),
    ];
    let (mut text, mut places) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (number, object) in objects.iter().enumerate() {
        places.push(text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = text.len();
    text += "xref\n0 4\n0000000000 65535 f \n";
    places.iter().for_each(|place| text += &format!("{place:010} 00000 n \n"));
    text += &format!("trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}

/// The keys of all objects in a place.
pub(super) async fn keys(app: &App) -> Vec<String> {
    use futures_util::StreamExt as _;
    let listed: Vec<_> = app.files().place().list().unwrap().collect().await;
    let mut keys: Vec<String> = listed.into_iter().map(|one| one.unwrap().key).collect();
    keys.sort();
    keys
}

/// Whether what is stored of a file is what was stored.
pub(super) async fn is_there(app: &App, file: &StoredFile) -> bool {
    let place = app.files().place();
    place.verify(&file.kept.key(file.institution), file.kept.bytes, &file.kept.hash).await.is_ok()
}
