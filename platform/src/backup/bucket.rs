//! A bucket of a server that speaks S3.
//!
//! Address, region and keys come from the variables that such servers' own tools read: `AWS_ENDPOINT`, `AWS_REGION`,
//! `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, and `AWS_ALLOW_HTTP` for a server without TLS.

use super::BackupError;
use super::place::{Draft, Place, Stored};
use futures_util::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig};
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};

/// A thing is sent in parts of this size; ten thousand of them, the most there may be, are 80 GB.
const PART: usize = 8 << 20;
/// Read in pieces of this size.
const PIECE: u64 = 8 << 20;

/// A bucket, and the prefix of the names of all that is kept in it.
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: String,
    label: String,
    /// Drives the requests; taken when the place is dropped.
    runtime: Option<Runtime>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Bucket({})", self.label)
    }
}

impl Bucket {
    /// The bucket of `BUCKET/PREFIX`, with what the environment says about its server.
    ///
    /// # Errors
    /// When the name is none, or the environment lacks something.
    pub fn of_environment(address: &str) -> Result<Self, BackupError> {
        Self::at(AmazonS3Builder::from_env(), address)
    }

    /// The same of a server at an address of its own: that of uploaded files may be another than that of backups.
    ///
    /// # Errors
    /// As [`Self::of_environment`].
    pub fn of_server(address: &str, endpoint: &str) -> Result<Self, BackupError> {
        let http = endpoint.starts_with("http://");
        Self::at(AmazonS3Builder::from_env().with_endpoint(endpoint).with_allow_http(http), address)
    }

    /// The bucket of `BUCKET/PREFIX` at a server.
    pub(super) fn at(server: AmazonS3Builder, address: &str) -> Result<Self, BackupError> {
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        let given = || BackupError::NotAPlace { given: format!("s3://{address}") };
        if bucket.is_empty() {
            return Err(given());
        }
        // Another part of the program may have said the same before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A server that is gone for longer is waited for by the schedule, not by one request.
        let retry = RetryConfig { max_retries: 5, retry_timeout: Duration::from_secs(60), ..RetryConfig::default() };
        let store = server.with_bucket_name(bucket).with_retry(retry).build();
        let store = store.map_err(|error| BackupError::of(format!("s3://{address}"), error.into()))?;
        Self::over(Arc::new(store), prefix, format!("s3://{address}"))
    }

    /// The same over a store that is there already.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn over(store: Arc<dyn ObjectStore>, prefix: &str, label: String) -> Result<Self, BackupError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = Some(runtime.map_err(|error| BackupError::of(&label, error))?);
        Ok(Self { store, prefix: prefix.trim_matches('/').to_owned(), label, runtime })
    }

    fn handle(&self) -> io::Result<Handle> {
        self.runtime.as_ref().map(|runtime| runtime.handle().clone()).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn path(&self, name: &str) -> Path {
        if self.prefix.is_empty() { Path::from(name) } else { Path::from(format!("{}/{name}", self.prefix)) }
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // A runtime may not be waited for where others run.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Place for Bucket {
    fn create(&self, name: &str) -> io::Result<Box<dyn Draft>> {
        let (store, path, handle) = (Arc::clone(&self.store), self.path(name), self.handle()?);
        Ok(Box::new(Upload { store, path, handle, buffer: Vec::new(), parts: None }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let (path, handle) = (self.path(name), self.handle()?);
        let bytes = handle.block_on(self.store.head(&path))?.size;
        let store = Arc::clone(&self.store);
        Ok(Box::new(Download { store, path, handle, bytes, next: 0, piece: bytes::Bytes::new() }))
    }

    fn list(&self, under: &str) -> io::Result<Vec<Stored>> {
        let prefix = (!self.prefix.is_empty()).then(|| Path::from(self.prefix.as_str()));
        let all: Vec<_> = self.handle()?.block_on(self.store.list(prefix.as_ref()).try_collect())?;
        let skip = if self.prefix.is_empty() { 0 } else { self.prefix.len() + 1 };
        let named = all.into_iter().filter_map(|one| {
            let name = one.location.as_ref().get(skip..)?.to_owned();
            name.starts_with(under).then_some(Stored { name, bytes: one.size })
        });
        let mut found: Vec<Stored> = named.collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match self.handle()?.block_on(self.store.delete(&self.path(name))) {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Parts of an upload that nobody completed are no things; a rule of the bucket removes them.
    fn tidy(&self) -> io::Result<()> {
        Ok(())
    }

    fn label(&self) -> String {
        self.label.clone()
    }
}

/// Small things go in one request, large ones in parts.
struct Upload {
    store: Arc<dyn ObjectStore>,
    path: Path,
    handle: Handle,
    buffer: Vec<u8>,
    parts: Option<Box<dyn MultipartUpload>>,
}

impl Upload {
    fn send_part(&mut self) -> io::Result<()> {
        let payload = PutPayload::from(std::mem::take(&mut self.buffer));
        let (store, path) = (&self.store, &self.path);
        let parts = match &mut self.parts {
            Some(parts) => parts,
            none => none.insert(self.handle.block_on(store.put_multipart(path))?),
        };
        Ok(self.handle.block_on(parts.put_part(payload))?)
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PART - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        if self.buffer.len() == PART {
            self.send_part()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Draft for Upload {
    fn keep(mut self: Box<Self>) -> io::Result<()> {
        if self.parts.is_some() {
            if !self.buffer.is_empty() {
                self.send_part()?;
            }
            if let Some(parts) = &mut self.parts {
                self.handle.block_on(parts.complete())?;
            }
            self.parts = None;
        } else {
            let payload = PutPayload::from(std::mem::take(&mut self.buffer));
            self.handle.block_on(self.store.put(&self.path, payload))?;
        }
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(mut parts) = self.parts.take() {
            // A server that cannot be told keeps parts that no name leads to.
            let _ = self.handle.block_on(parts.abort());
        }
    }
}

struct Download {
    store: Arc<dyn ObjectStore>,
    path: Path,
    handle: Handle,
    bytes: u64,
    next: u64,
    piece: bytes::Bytes,
}

impl Read for Download {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() && self.next < self.bytes {
            let until = self.bytes.min(self.next + PIECE);
            self.piece = self.handle.block_on(self.store.get_range(&self.path, self.next..until))?;
            self.next = until;
        }
        let taken = into.len().min(self.piece.len());
        into[..taken].copy_from_slice(&self.piece.split_to(taken));
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::memory::InMemory;

    #[test]
    fn a_thing_larger_than_a_part_is_sent_and_read_whole() {
        let place = Bucket::over(Arc::new(InMemory::new()), "kota/", "s3://ember/kota".into()).unwrap();
        for bytes in [0, 1, PART - 1, PART, PART * 2 + 7] {
            let whole: Vec<u8> = (0_usize..bytes).map(|at| (at % 251).to_le_bytes()[0]).collect();
            let mut draft = place.create("a/b").unwrap();
            draft.write_all(&whole).unwrap();
            draft.keep().unwrap();
            let mut read = Vec::new();
            place.open("a/b").unwrap().read_to_end(&mut read).unwrap();
            assert!(read == whole, "{bytes}");
            assert_eq!(place.list("a/").unwrap(), [Stored { name: "a/b".into(), bytes: bytes as u64 }]);
        }
        place.remove("a/b").unwrap();
        place.remove("a/b").unwrap();
        assert_eq!(place.list("").unwrap(), []);
    }

    #[test]
    fn an_upload_that_is_not_kept_is_no_thing() {
        let place = Bucket::over(Arc::new(InMemory::new()), "", "s3://ember".into()).unwrap();
        let mut draft = place.create("a").unwrap();
        draft.write_all(&vec![1; PART + 1]).unwrap();
        drop(draft);
        assert_eq!(place.list("").unwrap(), []);
    }
}
