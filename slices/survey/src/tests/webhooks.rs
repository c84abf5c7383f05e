//! Other programs are told of events: who, of what, signed, and what becomes of it when they do not answer.

use super::{City, chosen, delivery};
use crate::actions::{self, NewWebhook};
use crate::delivering::ATTEMPTS;
use crate::period::PeriodId;
use crate::store;
use crate::webhook::{Delivery, DeliveryState, Event, Signing, WebhookId};
use platform::clock::Clock;
use platform::identity::Role;
use platform::jobs::{Handlers, Settings, Worker};
use platform::outward::Neighbours;
use platform::testing::{each_engine, migrated_sqlite};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use time::Duration;

/// What a receiver was sent.
#[derive(Debug, Clone)]
struct Received {
    headers: axum::http::HeaderMap,
    body: String,
}

/// A receiver on this machine, which answers with a status.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    fn start(status: &'static str) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/survei", socket.local_addr().unwrap());
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let noted = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut headers = axum::http::HeaderMap::new();
                for line in reader.by_ref().lines().map_while(Result::ok).skip(1).take_while(|line| !line.is_empty()) {
                    let (name, value) = line.split_once(": ").unwrap();
                    let name: axum::http::HeaderName = name.parse().unwrap();
                    headers.insert(name, value.parse().unwrap());
                }
                let length = headers["content-length"].to_str().unwrap().parse().unwrap();
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                noted.lock().unwrap().push(Received { headers, body: String::from_utf8(body).unwrap() });
                let mut stream = stream;
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            }
        });
        Self { url, received }
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

async fn subscribed(city: &City, url: &str, events: &[Event]) -> (WebhookId, Signing) {
    city.app.shelf::<Neighbours>().allow();
    let (desk, secrets) = (city.desk(), city.app.secrets().clone());
    let wanted = NewWebhook { unit: Some(city.unit), url: url.to_owned(), events: events.to_vec() };
    city.database.write(move |db| actions::subscribe(db, &desk, &secrets, &wanted)).await.unwrap()
}

/// Does all jobs that are due.
async fn work(city: &City) {
    let handlers = crate::jobs::handlers(Handlers::new());
    Worker::new(city.app.clone(), handlers, Settings::default()).work_off().await.unwrap();
}

async fn deliveries(city: &City, id: WebhookId) -> Vec<Delivery> {
    let institution = city.institution;
    city.database.read(move |db| store::webhooks::deliveries(db, institution, id)).await.unwrap()
}

/// A period that goes from its plan to a corrected result.
async fn whole_life(city: &City) -> PeriodId {
    let id = city.open().await;
    for (number, code) in city.codes(id, 8).await.iter().enumerate() {
        city.send(id, code, &delivery(number), &chosen(&[3, 4, 2])).await.unwrap();
    }
    city.close(id).await;
    city.publish(id).await.unwrap();
    id
}

#[test]
fn a_receiver_is_told_of_what_it_asked_for_and_of_nothing_else() {
    each_engine("events", |database| async move {
        let city = City::new(database).await;
        let receiver = Receiver::start("204 No Content");
        let (id, _) = subscribed(&city, &receiver.url, &[Event::Opened, Event::Published]).await;
        let period = whole_life(&city).await;
        work(&city).await;
        let told: Vec<serde_json::Value> =
            receiver.received().iter().map(|one| serde_json::from_str(&one.body).unwrap()).collect();
        let mut kinds: Vec<&str> = told.iter().map(|one| one["type"].as_str().unwrap()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["survey.period.opened", "survey.period.published"]);
        for one in &told {
            assert_eq!(one["data"]["period"]["id"], period.to_string());
            assert_eq!(one["data"]["unit"]["slug"], "dinas-sosial");
            let names: Vec<&String> = one["data"].as_object().unwrap().keys().collect();
            assert!(names.iter().all(|name| ["period", "unit", "api", "page"].contains(&name.as_str())), "{one}");
        }
        let states: Vec<DeliveryState> = deliveries(&city, id).await.iter().map(|one| one.state).collect();
        assert_eq!(states, [DeliveryState::Delivered, DeliveryState::Delivered]);
    });
}

/// The library checks the moment of a message against the clock of the machine, so the city runs by it here.
#[tokio::test]
async fn a_message_passes_the_check_of_another_library() {
    let fresh = migrated_sqlite();
    let mut city = City::new(fresh.clone()).await;
    let receiver = Receiver::start("200 OK");
    let (wiring, means) = (city.app.wiring().clone(), platform::app::Means::new(city.app.secrets().clone()));
    (city.clock, city.app) =
        (Clock::machine(), platform::app::App::new(fresh.clone(), Clock::machine(), wiring, means));
    let (id, signing) = subscribed(&city, &receiver.url, &[Event::Opened]).await;
    let desk = city.desk();
    city.database.write(move |db| actions::try_webhook(db, &desk, id)).await.unwrap();
    work(&city).await;
    let [message] = receiver.received().try_into().unwrap();
    let checked = standardwebhooks::Webhook::new(&signing.shown()).unwrap();
    checked.verify(message.body.as_bytes(), &message.headers).unwrap();
    let stranger = standardwebhooks::Webhook::new(&Signing::new().shown()).unwrap();
    assert!(stranger.verify(message.body.as_bytes(), &message.headers).is_err());
    let kept = deliveries(&city, id).await;
    assert_eq!(message.headers["webhook-id"], format!("msg_{}", kept[0].id.uuid().simple()).as_str());
}

#[test]
fn a_message_that_is_refused_is_tried_again_under_its_name_and_dies_at_last() {
    each_engine("refusals", |database| async move {
        let city = City::new(database).await;
        let receiver = Receiver::start("500 Internal Server Error");
        let (id, _) = subscribed(&city, &receiver.url, &[Event::Opened]).await;
        city.open().await;
        work(&city).await;
        let first = deliveries(&city, id).await;
        assert_eq!((first[0].state, first[0].attempts, first[0].answer.as_str()), (DeliveryState::Waiting, 1, "500"));
        for _ in 1..ATTEMPTS {
            city.clock.advance(Duration::days(2));
            work(&city).await;
        }
        let [dead] = deliveries(&city, id).await.try_into().unwrap();
        assert_eq!((dead.state, dead.attempts), (DeliveryState::Dead, i64::from(ATTEMPTS)));
        let names: Vec<String> =
            receiver.received().iter().map(|one| one.headers["webhook-id"].to_str().unwrap().to_owned()).collect();
        assert_eq!(names.len(), ATTEMPTS as usize);
        assert!(names.iter().all(|name| *name == names[0]), "one name at every attempt");
        let (desk, at) = (city.desk(), (id, dead.id));
        city.database.write(move |db| actions::send_again(db, &desk, at)).await.unwrap();
        work(&city).await;
        assert_eq!(receiver.received().len(), ATTEMPTS as usize + 1, "a person had it sent again");
    });
}

#[tokio::test]
async fn a_neighbour_is_never_asked() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let receiver = Receiver::start("200 OK");
    let (desk, secrets) = (city.desk(), city.app.secrets().clone());
    let url = receiver.url.replace("http://", "https://");
    let wanted = NewWebhook { unit: None, url, events: vec![Event::Opened] };
    let (id, _) = city.database.write(move |db| actions::subscribe(db, &desk, &secrets, &wanted)).await.unwrap();
    city.open().await;
    work(&city).await;
    assert_eq!(deliveries(&city, id).await[0].answer, "not-public");
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn the_admin_of_a_unit_subscribes_tries_rotates_and_stops_a_receiver() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let receiver = Receiver::start("200 OK");
    let admin = city.as_role(Role::UnitAdmin);
    let list = "/kelola/survei/webhook";
    let wrong = [("unit", "dinas-sosial"), ("url", receiver.url.as_str())];
    let page = admin.post(list, &wrong).await;
    assert!(
        page.status == 422 && page.says("alamat https lengkap") && page.says("paling sedikit satu"),
        "{}",
        page.text()
    );
    assert!(page.says(&receiver.url), "what was typed is kept");
    city.app.shelf::<Neighbours>().allow();
    let form = [("unit", "dinas-sosial"), ("url", receiver.url.as_str()), ("events", "survey.period.closed")];
    assert_eq!(
        admin.post(list, &[("unit", "semua"), form[1], form[2]]).await.status,
        422,
        "all units are the coordinator's"
    );
    let made = admin.post(list, &form).await;
    assert_eq!((made.status.as_u16(), &made.headers["cache-control"]), (200, &"no-store".parse().unwrap()));
    let secret = super::between(&made.text(), "<code class=\"p-code\">", "<").to_owned();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let here = super::between(&made.text(), "<a class=\"govuk-link\" href=\"/kelola/survei/webhook/", "\"").to_owned();
    let here = format!("{list}/{here}");
    let step = format!("{here}/langkah");
    assert_eq!(admin.post(&step, &[("step", "try")]).await.status, 303);
    work(&city).await;
    let page = admin.get(&here).await;
    assert!(page.says("Diterima") && page.says("HTTP 200") && !page.says(&secret), "{}", page.text());
    let rotated = admin.post(&step, &[("step", "rotate"), ("version", "1")]).await;
    assert!(rotated.says("whsec_") && !rotated.says(&secret), "{}", rotated.text());
    assert_eq!(admin.post(&step, &[("step", "stop"), ("version", "1")]).await.status, 409, "changed meanwhile");
    assert_eq!(admin.post(&step, &[("step", "stop"), ("version", "2")]).await.status, 303);
    assert_eq!(admin.post(&step, &[("step", "try")]).await.status, 409, "it is stopped");
    city.open().await;
    assert!(admin.get(list).await.says("Dihentikan"));
    let acts = city.acts().await;
    let own: Vec<&str> = acts.iter().map(String::as_str).filter(|act| act.starts_with("survey.webhook")).collect();
    let expected =
        ["survey.webhook-stopped", "survey.webhook-key-changed", "survey.webhook-tried", "survey.webhook-subscribed"];
    assert_eq!(own, expected);
    assert_eq!(city.as_role(Role::CounterOfficer).get(list).await.status, 403);
}
