//! An S3 server over a folder, with one bucket, `kota`.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// The key that the server knows.
pub(crate) const S3_KEY: (&str, &str) = ("prima-test", "only-for-this-test");

/// A server over a folder. It can be stopped with all its connections and started again at the same address.
pub(crate) struct S3Server {
    folder: TempDir,
    address: SocketAddr,
    running: Option<JoinHandle<()>>,
}

impl S3Server {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("kota")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let running = Some(serve(folder.path(), listener));
        Self { folder, address, running }
    }

    pub(crate) async fn stop(&mut self) {
        let running = self.running.take().expect("it runs");
        running.abort();
        let _ = running.await;
    }

    pub(crate) async fn resume(&mut self) {
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            }
        };
        self.running = Some(serve(self.folder.path(), listener));
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn serve(folder: &Path, listener: TcpListener) -> JoinHandle<()> {
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single(S3_KEY.0, S3_KEY.1));
    let service = service.build();
    tokio::spawn(async move {
        // Dropped with this task: then every connection breaks.
        let mut connections = JoinSet::new();
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let service = service.clone();
            connections.spawn(async move {
                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
            });
        }
    })
}
