//! Listens, with TLS when certificate files are named, and stops gracefully: requests that were accepted are finished, then jobs
//! that were begun, then the database.

use crate::app::App;
use crate::jobs::{self, Handlers};
use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Certificate files in PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Where to listen. The port is taken before anything else starts, so that a taken port is said at once.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    /// Where it listens: the real port when port 0 was asked for.
    pub address: SocketAddr,
}

impl Listener {
    /// Takes the port.
    ///
    /// # Errors
    /// When the port is taken or may not be used.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        Ok(Self { address: socket.local_addr()?, socket })
    }
}

/// How long requests under way may take after the word to stop.
const GRACE: Duration = Duration::from_secs(30);

/// Serves and does jobs until `stop` comes, then takes no more connections and no more jobs, finishes what was accepted and closes
/// the database.
///
/// # Errors
/// When the certificate cannot be read or the socket fails.
pub async fn serve(
    app: App,
    router: Router,
    handlers: Handlers,
    listener: Listener,
    tls: Option<Tls>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let handle = Handle::new();
    let (to_stop, ending) = (handle.clone(), CancellationToken::new());
    let (told, worker_ends) = (ending.clone(), ending.clone());
    tokio::spawn(async move {
        stop.await;
        tracing::info!("told to stop: finishing {} connections", to_stop.connection_count());
        told.cancel();
        to_stop.graceful_shutdown(Some(GRACE));
    });
    let (its_app, its_jobs) = (app.clone(), app.jobs().clone());
    let worker = tokio::spawn(async move { jobs::run(its_app, handlers, &its_jobs, worker_ends.cancelled()).await });
    let served = listen(router, listener, tls, handle).await;
    ending.cancel();
    if let Err(error) = worker.await {
        tracing::error!(%error, "the worker of jobs ended before its time");
    }
    app.database().clone().close();
    served
}

async fn listen(router: Router, listener: Listener, tls: Option<Tls>, handle: Handle<SocketAddr>) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        None => {
            let mut server = axum_server::from_tcp(listener.socket)?;
            be_patient_with_the_slow(server.http_builder());
            server.handle(handle).serve(service).await
        }
        Some(tls) => {
            let config = RustlsConfig::from_config(certificate(&tls)?);
            let mut server = axum_server::from_tcp_rustls(listener.socket, config)?;
            be_patient_with_the_slow(server.http_builder());
            server.handle(handle).serve(service).await
        }
    }
}

/// How long a connection may take to say what it wants, and how long it may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Patient, but not for ever: a connection that says nothing is closed, or a few thousand of them would be all there are.
fn be_patient_with_the_slow(builder: &mut Builder<TokioExecutor>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(PATIENCE).keep_alive_timeout(PATIENCE);
}

fn certificate(tls: &Tls) -> io::Result<std::sync::Arc<rustls::ServerConfig>> {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let wrong = |path: &PathBuf, error: &dyn std::fmt::Display| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect)
        .map_err(|error: rustls::pki_types::pem::Error| wrong(&tls.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| wrong(&tls.key, &error))?;
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong(&tls.certificate, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(std::sync::Arc::new(config))
}

/// Comes when the process is told to stop: SIGTERM or Ctrl-C.
pub async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    let told = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! { _ = interrupted => {}, () = told => {} }
}
