//! What a finished document must hold, read from its pages before they become bytes.

use crate::compose::Composer;
use crate::flow::Placed;
use crate::mark::Mark;
use crate::running::Running;
use crate::satisfaction_pages::composed;
use crate::style::{BOTTOM, CELL, MARGIN, MEASURE, PAGE_HEIGHT, PAGE_WIDTH};
use crate::table::{Cell, Column, Table};
use crate::tags::Tree;
use crate::write::Page;
use crate::{ElementRow, Poster, SatisfactionReport, samples};
use krilla::tagging::TagKind;
use rules::phrase::Language;

fn written(placed: &[Placed]) -> Vec<(f32, f32, f32, String)> {
    let mut lines = Vec::new();
    for group in placed {
        for mark in &group.marks {
            if let Mark::Text { x, y, line } = mark {
                let words = line.text[line.range.clone()].to_owned();
                lines.push((group.x + x, group.y + y, line.width, words));
            }
        }
    }
    lines
}

/// All text of a page but its header and footer, with a space between lines.
fn text_of(page: &Page) -> String {
    written(&page.sheet.placed).into_iter().map(|(.., words)| words).collect::<Vec<_>>().join(" ")
}

fn pages_of(report: &SatisfactionReport) -> (Vec<Page>, Tree) {
    let (composer, cover, running) = composed(report);
    composer.pages(vec![cover], &running)
}

fn table_pages(rows: Vec<Vec<Cell>>) -> Vec<Page> {
    let mut composer = Composer::new(Language::Indonesian);
    let columns = vec![Column::words("Nomor baris", 0.3).naming_rows(), Column::numbers("Nilai", 0.7)];
    let rows = rows.into_iter().map(Into::into).collect();
    composer.table(&Table { caption: "Tabel panjang".into(), columns, rows });
    let [agency, title, unit, period] = [const { String::new() }; 4];
    let running = Running { agency, title, unit, period };
    composer.pages(Vec::new(), &running).0
}

#[test]
fn a_long_table_repeats_its_head_and_loses_no_row() {
    let pages = table_pages((0..400).map(|row| vec![Cell::plain(format!("baris-{row}")), Cell::plain("1")]).collect());
    assert!(pages.len() > 8, "{} pages", pages.len());
    let texts: Vec<String> = pages.iter().map(text_of).collect();
    assert!(texts.iter().all(|text| text.matches("Nomor baris").count() == 1), "one head on each page");
    for row in 0..400 {
        let name = format!("baris-{row} ");
        assert_eq!(texts.iter().map(|text| text.matches(&name).count()).sum::<usize>(), 1, "{name}");
    }
}

#[test]
fn a_row_longer_than_a_page_goes_on_without_losing_a_word() {
    let words: Vec<String> = (0..2500).map(|word| format!("kata{word}")).collect();
    let pages = table_pages(vec![vec![Cell::plain(words.join(" ")), Cell::plain("1")]]);
    assert!(pages.len() > 1);
    let all: String = pages.iter().map(text_of).collect();
    assert!(words.iter().all(|word| all.contains(&format!("{word} "))));
}

#[test]
fn nothing_stands_outside_the_page() {
    let mut report = samples::full_report();
    report.unit = "Badan-Pengelola-".repeat(40);
    report.elements.push(ElementRow {
        name: "x".repeat(300),
        mean: "3.1".into(),
        share: 999_999,
        ..ElementRow::default()
    });
    let (pages, _) = pages_of(&report);
    for (index, page) in pages.iter().enumerate() {
        for (x, y, width, words) in written(&page.sheet.placed) {
            assert!(x >= 0.0 && x + width <= PAGE_WIDTH - MARGIN * 0.4, "page {index}: {x} {width} {words:?}");
            assert!(y >= 0.0 && y + CELL.leading < PAGE_HEIGHT, "page {index}: {y} {words:?}");
            assert!(index == 0 || y < BOTTOM, "page {index}: {y} {words:?}");
        }
    }
}

#[test]
fn the_index_stands_on_the_cover_and_in_its_section() {
    let (pages, _) = pages_of(&samples::full_report());
    assert!(text_of(&pages[0]).contains("82,68"));
    let section =
        pages.iter().map(text_of).find(|text| text.contains("Indeks dan kategori mutu") && text.contains("Rumus"));
    assert!(section.is_some_and(|text| text.contains("82,68")));
}

#[test]
fn contents_name_the_page_of_each_section() {
    let (pages, _) = pages_of(&samples::full_report());
    let contents = text_of(&pages[1]);
    for (index, page) in pages.iter().enumerate() {
        for (bookmark, _) in page.sheet.bookmarks.iter().filter(|(bookmark, _)| bookmark.level == 1) {
            let (_, title) = bookmark.title.split_once("  ").unwrap();
            assert!(contents.contains(&format!("{title}  {}", index + 1)), "{title} on page {}: {contents}", index + 1);
        }
    }
}

#[test]
fn no_title_is_the_last_thing_on_a_page() {
    let (pages, _) = pages_of(&samples::full_report());
    for page in &pages {
        let lowest = written(&page.sheet.placed).into_iter().map(|(_, y, ..)| y).fold(0.0, f32::max);
        assert!(page.sheet.bookmarks.iter().all(|(_, y)| *y < lowest));
    }
}

#[test]
fn every_table_and_figure_is_tagged() {
    let (_, tree) = pages_of(&samples::full_report());
    let kinds = tree.kinds();
    let count = |wanted: fn(&TagKind) -> bool| kinds.iter().filter(|kind| wanted(kind)).count();
    // Method, three profiles, elements, validity, bands, two plans, steps.
    assert_eq!(count(|kind| matches!(kind, TagKind::Table(_))), 10);
    // Bars, shares of answers, ruler, trend, QR code.
    assert_eq!(count(|kind| matches!(kind, TagKind::Figure(_))), 5);
    assert_eq!(count(|kind| matches!(kind, TagKind::Hn(heading) if heading.level().get() == 1)), 1);
}

#[test]
fn what_the_source_lacks_is_said_in_words() {
    let (pages, _) = pages_of(&samples::means_only_report());
    let all: String = pages.iter().map(text_of).collect();
    assert!(all.contains("Profil responden tidak tersedia dalam sumber"));
    assert!(all.contains("Tidak tersedia dalam sumber"));
    assert!(all.contains("Rencana tindak lanjut belum ditetapkan"));
}

#[test]
fn a_sign_without_glyph_is_drawn_as_a_box_and_read_as_written() {
    let mut composer = Composer::new(Language::Indonesian);
    let line = composer.setter.line("Kelurahan 中央 ꦗꦮ", CELL);
    assert!(line.text.contains("中央 ꦗꦮ"));
    assert!(line.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.glyph_id.to_u32() != 0));
}

#[test]
fn long_words_break_inside_their_column() {
    let mut composer = Composer::new(Language::Indonesian);
    let lines = composer.setter.set(&[(&"w".repeat(200), CELL)], 80.0);
    assert!(lines.len() > 5 && lines.iter().all(|line| line.width <= 80.0));
    let lines = composer.setter.set(&[("Pelayanan Administrasi Kependudukan", CELL)], MEASURE);
    assert_eq!(lines.len(), 1);
}

#[test]
fn a_result_sheet_marks_the_reached_band_once() {
    for (sheet, mark) in [(samples::service_index_sheet(), "✓ 3,92"), (samples::compliance_sheet(), "✓ 73.14")] {
        let (composer, running) = crate::result_pages::composed(&sheet);
        let (pages, _) = composer.pages(Vec::new(), &running);
        let all: String = pages.iter().map(text_of).collect();
        assert_eq!(all.matches(mark).count(), 1, "{}", sheet.title);
        assert!(sheet.bands.iter().all(|band| all.contains(&band.label)));
    }
}

fn poster_pages(poster: &Poster) -> Vec<Page> {
    let [agency, title, unit, period] = [const { String::new() }; 4];
    crate::poster::composed(poster).pages(Vec::new(), &Running { agency, title, unit, period }).0
}

#[test]
fn a_poster_holds_everything_on_one_page_in_large_letters() {
    let poster = samples::service_poster();
    let pages = poster_pages(&poster);
    assert_eq!(pages.len(), 1);
    let text = text_of(&pages[0]);
    for wanted in ["Kartu Keluarga", "1 hari kerja", "Gratis", "Buku nikah", "Pindai", "0711-350000"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let item = pages[0].sheet.placed.iter().flat_map(|placed| &placed.marks).find_map(|mark| match mark {
        Mark::Text { line, .. } if line.text.contains("Buku nikah") => Some(line.size()),
        _ => None,
    });
    assert!(item.is_some_and(|size| size >= 14.0), "{item:?}");
}

#[test]
fn a_poster_with_forty_requirements_takes_smaller_letters_and_loses_none() {
    let mut poster = samples::service_poster();
    poster.blocks[1].lines = (0..40).map(|number| format!("Syarat nomor {number}.")).collect();
    let pages = poster_pages(&poster);
    let text: String = pages.iter().map(text_of).collect();
    assert!((0..40).all(|number| text.contains(&format!("Syarat nomor {number}."))));
    for (x, y, width, words) in pages.iter().flat_map(|page| written(&page.sheet.placed)) {
        assert!(x >= MARGIN && x + width <= MARGIN + MEASURE + 1.0 && y < BOTTOM, "{x} {y} {width} {words:?}");
    }
}

#[test]
fn a_declaration_has_room_for_the_hand_of_who_signs_it() {
    let pages = poster_pages(&samples::declaration_sheet());
    let text = text_of(&pages[0]);
    assert!(pages.len() == 1 && text.contains("Kepala Dinas") && text.contains("21 November 2026"), "{text}");
}
