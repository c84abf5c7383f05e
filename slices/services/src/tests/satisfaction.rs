//! What people said of a service: shown with its basis, hidden where nothing is, changed with the result it is a part of.

use super::world::{HERE, NOW, World};
use crate::service::ServiceId;
use calculation::published::{PublishedResult, PublishedWords};
use calculation::{Inputs, instruments};
use platform::database::Write;
use platform::testing::each_engine;
use publication::{ServiceAnswers, keep_service_figures, service_figures};
use time::macros::date;

/// So many people, each of whom gave three points of four to every element, and one who gave four to the first.
fn inputs(people: u64) -> Inputs {
    let instrument = instruments::find("skm-2017").expect("it is embedded");
    let parts = instruments::parts(&instrument, rules::phrase::Language::Indonesian);
    let mut sums: std::collections::BTreeMap<String, u64> =
        parts.into_iter().map(|part| (part.key, 3 * people)).collect();
    if let Some(first) = sums.values_mut().next() {
        *first += 1;
    }
    Inputs::Answers { respondents: people, sums, total_squares: None, weights: "exact".into(), population: None }
}

/// The result of the office in a quarter.
fn result(period: &str) -> PublishedResult {
    let instrument = instruments::find("skm-2017").expect("it is embedded");
    PublishedResult {
        id: format!("skm-satu-{}", period.replace(' ', "-").to_lowercase()),
        place: "Dinas Kependudukan, Kota Satu".into(),
        level: "unit".into(),
        period: period.into(),
        value: inputs(90).outcome(&instrument).expect("possible inputs").value,
        words: PublishedWords::default(),
        inputs: Some(inputs(90)),
        source: "Prima".into(),
        note: String::new(),
        line: 0,
        instrument,
    }
}

fn keep(
    db: &mut Write<'_>,
    institution: platform::identity::InstitutionId,
    (period, starts_on): (&str, time::Date),
    services: &[(ServiceId, u64)],
) -> Result<(), publication::LoadError> {
    let row = result(period);
    publication::publish(db, &row, NOW)?;
    let answers = |(service, people): &(ServiceId, u64)| ServiceAnswers {
        service: service.uuid().into(),
        inputs: inputs(*people),
    };
    keep_service_figures(db, institution, (&row, starts_on), &services.iter().map(answers).collect::<Vec<_>>())
}

const SUMMER: (&str, time::Date) = ("2026 TW III", date!(2026 - 07 - 01));
const SPRING: (&str, time::Date) = ("2026 TW II", date!(2026 - 04 - 01));

async fn id_of(world: &World, slug: &str) -> ServiceId {
    let (city, slug) = (world.here.id, slug.to_owned());
    let found = world.database.read(move |db| crate::service_by_slug(db, city, &slug)).await;
    found.expect("it is read").expect("it is there").id
}

#[tokio::test]
async fn the_page_of_a_service_tells_its_satisfaction_with_the_number_of_answers_and_leads_to_the_steps() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let (city, id) = (world.here.id, id_of(&world, &slug).await);
    let browser = world.browser.at(HERE);
    let path = format!("/layanan/{slug}");
    assert!(!browser.get(&path).await.says("SKM"), "nothing is shown where there is nothing");
    assert_eq!(browser.get(&format!("{path}/kepuasan")).await.status, 404);
    world.database.write(move |db| keep(db, city, SPRING, &[(id, 12)])).await.expect("kept");
    world.database.write(move |db| keep(db, city, SUMMER, &[(id, 40)])).await.expect("kept");
    let page = browser.get(&path).await;
    assert!(page.says("75,07") && page.says("dari 40 jawaban") && page.says("2026 TW III"), "{}", page.text());
    assert!(page.says("<b>C</b> Kurang Baik") && !page.says("p-inset--warning"), "{}", page.text());
    let steps = browser.get(&format!("{path}/kepuasan")).await;
    assert!(steps.says("p-steps") && steps.says("/kinerja/kota-satu/skm-satu-2026-tw-iii"), "{}", steps.text());
    assert!(steps.says("2026 TW II<") && steps.says("data-l=\"Jawaban\">12<"), "{}", steps.text());
    let english = browser.get(&format!("{path}?lang=en")).await;
    assert!(english.says("75.07") && english.says("from 40 answers"), "{}", english.text());
}

#[tokio::test]
async fn fewer_than_thirty_answers_are_warned_of() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let (city, id) = (world.here.id, id_of(&world, &slug).await);
    world.database.write(move |db| keep(db, city, SUMMER, &[(id, 29)])).await.expect("kept");
    let page = world.browser.at(HERE).get(&format!("/layanan/{slug}")).await;
    assert!(page.says("dari 29 jawaban") && page.says("p-inset--warning"), "{}", page.text());
}

#[test]
fn figures_are_kept_by_city_and_a_result_published_anew_replaces_its_own() {
    each_engine("figures of services", |database| async move {
        let (here, there) = super::world::cities(&database).await;
        let entered = |city: super::world::City, name: &'static str| {
            database.write(move |db| {
                let facts = super::world::typed(name).check().map_err(crate::Refused::Faults)?;
                crate::enter_service(db, &city.desk(), city.office.id, &facts, false)
            })
        };
        let one = entered(here.clone(), "Akta kelahiran").await.expect("entered").id;
        let two = entered(here.clone(), "Akta kematian").await.expect("entered").id;
        let city = here.id;
        database.write(move |db| keep(db, city, SPRING, &[(one, 31)])).await.expect("kept");
        database.write(move |db| keep(db, city, SUMMER, &[(one, 40), (two, 33)])).await.expect("kept");
        database.write(move |db| keep(db, city, SUMMER, &[(one, 38)])).await.expect("corrected");
        let of = |institution, service: ServiceId| {
            database.read(move |db| service_figures(db, institution, service.uuid().into(), 9))
        };
        let figures = of(city, one).await.expect("read");
        let told: Vec<_> = figures.iter().map(|figure| (figure.period.as_str(), figure.answers)).collect();
        assert_eq!(told, [("2026 TW III", 38), ("2026 TW II", 31)]);
        assert!(
            figures
                .iter()
                .all(|figure| figure.outcome().expect("again").value.expect("one").to_string() == figure.value)
        );
        assert!(of(city, two).await.expect("read").is_empty(), "the corrected result hides it now");
        assert!(of(there.id, one).await.expect("read").is_empty(), "another city");
    });
}
