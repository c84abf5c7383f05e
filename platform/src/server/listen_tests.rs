//! The listener on a real socket: TLS, and a stop that finishes what was accepted.

use super::{Listener, Tls, router, serve};
use crate::app::{App, Means, Wiring};
use crate::clock::Clock;
use crate::database::{Database, DatabaseError};
use crate::jobs::Handlers;
use crate::route::Routes;
use crate::secret::Secrets;
use crate::testing::migrated_sqlite;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

#[derive(TypedPath, Deserialize)]
#[typed_path("/pelan")]
struct Slow;

async fn slow(_: Slow) -> &'static str {
    tokio::time::sleep(Duration::from_millis(300)).await;
    "selesai"
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

fn start(database: Database, tls: Option<Tls>) -> Running {
    let wiring = Wiring {
        site: |_, _| {
            Ok(Some(crate::site::Site {
                institution: Some(crate::identity::InstitutionId::new(time::OffsetDateTime::UNIX_EPOCH)),
                ..crate::site::Site::unclaimed()
            }))
        },
        ..Wiring::default()
    };
    let app = App::new(database, Clock::machine(), wiring, Means::new(Secrets::new([7; 32])));
    let router = router(&app, Routes::new().get(slow).public());
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let address = listener.address;
    let (stop, told) = oneshot::channel();
    let ended = tokio::spawn(serve(app, router, Handlers::new(), listener, tls, async { drop(told.await) }));
    Running { address, stop, ended }
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: contoh\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_stop_finishes_what_was_accepted_and_takes_nothing_new() {
    let fresh = migrated_sqlite();
    let running = start(fresh.clone(), None);
    let stream = TcpStream::connect(running.address).await.unwrap();
    let under_way = tokio::spawn(ask(stream, "/pelan"));
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(TcpStream::connect(running.address).await.is_err(), "nothing new is accepted");
    assert!(under_way.await.unwrap().ends_with("selesai"), "what was accepted is finished");
    running.ended.await.unwrap().unwrap();
    let closed = fresh.read(|_| Ok::<_, DatabaseError>(())).await;
    assert!(closed.is_err(), "then the database is closed");
}

#[tokio::test]
async fn certificate_files_are_enough_for_https() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let tls = Tls { certificate: folder.path().join("sertifikat.pem"), key: folder.path().join("kunci.pem") };
    std::fs::write(&tls.certificate, made.cert.pem()).unwrap();
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let fresh = migrated_sqlite();
    let running = start(fresh.clone(), Some(tls));

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(running.address).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    assert!(ask(stream, "/healthz").await.starts_with("HTTP/1.1 200"));
    running.stop.send(()).unwrap();
    running.ended.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bukan.pem");
    std::fs::write(&file, "bukan sertifikat").unwrap();
    let fresh = migrated_sqlite();
    let running = start(fresh.clone(), Some(Tls { certificate: file.clone(), key: file.clone() }));
    let error = running.ended.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("bukan.pem"), "{error}");
}
