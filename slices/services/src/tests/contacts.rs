//! What units publish is tried against servers that these tests start: pages, mail, and a directory of names.

use super::world::{HERE, NOW, World};
use crate::contact::{CheckState, ContactFault, ContactKind, Look};
use crate::probe::{Prober, ProberShelf, Surroundings};
use crate::{ContactCheck, checks_of_unit, confirm_contact, note_looks};
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, MX};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use organisation::{Contact, change_contact};
use platform::testing::each_engine;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UdpSocket};

/// A server of pages: it answers by the first line of what it is asked, and closes.
async fn pages() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let here = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 2048];
                let read = stream.read(&mut asked).await.unwrap_or(0);
                let line = String::from_utf8_lossy(&asked[..read]).lines().next().unwrap_or_default().to_owned();
                if line.contains("/lambat") {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                let (status, to) = match line.as_str() {
                    line if line.contains(" /baik") => ("200 OK", ""),
                    "GET /tanpa-head HTTP/1.1" => ("200 OK", ""),
                    "HEAD /tanpa-head HTTP/1.1" => ("405 Method Not Allowed", ""),
                    line if line.contains(" /pindah") => ("302 Found", "Location: /baik\r\n"),
                    line if line.contains(" /berputar") => ("302 Found", "Location: /berputar\r\n"),
                    line if line.contains(" /ke-dalam") => ("302 Found", "Location: http://10.0.0.1/\r\n"),
                    line if line.contains(" /tertutup") => ("403 Forbidden", ""),
                    _ => ("404 Not Found", ""),
                };
                let answer = format!("HTTP/1.1 {status}\r\n{to}Content-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    here
}

/// A mail server that knows `layanan@` and `kepala@`, and takes no letter: `DATA` would be an error of ours.
async fn mail() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let here = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let _ = stream.write_all(b"220 surel.contoh.go.id\r\n").await;
                let mut line = String::new();
                while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
                    let answer: &[u8] = match line.to_ascii_uppercase().trim_end() {
                        said if said.starts_with("EHLO") => b"250 surel.contoh.go.id\r\n",
                        said if said.starts_with("RCPT TO:<LAYANAN@") => b"250 2.1.5 ok\r\n",
                        said if said.starts_with("RCPT TO:<RAHASIA@") => b"550 5.7.1 not from your address\r\n",
                        said if said.starts_with("RCPT TO:<NANTI@") => b"451 4.7.1 later\r\n",
                        said if said.starts_with("RCPT") => b"550 5.1.1 no such user\r\n",
                        said if said.starts_with("DATA") => panic!("nothing is sent"),
                        "QUIT" => b"221 bye\r\n",
                        _ => b"250 ok\r\n",
                    };
                    if stream.write_all(answer).await.is_err() {
                        break;
                    }
                    line.clear();
                }
            });
        }
    });
    here
}

/// A directory of names: `contoh.go.id` has a mail server here, `dalam.go.id` stands in a private network, `tanpa-surel.go.id` takes
/// no mail; nothing else has an entry.
async fn directory() -> ResolverConfig {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let here = socket.local_addr().expect("bound");
    tokio::spawn(async move {
        let mut asked = [0; 1024];
        while let Ok((read, from)) = socket.recv_from(&mut asked).await {
            let Ok(question) = Message::from_vec(&asked[..read]) else { continue };
            let answer = answered(&question).to_vec().expect("it fits");
            let _ = socket.send_to(&answer, from).await;
        }
    });
    let mut server = NameServerConfig::udp(here.ip());
    server.connections.iter_mut().for_each(|connection| connection.port = here.port());
    ResolverConfig::from_name_servers(vec![server])
}

fn answered(question: &Message) -> Message {
    let mut answer = Message::response(question.metadata.id, OpCode::Query);
    let Some(query) = question.queries.first() else { return answer };
    let name = |text: &str| Name::from_ascii(text).expect("a name");
    let found = match (query.name().to_string().as_str(), query.query_type()) {
        ("contoh.go.id.", RecordType::MX) => Some(RData::MX(MX::new(10, name("surel.contoh.go.id.")))),
        ("tanpa-surel.go.id.", RecordType::MX) => Some(RData::MX(MX::new(0, name(".")))),
        ("surel.contoh.go.id." | "sendiri.go.id.", RecordType::A) => Some(RData::A(A::new(127, 0, 0, 1))),
        ("dalam.go.id.", RecordType::A) => Some(RData::A(A::new(10, 0, 0, 1))),
        ("surel.contoh.go.id." | "sendiri.go.id." | "dalam.go.id." | "contoh.go.id.", _) => None,
        _ => {
            answer.metadata.response_code = ResponseCode::NXDomain;
            None
        }
    };
    answer.add_query(query.clone());
    answer.add_answers(found.map(|data| Record::from_rdata(query.name().clone(), 60, data)));
    answer
}

/// A prober that may talk to this machine, and to no private network beside it.
async fn prober(mail_port: u16) -> Prober {
    let surroundings = Surroundings {
        allowed: |address| address.is_loopback() || platform::outward::is_public(address),
        directory: Some(directory().await),
        mail_port,
        wait: Duration::from_secs(2),
    };
    Prober::new(surroundings).expect("this machine can try")
}

#[tokio::test]
async fn a_page_works_when_it_answers_also_after_leading_on_or_without_head() {
    let (prober, pages) = (prober(25).await, pages().await);
    for good in ["baik", "pindah", "tanpa-head"] {
        assert_eq!(prober.look(ContactKind::Page, &format!("http://{pages}/{good}")).await, Ok(()), "{good}");
    }
}

#[tokio::test]
async fn a_page_that_does_not_answer_is_told_with_the_reason() {
    let (prober, pages) = (prober(25).await, pages().await);
    for (path, fault) in [
        ("hilang", ContactFault::Status(404)),
        ("tertutup", ContactFault::Status(403)),
        ("berputar", ContactFault::Redirects),
        ("ke-dalam", ContactFault::PrivateAddress),
        ("lambat", ContactFault::NoAnswer),
    ] {
        assert_eq!(prober.look(ContactKind::Page, &format!("http://{pages}/{path}")).await, Err(fault), "{path}");
    }
    for (address, fault) in [
        ("http://tidak-ada.go.id/", ContactFault::NoName),
        ("http://dalam.go.id/", ContactFault::PrivateAddress),
        ("http://10.0.0.1/", ContactFault::PrivateAddress),
        ("http://[fd00::1]/", ContactFault::PrivateAddress),
        ("ftp://contoh.go.id/", ContactFault::BadAddress),
        ("dinas sosial", ContactFault::BadAddress),
    ] {
        assert_eq!(prober.look(ContactKind::Page, address).await, Err(fault), "{address}");
    }
}

#[tokio::test]
async fn without_leave_nothing_on_this_machine_is_talked_to() {
    let strict = Prober::new(Surroundings { directory: Some(directory().await), ..Surroundings::default() });
    let (strict, pages) = (strict.expect("this machine can try"), pages().await);
    let page = format!("http://{pages}/baik");
    assert_eq!(strict.look(ContactKind::Page, &page).await, Err(ContactFault::PrivateAddress));
    assert_eq!(strict.look(ContactKind::Page, "http://sendiri.go.id/").await, Err(ContactFault::PrivateAddress));
    assert_eq!(strict.look(ContactKind::Mail, "a@sendiri.go.id").await, Err(ContactFault::PrivateAddress));
}

#[tokio::test]
async fn a_mail_server_is_asked_for_the_mailbox_and_nothing_is_sent() {
    let prober = prober(mail().await.port()).await;
    for (address, found) in [
        ("layanan@contoh.go.id", Ok(())),
        ("siapa@contoh.go.id", Err(ContactFault::NoMailbox)),
        ("rahasia@contoh.go.id", Err(ContactFault::NotTold)),
        ("nanti@contoh.go.id", Err(ContactFault::NotTold)),
        ("layanan@sendiri.go.id", Ok(())),
        ("layanan@dalam.go.id", Err(ContactFault::PrivateAddress)),
        ("layanan@tanpa-surel.go.id", Err(ContactFault::NoName)),
        ("layanan@tidak-ada.go.id", Err(ContactFault::NoName)),
        ("layanan", Err(ContactFault::BadAddress)),
    ] {
        assert_eq!(prober.look(ContactKind::Mail, address).await, found, "{address}");
    }
}

#[tokio::test]
async fn where_no_mail_server_can_be_reached_a_person_is_asked_to_try() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("bound").port();
    let prober = prober(closed).await;
    assert_eq!(prober.look(ContactKind::Mail, "layanan@contoh.go.id").await, Err(ContactFault::NotTold));
}

/// Gives the office of a city a contact.
async fn publish(database: &platform::database::Database, city: &super::world::City, contact: Contact) {
    let city = city.clone();
    let changed = database.write(move |db| {
        let version = organisation::unit(db, city.id, city.office.id)?.map_or(0, |unit| unit.version);
        change_contact(db, &city.desk(), city.office.id, version, &contact)
    });
    changed.await.expect("it is changed");
}

fn contact(web: &str, email: &str, phone: &str) -> Contact {
    Contact { address: String::new(), web: web.into(), email: email.into(), phone: phone.into() }
}

#[test]
fn what_was_found_is_kept_told_once_and_forgotten_with_its_address() {
    each_engine("contact checks", |database| async move {
        let (here, there) = super::world::cities(&database).await;
        publish(&database, &here, contact("https://mati.go.id", "", "0711-350000")).await;
        let (desk, unit) = (here.desk(), here.office.id);
        let note = |look: Look, days: i64| {
            let looks = vec![
                (ContactKind::Page, "https://mati.go.id".to_owned(), look),
                (ContactKind::Phone, "0711-350000".to_owned(), Err(ContactFault::NotTried)),
                (ContactKind::Mail, "lama@contoh.go.id".to_owned(), Ok(())),
            ];
            let desk = organisation::Desk { now: NOW + time::Duration::days(days), ..desk };
            database.write(move |db| note_looks(db, &desk, unit, &looks))
        };
        let told = note(Err(ContactFault::NoAnswer), 0).await.expect("noted");
        assert_eq!(told.iter().map(|check| check.kind).collect::<Vec<_>>(), [ContactKind::Page]);
        assert!(note(Err(ContactFault::NoName), 7).await.expect("noted").is_empty(), "told once");
        assert!(note(Ok(()), 14).await.expect("noted").is_empty());
        assert_eq!(note(Err(ContactFault::NoAnswer), 21).await.expect("noted").len(), 1, "dead anew");
        let read = |institution| database.read(move |db| checks_of_unit(db, institution, unit));
        let checks = read(here.id).await.expect("read");
        let states: Vec<_> = checks.iter().map(|check| (check.kind, check.state)).collect();
        assert_eq!(states, [(ContactKind::Page, CheckState::Dead), (ContactKind::Phone, CheckState::Unsure)]);
        assert_eq!(checks[0].worked_at, Some(NOW + time::Duration::days(14)));
        assert!(read(there.id).await.expect("read").is_empty(), "another city");
        let confirmed = database.write(move |db| confirm_contact(db, &desk, unit, (ContactKind::Phone, "0711-350000")));
        assert_eq!(confirmed.await.expect("confirmed").state, CheckState::Works);
        let other = database.write(move |db| confirm_contact(db, &desk, unit, (ContactKind::Phone, "0711-1")));
        assert!(matches!(other.await, Err(crate::Refused::Stale)), "another number than was tried");
        publish(&database, &here, contact("", "", "0711-350000")).await;
        note(Ok(()), 28).await.expect("noted");
        let kinds: Vec<_> =
            read(here.id).await.expect("read").into_iter().map(|check: ContactCheck| check.kind).collect();
        assert_eq!(kinds, [ContactKind::Phone]);
    });
}

#[tokio::test]
async fn the_admin_tests_the_unit_sees_what_is_dead_and_confirms_the_telephone() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let pages = pages().await;
    let web = format!("http://{pages}/hilang");
    publish(&world.database, &world.here, contact(&web, "layanan@contoh.go.id", "0711-350000")).await;
    let shelf = world.app.shelf::<ProberShelf>();
    shelf.set(prober(mail().await.port()).await);
    let admin = world.admin();
    let path = "/kelola/kontak/dinas-kependudukan";
    assert!(admin.get(path).await.says("Belum diuji"));
    let tested = admin.post(&format!("{path}/uji"), &[]).await;
    assert_eq!(tested.location(), format!("{path}?selesai=diuji"), "{}", tested.text());
    let shown = admin.get(path).await;
    assert!(shown.says("▲</span> Tidak menjawab") && shown.says("kode 404"), "{}", shown.text());
    assert!(shown.says("●</span> Berfungsi") && shown.says("Bentuk nomornya benar"), "{}", shown.text());
    let list = admin.get("/kelola/kontak").await;
    assert!(list.says("Unit yang kontaknya tidak menjawab: 1."), "{}", list.text());
    let sent = [("kind", "phone"), ("target", "0711-350000")];
    let confirmed = admin.post(&format!("{path}/konfirmasi"), &sent).await;
    assert_eq!(confirmed.location(), format!("{path}?selesai=dicoba"), "{}", confirmed.text());
    assert!(!admin.get(path).await.says("Bentuk nomornya benar"));
    let changed = admin.post(&format!("{path}/konfirmasi"), &[("kind", "phone"), ("target", "0711-1")]).await;
    assert!(changed.status == 422 && changed.says("Orang lain mengubah"), "{}", changed.text());
    let public = world.browser.at(HERE).get(&format!("/layanan/{slug}")).await;
    assert!(!public.says("Saat ini tidak menjawab"), "the page shows mail and telephone, which work");
    publish(&world.database, &world.here, contact("", "siapa@contoh.go.id", "0711-350000")).await;
    admin.post(&format!("{path}/uji"), &[]).await;
    let public = world.browser.at(HERE).get(&format!("/layanan/{slug}")).await;
    assert!(public.says("▲</span> Saat ini tidak menjawab"), "{}", public.text());
}

#[tokio::test]
async fn the_admin_of_a_unit_is_told_of_a_dead_page_once() {
    let world = World::new().await;
    let (city, unit) = (world.here.id, world.here.office.id);
    let entered = world.database.write(move |db| {
        let admin = access::DemonstrationPerson {
            id: None,
            email: access::Email::read("admin@contoh.go.id").expect("an address"),
            name: "Admin".into(),
            role: platform::identity::Role::UnitAdmin,
            unit: Some(unit),
            password_hash: String::new(),
        };
        access::enter_demonstration_person(db, city, &admin, NOW - time::Duration::days(1))
    });
    entered.await.expect("somebody is there to be told");
    let web = format!("http://{}/hilang", pages().await);
    publish(&world.database, &world.here, contact(&web, "", "")).await;
    world.app.shelf::<ProberShelf>().set(prober(25).await);
    for _ in 0..2 {
        let actor = platform::audit::Actor::Program("test");
        crate::self_test::test_unit(&world.app, city, unit, actor).await.expect("it is tested");
    }
    let sent = world.database.read(move |db| platform::messages::counts(db, city)).await.expect("counted");
    assert_eq!(sent.waiting, 1);
}

#[tokio::test]
async fn nobody_tests_the_unit_of_others() {
    let world = World::new().await;
    for path in ["/kelola/kontak/dinas-sosial/uji", "/kelola/kontak/dinas-sosial/konfirmasi"] {
        assert_eq!(world.admin().post(path, &[("kind", "phone")]).await.status, 403, "{path}");
    }
    let auditor = world.signed_in(HERE, "auditor@satu");
    assert_eq!(auditor.get("/kelola/kontak/dinas-sosial").await.status, 200);
    assert_eq!(auditor.post("/kelola/kontak/dinas-sosial/uji", &[]).await.status, 403);
    assert!(auditor.get("/kelola/kontak?lang=en").await.says("No contact yet"));
}

#[test]
fn every_unit_that_publishes_something_gets_one_job_however_often_the_week_begins() {
    each_engine("jobs of the self-test", |database| async move {
        let (here, _) = super::world::cities(&database).await;
        publish(&database, &here, contact("", "", "112")).await;
        let id = here.id;
        let enqueue = || database.write(move |db| crate::self_test::enqueue_all(db, id, NOW));
        assert_eq!(enqueue().await.expect("enqueued"), 1);
        assert_eq!(enqueue().await.expect("enqueued"), 1);
        let waiting = database.read(move |db| platform::jobs::counts(db, NOW));
        assert_eq!(waiting.await.expect("counted").waiting, 1);
    });
}
