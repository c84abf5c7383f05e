//! Actions and stores on both engines; above all that no institution reaches another's.

use super::world::{City, NOW, cities, typed};
use crate::actions::{Refused, change_service, enter_service, publish_service, withdraw_service};
use crate::search::{Shelf, Wanted};
use crate::service::{Service, ServiceState};
use crate::{review_services, store, store_services};
use organisation::import::{Row, Table};
use platform::app::{App, Means, Wiring};
use platform::audit;
use platform::clock::Clock;
use platform::database::{Database, Write};
use platform::secret::Secrets;
use platform::testing::each_engine;

/// The key of a refusal; "done" when nothing was refused.
pub(super) fn outcome<T>(result: Result<T, Refused>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(Refused::Faults(faults)) => faults.first().map_or("", |fault| fault.phrase.key),
        Err(Refused::Stale) => "stale",
        Err(Refused::NotFound) => "not-found",
        Err(Refused::WrongState) => "wrong-state",
        Err(Refused::Database(_)) => "database",
    }
}

pub(super) async fn enter(database: &Database, city: &City, name: &'static str) -> Service {
    let city = city.clone();
    let entered = database.write(move |db| {
        let facts = typed(name).check().map_err(Refused::Faults)?;
        enter_service(db, &city.desk(), city.office.id, &facts, false)
    });
    entered.await.expect("it is entered")
}

#[test]
fn a_service_is_stored_as_it_was_typed() {
    each_engine("service", |database| async move {
        let (here, _) = cities(&database).await;
        let entered = enter(&database, &here, "Kartu Keluarga baru").await;
        let id = here.id;
        let found = database.read(move |db| store::service_by_slug(db, id, "kartu-keluarga-baru")).await.unwrap();
        assert_eq!(found, Some(entered));
    });
}

#[test]
fn two_services_of_one_name_have_addresses_of_their_own() {
    each_engine("slugs", |database| async move {
        let (here, _) = cities(&database).await;
        let mut slugs = Vec::new();
        for _ in 0..3 {
            slugs.push(enter(&database, &here, "Akta kelahiran").await.slug);
        }
        assert_eq!(slugs, ["akta-kelahiran", "akta-kelahiran-2", "akta-kelahiran-3"]);
        assert_eq!(enter(&database, &here, "Baru").await.slug, "baru-2", "an address of a page is nobody's");
    });
}

#[test]
fn no_city_reaches_a_service_of_another() {
    each_engine("cities", |database| async move {
        let (here, there) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let (id, other) = (service.id, there.clone());
        assert_eq!(database.read(move |db| store::service(db, other.id, id)).await.unwrap(), None);
        let desk = there.desk();
        let facts = service.facts.clone();
        let unit = there.office.id;
        let changed = database.write(move |db| change_service(db, &desk, id, 1, (unit, &facts))).await;
        assert_eq!(outcome(changed), "not-found");
        let desk = there.desk();
        assert_eq!(outcome(database.write(move |db| publish_service(db, &desk, id, 1)).await), "not-found");
        let (facts, unit) = (service.facts.clone(), here.office.id);
        let desk = there.desk();
        let entered = database.write(move |db| enter_service(db, &desk, unit, &facts, false)).await;
        assert_eq!(outcome(entered), "fault.unit", "a unit of another city gives no service here");
    });
}

#[test]
fn a_service_is_changed_once_for_each_version() {
    each_engine("versions", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let change = |name: &'static str| {
            let (desk, id, unit) = (here.desk(), service.id, here.other.id);
            let facts = typed(name).check().expect("good facts");
            let database = database.clone();
            async move { outcome(database.write(move |db| change_service(db, &desk, id, 1, (unit, &facts))).await) }
        };
        assert_eq!((change("Akta kelahiran bayi").await, change("Akta lain").await), ("done", "stale"));
        let (id, own) = (here.id, service.id);
        let now = database.read(move |db| store::service(db, id, own)).await.unwrap().expect("it is there");
        assert_eq!((now.facts.name.as_str(), now.unit, now.version), ("Akta kelahiran bayi", here.other.id, 2));
        assert_eq!(now.slug, "akta-kelahiran", "an address is for ever");
    });
}

#[test]
fn a_service_is_published_complete_and_withdrawn_and_each_act_is_recorded() {
    each_engine("states", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let (desk, id) = (here.desk(), service.id);
        let withdrawn = database.write(move |db| withdraw_service(db, &desk, id, 1)).await;
        assert_eq!(outcome(withdrawn), "wrong-state");
        let published = database.write(move |db| publish_service(db, &desk, id, 1)).await.expect("it is complete");
        assert_eq!((published.state, published.published_at), (ServiceState::Published, Some(NOW)));
        let withdrawn = database.write(move |db| withdraw_service(db, &desk, id, 2)).await.expect("it was published");
        assert_eq!(withdrawn.state, ServiceState::Withdrawn);
        let institution = here.id;
        let acts = database.read(move |db| audit::acts(db, Some(institution))).await.unwrap();
        for act in ["services.service-entered", "services.service-published", "services.service-withdrawn"] {
            assert!(acts.iter().any(|recorded| recorded == act), "{act}: {acts:?}");
        }
        let bare = crate::ServiceFacts { name: "Legalisir".into(), category: "lainnya".into(), ..Default::default() };
        let unit = here.office.id;
        let incomplete = database
            .write(move |db| {
                let entered = enter_service(db, &desk, unit, &bare, false)?;
                publish_service(db, &desk, entered.id, 1)
            })
            .await;
        assert_eq!(outcome(incomplete), "fault.lacks-summary");
    });
}

fn app(database: &Database) -> App {
    App::new(database.clone(), Clock::standing(NOW), Wiring::default(), Means::new(Secrets::new([7; 32])))
}

async fn found(app: &App, city: &City, typed: &str) -> Vec<String> {
    let catalogue = Shelf::of(app, city.id).await.expect("the catalogue can be read");
    let found = catalogue.find(&Wanted { typed: typed.into(), ..Wanted::default() }, 0, 20);
    found.page.into_iter().map(|listed| listed.name).collect()
}

#[test]
fn what_is_committed_is_found_at_the_next_question_by_every_node() {
    each_engine("catalogue", |database| async move {
        let (here, there) = cities(&database).await;
        let (one, another) = (app(&database), app(&database));
        assert_eq!(found(&one, &here, "akta lahir").await, Vec::<String>::new());
        let service = enter(&database, &here, "Akta kelahiran").await;
        assert_eq!(found(&one, &here, "akta lahir").await, Vec::<String>::new(), "a draft is for staff");
        let (desk, id) = (here.desk(), service.id);
        database.write(move |db| publish_service(db, &desk, id, 1)).await.expect("it is complete");
        for node in [&one, &another] {
            assert_eq!(found(node, &here, "akta lahir").await, ["Akta kelahiran"]);
            assert_eq!(found(node, &there, "akta lahir").await, Vec::<String>::new(), "each city has its own");
        }
        let renamed = typed("Kutipan akta kematian").check().expect("good facts");
        let unit = here.office.id;
        database.write(move |db| change_service(db, &desk, id, 2, (unit, &renamed))).await.expect("it is changed");
        assert_eq!(found(&one, &here, "kematian").await, ["Kutipan akta kematian"]);
        assert_eq!(found(&one, &here, "kelahiran").await, Vec::<String>::new());
        database.write(move |db| withdraw_service(db, &desk, id, 3)).await.expect("it is withdrawn");
        assert_eq!(found(&another, &here, "kematian").await, Vec::<String>::new());
    });
}

#[test]
fn many_services_that_come_at_once_are_found_beside_those_that_were_there() {
    each_engine("many at once", |database| async move {
        let (here, _) = cities(&database).await;
        let app = app(&database);
        let enter_and_publish = |names: Vec<String>| {
            let (desk, unit, database) = (here.desk(), here.office.id, database.clone());
            let store = move |db: &mut Write<'_>| {
                for name in &names {
                    let facts = typed(name).check().expect("good facts");
                    let entered = enter_service(db, &desk, unit, &facts, false)?;
                    publish_service(db, &desk, entered.id, 1)?;
                }
                Ok::<_, Refused>(())
            };
            async move { database.write(store).await.expect("they are published") }
        };
        enter_and_publish(vec!["Akta kelahiran".into()]).await;
        assert_eq!(found(&app, &here, "akta lahir").await.len(), 1);
        enter_and_publish((0..250).map(|number| format!("Izin reklame nomor {number}")).collect()).await;
        let catalogue = Shelf::of(&app, here.id).await.expect("the catalogue can be read");
        assert_eq!(catalogue.len(), 251);
        assert_eq!(found(&app, &here, "reklame nomor 249").await[0], "Izin reklame nomor 249");
        assert_eq!(found(&app, &here, "akta lahir").await, ["Akta kelahiran"]);
    });
}

#[test]
fn a_service_is_found_by_the_new_name_of_its_unit() {
    each_engine("units", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let (desk, id) = (here.desk(), service.id);
        database.write(move |db| publish_service(db, &desk, id, 1)).await.expect("it is complete");
        let app = app(&database);
        assert_eq!(found(&app, &here, "disdukcapil").await.len(), 1);
        let (unit, mut facts) = (here.office.id, here.office.facts.clone());
        facts.short_name = "Kantor Warga".into();
        database
            .write(move |db| organisation::change_unit(db, &desk, unit, 1, &facts))
            .await
            .expect("the unit is renamed");
        assert_eq!(
            (found(&app, &here, "disdukcapil").await.len(), found(&app, &here, "kantor warga").await.len()),
            (0, 1)
        );
    });
}

#[test]
fn a_table_is_stored_as_it_was_reviewed_and_changes_nothing_the_second_time() {
    each_engine("import", |database| async move {
        let (here, _) = cities(&database).await;
        let row = |line: u64, name: &str, unit: &str| Row {
            line,
            cells: [name, unit, "sosial", "Untuk warga.", "loket", "3 hari kerja", "Gratis", "Terbit"]
                .map(str::to_owned)
                .to_vec(),
        };
        let columns = ["Nama layanan", "Unit", "Kategori", "Ringkasan", "Kanal", "Waktu", "Biaya", "Keadaan"];
        let table = Table {
            name: "layanan.csv".into(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: vec![row(2, "Bantuan sosial", "1.06"), row(3, "Bantuan sosial", "2.06"), row(4, "Santunan", "9.99")],
        };
        let store = || {
            let (desk, table, database) = (here.desk(), table.clone(), database.clone());
            async move {
                let (for_review, institution) = (table.clone(), desk.institution);
                let review = database.read(move |db| review_services(db, institution, &for_review)).await.unwrap();
                let fingerprint = review.expect("the columns are there").fingerprint();
                let stored = database.write(move |db| store_services(db, &desk, &table, &fingerprint)).await;
                stored.unwrap_or_else(|error| panic!("{error:?}"))
            }
        };
        let first = store().await;
        assert_eq!((first.new, first.wrong), (2, 1));
        let second = store().await;
        assert_eq!((second.new, second.unchanged, second.to_store()), (0, 2, 0));
        let id = here.id;
        let all = database.read(move |db| store::services(db, id)).await.unwrap();
        let mut slugs: Vec<(&str, ServiceState)> =
            all.iter().map(|service| (service.slug.as_str(), service.state)).collect();
        slugs.sort_by_key(|(slug, _)| *slug);
        let expected = [("bantuan-sosial", ServiceState::Published), ("bantuan-sosial-2", ServiceState::Published)];
        assert_eq!(slugs, expected);
        assert_eq!(database.read(move |db| store::revision(db, id)).await.unwrap(), 1);
        let acts = database.read(move |db| audit::search(db, Some(id), &audit::Filter::default(), 100)).await.unwrap();
        let count = |name: &str| acts.iter().filter(|entry| entry.act == name).count();
        let each = ["services.service-entered", "services.service-published", "services.services-imported"].map(count);
        assert_eq!(each, [2, 2, 1], "each service and the import");
    });
}
