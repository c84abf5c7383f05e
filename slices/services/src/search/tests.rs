//! The search from outside: what is found by which words, and that nothing is lost by a slip.

use super::index::{Index, UnitNames};
use super::{Found, Wanted};
use crate::service::{Channel, Service, ServiceFacts, ServiceId, ServiceState};
use platform::identity::UnitId;
use proptest::prelude::*;
use std::sync::LazyLock;
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

static OFFICE: LazyLock<UnitId> = LazyLock::new(|| UnitId::new(NOW));
static COUNTER: LazyLock<UnitId> = LazyLock::new(|| UnitId::new(NOW));

fn units() -> UnitNames {
    let office = (*OFFICE, "Dinas Kependudukan dan Pencatatan Sipil Disdukcapil".to_owned());
    UnitNames::from([office, (*COUNTER, "Polres Contoh".to_owned())])
}

fn service(name: &str, category: &str, unit: UnitId) -> Service {
    let facts = ServiceFacts {
        name: name.into(),
        category: category.into(),
        channels: vec![Channel::Counter],
        ..ServiceFacts::default()
    };
    Service {
        id: ServiceId::new(NOW),
        slug: organisation::slug(name, |_| false),
        unit,
        facts,
        state: ServiceState::Published,
        example: false,
        version: 1,
        created_at: NOW,
        changed_at: NOW,
        published_at: Some(NOW),
    }
}

const NAMES: [&str; 16] = [
    "Penerbitan Kartu Keluarga baru",
    "Penerbitan KTP-el baru",
    "Penggantian KTP-el karena hilang",
    "Penggantian KTP-el karena rusak",
    "Akta kelahiran",
    "Akta kematian",
    "Surat keterangan pindah keluar daerah",
    "Kartu Identitas Anak",
    "Perpanjangan SIM A",
    "Surat Keterangan Catatan Kepolisian",
    "Persetujuan Bangunan Gedung rumah tinggal",
    "Nomor Induk Berusaha perseorangan",
    "Kartu pencari kerja",
    "Pembayaran pajak kendaraan bermotor tahunan",
    "Paspor biasa elektronik",
    "Pengujian kendaraan angkutan barang",
];

fn index(names: &[&str]) -> Index {
    let mut index = Index::default();
    for name in names {
        index.put(&service(name, "kependudukan", *OFFICE), &units());
    }
    index.settle();
    index
}

fn find(index: &Index, typed: &str) -> Found {
    index.find(&Wanted { typed: typed.into(), ..Wanted::default() }, 0, 20)
}

fn first(typed: &str) -> String {
    let found = find(&index(&NAMES), typed);
    found.page.first().map_or_else(String::new, |listed| listed.name.clone())
}

#[test]
fn people_find_what_they_mean_by_their_own_words() {
    assert_eq!(first("ktp ilang"), "Penggantian KTP-el karena hilang");
    assert_eq!(first("akte lahir"), "Akta kelahiran");
    assert_eq!(first("kk"), "Penerbitan Kartu Keluarga baru");
    assert_eq!(first("surat pindah"), "Surat keterangan pindah keluar daerah");
    assert_eq!(first("perpanjang sim"), "Perpanjangan SIM A");
    assert_eq!(first("skck"), "Surat Keterangan Catatan Kepolisian");
    assert_eq!(first("imb"), "Persetujuan Bangunan Gedung rumah tinggal");
    assert_eq!(first("kartu kuning"), "Kartu pencari kerja");
    assert_eq!(first("bayar pajak motor"), "Pembayaran pajak kendaraan bermotor tahunan");
    assert_eq!(first("cara bikin paspor"), "Paspor biasa elektronik");
}

#[test]
fn a_slip_or_half_a_word_is_enough() {
    assert_eq!(first("kartu kelurga"), "Penerbitan Kartu Keluarga baru");
    assert_eq!(first("kematain"), "Akta kematian");
    assert_eq!(first("pasport"), "Paspor biasa elektronik");
    assert_eq!(first("bangun gedu"), "Persetujuan Bangunan Gedung rumah tinggal");
}

#[test]
fn when_nothing_fits_the_three_nearest_are_told_and_never_more() {
    let found = find(&index(&NAMES), "ktp untuk kucing");
    assert_eq!((found.total, found.page.len(), found.near.len()), (0, 0, 3));
    assert!(found.near.iter().all(|listed| listed.name.contains("KTP")), "{:?}", found.near);
    let nothing = find(&index(&NAMES), "zzzzzz qqqqqq");
    assert_eq!((nothing.total, nothing.near.len()), (0, 0));
}

#[test]
fn filters_narrow_what_is_found_and_leave_the_order() {
    let mut index = index(&NAMES[..8]);
    index.put(&service("Perpanjangan SIM A", "kendaraan", *COUNTER), &units());
    index.settle();
    let of_unit = Wanted { units: Some(vec![*COUNTER]), ..Wanted::default() };
    assert_eq!(index.find(&of_unit, 0, 20).total, 1);
    let of_category = Wanted { typed: "kartu".into(), category: Some("kependudukan"), ..Wanted::default() };
    assert_eq!(index.find(&of_category, 0, 20).total, find(&index, "kartu").total);
    let elsewhere = Wanted { typed: "kartu".into(), category: Some("kendaraan"), ..Wanted::default() };
    assert_eq!(index.find(&elsewhere, 0, 20).total, 0);
    let online = Wanted { channel: Some(Channel::Online), ..Wanted::default() };
    assert_eq!(index.find(&online, 0, 20).total, 0);
    let names: Vec<String> =
        index.find(&Wanted::default(), 0, 20).page.iter().map(|listed| listed.name.to_lowercase()).collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn a_service_is_found_by_the_office_that_gives_it_after_those_named_so() {
    let mut index = index(&NAMES[..3]);
    index.put(&service("Konsultasi", "informasi", *COUNTER), &units());
    index.settle();
    assert_eq!(find(&index, "polres").page[0].name, "Konsultasi");
}

#[test]
fn a_service_that_was_renamed_or_withdrawn_is_not_found_by_what_it_was() {
    let mut index = index(&NAMES);
    let mut changed = service("Legalisir ijazah", "pendidikan", *OFFICE);
    index.put(&changed, &units());
    index.settle();
    assert_eq!(find(&index, "ijazah").total, 1);
    changed.facts.name = "Pengesahan rapor".into();
    index.put(&changed, &units());
    index.settle();
    assert_eq!((find(&index, "ijazah").total, find(&index, "rapor").total), (0, 1));
    changed.state = ServiceState::Withdrawn;
    index.put(&changed, &units());
    index.settle();
    assert_eq!((find(&index, "rapor").total, index.len()), (0, NAMES.len() as u64));
    // What was a word before is a slip now.
    index.put_all(&[service("Pengesahan rapot", "pendidikan", *OFFICE)], &units());
    assert_eq!(find(&index, "rapor").total, 1);
}

#[test]
fn the_pages_of_a_long_list_hold_every_service_once() {
    let names: Vec<String> = (0..95).map(|number| format!("Izin usaha nomor {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let index = index(&names);
    let wanted = Wanted { typed: "izin".into(), ..Wanted::default() };
    let mut seen: Vec<String> = Vec::new();
    for page in 0..5 {
        let found = index.find(&wanted, page * 20, 20);
        assert_eq!(found.total, 95);
        seen.extend(found.page.into_iter().map(|listed| listed.slug));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 95);
}

/// One slip in a word: a letter dropped, doubled, changed, or swapped with the next.
fn slipped(word: &str, kind: u8, at: usize, letter: char) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = at % letters.len();
    match kind % 4 {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = letter,
        _ if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => {}
    }
    letters.into_iter().collect()
}

/// Names of two to four of these words.
fn any_names() -> impl Strategy<Value = Vec<String>> {
    let words: Vec<String> = NAMES
        .iter()
        .flat_map(|name| organisation::plain(name).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let name = proptest::collection::vec(proptest::sample::select(words), 2..5).prop_map(|words| words.join(" "));
    proptest::collection::vec(name, 1..30)
}

proptest! {
    #[test]
    fn every_service_is_found_by_its_own_name(names in any_names()) {
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let index = index(&texts);
        for name in &names {
            let found = index.find(&Wanted { typed: name.clone(), ..Wanted::default() }, 0, 100);
            prop_assert!(found.page.iter().any(|listed| listed.name == *name), "{name}: {:?}", found);
        }
    }

    #[test]
    fn one_slip_in_a_word_of_five_letters_or_more_still_finds_the_service(
        name in proptest::sample::select(NAMES.to_vec()), word in 0_usize..6, kind in 0_u8..4, at in 0_usize..20, letter in proptest::char::range('a', 'z'),
    ) {
        let index = index(&NAMES);
        let plain = organisation::plain(name);
        let words: Vec<&str> = plain.split(' ').collect();
        let word = word % words.len();
        prop_assume!(words[word].chars().count() >= 5);
        let slip = slipped(words[word], kind, at, letter);
        // A slip may make another word that is meant so.
        let others: Vec<String> = NAMES.iter().map(|name| organisation::plain(name)).collect();
        prop_assume!(!others.iter().any(|other| other.split(' ').any(|word| word == slip)));
        let typed: Vec<&str> = words.iter().enumerate().map(|(place, own)| if place == word { slip.as_str() } else { own }).collect();
        let found = find(&index, &typed.join(" "));
        prop_assert!(found.page.iter().any(|listed| listed.name == name), "{:?}: {found:?}", typed);
    }

    #[test]
    fn nothing_that_somebody_types_brings_the_search_down(typed in any::<String>()) {
        let found = find(&index(&NAMES[..4]), &typed);
        prop_assert!(found.near.len() <= 3 && found.page.len() <= 20);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_catalogue_that_learned_of_changes_answers_as_one_made_anew(
        names in any_names(), changes in proptest::collection::vec((0_usize..40, 0_u8..3, any::<bool>()), 0..12),
    ) {
        let mut index = Index::default();
        let mut kept: Vec<Service> = names.iter().map(|name| service(name, "kependudukan", *OFFICE)).collect();
        for service in &kept {
            index.put(service, &units());
        }
        index.settle();
        for (at, kind, settle) in changes {
            match kind {
                0 => kept.push(service(NAMES[at % NAMES.len()], "kependudukan", *OFFICE)),
                1 => {
                    let at = at % kept.len();
                    kept[at].facts.name = NAMES[(at + 1) % NAMES.len()].into();
                    let changed = kept.remove(at);
                    kept.push(changed);
                }
                _ => {
                    let at = at % kept.len();
                    let mut changed = kept.remove(at);
                    changed.state = ServiceState::Withdrawn;
                    kept.push(changed);
                }
            }
            index.put(kept.last().expect("one was changed"), &units());
            if settle {
                index.settle();
            }
        }
        index.settle();
        let mut anew = Index::default();
        for service in &kept {
            anew.put(service, &units());
        }
        anew.settle();
        prop_assert_eq!(index.len(), anew.len());
        for typed in ["kartu", "surat keterangan", "akta", "penggantian", "", "kartu kucing hilang"] {
            for skipped in [0, 3] {
                let wanted = Wanted { typed: typed.into(), ..Wanted::default() };
                prop_assert_eq!(index.find(&wanted, skipped, 4), anew.find(&wanted, skipped, 4), "{}", typed);
            }
        }
    }
}

/// "keimigrasian" stands in the name of a category; nobody wrote "imigrasi".
#[test]
fn half_of_a_word_without_its_endings_is_enough() {
    let mut index = index(&NAMES[..4]);
    index.put(&service("Paspor biasa elektronik", "keimigrasian", *OFFICE), &units());
    index.settle();
    assert_eq!(find(&index, "imigras").page[0].name, "Paspor biasa elektronik");
    assert_eq!(find(&index, "imigrasi").page[0].name, "Paspor biasa elektronik");
}
