//! The least an axum server can do: one route that answers a text. What a page is measured against.

use axum::Router;
use axum::routing::get;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".into());
    let socket = tokio::net::TcpListener::bind(address).await?;
    axum::serve(socket, Router::new().route("/", get(|| async { "ok" }))).await
}
