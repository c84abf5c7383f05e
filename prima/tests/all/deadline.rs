//! `prima deadline`: kinds, days, calendars.

use crate::support::{Folder, codes, json, prima, repository};

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

/// Permenpan RB 5/2025 began on a day of 2025 that is not known: receipts of 2025 are uncertain, those of 2024 are not.
#[test]
fn receipts_since_2025_carry_a_warning() {
    let warned = |received: &str| {
        let found = json(&["deadline", "pengaduan", received, "--format", "json"]);
        codes(&found["warnings"]).contains(&"deadline-unverified")
    };
    assert_eq!([warned("2024-11-29"), warned("2025-01-02"), warned("2026-01-02")], [false, true, true]);
    assert_eq!(json(&["deadline", "penutupan-otomatis", "2024-03-04", "--format", "json"])["working_days"], 10);
    assert_eq!(json(&["deadline", "tindak lanjut pertama", "2024-03-04", "--format", "json"])["working_days"], 5);
}

#[test]
fn a_time_without_a_zone_is_the_citys_own() {
    for received in ["2026-11-20T23:30", "2026-11-20 23:30:00"] {
        let found = json(&["deadline", "--days", "1", received, "--zone", "WIT", "--format", "json"]);
        assert_eq!(found["received"], "2026-11-20", "{received}");
    }
}

/// One local holiday of 2027 says nothing about the decree of 2027; a calendar that lists the year does.
#[test]
fn a_local_holiday_does_not_make_its_year_known() {
    let folder = Folder::new();
    let unknown = |file: &str| {
        let found = json(&["deadline", "--days", "2", "2027-03-01", "--calendar", file, "--format", "json"]);
        codes(&found["warnings"]).contains(&"calendar-year-unknown")
    };
    assert!(unknown(&folder.file("libur.csv", "date;kind;name\n2027-06-17;libur-daerah;Hari Jadi Kota\n")));
    assert!(!unknown(&folder.file("nasional.csv", "date;kind;name\n2027-01-01;libur-nasional;Tahun Baru\n")));
    let national = repository("rules/parameters/kalender-nasional.toml");
    let calendar = std::fs::read_to_string(national).unwrap().replace("\"kalender-nasional\"", "\"kalender-kota\"");
    assert!(unknown(&folder.file("kota.toml", &calendar)));
    assert!(!unknown(&folder.file("kota.toml", format!("{calendar}\n[[years]]\nyear = 2027\n"))));
    assert_eq!(
        prima(&[
            "deadline",
            "--days",
            "2",
            "2027-03-01",
            "--calendar",
            &folder.file("sama.toml", calendar.replace("kalender-kota", "kalender-nasional").replace("Nyepi", "Sepi"))
        ])
        .code,
        1
    );
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
    let calendar = std::fs::read_to_string(repository("rules/parameters/kalender-nasional.toml")).unwrap();
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
