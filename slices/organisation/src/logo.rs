//! The logo of an institution: a small SVG or PNG that can do nothing but be looked at.
//!
//! An SVG can hold scripts, pages and links to elsewhere. Only elements that draw are taken; what is not known is refused by name.

use crate::fault::Fault;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use rules::phrase::Phrase;
use sha2::{Digest as _, Sha256};

/// The most bytes of an SVG.
pub(crate) const MOST_SVG: usize = 3 * 1024;
/// The most bytes of a PNG.
pub(crate) const MOST_PNG: usize = 32 * 1024;
/// The most dots of a PNG in each direction: a few bytes can claim to unpack to gigabytes.
const MOST_DOTS: u32 = 1024;

/// A logo that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// `image/svg+xml` or `image/png`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Logo {
    /// The logo in a file, or what is wrong with it.
    ///
    /// # Errors
    /// The fault, of the field `logo`.
    pub fn check(bytes: Vec<u8>) -> Result<Self, Fault> {
        let (content_type, most) =
            if bytes.starts_with(PNG) { ("image/png", MOST_PNG) } else { ("image/svg+xml", MOST_SVG) };
        if bytes.len() > MOST_PNG || (bytes.len() > most && looks_like_svg(&bytes)) {
            let phrase = Phrase::new("fault.logo-large")
                .with("svg", (MOST_SVG / 1024) as u64)
                .with("png", (MOST_PNG / 1024) as u64);
            return Err(Fault { field: "logo", phrase });
        }
        if content_type == "image/png" {
            check_png(&bytes)?
        } else {
            check_svg(&bytes)?
        }
        Ok(Self { content_type, bytes })
    }

    /// The fingerprint in its address.
    #[must_use]
    pub fn hash(&self) -> String {
        Sha256::digest(&self.bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn refused(key: &'static str) -> Fault {
    Fault::new("logo", key)
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains("<svg")
}

/// Follows the chunks of a PNG from its head to its end, with nothing behind.
fn check_png(bytes: &[u8]) -> Result<(), Fault> {
    let damaged = || refused("fault.logo-damaged");
    let mut rest = &bytes[PNG.len()..];
    let mut first = true;
    loop {
        let (length, behind) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (kind, behind) = behind.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = u32::from_be_bytes(*length) as usize;
        let content = behind.get(..length).ok_or_else(damaged)?;
        rest = behind.get(length + 4..).ok_or_else(damaged)?;
        if first {
            let side =
                |at: usize| content.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
            let (width, height) = side(0).zip(side(4)).filter(|_| kind == b"IHDR").ok_or_else(damaged)?;
            if !(1..=MOST_DOTS).contains(&width) || !(1..=MOST_DOTS).contains(&height) {
                return Err(refused("fault.logo-dots"));
            }
        }
        first = false;
        if kind == b"IEND" {
            return if rest.is_empty() { Ok(()) } else { Err(damaged()) };
        }
    }
}

/// Elements that draw, or hold what draws.
const DRAWING: [&str; 24] = [
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "symbol",
    "use",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "style",
];

/// Follows an SVG from beginning to end.
fn check_svg(bytes: &[u8]) -> Result<(), Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| refused("fault.logo-kind"))?;
    let mut reader = Reader::from_str(text);
    let (mut open, mut seen, mut in_style) = (0_usize, false, false);
    loop {
        match reader.read_event().map_err(|_| damaged(seen))? {
            Event::Start(element) => {
                check_element(&element, seen)?;
                in_style = element.name().as_ref() == "style";
                (open, seen) = (open + 1, true);
            }
            Event::Empty(element) => {
                check_element(&element, seen)?;
                seen = true;
            }
            Event::End(_) => {
                in_style = false;
                open = open.saturating_sub(1);
            }
            Event::Text(text) if in_style => check_value(&text)?,
            Event::CData(text) if in_style => check_value(&text)?,
            // A document type can define entities that unpack to anything; an instruction can name a stylesheet elsewhere.
            Event::DocType(_) | Event::PI(_) => return Err(refused("fault.logo-active")),
            Event::GeneralRef(name) if !is_plain_entity(&name) => return Err(refused("fault.logo-active")),
            Event::Eof if seen && open == 0 => return Ok(()),
            Event::Eof => return Err(damaged(seen)),
            Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::GeneralRef(_) => {}
        }
    }
}

fn damaged(begun: bool) -> Fault {
    refused(if begun { "fault.logo-damaged" } else { "fault.logo-kind" })
}

fn is_plain_entity(name: &str) -> bool {
    matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") || name.starts_with('#')
}

fn check_element(element: &BytesStart<'_>, seen: bool) -> Result<(), Fault> {
    let name = element.name().as_ref().to_owned();
    if !seen && name != "svg" {
        return Err(refused("fault.logo-kind"));
    }
    if !DRAWING.contains(&name.as_str()) {
        let phrase = Phrase::new("fault.logo-element").with("element", name);
        return Err(Fault { field: "logo", phrase });
    }
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| refused("fault.logo-damaged"))?;
        let key = attribute.key.as_ref().to_ascii_lowercase();
        let value = &attribute.value;
        let leads_away = key.rsplit(':').next() == Some("href") && !value.trim_start().starts_with('#');
        if key.starts_with("on") || leads_away {
            return Err(refused("fault.logo-active"));
        }
        if !key.starts_with("xmlns") {
            check_value(value)?;
        }
    }
    Ok(())
}

/// Refuses a value that fetches something, written openly or in disguise: entities and escapes have no use in a small drawing.
fn check_value(value: &str) -> Result<(), Fault> {
    let plain: String = value.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let fetches = plain.match_indices("url(").any(|(at, found)| {
        let target = plain[at + found.len()..].trim_start_matches(['\'', '"']);
        !target.starts_with('#')
    });
    let disguised = plain.contains('\\') || plain.contains("/*") || plain.contains('&');
    if fetches || disguised || ["@import", "javascript:", "data:", "expression("].iter().any(|bad| plain.contains(bad))
    {
        return Err(refused("fault.logo-active"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(bytes: impl Into<Vec<u8>>) -> &'static str {
        Logo::check(bytes.into()).map_or_else(|fault| fault.phrase.key, |logo| logo.content_type)
    }

    fn svg(inside: &str) -> String {
        format!("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">{inside}</svg>")
    }

    /// A head of this size and an end; what lies between matters to whoever draws it.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = PNG.to_vec();
        let head: Vec<u8> =
            [width.to_be_bytes(), height.to_be_bytes()].concat().into_iter().chain([8, 6, 0, 0, 0]).collect();
        for (kind, content) in [(b"IHDR", head.as_slice()), (b"IEND", &[])] {
            bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
            bytes.extend(kind.iter().chain(content).chain(&[0; 4]));
        }
        bytes
    }

    #[test]
    fn drawings_and_small_pictures_are_taken() {
        let drawing = "<defs><linearGradient id=\"a\"><stop offset=\"0\"/></linearGradient></defs>\
            <style>.a{fill:url(#a)}</style><path class=\"a\" d=\"M0 0h9v9z\" fill=\"url(#a)\"/><use href=\"#a\"/>";
        assert_eq!(key(svg(drawing)), "image/svg+xml");
        assert_eq!(key(png(64, 64)), "image/png");
    }

    #[test]
    fn a_drawing_that_can_act_is_refused() {
        for inside in [
            "<path onload=\"alert(1)\" d=\"\"/>",
            "<a href=\"https://evil.example\"/>",
            "<use href=\"https://evil.example/#x\"/>",
            "<use xlink:href=\"data:image/svg+xml,x\"/>",
            "<style>@import 'https://evil.example'</style>",
            "<path fill=\"url(https://evil.example)\"/>",
            "<path style=\"fill:u\\72l(//evil.example)\"/>",
            "<path fill=\"&#117;rl(//evil.example)\"/>",
            "<style>a{background:ur/**/l(x)}</style>",
        ] {
            let found = key(svg(inside));
            assert!(matches!(found, "fault.logo-active" | "fault.logo-element"), "{inside}: {found}");
        }
        for element in ["script", "foreignObject", "image", "animate", "set", "iframe", "svg:script", "SCRIPT"] {
            assert_eq!(key(svg(&format!("<{element}/>"))), "fault.logo-element", "{element}");
        }
        let entities = format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{}", svg("&a;"));
        assert_eq!(key(entities), "fault.logo-active");
        assert_eq!(key(format!("<?xml-stylesheet href=\"//evil.example\"?>{}", svg(""))), "fault.logo-active");
    }

    #[test]
    fn what_is_too_large_or_no_picture_is_refused() {
        assert_eq!(key(svg(&" ".repeat(MOST_SVG))), "fault.logo-large");
        assert_eq!(key(vec![0; MOST_PNG + 1]), "fault.logo-large");
        assert_eq!(key(png(64, 70_000)), "fault.logo-dots");
        assert_eq!(key("<html/>"), "fault.logo-kind");
        assert_eq!(key(""), "fault.logo-kind");
        assert_eq!(key(b"\xff\xd8\xff".to_vec()), "fault.logo-kind");
        assert_eq!(key("<svg><g></svg>"), "fault.logo-damaged");
        assert_eq!(key([png(64, 64), b"<script>".to_vec()].concat()), "fault.logo-damaged");
    }

    proptest! {
        #[test]
        fn no_bytes_bring_the_check_down(start in 0_usize..3, bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let beginnings: [&[u8]; 3] = [b"", PNG, b"<svg "];
            let _ = Logo::check([beginnings[start], &bytes].concat());
        }
    }
}
