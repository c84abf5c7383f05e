//! What programs read of surveys.

use super::{City, chosen, delivery};
use platform::testing::{each_engine, migrated_sqlite};
use serde_json::Value;

async fn published(city: &City) -> String {
    let id = city.open().await;
    for (number, code) in city.codes(id, 8).await.iter().enumerate() {
        city.send(id, code, &delivery(number), &chosen(&[3, 4, 2])).await.unwrap();
    }
    city.close(id).await;
    city.publish(id).await.unwrap();
    id.to_string()
}

async fn read(city: &City, path: &str) -> Value {
    let answer = city.browser().get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

#[test]
fn a_published_period_is_read_with_the_steps_of_its_index() {
    each_engine("the api", |database| async move {
        let city = City::new(database).await;
        let id = published(&city).await;
        let list = read(&city, "/api/v1/survey/periods?unit=dinas-sosial").await;
        assert_eq!((&list["total"], &list["periods"][0]["id"]), (&1.into(), &id.clone().into()));
        let whole = read(&city, &format!("/api/v1/survey/periods/{id}")).await;
        assert_eq!(whole["index"], whole["result"]["results"][0]["value"]);
        assert_eq!(whole["respondents"], 8);
        assert!(!whole["result"]["results"][0]["steps"].as_array().unwrap().is_empty());
        let none = read(&city, "/api/v1/survey/periods?unit=dinas-kesehatan").await;
        assert_eq!(none["total"], 0);
    });
}

#[tokio::test]
async fn a_period_that_is_not_published_is_not_there() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let answer = city.browser().get(&format!("/api/v1/survey/periods/{id}")).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["content-type"]),
        (404, &"application/problem+json".parse().unwrap())
    );
    city.close(id).await;
    assert_eq!(city.browser().get(&format!("/api/v1/survey/periods/{id}")).await.status, 404);
    assert_eq!(read(&city, "/api/v1/survey/periods").await["total"], 0);
}
