//! What kind a file is, by its content. The name is only what its sender calls it.

use crate::database::{Column, Value};

/// The kinds of files that can be taken at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A photograph or drawing as JPEG.
    Jpeg,
    /// A picture as PNG.
    Png,
    /// A picture as WebP: kept as JPEG, or as PNG when it is transparent somewhere.
    Webp,
    /// A document as PDF.
    Pdf,
    /// A text document of an office program.
    Docx,
    /// A workbook.
    Xlsx,
    /// A presentation.
    Pptx,
    /// A text document as `OpenDocument`.
    Odt,
    /// A workbook as `OpenDocument`.
    Ods,
    /// A presentation as `OpenDocument`.
    Odp,
    /// A document of an office program from before 2007.
    OldOffice,
    /// A table as text.
    Csv,
    /// An archive.
    Zip,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::OldOffice,
        Self::Csv,
        Self::Zip,
    ];

    /// Pictures.
    pub const PICTURES: &[Self] = &[Self::Jpeg, Self::Png, Self::Webp];

    /// The stable name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Odp => "odp",
            Self::OldOffice => "old-office",
            Self::Csv => "csv",
            Self::Zip => "zip",
        }
    }

    /// The kind of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is a picture.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }

    /// As a header says it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::OldOffice => "application/octet-stream",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Zip => "application/zip",
        }
    }

    /// Endings of names that fit; the first is the usual one.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::OldOffice => &["doc", "xls", "ppt"],
            Self::Csv => &["csv", "txt"],
            Self::Zip => &["zip"],
        }
    }

    /// The kind of what begins like this; nothing when no kind of ours does.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return Some(Self::OldOffice);
        }
        match infer::get(head).map(|found| found.extension()) {
            Some("jpg") => Some(Self::Jpeg),
            Some("png") => Some(Self::Png),
            Some("webp") => Some(Self::Webp),
            Some("pdf") => Some(Self::Pdf),
            Some("docx") => Some(Self::Docx),
            Some("xlsx") => Some(Self::Xlsx),
            Some("pptx") => Some(Self::Pptx),
            Some("odt") => Some(Self::Odt),
            Some("ods") => Some(Self::Ods),
            Some("odp") => Some(Self::Odp),
            Some("zip") => Some(Self::Zip),
            Some(_) => None,
            // Books, programs and other archives begin as an archive does; `infer` knows them above.
            None if is_table(head) => Some(Self::Csv),
            None => None,
        }
    }

    /// A name for a file of this kind: of what its sender calls it without folders, signs that nobody sees and a wrong ending.
    #[must_use]
    pub fn name_for(self, called: &str) -> String {
        let plain = crate::form::visible(called.rsplit(['/', '\\']).next().unwrap_or_default());
        let plain = plain.replace(|sign: char| sign.is_control() || "\"<>:|?*;%".contains(sign), "");
        let plain = plain.trim().trim_matches('.');
        let (stem, ending) = plain.rsplit_once('.').unwrap_or((plain, ""));
        let ending = ending.to_ascii_lowercase();
        let usual = self.endings().first().copied().unwrap_or_default();
        let ending = self.endings().iter().find(|known| **known == ending).copied().unwrap_or(usual);
        let stem: String = stem.trim().chars().take(LONGEST_STEM).collect();
        format!("{}.{ending}", if stem.is_empty() { "berkas" } else { &stem })
    }
}

/// The name of a file has no more signs than this before its ending.
const LONGEST_STEM: usize = 100;

/// Whether it is text, and its first line has several columns. Markup and scripts begin with signs of their own.
fn is_table(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The last letter may be cut in two.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let text = text.trim_start_matches('\u{feff}');
    let plain = |sign: char| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t');
    let line = text.lines().next().unwrap_or_default();
    text.chars().all(plain)
        && line.contains([',', ';', '\t'])
        && !line.trim_start().starts_with(['<', '{', '#', '%', '['])
}

impl Column for Kind {
    fn read(value: Value) -> Result<Self, Value> {
        let name = String::read(value)?;
        Self::named(&name).ok_or(Value::Text(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_kind_is_told_by_the_content() {
        assert_eq!(Kind::of(b"%PDF-1.7\n"), Some(Kind::Pdf));
        assert_eq!(Kind::of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(Kind::Jpeg));
        assert_eq!(Kind::of(b"\x89PNG\r\n\x1a\n"), Some(Kind::Png));
        assert_eq!(Kind::of(b"RIFF\x10\0\0\0WEBPVP8 "), Some(Kind::Webp));
        assert_eq!(Kind::of(b"PK\x03\x04\x14\0\0\0\0\0 and so on, an archive"), Some(Kind::Zip));
        assert_eq!(Kind::of("\u{feff}nama;nilai\nDinas Sosial;88\n".as_bytes()), Some(Kind::Csv));
    }

    #[test]
    fn programs_pages_and_scripts_are_no_kind() {
        let all: [&[u8]; 8] = [
            b"MZ\x90\0\x03\0\0\0",
            b"\x7fELF\x02\x01\x01\0",
            b"<!DOCTYPE html><p>a,b</p>",
            b"<svg xmlns=\"a,b\"/>",
            b"#!/bin/sh\necho a,b\n",
            b"{\"a\": 1, \"b\": 2}",
            b"Rar!\x1a\x07\x01\0",
            b"",
        ];
        for head in all {
            assert_eq!(Kind::of(head), None, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn a_name_gets_the_ending_of_its_kind() {
        assert_eq!(Kind::Jpeg.name_for("C:\\Foto\\Loket.JPEG"), "Loket.jpeg");
        assert_eq!(Kind::Pdf.name_for("surat.pdf.exe"), "surat.pdf.pdf");
        assert_eq!(Kind::OldOffice.name_for("gaji.xls"), "gaji.xls");
        assert_eq!(Kind::Zip.name_for("../../etc/passwd"), "passwd.zip");
        assert_eq!(Kind::Png.name_for("\u{202e}gnp.\"x\r\n"), "gnp.png");
        assert_eq!(Kind::Png.name_for("..."), "berkas.png");
    }

    proptest! {
        #[test]
        fn no_beginning_brings_the_check_down(head in proptest::collection::vec(any::<u8>(), 0..600), start in 0_usize..4) {
            let beginnings: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"RIFF"];
            let _ = Kind::of(&[beginnings[start], &head].concat());
        }

        #[test]
        fn a_name_is_always_one_name(called in ".{0,200}") {
            let name = Kind::Pdf.name_for(&called);
            prop_assert!(name.ends_with(".pdf") && !name.contains(['/', '\\', '"', '\r', '\n']) && name.len() > 4);
        }
    }
}
