//! What a table of services does, row by row.

use super::plan::plan;
use super::{COLUMNS, cell, items, written};
use crate::promise::Fee;
use crate::service::{Channel, Service, ServiceFacts, ServiceId, ServiceState};
use organisation::import::{Row, Table, Verdict};
use organisation::{Desk, TypedUnit, Unit, UnitFacts, UnitState};
use platform::audit::Actor;
use platform::identity::{InstitutionId, UnitId};
use proptest::prelude::*;
use std::collections::HashSet;
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

fn unit(name: &str, code: &str) -> Unit {
    let typed = TypedUnit { kind: "opd".into(), name: name.into(), code: code.into(), ..TypedUnit::default() };
    let facts: UnitFacts = typed.check(None).expect("name and kind are enough");
    Unit {
        id: UnitId::new(NOW),
        slug: organisation::slug(name, |_| false),
        facts,
        state: UnitState::Active,
        version: 1,
        created_at: NOW,
        changed_at: NOW,
    }
}

fn table(columns: &[&str], rows: &[&[&str]]) -> Table {
    let row = |(line, cells): (u64, &&[&str])| Row { line, cells: cells.iter().map(|&cell| cell.to_owned()).collect() };
    Table {
        name: "layanan.csv".into(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        rows: (2..).zip(rows).map(row).collect(),
    }
}

fn service(unit: &Unit, name: &str) -> Service {
    let facts = ServiceFacts {
        name: name.into(),
        category: "kependudukan".into(),
        summary: "Ringkasan".into(),
        channels: vec![Channel::Counter],
        fee: Some(Fee::Free),
        closed_on_holidays: true,
        ..ServiceFacts::default()
    };
    let desk = Desk { institution: InstitutionId::new(NOW), actor: Actor::Program("test"), now: NOW };
    Service { id: ServiceId::new(NOW), ..crate::actions::new_service(&desk, "kartu-keluarga".into(), unit.id, facts) }
}

fn verdicts(services: &[Service], units: &[Unit], table: &Table) -> Vec<(&'static str, Vec<&'static str>)> {
    let review = plan(services, &HashSet::new(), units, table).expect("the columns are there").review;
    let of = |row: &organisation::import::Checked| {
        (row.verdict.name(), row.findings.iter().map(|finding| finding.phrase.key).collect())
    };
    review.rows.iter().map(of).collect()
}

#[test]
fn a_row_enters_a_service_of_the_unit_it_names_by_code_or_name() {
    let units = [unit("Dinas Sosial", "1.06"), unit("Dinas Kesehatan", "1.02")];
    let sent = table(
        &["Nama layanan", "Unit", "Kategori", "Waktu", "Biaya", "Jam buka"],
        &[
            &["Bantuan sosial", "1.06", "sosial", "3 hari kerja", "Gratis", "Senin–Jumat 08.00–15.00"],
            &["Surat sehat", "DINAS KESEHATAN", "Kesehatan", "15 menit", "Rp20.000", ""],
            &["Surat sakit", "Dinas Entah", "Kesehatan", "", "", ""],
        ],
    );
    let expected = [("new", vec![]), ("new", vec![]), ("wrong", vec!["import.unit-unknown"])];
    assert_eq!(verdicts(&[], &units, &sent), expected);
}

#[test]
fn cells_that_cannot_be_read_are_named_with_their_column() {
    let units = [unit("Dinas Sosial", "1.06")];
    let sent = table(
        &["Nama layanan", "Unit", "Kategori", "Waktu", "Kanal", "Jam buka"],
        &[&["Bantuan", "1.06", "pohon", "cepat", "merpati", "kadang-kadang"]],
    );
    let faults = vec!["fault.week", "fault.duration", "fault.category", "fault.channel"];
    assert_eq!(verdicts(&[], &units, &sent), [("wrong", faults)]);
}

#[test]
fn an_empty_cell_leaves_what_is_there_and_a_service_sent_again_is_unchanged() {
    let units = [unit("Dinas Sosial", "1.06")];
    let known = service(&units[0], "Kartu Keluarga");
    let columns: Vec<&str> = COLUMNS.iter().map(|column| column.names[0]).collect();
    let cells: Vec<String> = COLUMNS.iter().map(|column| cell(&known.facts, column.field, "1.06")).collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let whole = table(&columns, &[&cells]);
    assert_eq!(verdicts(std::slice::from_ref(&known), &units, &whole), [("unchanged", vec![])]);
    let bare = table(&["Nama layanan", "Unit", "Biaya"], &[&["kartu keluarga", "1.06", ""]]);
    let review =
        plan(std::slice::from_ref(&known), &HashSet::new(), &units, &bare).expect("the columns are there").review;
    let Verdict::Changed(changes) = &review.rows[0].verdict else { panic!("{:?}", review.rows[0]) };
    assert_eq!(changes.iter().map(|(field, _, _)| *field).collect::<Vec<_>>(), ["name"]);
}

#[test]
fn a_row_that_is_another_one_again_is_refused() {
    let units = [unit("Dinas Sosial", "1.06")];
    let sent = table(&["Nama layanan", "Unit"], &[&["Bantuan", "1.06"], &["BANTUAN", "dinas sosial"]]);
    assert_eq!(verdicts(&[], &units, &sent), [("new", vec![]), ("wrong", vec!["import.double"])]);
}

#[test]
fn a_service_that_lacks_what_people_come_for_is_taken_as_a_draft_with_a_warning() {
    let units = [unit("Dinas Sosial", "1.06")];
    let sent = table(
        &["Nama layanan", "Unit", "Ringkasan", "Kanal", "Waktu", "Biaya", "Keadaan"],
        &[
            &["Bantuan", "1.06", "Untuk warga", "loket", "1 hari", "gratis", "Terbit"],
            &["Santunan", "1.06", "", "loket", "1 hari", "gratis", "Terbit"],
        ],
    );
    assert_eq!(verdicts(&[], &units, &sent), [("new", vec![]), ("new", vec!["fault.lacks-summary"])]);
    let known = Service { state: ServiceState::Published, ..service(&units[0], "Kartu Keluarga") };
    let again = table(&["Nama layanan", "Unit", "Keadaan"], &[&["Kartu Keluarga", "1.06", "Terbit"]]);
    assert_eq!(verdicts(&[known], &units, &again), [("unchanged", vec![])]);
}

#[test]
fn what_a_standard_in_force_promises_is_not_changed_by_a_table() {
    let units = [unit("Dinas Sosial", "1.06")];
    let known = service(&units[0], "Kartu Keluarga");
    let sent = table(&["Nama layanan", "Unit", "Biaya"], &[&["Kartu Keluarga", "1.06", "Rp50.000"]]);
    let in_force = HashSet::from([known.id]);
    let review = plan(std::slice::from_ref(&known), &in_force, &units, &sent).expect("the columns are there").review;
    let keys: Vec<&str> = review.rows[0].findings.iter().map(|finding| finding.phrase.key).collect();
    assert_eq!((review.rows[0].verdict.name(), keys), ("unchanged", vec!["import.standard"]));
}

#[test]
fn a_semicolon_inside_a_requirement_comes_back_from_a_table() {
    let units = [unit("Dinas Sosial", "1.06")];
    let mut known = service(&units[0], "Kartu Keluarga");
    known.facts.requirements =
        vec!["KTP-el; bila hilang, surat polisi".into(), "Buku nikah \\ akta".into(), "Foto 3x4".into()];
    let columns: Vec<&str> = COLUMNS.iter().map(|column| column.names[0]).collect();
    let cells: Vec<String> = COLUMNS.iter().map(|column| cell(&known.facts, column.field, "1.06")).collect();
    let text = organisation::import::csv_line(columns.iter().copied())
        + &organisation::import::csv_line(cells.iter().map(String::as_str));
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
    let read = organisation::import::read_table(file.path(), "layanan.csv", 10).expect("it is a table");
    assert_eq!(verdicts(std::slice::from_ref(&known), &units, &read), [("unchanged", vec![])]);
}

#[test]
fn a_table_that_somebody_typed_is_read_as_before() {
    assert_eq!(items("KTP-el;Buku nikah ; ;Foto"), ["KTP-el", "Buku nikah", "Foto"]);
    assert_eq!(items(r"C:\berkas; akta"), [r"C:\berkas", "akta"]);
}

proptest! {
    #[test]
    fn items_come_back_from_their_cell(texts in proptest::collection::vec(r"[a-z;\\ ]{0,8}", 0..6)) {
        let texts: Vec<String> = texts.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
        prop_assert_eq!(items(&written(&texts)), texts);
    }
}
