//! The server: one list of layers around the routes of all slices, and the listener that finishes what it accepted.

mod kept;
#[cfg(test)]
mod kept_tests;
mod layers;
mod listen;
#[cfg(test)]
mod listen_tests;
#[cfg(test)]
mod tests;

pub use listen::{Listener, Tls, serve, told_to_stop};

use crate::app::App;
use crate::assets;
use crate::database::DatabaseError;
use crate::jobs;
use crate::problem::{Problem, nothing_here};
use crate::route::Routes;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// Good compression at a tenth of a millisecond a page.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// The routes of all slices inside the layers of every request. Read from the bottom: the last layer is met first.
pub fn router(app: &App, routes: Routes) -> Router {
    let kept = kept::Pages::new(app, &routes);
    let pages = routes
        .guarded(app)
        .fallback(nothing_here)
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        // A handler that panics is a fault of ours; the next request must not notice.
        .layer(CatchPanicLayer::custom(layers::after_panic))
        // Before any handler: nothing is changed for another site.
        .layer(from_fn(layers::refuse_other_sites))
        // Whatever went wrong inside is worded here, in the visitor's language and the city's layout.
        .layer(from_fn(layers::word_problems))
        // A page that has not changed is not sent again.
        .layer(from_fn(layers::tag_pages))
        .layer(CompressionLayer::new().quality(COMPRESSION).compress_when(layers::may_be_compressed()))
        // A public page is made once for everybody, until something is committed.
        .layer(from_fn_with_state(kept, kept::keep))
        // City, language and person are found once.
        .layer(from_fn_with_state(app.clone(), layers::visit));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .merge(pages)
        // Embedded files need no city, no person and no database.
        .route("/aset/{*file}", get(asset))
        .layer(from_fn_with_state(app.clone(), layers::security_headers))
        // Outermost: everything is numbered, logged and counted, whatever happens inside.
        .layer(from_fn_with_state(app.clone(), layers::log_and_count))
        .with_state(app.clone())
}

/// The counters on `/metrics`, at an address that only operators reach, until the process ends.
///
/// # Errors
/// When the socket fails.
pub async fn serve_metrics(app: &App, socket: tokio::net::TcpListener) -> std::io::Result<()> {
    let router = Router::new().route("/metrics", get(metrics)).with_state(app.clone());
    axum::serve(socket, router).await
}

async fn metrics(State(app): State<App>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    let now = app.now();
    // Without the database the counters of this process still tell what goes on.
    match app.database().read(move |db| jobs::counts(db, now)).await {
        Ok(counts) => app.metrics().jobs(counts),
        Err(error) => tracing::warn!(%error, "jobs cannot be counted"),
    }
    match app.metrics().text() {
        Ok(text) => (kind, text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Whether this process can serve: the database begins a reading transaction.
async fn ready(State(app): State<App>) -> Response {
    match app.database().read(|_| Ok::<(), DatabaseError>(())).await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()
        }
    }
}

async fn asset(uri: Uri, headers: HeaderMap, _: Request) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(asset) = std::future::ready(assets::find(uri.path())).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (encoding, body) = asset.encoded(accepted);
    let mut response = body.into_response();
    let insert = response.headers_mut();
    insert.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(asset.content_type));
    // The name holds the hash of the content: it never changes.
    insert.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=31536000, immutable"));
    insert.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        insert.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}
