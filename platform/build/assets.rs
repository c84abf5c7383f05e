//! Puts the files of `assets/` into the program: each with a name that holds its hash, and compressed once, at its smallest.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Writes `assets.rs`, which `src/assets.rs` includes. The folder `source` is left out: what is made from it is committed.
pub(crate) fn embed() {
    // Asked when it runs: a checkout elsewhere may run the script that another one compiled.
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let folder = Path::new(&package).join("assets");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(&folder).expect("platform/assets can be listed");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    files.sort();
    let mut text = String::from("static ASSETS: &[Asset] = &[\n");
    for path in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        row(&mut text, path, &out);
    }
    text.push_str("];\n");
    fs::write(out.join("assets.rs"), text).expect("the folder of the build can be written");
}

fn row(text: &mut String, path: &Path, out: &Path) {
    let name = path.file_name().and_then(|name| name.to_str()).expect("names of assets are plain");
    let (stem, extension) = name.rsplit_once('.').unwrap_or_else(|| panic!("{name}: give it an extension"));
    let content = fs::read(path).expect("an asset can be read");
    let hash = hash(&content);
    let brotli = kept(&content, brotli(&content), &out.join(format!("{name}.br")));
    let gzip = kept(&content, gzip(&content), &out.join(format!("{name}.gz")));
    let _ = writeln!(
        text,
        "    Asset {{ name: {name:?}, path: \"/aset/{stem}-{hash}.{extension}\", content_type: {:?}, \
         plain: include_bytes!({:?}), brotli: {brotli}, gzip: {gzip} }},",
        content_type(extension, name),
        path.display().to_string()
    );
}

fn content_type(extension: &str, name: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => panic!("{name}: say in build/assets.rs what kind of file this is"),
    }
}

/// The compressed form as an expression of the table; nothing when it is not smaller than the file.
fn kept(content: &[u8], compressed: Vec<u8>, path: &Path) -> String {
    if compressed.len() >= content.len() {
        return "None".into();
    }
    fs::write(path, compressed).expect("the folder of the build can be written");
    format!("Some(include_bytes!({:?}))", path.display().to_string())
}

fn brotli(content: &[u8]) -> Vec<u8> {
    let mut made = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut made, &settings).expect("memory can be written");
    made
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// Eight hexadecimal digits of FNV-1a: enough to tell two versions of one file apart; nothing secret rests on it.
fn hash(content: &[u8]) -> String {
    let wide = content
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:08x}", (wide >> 32) ^ (wide & 0xffff_ffff))
}
