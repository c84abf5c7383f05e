//! Logs, and traces when a collector is named. Neither holds a name, an address, a path as typed or anything a person sent.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::io::IsTerminal as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _};

/// How the program speaks to its operator.
#[derive(Debug, Clone, Default)]
pub struct Telemetry {
    /// What is logged, as `tracing` writes filters: `info`, `warn,platform=debug`.
    pub filter: String,
    /// One JSON object a line instead of text for people.
    pub json: bool,
    /// Where traces go: `http://host:4318/v1/traces`.
    pub traces: Option<String>,
}

/// Keeps the traces flowing; when dropped, those that wait are sent.
#[derive(Debug, Default)]
pub struct Flow(Option<SdkTracerProvider>);

impl Drop for Flow {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.take().map(|provider| provider.shutdown()) {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// Something that keeps logs or traces from starting.
#[derive(Debug)]
pub enum TelemetryError {
    /// The filter cannot be read.
    Filter(tracing_subscriber::filter::ParseError),
    /// The collector's address cannot be used.
    Collector(opentelemetry_otlp::ExporterBuildError),
    /// Logging was started twice.
    Started(TryInitError),
}

impl std::fmt::Display for TelemetryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Filter(error) => write!(f, "log filter: {error}"),
            Self::Collector(error) => write!(f, "trace collector: {error}"),
            Self::Started(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for TelemetryError {}

/// Starts logs on standard error, and traces when asked.
///
/// # Errors
/// See [`TelemetryError`].
pub fn start(settings: &Telemetry) -> Result<Flow, TelemetryError> {
    let filter = EnvFilter::try_new(&settings.filter).map_err(TelemetryError::Filter)?;
    let provider = settings.traces.as_deref().map(provider).transpose()?;
    let colours = std::io::stderr().is_terminal();
    let text = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    let logs = if settings.json { text.json().boxed() } else { text.compact().boxed() };
    let traces = provider.as_ref().map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("prima")));
    tracing_subscriber::registry().with(filter).with(logs).with(traces).try_init().map_err(TelemetryError::Started)?;
    Ok(Flow(provider))
}

fn provider(address: &str) -> Result<SdkTracerProvider, TelemetryError> {
    // What sends traces takes the one that stands for the whole process; another part may have set it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exporter =
        SpanExporter::builder().with_http().with_endpoint(address).build().map_err(TelemetryError::Collector)?;
    let resource = Resource::builder().with_service_name("prima").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::Tracer as _;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    #[test]
    fn traces_reach_the_collector_that_is_named() {
        let collector = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/v1/traces", collector.local_addr().unwrap());
        let received = std::thread::spawn(move || {
            let (mut stream, _) = collector.accept().unwrap();
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&bytes[..read]).into_owned()
        });
        let provider = provider(&address).unwrap();
        provider.tracer("prima").in_span("GET /kinerja", |_| {});
        drop(Flow(Some(provider)));
        let request = received.join().unwrap();
        assert!(request.starts_with("POST /v1/traces HTTP/1.1"), "{request}");
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_said() {
        let settings = Telemetry { filter: "platform=sangat".into(), ..Telemetry::default() };
        assert!(matches!(start(&settings), Err(TelemetryError::Filter(_))));
    }
}
