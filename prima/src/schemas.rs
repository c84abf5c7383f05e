//! The JSON Schemas of all outputs are published in `docs/schemas/` and always those of the code.

use crate::city::DoctorFile;
use crate::classify::ClassifyFile;
use crate::deadline::DeadlineFile;
use crate::path::PathFile;
use crate::sample_size::SampleSizeFile;
use calculation::ResultFile;
use calculation::verify::VerifyFile;
use platform::backup::Manifest;
use schemars::{JsonSchema, schema_for};
use std::path::Path;

/// Compares a published schema with the code's. `PRIMA_BLESS=1 cargo test -p prima schemas` writes them anew.
fn published<T: JsonSchema>(name: &str) {
    let schema = serde_json::to_string_pretty(&schema_for!(T)).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas").join(format!("{name}.json"));
    if std::env::var_os("PRIMA_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &schema).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == schema,
        "docs/schemas/{name}.json is not the code's; run `PRIMA_BLESS=1 cargo test -p prima schemas`"
    );
}

#[test]
fn published_schemas_are_those_of_the_code() {
    published::<ResultFile>("score");
    published::<ClassifyFile>("classify");
    published::<DeadlineFile>("deadline");
    published::<SampleSizeFile>("sample-size");
    published::<PathFile>("path");
    published::<VerifyFile>("verify");
    published::<Manifest>("backup");
    published::<DoctorFile>("doctor");
}
