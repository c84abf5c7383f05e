//! A bucket of an S3 server as the place of files.

use super::place::{Chunks, Listed, PlaceError};
use super::spool::Spool;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore as _, ObjectStoreExt as _, PutPayload, RetryConfig, WriteMultipart,
};
use std::ops::Range;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::io::AsyncReadExt as _;

/// A larger object is sent in parts of this size, so that memory stays flat.
const PART: usize = 8 * 1024 * 1024;
/// So many parts of one object are on their way at once.
const PARTS_AT_ONCE: usize = 3;
/// A server that does not answer is gone for the person who waits.
const CONNECT: Duration = Duration::from_secs(3);
/// One request, of which the largest carries a part.
const REQUEST: Duration = Duration::from_secs(60);
/// How long a request is tried again.
const RETRY: Duration = Duration::from_secs(5);

pub(super) struct Bucket {
    store: AmazonS3,
    prefix: Path,
}

impl std::fmt::Debug for Bucket {
    /// Without the keys.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Bucket({})", self.prefix)
    }
}

impl Bucket {
    pub(super) fn connect(url: &str, endpoint: Option<&str>, keys: Option<(&str, &str)>) -> Result<Self, PlaceError> {
        let rest =
            url.strip_prefix("s3://").ok_or_else(|| PlaceError::Unreachable("the address is not s3://…".into()))?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        // Whoever talks to servers by TLS needs one provider of it; a second call finds the first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_client_options(
                ClientOptions::new()
                    .with_connect_timeout(CONNECT)
                    .with_timeout(REQUEST)
                    .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"))),
            )
            .with_retry(RetryConfig { max_retries: 2, retry_timeout: RETRY, ..RetryConfig::default() });
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some((key, secret)) = keys {
            builder = builder.with_access_key_id(key).with_secret_access_key(secret);
        }
        Ok(Self { store: builder.build()?, prefix: Path::from(prefix) })
    }

    fn at(&self, key: &str) -> Path {
        let inside = Path::from(key);
        self.prefix.parts().chain(inside.parts()).collect()
    }

    pub(super) async fn put(&self, key: &str, bytes: Bytes) -> Result<(), PlaceError> {
        self.store.put(&self.at(key), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    pub(super) async fn keep(&self, key: &str, spool: &Spool) -> Result<(), PlaceError> {
        let mut file = tokio::fs::File::open(spool.path()).await?;
        if spool.bytes() <= PART as u64 {
            let mut whole = Vec::new();
            file.read_to_end(&mut whole).await?;
            return self.put(key, whole.into()).await;
        }
        let mut parts = WriteMultipart::new_with_chunk_size(self.store.put_multipart(&self.at(key)).await?, PART);
        let sent = send(&mut file, &mut parts).await;
        match sent {
            Ok(()) => parts.finish().await.map(drop).map_err(PlaceError::from),
            Err(error) => {
                // The first error is the one that counts; parts nobody finished cost room until the server drops them.
                let _ = parts.abort().await;
                Err(error)
            }
        }
    }

    pub(super) async fn open(&self, key: &str, part: Range<u64>) -> Result<Chunks, PlaceError> {
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.at(key), options).await?;
        Ok(found.into_stream().map(|chunk| chunk.map_err(PlaceError::from)).boxed())
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), PlaceError> {
        match self.store.delete(&self.at(key)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other.map_err(PlaceError::from),
        }
    }

    pub(super) fn list(&self) -> BoxStream<'static, Result<Listed, PlaceError>> {
        let prefix = self.prefix.clone();
        let inside = move |path: &Path| {
            let parts: Option<Vec<String>> =
                path.prefix_match(&prefix).map(|parts| parts.map(|part| part.as_ref().to_owned()).collect());
            parts.map(|parts| parts.join("/"))
        };
        let found = self.store.list(Some(&self.prefix).filter(|prefix| !prefix.as_ref().is_empty()));
        let listed = found.filter_map(move |meta| {
            let one = match meta {
                Err(error) => Some(Err(error.into())),
                Ok(meta) => inside(&meta.location).map(|key| moment(&meta).map(|stored_at| Listed { key, stored_at })),
            };
            std::future::ready(one)
        });
        listed.boxed()
    }
}

async fn send(file: &mut tokio::fs::File, parts: &mut WriteMultipart) -> Result<(), PlaceError> {
    loop {
        let mut chunk = Vec::with_capacity(PART);
        let read = (&mut *file).take(PART as u64).read_to_end(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        parts.wait_for_capacity(PARTS_AT_ONCE).await?;
        parts.put(chunk.into());
    }
}

fn moment(meta: &object_store::ObjectMeta) -> Result<OffsetDateTime, PlaceError> {
    let moment = OffsetDateTime::from_unix_timestamp(meta.last_modified.timestamp());
    moment.map_err(|error| PlaceError::Unreachable(error.into()))
}

impl From<object_store::Error> for PlaceError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Unreachable(other.into()),
        }
    }
}
