//! A file on its way out: whole or a part, never run by the browser, never damaged without being said so.

use super::place::PlaceError;
use super::{Blob, BlobId, FileError, StoredFile};
use crate::app::App;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use quick_cache::sync::Cache;
use std::ops::Range;
use time::{Duration, OffsetDateTime};

/// A blob that was read whole and found undamaged is trusted so long.
const TRUSTED: Duration = Duration::HOUR;
/// So many blobs are remembered.
const REMEMBERED: usize = 20_000;
/// Nothing in it may run, load or send.
const POLICY: &str = "sandbox; default-src 'none'";

/// When blobs were found undamaged.
#[derive(Debug)]
pub(super) struct Verified(Cache<BlobId, OffsetDateTime>);

impl Verified {
    pub(super) fn new() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

/// Whether a file is shown in the browser or saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Saved,
    Shown,
}

/// Answers with a blob of a file.
pub(super) async fn answer(
    app: &App,
    file: &StoredFile,
    blob: &Blob,
    manner: Manner,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", blob.hash);
    if text(asked, &header::IF_NONE_MATCH).is_some_and(|tags| tags == "*" || tags.contains(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers(file, &tag, manner)?).into_response());
    }
    verify(app, file, blob).await?;
    // A part of another content than the one asked about is of no use.
    let ranged =
        text(asked, &header::RANGE).filter(|_| text(asked, &header::IF_RANGE).is_none_or(|known| known == tag));
    let part = ranged.map_or(Part::Whole, |range| part_of(range, blob.bytes));
    let (status, range) = match part {
        Part::Whole => (StatusCode::OK, 0..blob.bytes),
        Part::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::Beyond => {
            let total = format!("bytes */{}", blob.bytes);
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, total)]).into_response());
        }
    };
    let chunks = app.files().place().open(&blob.key(file.institution), range.clone()).await.map_err(FileError::from)?;
    let mut response = (status, headers(file, &tag, manner)?, Body::from_stream(chunks)).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let place = format!("bytes {}-{}/{}", range.start, range.end - 1, blob.bytes);
        out.insert(header::CONTENT_RANGE, value(&place)?);
    }
    Ok(response)
}

/// Reads a blob whole before its first byte goes out, unless that was done lately.
async fn verify(app: &App, file: &StoredFile, blob: &Blob) -> Result<(), Problem> {
    let (verified, now) = (&app.files().verified().0, app.now());
    if verified.get(&blob.id).is_some_and(|at| now - at < TRUSTED && at <= now) {
        return Ok(());
    }
    let found = app.files().place().verify(&blob.key(file.institution), blob.bytes, &blob.hash).await;
    match found {
        Ok(()) => {
            verified.insert(blob.id, now);
            Ok(())
        }
        Err(error) => {
            if matches!(error, PlaceError::Damaged | PlaceError::Missing) {
                tracing::error!(%error, file = %file.id, blob = %blob.id, "a file cannot be given as it was stored");
            }
            Err(FileError::from(error).into())
        }
    }
}

fn headers(file: &StoredFile, tag: &str, manner: Manner) -> Result<HeaderMap, Problem> {
    let (way, policy) = match manner {
        Manner::Saved => ("attachment", POLICY),
        Manner::Shown => ("inline", POLICY),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind.content_type()));
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition(way, &file.name))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // As it is: a part of a compressed answer would be a part of something else. Who may read can change any time.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-transform"));
    headers.insert(header::ETAG, value(tag)?);
    Ok(headers)
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(Problem::internal)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The name in both forms of RFC 6266: plain letters for old programs, all letters for the others.
fn disposition(way: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || "-_. ()".contains(sign) { sign } else { '_' })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Some(Range<u64>),
    Beyond,
}

/// The part that a `Range` header asks for. Several parts at once, or what is no range, give the whole.
fn part_of(asked: &str, total: u64) -> Part {
    let Some((first, last)) = asked.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(total),
        (Ok(first), Err(_)) if last.is_empty() => first..total,
        (Err(_), Ok(length)) if first.is_empty() && length > 0 => total.saturating_sub(length)..total,
        _ => return Part::Whole,
    };
    if range.start >= range.end { Part::Beyond } else { Part::Some(range) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_are_those_of_rfc_9110() {
        assert_eq!(part_of("bytes=0-499", 1000), Part::Some(0..500));
        assert_eq!(part_of("bytes=500-", 1000), Part::Some(500..1000));
        assert_eq!(part_of("bytes=-200", 1000), Part::Some(800..1000));
        assert_eq!(part_of("bytes=-5000", 1000), Part::Some(0..1000));
        assert_eq!(part_of("bytes=900-5000", 1000), Part::Some(900..1000));
        assert_eq!(part_of("bytes=1000-", 1000), Part::Beyond);
        for none in ["bytes=5-2", "bytes=-0", "bytes=-", "bytes=0-1,4-5", "items=0-5", "bytes=a-b"] {
            assert_eq!(part_of(none, 1000), Part::Whole, "{none}");
        }
    }

    #[test]
    fn a_name_travels_in_both_forms() {
        let line = disposition("attachment", "Foto \"loket\" é.jpg");
        assert_eq!(
            line,
            "attachment; filename=\"Foto _loket_ _.jpg\"; filename*=UTF-8''Foto%20%22loket%22%20%C3%A9.jpg"
        );
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_whole(asked in "bytes=[0-9]{0,5}-[0-9]{0,5}", total in 1_u64..100_000) {
            if let Part::Some(range) = part_of(&asked, total) {
                prop_assert!(range.start < range.end && range.end <= total);
            }
        }
    }
}
