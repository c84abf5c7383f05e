//! The files that browsers ask for, held by the program itself: stylesheet, scripts, icons.
//!
//! Each has a path with the hash of its content, so that a browser may keep it for ever, and was compressed when the program
//! was built.

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Its name in `platform/assets`: `prima.css`.
    pub name: &'static str,
    /// Where browsers find it: `/aset/prima-1a2b3c4d.css`.
    pub path: &'static str,
    /// Its kind, as a header says it.
    pub content_type: &'static str,
    /// The file as it is.
    pub plain: &'static [u8],
    /// Compressed with Brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// Compressed with gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    /// The smallest form that `Accept-Encoding` allows, with the word for `Content-Encoding`.
    #[must_use]
    pub fn encoded(&self, accept_encoding: &str) -> (Option<&'static str>, &'static [u8]) {
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts(accept_encoding, "br") => (Some("br"), bytes),
            (_, Some(bytes)) if accepts(accept_encoding, "gzip") => (Some("gzip"), bytes),
            _ => (None, self.plain),
        }
    }
}

/// The path of an embedded file by its name. A name that does not exist gives a path that does not exist, which the browser
/// checks of every page report.
#[must_use]
pub fn url(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    found.map_or_else(|| format!("/aset/{name}"), |asset| asset.path.to_owned())
}

/// The file at a path; nothing at a path with an old hash.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// Whether a header lists an encoding without refusing it by `q=0`.
pub(crate) fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|entry| {
        let (name, settings) = entry.split_once(';').unwrap_or((entry, ""));
        let refused = settings.trim().strip_prefix("q=").is_some_and(|weight| weight.trim().parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn stylesheet() -> &'static Asset {
        find(&url("prima.css")).expect("the stylesheet is embedded")
    }

    #[test]
    fn the_path_of_a_file_holds_a_hash_of_its_content() {
        let path = url("prima.css");
        let hash = path.strip_prefix("/aset/prima-").and_then(|rest| rest.strip_suffix(".css")).unwrap();
        assert!(hash.len() == 8 && hash.chars().all(|digit| digit.is_ascii_hexdigit()), "{path}");
    }

    #[test]
    fn a_path_with_an_old_hash_leads_nowhere() {
        assert!(find("/aset/prima-00000000.css").is_none());
    }

    #[test]
    fn both_compressed_forms_unfold_to_the_file() {
        let mut unfolded = Vec::new();
        flate2::read::GzDecoder::new(stylesheet().gzip.unwrap()).read_to_end(&mut unfolded).unwrap();
        assert_eq!(unfolded, stylesheet().plain);
        unfolded.clear();
        brotli::BrotliDecompress(&mut stylesheet().brotli.unwrap(), &mut unfolded).unwrap();
        assert_eq!(unfolded, stylesheet().plain);
    }

    #[test]
    fn a_browser_gets_the_smallest_form_it_takes() {
        assert_eq!(stylesheet().encoded("gzip, deflate, br, zstd").0, Some("br"));
        assert_eq!(stylesheet().encoded("gzip, deflate").0, Some("gzip"));
        assert_eq!(stylesheet().encoded("identity"), (None, stylesheet().plain));
    }

    #[test]
    fn an_encoding_of_weight_zero_is_refused() {
        assert_eq!(stylesheet().encoded("br;q=0, gzip;q=0.5").0, Some("gzip"));
    }

    #[test]
    fn the_stylesheet_fits_the_first_round_trip_together_with_a_page() {
        assert!(stylesheet().brotli.unwrap().len() <= 11 * 1024);
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for asset in ASSETS {
            let text = String::from_utf8_lossy(asset.plain);
            for way in ["url(http", "url(//", "@import", "src=\"http", "import \"http", "fetch(\"http"] {
                assert!(!text.contains(way), "{}: {way}", asset.name);
            }
        }
    }
}
