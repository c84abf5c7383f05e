//! Sheets to hang: they are read back from the PDF, and their code leads to the page.

use super::world::{HERE, World};
use lopdf::{Document, Object};
use platform::testing::Answer;

/// Everything that is written on the pages, in the order it is drawn, without the spaces between lines.
fn written(answer: &Answer) -> String {
    assert!(answer.status == 200 && answer.bytes.starts_with(b"%PDF-1.7"), "{}", answer.status);
    let document = Document::load_mem(&answer.bytes).expect("it can be read back");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    assert_eq!(pages.len(), 1, "one sheet");
    document.extract_text(&pages).expect("its text can be read").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What readers are told the figures are.
fn figures(answer: &Answer) -> Vec<String> {
    let document = Document::load_mem(&answer.bytes).expect("it can be read back");
    let told = document.objects.values().filter_map(|object| match object {
        Object::Dictionary(own)
            if own.get(b"S").is_ok_and(|kind| kind.as_name().is_ok_and(|name| name == b"Figure")) =>
        {
            own.get(b"Alt").ok().and_then(|text| lopdf::decode_text_string(text).ok())
        }
        _ => None,
    });
    told.collect()
}

#[tokio::test]
async fn the_poster_of_a_service_tells_what_people_come_for_and_leads_to_its_page() {
    let world = World::new().await;
    let slug = world.published("Penerbitan Kartu Keluarga baru").await;
    let browser = world.browser.at(HERE);
    let page = browser.get(&format!("/layanan/{slug}")).await;
    assert!(page.says(&format!("/layanan/{slug}/poster.pdf")), "{}", page.text());
    let poster = browser.get(&format!("/layanan/{slug}/poster.pdf")).await;
    let text = written(&poster);
    for wanted in ["Penerbitan Kartu Keluarga baru", "1 hari kerja", "Gratis", "Buku nikah", "berhak menolak"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let figures = figures(&poster);
    assert!(figures.iter().any(|told| told.ends_with(&format!("{HERE}/layanan/{slug}"))), "{figures:?}");
    let english = written(&browser.get(&format!("/layanan/{slug}/poster.pdf?lang=en")).await);
    assert!(english.contains("1 working day") && english.contains("Scan to read everything"), "{english}");
    let again = browser.get(&format!("/layanan/{slug}/poster.pdf?lang=id")).await;
    assert!(poster.bytes == again.bytes, "the same sheet whenever it is asked for");
}

#[tokio::test]
async fn a_draft_has_no_poster_and_a_unit_without_a_declaration_no_sheet() {
    let world = World::new().await;
    let city = world.here.clone();
    let entered = world.database.write(move |db| {
        let facts = super::world::typed("Akta kelahiran").check().map_err(crate::Refused::Faults)?;
        crate::enter_service(db, &city.desk(), city.office.id, &facts, false)
    });
    entered.await.expect("entered");
    let browser = world.browser.at(HERE);
    assert_eq!(browser.get("/layanan/akta-kelahiran/poster.pdf").await.status, 404);
    assert_eq!(browser.get("/maklumat/dinas-kependudukan/maklumat.pdf").await.status, 404);
}

#[tokio::test]
async fn the_sheet_of_a_declaration_names_who_signs_and_leads_to_its_page() {
    let world = World::new().await;
    let city = world.here.clone();
    let declared = world.database.write(move |db| {
        let desk = city.desk();
        let text = "Kami sanggup melayani sesuai Standar Pelayanan.";
        let draft = crate::write_declaration(db, &desk, city.office.id, 0, (text, "Kepala Dinas"))?;
        crate::publish_declaration(db, &desk, city.office.id, draft.version, time::macros::date!(2026 - 11 - 02))
    });
    declared.await.expect("declared");
    let browser = world.browser.at(HERE);
    let page = browser.get("/maklumat/dinas-kependudukan").await;
    assert!(page.says("/maklumat/dinas-kependudukan/maklumat.pdf"), "{}", page.text());
    let sheet = browser.get("/maklumat/dinas-kependudukan/maklumat.pdf").await;
    let text = written(&sheet);
    for wanted in ["Maklumat Pelayanan", "sanggup melayani", "Kepala Dinas", "2 November 2026"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(figures(&sheet).iter().any(|told| told.ends_with("/maklumat/dinas-kependudukan")));
}
