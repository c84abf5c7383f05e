//! The index of the whole city: the mean of what its units published of the same days, to be computed again by anybody.

use super::closing::differs;
use super::{City, chosen, delivery};
use crate::period::PeriodId;
use platform::database::Database;
use platform::testing::{each_engine, migrated_sqlite};

/// Ten answers that all choose the same, closed and published: 75.00 of threes, 100.00 of fours.
async fn published(city: &City, choice: u8) -> PeriodId {
    let id = city.open().await;
    for (number, code) in city.codes(id, 10).await.iter().enumerate() {
        assert!(city.send(id, code, &delivery(number), &chosen(&[choice])).await.unwrap());
    }
    city.close(id).await;
    city.publish(id).await.unwrap();
    id
}

/// The city, at work for its other unit.
async fn at_the_other_unit(mut city: City, database: &Database) -> City {
    let institution = city.institution;
    let found = database.read(move |db| organisation::unit_by_slug(db, institution, "dinas-kesehatan")).await;
    city.unit = found.unwrap().expect("it was entered").id;
    city
}

/// Threes give 75.00 and fours 100.00; their mean is 87.50, B.
#[test]
fn the_index_of_the_city_is_the_mean_of_what_its_units_published() {
    each_engine("index of the city", |database| async move {
        let city = City::new(database.clone()).await;
        published(&city, 3).await;
        let browser = city.browser();
        assert_eq!(browser.get("/survei/kota/terbaru").await.status, 404, "one unit is no city");
        assert!(!browser.get("/survei").await.says("Indeks kota"));
        let city = at_the_other_unit(city, &database).await;
        let other = published(&city, 4).await;
        let browser = city.browser();
        assert!(browser.get("/survei").await.says("/survei/kota/2026-tw-iv-skm-2017"));
        for address in ["terbaru", "2026-tw-iv-skm-2017"] {
            let page = browser.get(&format!("/survei/kota/{address}")).await;
            assert!(page.says("87,50") && page.says("2026 TW IV") && page.says("100,00"), "{}", page.text());
            assert!(page.says(&format!("/survei/{other}")), "each unit leads to its own result");
        }
        assert_eq!(browser.get("/survei/kota/2026-tw-iv-skm-2014").await.status, 404);
        assert_eq!(browser.get("/survei/kota/2026-tw-iii-skm-2017/hasil.json").await.status, 404);
    });
}

#[tokio::test]
async fn the_file_of_the_city_is_computed_again_by_anybody() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    published(&city, 3).await;
    let city = at_the_other_unit(city, &fresh).await;
    published(&city, 4).await;
    let file = city.browser().get("/survei/kota/terbaru/hasil.json").await.text();
    assert!(file.contains("87.50"), "{file}");
    assert_eq!(differs(&file), 0, "{file}");
    assert!(file.contains("skm-2017 [aggregation]"), "the rule is a parameter, and said to be one: {file}");
    assert_eq!(differs(&file.replace("87.50", "87.51")), 1);
}
