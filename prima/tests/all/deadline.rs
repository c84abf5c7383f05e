//! `prima deadline`: kinds, days, calendars.

use crate::support::{Folder, codes, json, prima};

#[test]
fn a_complaint_has_fourteen_working_days_and_every_day_is_shown() {
    let found = json(&["deadline", "pengaduan", "2024-03-04", "--format", "json"]);
    assert_eq!((&found["received"], &found["due"]), (&"2024-03-04".into(), &"2024-03-26".into()));
    let days = found["days"].as_array().unwrap();
    assert_eq!(days.iter().filter(|day| day["working"] == true).count(), 14);
    let nyepi = days.iter().find(|day| day["date"] == "2024-03-11").unwrap();
    assert_eq!(nyepi["reason"], "Hari Suci Nyepi (libur nasional)");
    assert_eq!(codes(&found["warnings"]), Vec::<&str>::new());
}

#[test]
fn the_kinds_have_their_days() {
    let days = |kind: &str| json(&["deadline", kind, "2024-03-04", "--format", "json"])["working_days"].clone();
    assert_eq!(
        [days("permintaan-informasi"), days("aspirasi"), days("pengaduan-berkadar"), days("verifikasi")],
        [5, 5, 60, 3].map(serde_json::Value::from)
    );
}

#[test]
fn a_rule_that_was_replaced_is_said_to_be_so() {
    let found = json(&["deadline", "pengaduan", "2026-11-20", "--format", "json"]);
    assert_eq!(found["due"], "2026-12-10");
    assert!(codes(&found["warnings"]).contains(&"deadline-unverified"));
}

#[test]
fn a_city_adds_local_holidays_by_table_and_a_six_day_week_by_file() {
    let folder = Folder::new();
    let table = folder.file("libur.csv", "date;kind;name\n2026-11-23;libur-daerah;Hari Jadi Kota\n");
    let due = |words: &[&str]| {
        let words = [&["deadline", "--days", "2", "2026-11-20", "--format", "json"], words].concat();
        json(&words)["due"].clone()
    };
    assert_eq!((due(&[]), due(&["--calendar", &table])), ("2026-11-24".into(), "2026-11-25".into()));
    let calendar =
        std::fs::read_to_string(crate::support::repository("rules/parameters/kalender-nasional.toml")).unwrap();
    let six = calendar
        .replace("\"fri\"]", "\"fri\", \"sat\"]")
        .replace("id = \"kalender-nasional\"", "id = \"kalender-kota\"");
    assert_ne!(six, calendar);
    assert_eq!(due(&["--calendar", &folder.file("kota.toml", six)]), "2026-11-23");
    let broken = folder.file("rusak.csv", "date,kind\n23/11/2026,libur-daerah\n");
    let run = prima(&["deadline", "--days", "2", "2026-11-20", "--calendar", &broken]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("baris 2"), "{}", run.err);
}

#[test]
fn an_instant_is_taken_on_the_citys_own_day() {
    let received = |zone: &str| {
        json(&["deadline", "--days", "1", "2026-11-19T15:30:00Z", "--zone", zone, "--format", "json"])["received"]
            .clone()
    };
    assert_eq!((received("WIB"), received("wit")), ("2026-11-19".into(), "2026-11-20".into()));
}

#[test]
fn wrong_use_is_told_apart() {
    for words in [
        &["deadline", "2026-11-20"][..],
        &["deadline", "keluhan", "2026-11-20"],
        &["deadline", "pengaduan", "20/11/2026"],
        &["deadline", "--days", "99999", "2026-11-20"],
        &["deadline"],
    ] {
        let run = prima(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(!run.err.is_empty());
    }
}
