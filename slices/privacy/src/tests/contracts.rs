//! What every slice keeps to.

use crate::{STATEMENTS, WORDS, routes};
use platform::route::Audience;

/// Statements that see rows of every city, each with its reason.
const CITYLESS: &[(&str, &str)] = &[
    ("HELD_NAME", KEYS),
    ("HELD_EMAIL", KEYS),
    ("INDEXED_EMAIL", KEYS),
    ("HELD_PHONE", KEYS),
    ("INDEXED_PHONE", KEYS),
    ("HELD_NIK", KEYS),
    ("INDEXED_NIK", KEYS),
    ("HELD_ABOUT", KEYS),
    ("HELD_ANSWER", KEYS),
    ("HELD_COPY", KEYS),
    ("HELD_WHAT", KEYS),
    ("HELD_HOW", KEYS),
    ("HELD_HANDLING", KEYS),
];

const KEYS: &str = "whether a key may be retired is asked of the whole installation; a number is all they give";

#[test]
fn the_words_are_complete_and_all_used() {
    platform::testing::words(&WORDS, env!("CARGO_MANIFEST_DIR"), &[]);
}

#[test]
fn every_statement_is_accepted_by_both_engines() {
    platform::testing::prepare_all(STATEMENTS);
}

#[test]
fn every_statement_names_its_institution() {
    let all: Vec<platform::database::Sql> = STATEMENTS.iter().copied().flatten().copied().collect();
    platform::testing::statements_name_their_institution(&all, CITYLESS);
}

#[test]
fn without_a_role_one_only_asks_and_follows() {
    let routes = routes();
    let open: Vec<&str> = routes
        .declarations()
        .filter(|route| !matches!(route.audience, Audience::May(_)))
        .map(|route| route.path)
        .collect();
    let expected = [
        "/data-pribadi",
        "/data-pribadi/permintaan",
        "/data-pribadi/permintaan",
        "/data-pribadi/permintaan/{token}",
        "/data-pribadi/permintaan/{token}/salinan",
        "/akun/data-pribadi",
        "/akun/data-pribadi",
    ];
    assert_eq!(open, expected);
}

#[tokio::test]
async fn the_public_page_tells_every_holding_the_officer_and_the_rights() {
    let fresh = platform::testing::migrated_sqlite();
    let city = super::City::new(fresh.clone()).await;
    let officer = city.as_role(platform::identity::Role::DataProtectionOfficer);
    let path = "/kelola/data-pribadi/kegiatan";
    let form = [("name", "Bagian Hukum"), ("contact", "pdp@contoh.go.id"), ("recipients", "BSSN"), ("version", "0")];
    assert_eq!(officer.post(path, &form).await.status, 303);
    assert_eq!(officer.post(path, &form).await.status, 409, "of an older page");
    let activity = [
        ("title", "Buku tamu"),
        ("purpose", "Keamanan"),
        ("people", "Nama tamu"),
        ("basis", "public-task"),
        ("recipients", "Tidak ada"),
        ("retention", "1 tahun"),
        ("protection", "Lemari terkunci"),
    ];
    assert_eq!(officer.post(&format!("{path}/baru"), &activity).await.status, 303);
    let page = city.browser().get("/data-pribadi").await;
    for told in
        ["Bagian Hukum", "pdp@contoh.go.id", "BSSN", "Buku tamu", "Pasal 20 ayat 2 huruf e", "UU 43/2009", "3 × 24 jam"]
    {
        assert!(page.says(told), "{told}: {}", page.text());
    }
    for holding in super::HOLDINGS.iter().copied().flatten() {
        for part in ["what", "purpose", "recipients", "retention", "protection"] {
            let words = (holding.words)(part, rules::phrase::Language::Indonesian);
            assert!(!words.starts_with("holding"), "{} has no words for {part}", holding.name);
            assert!(page.text().contains(words.split(['"', '\'', '&']).next().unwrap_or_default()), "{words}");
        }
    }
    let wrong = officer.post(&format!("{path}/baru"), &activity[1..]).await;
    assert!(wrong.status == 422 && wrong.says("Lemari terkunci"));
}
