//! Stores and actions on both engines; above all that no institution reaches another's.

use super::world::{City, HERE, NOW, account, cities, city, desk, facts, settings};
use crate::actions::{
    LogoChange, Refused, change_contact, change_settings, change_unit, end_unit, enter_unit, found, resume_unit,
};
use crate::import::{Row, Table, drop_draft, keep_draft, load_draft};
use crate::institution::Settings;
use crate::logo::Logo;
use crate::site::find_site;
use crate::store::{self, DraftOf};
use crate::unit::{Contact, UnitFacts, UnitState};
use crate::units_table::{NotStored, export_units, review_units, store_units};
use platform::audit::{self, Actor};
use platform::database::{Database, DatabaseError};
use platform::identity::UnitId;
use platform::testing::each_engine;
use time::Duration;
use time::macros::date;

fn key(refused: &Refused) -> &'static str {
    match refused {
        Refused::Faults(faults) => faults.first().map_or("", |fault| fault.phrase.key),
        Refused::Stale => "stale",
        Refused::NotFound => "not-found",
        Refused::Database(_) => "database",
    }
}

/// The key of a refusal; "done" when nothing was refused.
fn outcome<T>(result: Result<T, Refused>) -> &'static str {
    result.map_or_else(|refused| key(&refused), |_| "done")
}

async fn site_name(database: &Database, host: &'static str) -> Option<String> {
    database.read(move |db| find_site(db, host)).await.unwrap().map(|site| site.name)
}

#[test]
fn the_institution_of_a_host_is_shown_and_the_first_one_at_any_other() {
    each_engine("sites", |database| async move {
        assert_eq!(site_name(&database, HERE).await, None, "nobody has set this up");
        cities(&database).await;
        assert_eq!(site_name(&database, "SATU.contoh.go.id").await.as_deref(), Some("Pemerintah Kota Satu"));
        assert_eq!(site_name(&database, "dua.contoh.go.id:8443").await.as_deref(), Some("Pemerintah Kota Dua"));
        assert_eq!(site_name(&database, "127.0.0.1:8080").await.as_deref(), Some("Pemerintah Kota Satu"));
    });
}

#[test]
fn a_host_belongs_to_one_institution() {
    each_engine("hosts", |database| async move {
        let (_, there) = cities(&database).await;
        let again = settings("Pemerintah Kota Tiga", HERE).check().unwrap();
        let taken = again.clone();
        let founded = database.write(move |db| found(db, again.clone(), false, Actor::Program("test"), NOW)).await;
        assert_eq!(outcome(founded), "fault.host-taken");
        let moved = database.write(move |db| change_settings(db, &desk(there.id), 1, &taken, &LogoChange::Keep)).await;
        assert_eq!(outcome(moved), "fault.host-taken");
    });
}

#[test]
fn settings_are_changed_once_for_each_version() {
    each_engine("settings", |database| async move {
        let (here, _) = cities(&database).await;
        let new =
            Settings { tagline: "Pelayanan Publik".into(), ..settings("Pemerintah Kota Satu", HERE).check().unwrap() };
        let again = new.clone();
        let first = database.write(move |db| change_settings(db, &desk(here.id), 1, &new, &LogoChange::Keep)).await;
        assert_eq!(outcome(first), "done");
        let second =
            database.write(move |db| change_settings(db, &desk(here.id), 1, &again, &LogoChange::Remove)).await;
        assert_eq!(outcome(second), "stale");
        let site = database.read(|db| find_site(db, HERE)).await.unwrap().unwrap();
        assert_eq!(site.tagline, "Pelayanan Publik");
    });
}

#[test]
fn a_logo_is_served_by_its_own_institution_only() {
    each_engine("logos", |database| async move {
        let (here, there) = cities(&database).await;
        let logo = Logo::check(b"<svg><path d=\"M0 0\"/></svg>".to_vec()).unwrap();
        let hash = logo.hash();
        let kept = settings("Pemerintah Kota Satu", HERE).check().unwrap();
        let change = LogoChange::Replace(logo.clone());
        database.write(move |db| change_settings(db, &desk(here.id), 1, &kept, &change)).await.unwrap();
        let site = database.read(|db| find_site(db, HERE)).await.unwrap().unwrap();
        assert_eq!(site.logo, Some(format!("/aset-kota/logo-{hash}")));
        let (own, other) = database
            .read(move |db| {
                Ok::<_, DatabaseError>((store::logo(db, here.id, &hash)?, store::logo(db, there.id, &hash)?))
            })
            .await
            .unwrap();
        assert_eq!((own, other), (Some(("image/svg+xml".to_owned(), logo.bytes)), None));
    });
}

#[test]
fn a_unit_keeps_its_address_and_every_version() {
    each_engine("versions", |database| async move {
        let (here, _) = cities(&database).await;
        let (id, unit) = (here.id, here.agency.id);
        let renamed = facts("opd", "Dinas Sosial dan Pemberdayaan");
        let later = crate::Desk { now: NOW + Duration::days(30), ..here.desk() };
        let changed = database.write(move |db| change_unit(db, &later, unit, 1, &renamed)).await.unwrap();
        assert_eq!((changed.slug.as_str(), changed.version), ("dinas-sosial", 2));
        let as_of = |days: i64| {
            let moment = NOW + Duration::days(days);
            let database = database.clone();
            async move {
                let found = database.read(move |db| store::unit_as_of(db, id, unit, moment)).await.unwrap();
                found.map(|unit| unit.facts.name)
            }
        };
        assert_eq!(as_of(-1).await, None);
        assert_eq!(as_of(29).await.as_deref(), Some("Dinas Sosial"));
        assert_eq!(as_of(30).await.as_deref(), Some("Dinas Sosial dan Pemberdayaan"));
        let all = database.read(move |db| store::units_as_of(db, id, NOW + Duration::days(29))).await.unwrap();
        assert!(all.len() == 2 && all.iter().any(|unit| unit.facts.name == "Dinas Sosial"));
        let versions = database.read(move |db| store::versions(db, id, unit)).await.unwrap();
        let acts: Vec<&str> = versions.iter().map(|version| version.act.as_str()).collect();
        assert_eq!(acts, ["created", "changed"]);
        assert_eq!(versions[1].unit, changed);
    });
}

mod tampering {
    platform::statements! {
        pub(super) REWRITE = "UPDATE unit_version SET act = 'x' WHERE institution_id = $1";
        pub(super) REMOVE = "DELETE FROM unit_version WHERE institution_id = $1";
    }
}

#[test]
fn what_a_unit_was_cannot_be_rewritten_or_removed() {
    each_engine("append only", |database| async move {
        let (here, _) = cities(&database).await;
        for statement in [tampering::REWRITE, tampering::REMOVE] {
            let refused = database.write(move |db| db.execute(statement, platform::params![here.id])).await;
            assert!(refused.is_err(), "{}", statement.name());
        }
    });
}

#[test]
fn a_change_of_an_older_version_is_refused_and_changes_nothing() {
    each_engine("stale", |database| async move {
        let (here, _) = cities(&database).await;
        let unit = here.agency.id;
        let (desk, one) = (here.desk(), facts("opd", "Dinas Satu"));
        database.write(move |db| change_unit(db, &desk, unit, 1, &one)).await.unwrap();
        let two = facts("opd", "Dinas Dua");
        assert_eq!(outcome(database.write(move |db| change_unit(db, &desk, unit, 1, &two)).await), "stale");
        let contact = Contact { phone: "112".into(), ..Contact::default() };
        assert_eq!(outcome(database.write(move |db| change_contact(db, &desk, unit, 1, &contact)).await), "stale");
        let ended = database.write(move |db| end_unit(db, &desk, unit, 1, date!(2026 - 01 - 01), None)).await;
        assert_eq!(outcome(ended), "stale");
        let now = database.read(move |db| store::unit(db, here.id, unit)).await.unwrap().unwrap();
        assert_eq!((now.facts.name.as_str(), now.version), ("Dinas Satu", 2));
    });
}

#[test]
fn a_unit_ends_with_a_day_and_a_successor_and_resumes() {
    each_engine("life", |database| async move {
        let (here, _) = cities(&database).await;
        let (desk, agency, counter) = (here.desk(), here.agency.id, here.counter.id);
        let end = move |unit: UnitId, version: i64, on: time::Date, into: Option<UnitId>| {
            let database = database.clone();
            async move { database.write(move |db| end_unit(db, &desk, unit, version, on, into)).await }
        };
        let today = date!(2026 - 11 - 21);
        assert_eq!(outcome(end(agency, 1, today, None).await), "fault.end-below");
        assert_eq!(outcome(end(counter, 1, date!(2026 - 11 - 22), None).await), "fault.end-ahead");
        assert_eq!(outcome(end(counter, 1, today, Some(counter)).await), "fault.successor");
        let ended = end(counter, 1, today, Some(agency)).await.unwrap();
        assert_eq!(ended.state, UnitState::Merged { on: today, into: agency });
        assert_eq!(outcome(end(counter, 2, today, None).await), "fault.ended-already");
        assert_eq!(outcome(end(agency, 1, today, Some(counter)).await), "fault.successor");
    });
    each_engine("resume", |database| async move {
        let (here, _) = cities(&database).await;
        let (desk, counter) = (here.desk(), here.counter.id);
        assert_eq!(outcome(database.write(move |db| resume_unit(db, &desk, counter, 1)).await), "fault.active-already");
        database.write(move |db| end_unit(db, &desk, counter, 1, date!(2026 - 11 - 01), None)).await.unwrap();
        let resumed = database.write(move |db| resume_unit(db, &desk, counter, 2)).await.unwrap();
        assert_eq!((resumed.state, resumed.version), (UnitState::Active, 3));
    });
}

#[test]
fn a_code_is_of_one_unit_and_a_place_must_be_free_of_circles() {
    each_engine("facts", |database| async move {
        let (here, _) = cities(&database).await;
        let (desk, agency, counter) = (here.desk(), here.agency.id, here.counter.id);
        let coded = UnitFacts { code: Some("1.06".into()), ..here.agency.facts.clone() };
        database.write(move |db| change_unit(db, &desk, agency, 1, &coded)).await.unwrap();
        let twice = UnitFacts { code: Some("1.06".into()), ..facts("opd", "Dinas Lain") };
        assert_eq!(outcome(database.write(move |db| enter_unit(db, &desk, &twice)).await), "fault.code-taken");
        let circle = UnitFacts { parent: Some(counter), ..here.agency.facts.clone() };
        assert_eq!(
            outcome(database.write(move |db| change_unit(db, &desk, agency, 2, &circle)).await),
            "fault.parent-below"
        );
        let twin = database.write(move |db| enter_unit(db, &desk, &facts("opd", "DINAS SOSIAL"))).await.unwrap();
        assert_eq!(twin.slug, "dinas-sosial-2");
        let reserved = database.write(move |db| enter_unit(db, &desk, &facts("opd", "Baru"))).await.unwrap();
        assert_eq!(reserved.slug, "baru-2", "the address of the form of new units is not a unit's");
    });
}

/// Everything that a desk of one city tries on a unit of another.
async fn trespass(database: &Database, here: &City, there: &City) -> Vec<&'static str> {
    let (desk, theirs) = (here.desk(), there.clone());
    let (unit, theirs_counter) = (theirs.agency.id, theirs.counter.id);
    let own = here.counter.clone();
    let mut outcomes = Vec::new();
    let renamed = facts("opd", "Milik kami");
    outcomes.push(outcome(database.write(move |db| change_unit(db, &desk, unit, 1, &renamed)).await));
    let contact = Contact { phone: "112".into(), ..Contact::default() };
    outcomes.push(outcome(database.write(move |db| change_contact(db, &desk, unit, 1, &contact)).await));
    let on = date!(2026 - 11 - 01);
    outcomes.push(outcome(database.write(move |db| end_unit(db, &desk, theirs_counter, 1, on, None)).await));
    outcomes.push(outcome(database.write(move |db| resume_unit(db, &desk, unit, 1)).await));
    let below = UnitFacts { parent: Some(unit), ..facts("upp", "Di bawah mereka") };
    outcomes.push(outcome(database.write(move |db| enter_unit(db, &desk, &below)).await));
    let moved = UnitFacts { parent: Some(unit), ..own.facts.clone() };
    outcomes.push(outcome(database.write(move |db| change_unit(db, &desk, own.id, 1, &moved)).await));
    outcomes.push(outcome(database.write(move |db| end_unit(db, &desk, own.id, 1, on, Some(unit))).await));
    outcomes
}

#[test]
fn no_institution_reaches_the_units_of_another() {
    each_engine("isolation", |database| async move {
        let (here, there) = cities(&database).await;
        let before = database.read(move |db| store::units(db, there.id)).await.unwrap();
        assert_eq!(
            trespass(&database, &here, &there).await,
            [
                "not-found",
                "not-found",
                "not-found",
                "not-found",
                "fault.parent-unknown",
                "fault.parent-unknown",
                "fault.successor"
            ]
        );
        let (a, b, unit, moment) = (here.id, there.id, there.agency.id, NOW + Duration::days(9));
        let seen = database
            .read(move |db| {
                Ok::<_, DatabaseError>((
                    store::unit(db, a, unit)?.is_some(),
                    store::unit_as_of(db, a, unit, moment)?.is_some(),
                    store::versions(db, a, unit)?.len(),
                    store::units_as_of(db, a, moment)?.iter().filter(|found| found.id == unit).count(),
                    store::units(db, a)?.iter().filter(|found| found.id == unit).count(),
                    store::parents(db, a)?.iter().filter(|(found, _)| *found == unit).count(),
                    export_units(db, a)?.matches("Dinas Sosial").count(),
                ))
            })
            .await
            .unwrap();
        assert_eq!(seen, (false, false, 0, 0, 0, 0, 3), "names of both units and the parent of one: our own only");
        assert_eq!(database.read(move |db| store::units(db, b)).await.unwrap(), before, "nothing of theirs changed");
    });
}

#[test]
fn the_tables_themselves_refuse_a_parent_or_successor_of_another_institution() {
    each_engine("foreign keys", |database| async move {
        let (here, there) = cities(&database).await;
        let (institution, theirs) = (here.id, there.agency.id);
        let below = crate::Unit {
            version: 2,
            facts: UnitFacts { parent: Some(theirs), ..here.counter.facts.clone() },
            ..here.counter.clone()
        };
        let merged = crate::Unit {
            version: 2,
            state: UnitState::Merged { on: date!(2026 - 11 - 01), into: theirs },
            ..here.counter.clone()
        };
        for unit in [below, merged] {
            let refused = database.write(move |db| store::save_unit(db, institution, &unit)).await;
            assert!(matches!(refused, Err(DatabaseError::Constraint { .. })), "{refused:?}");
        }
    });
}

fn table(rows: &[[&str; 4]]) -> Table {
    let row = |(line, cells): (u64, &[&str; 4])| Row { line, cells: cells.map(str::to_owned).to_vec() };
    Table {
        name: "unit.csv".into(),
        columns: ["Nama unit", "Kode", "Induk", "Telepon"].map(str::to_owned).to_vec(),
        rows: (2..).zip(rows).map(row).collect(),
    }
}

async fn fingerprint(database: &Database, city: &City, table: &Table) -> String {
    let (id, table) = (city.id, table.clone());
    let review = database.read(move |db| review_units(db, id, &table, NOW)).await.unwrap().unwrap();
    review.fingerprint()
}

#[test]
fn a_table_is_stored_as_it_was_shown_and_changes_nothing_the_second_time() {
    each_engine("import", |database| async move {
        let (here, there) = cities(&database).await;
        let rows = [
            ["Puskesmas Sekip", "", "1.02", ""],
            ["Dinas Kesehatan", "1.02", "", "(0711) 350123"],
            ["Dinas Sosial", "1.06", "", "112"],
            ["", "9.99", "", ""],
        ];
        let sent = table(&rows);
        let (shown, desk) = (fingerprint(&database, &here, &sent).await, here.desk());
        let stored = sent.clone();
        let counts = database.write(move |db| store_units(db, &desk, &stored, &shown)).await.unwrap();
        assert_eq!((counts.new, counts.changed, counts.wrong), (2, 1, 1));
        let id = here.id;
        let units = database.read(move |db| store::units(db, id)).await.unwrap();
        let of = |name: &str| units.iter().find(|unit| unit.facts.name == name).unwrap();
        assert_eq!(of("Puskesmas Sekip").facts.parent, Some(of("Dinas Kesehatan").id));
        assert_eq!((of("Dinas Sosial").facts.code.as_deref(), of("Dinas Sosial").version), (Some("1.06"), 2));
        let again = fingerprint(&database, &here, &sent).await;
        let counts = database.write(move |db| store_units(db, &desk, &sent, &again)).await.unwrap();
        assert_eq!((counts.to_store(), counts.unchanged), (0, 3));
        let theirs = database.read(move |db| store::units(db, there.id)).await.unwrap();
        assert_eq!(theirs.len(), 2, "the other city has what it had");
    });
}

#[test]
fn a_table_whose_effect_changed_since_it_was_shown_is_not_stored() {
    each_engine("import differs", |database| async move {
        let (here, _) = cities(&database).await;
        let sent = table(&[["Dinas Kesehatan", "1.02", "", ""]]);
        let (shown, desk) = (fingerprint(&database, &here, &sent).await, here.desk());
        database.write(move |db| enter_unit(db, &desk, &facts("opd", "Dinas Kesehatan"))).await.unwrap();
        let stored = database.write(move |db| store_units(db, &desk, &sent, &shown)).await;
        assert!(matches!(stored, Err(NotStored::Differs(_))), "{stored:?}");
    });
}

#[test]
fn a_draft_is_seen_by_whoever_sent_it_until_it_ends() {
    each_engine("drafts", |database| async move {
        let (here, there) = cities(&database).await;
        let of = DraftOf { institution: here.id, account: account("a"), purpose: "units" };
        let sent = table(&[["Dinas Kesehatan", "", "", ""]]);
        let kept = sent.clone();
        let draft = database.write(move |db| keep_draft(db, of, &kept, NOW)).await.unwrap();
        let load = |of: DraftOf, after: Duration| {
            let database = database.clone();
            async move { database.read(move |db| load_draft(db, of, draft, NOW + after)).await.unwrap() }
        };
        assert_eq!(load(of, Duration::HOUR).await, Some(sent));
        assert_eq!(load(of, Duration::hours(2)).await, None);
        for stranger in [
            DraftOf { institution: there.id, ..of },
            DraftOf { account: account("b"), ..of },
            DraftOf { purpose: "people", ..of },
        ] {
            assert_eq!(load(stranger, Duration::ZERO).await, None);
        }
        let stranger = DraftOf { institution: there.id, ..of };
        database.write(move |db| drop_draft(db, stranger, draft)).await.unwrap();
        assert!(load(of, Duration::ZERO).await.is_some());
        database.write(move |db| drop_draft(db, of, draft)).await.unwrap();
        assert!(load(of, Duration::ZERO).await.is_none());
    });
}

#[test]
fn every_act_stands_in_the_audit_log_without_names_of_people() {
    each_engine("audit", |database| async move {
        let here = city(&database, "Pemerintah Kota Satu", HERE, NOW).await;
        let (id, desk, unit) = (here.id, here.desk(), here.counter.id);
        let contact = Contact { phone: "0811 111 222".into(), ..Contact::default() };
        database.write(move |db| change_contact(db, &desk, unit, 1, &contact)).await.unwrap();
        let export = database
            .read(move |db| {
                let mut lines = Vec::new();
                audit::export(db, Some(id), &mut lines)?;
                Ok::<_, audit::Unreadable>(String::from_utf8(lines).expect("text"))
            })
            .await
            .unwrap();
        for act in ["organisation.institution-founded", "organisation.unit-created", "organisation.unit-changed"] {
            assert!(export.contains(act), "{act}: {export}");
        }
        assert!(!export.contains("0811") && export.contains("phone"), "{export}");
    });
}
