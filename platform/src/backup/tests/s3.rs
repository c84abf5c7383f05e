//! A server that speaks S3, as the place of backups and as the place of files.

use super::{Home, record};
use crate::backup::{BackupError, Bucket, Place, Plan, list, make, restore};
use crate::database::Engine;
use crate::testing::s3_server::{S3_KEY, S3Server};
use object_store::aws::AmazonS3Builder;
use std::io::Write as _;
use std::sync::Arc;
use time::Duration;

fn bucket(server: &S3Server, prefix: &str) -> Arc<dyn Place> {
    let client = AmazonS3Builder::new()
        .with_endpoint(server.endpoint())
        .with_allow_http(true)
        .with_access_key_id(S3_KEY.0)
        .with_secret_access_key(S3_KEY.1);
    Arc::new(Bucket::at(client, &format!("kota/{prefix}")).unwrap())
}

/// The server, and what drives it: backups wait on their own thread.
fn server() -> (tokio::runtime::Runtime, S3Server) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(S3Server::start());
    (runtime, server)
}

/// Bytes that nothing packs.
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 7_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(&mut next).take(bytes).collect()
}

#[test]
fn a_backup_in_a_bucket_comes_back_with_files_that_were_in_another() {
    for engine in super::ENGINES {
        let home = Home::new(engine);
        let (_runtime, server) = server();
        record(&home.fresh, 1);
        let (large, files) = (noise(20 << 20), bucket(&server, "berkas"));
        for (name, content) in [("ab/besar", large.as_slice()), ("ab/kecil", b"satu"), (".sedang/diterima", b"x")] {
            let mut draft = files.create(name).unwrap();
            draft.write_all(content).unwrap();
            draft.keep().unwrap();
        }
        let plan = Plan { place: bucket(&server, "cadangan"), files: Some(files), ..home.plan() };
        let made = make(&home.fresh, &home.clock, &plan).unwrap();
        assert_eq!(made.manifest.files.as_ref().map(|files| (files.count, files.new)), Some((2, 2)));
        let empty = (engine == Engine::Postgres)
            .then(|| crate::testing::Fresh::empty(engine, &crate::database::Options::default()));
        let target = home.target("pulih", empty.as_ref());
        let restored = restore(&*plan.place, &made.manifest.id, &home.identity, &target).unwrap();
        assert!(restored.is_whole(), "{engine:?}");
        assert!(std::fs::read(target.files.join("ab/besar")).unwrap() == large, "sent and read in parts");
        assert_eq!(std::fs::read(target.files.join("ab/kecil")).unwrap(), b"satu");
    }
}

#[test]
fn a_server_that_is_gone_is_said_and_the_earlier_backup_is_there_when_it_is_back() {
    let home = Home::new(Engine::Sqlite);
    let (runtime, mut server) = server();
    record(&home.fresh, 1);
    let plan = Plan { place: bucket(&server, "cadangan"), ..home.plan() };
    let first = make(&home.fresh, &home.clock, &plan).unwrap().manifest.id;
    runtime.block_on(server.stop());
    home.clock.advance(Duration::DAY);
    let failed = make(&home.fresh, &home.clock, &plan);
    assert!(matches!(failed, Err(BackupError::Place { .. })), "{failed:?}");
    runtime.block_on(server.resume());
    assert_eq!(list(&*plan.place).unwrap(), std::slice::from_ref(&first), "what was made stays");
    home.clock.advance(Duration::DAY);
    make(&home.fresh, &home.clock, &plan).unwrap();
    assert_eq!(list(&*plan.place).unwrap().len(), 2);
    let restored = restore(&*plan.place, &first, &home.identity, &home.target("pulih", None)).unwrap();
    assert!(restored.is_whole());
}
