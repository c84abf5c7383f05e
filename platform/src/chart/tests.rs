use super::drawing::{Anchor, Drawing, Mark, Scale, WIDTH, spread, width, wrapped};
use super::*;
use proptest::prelude::*;

fn frame() -> Frame {
    Frame {
        id: "uji".into(),
        title: "Waktu < biaya & lain-lain".into(),
        description: "Triwulan I sampai IV 2026".into(),
        rows: "Triwulan".into(),
        language: Language::Indonesian,
    }
}

fn line(series: &[(&str, &[&str])], limits: &[(&str, &str)]) -> Line {
    let value = |text: &&str| (!text.is_empty()).then(|| (*text).to_owned());
    let moments = series.first().map_or(0, |(_, values)| values.len());
    Line {
        frame: frame(),
        moments: (1..=moments).map(|number| format!("TW {number} 2026")).collect(),
        series: series
            .iter()
            .map(|(name, values)| Series { name: (*name).into(), values: values.iter().map(value).collect() })
            .collect(),
        limits: limits.iter().map(|(value, label)| Limit { value: (*value).into(), label: (*label).into() }).collect(),
    }
}

fn bars(values: &[(&str, Option<&str>)], full: Option<&str>) -> Bars {
    let bar = |(name, value): &(&str, Option<&str>)| Bar {
        name: (*name).into(),
        value: value.map(str::to_owned),
        marked: false,
    };
    Bars {
        frame: frame(),
        values: "Nilai".into(),
        bars: values.iter().map(bar).collect(),
        full: full.map(str::to_owned),
        limits: vec![],
    }
}

/// Left, top, right and bottom of a mark, words as wide as they are taken to be.
fn extent(mark: &Mark) -> (f64, f64, f64, f64) {
    match mark {
        Mark::Stroke { from, to, .. } => (from.0.min(to.0), from.1.min(to.1), from.0.max(to.0), from.1.max(to.1)),
        Mark::Path { points, .. } => {
            points.iter().fold((WIDTH, f64::MAX, 0.0, 0.0), |(left, top, right, bottom), (x, y)| {
                (f64::min(left, *x), f64::min(top, *y), f64::max(right, *x), f64::max(bottom, *y))
            })
        }
        Mark::Box { at, size, .. } => (at.0, at.1, at.0 + size.0, at.1 + size.1),
        Mark::Point { at, .. } => (at.0 - 6.0, at.1 - 6.0, at.0 + 6.0, at.1 + 6.0),
        Mark::Words { at, anchor, text, .. } => {
            let wide = width(text);
            let left = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - wide / 2.0,
                Anchor::End => at.0 - wide,
            };
            (left, at.1 - 13.0, left + wide, at.1 + 4.0)
        }
    }
}

fn outside(drawing: &Drawing) -> Option<Mark> {
    let found = drawing.marks.iter().find(|mark| {
        let (left, top, right, bottom) = extent(mark);
        !(left >= -0.5 && top >= -0.5 && right <= WIDTH + 0.5 && bottom <= drawing.height + 0.5)
    });
    found.cloned()
}

fn words_of(drawing: &Drawing) -> Vec<String> {
    let text = |mark: &Mark| if let Mark::Words { text, .. } = mark { Some(text.clone()) } else { None };
    drawing.marks.iter().filter_map(text).collect()
}

fn boxes(drawing: &Drawing, class: &str) -> Vec<(f64, f64)> {
    let found = |mark: &Mark| match mark {
        Mark::Box { at, size, class: own } if own.contains(class) => Some((at.0, size.0)),
        _ => None,
    };
    drawing.marks.iter().filter_map(found).collect()
}

#[test]
fn a_bar_is_as_long_as_its_part_of_the_full_value() {
    let drawing = bars(&[("Persyaratan", Some("3")), ("Waktu", Some("1"))], Some("4")).drawing();
    let (track, parts) = (boxes(&drawing, "c-track"), boxes(&drawing, "c-0"));
    assert!((parts[0].1 / track[0].1 - 0.75).abs() < 1e-9);
    assert!((parts[1].1 / track[1].1 - 0.25).abs() < 1e-9);
}

#[test]
fn a_bar_without_a_value_is_a_dash_and_not_a_zero() {
    let drawing = bars(&[("Waktu", None)], Some("4")).drawing();
    assert_eq!(boxes(&drawing, "c-0"), []);
    assert!(words_of(&drawing).contains(&"–".to_owned()));
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    let html = bars(&[("Waktu", Some("73.14"))], Some("100")).draw().0;
    assert!(html.contains(">73,14<") && !html.contains("73.14"), "{html}");
}

#[test]
fn a_chart_is_an_image_with_a_title_and_a_description() {
    let html = bars(&[("Waktu", Some("73.14"))], None).draw().0;
    assert!(html.contains(r#"role="img" aria-labelledby="uji-t uji-d""#), "{html}");
    assert!(html.contains(r#"<title id="uji-t">Waktu &#60; biaya &#38; lain-lain</title>"#), "{html}");
    assert!(html.contains(r#"<desc id="uji-d">Triwulan I sampai IV 2026</desc>"#), "{html}");
}

#[test]
fn every_number_of_a_chart_stands_in_its_table() {
    let html = line(&[("Kota", &["80.1", "", "84.9"]), ("Dinas", &["70", "71", "72"])], &[]).draw().0;
    let table = &html[html.find("<table").unwrap()..];
    for number in ["80,1", "84,9", "70", "71", "72", "–"] {
        assert!(table.contains(&format!(">{number}</td>")), "{number}: {table}");
    }
}

#[test]
fn a_missing_value_breaks_the_line() {
    let drawing = line(&[("Kota", &["80", "81", "", "83", "84"])], &[]).drawing();
    let paths: Vec<usize> = drawing
        .marks
        .iter()
        .filter_map(|mark| if let Mark::Path { points, .. } = mark { Some(points.len()) } else { None })
        .collect();
    assert_eq!(paths, [2, 2]);
}

#[test]
fn a_higher_value_stands_higher() {
    let drawing = line(&[("Kota", &["80", "90"])], &[]).drawing();
    let path =
        drawing.marks.iter().find_map(|mark| if let Mark::Path { points, .. } = mark { Some(points) } else { None });
    let points = path.unwrap();
    assert!(points[1].1 < points[0].1 && points[1].0 > points[0].0);
}

#[test]
fn labels_of_lines_that_end_together_are_moved_apart() {
    let series: [(&str, &[&str]); 3] = [("Satu", &["80", "84"]), ("Dua", &["81", "84"]), ("Tiga", &["82", "84.1"])];
    let drawing = line(&series, &[]).drawing();
    let mut bases: Vec<f64> = drawing
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Words { at, anchor: Anchor::Start, .. } if at.0 > WIDTH - 115.0 => Some(at.1),
            _ => None,
        })
        .collect();
    bases.sort_by(f64::total_cmp);
    assert_eq!(bases.len(), 6);
    assert!(bases.windows(2).all(|pair| pair[1] - pair[0] > 17.0), "{bases:?}");
}

#[test]
fn shares_add_up_to_one_hundred() {
    let row = StackedRow { name: "U1".into(), counts: vec![1, 1, 1, 0] };
    assert_eq!(row.percents(), [34, 33, 33, 0]);
    assert_eq!(StackedRow { name: "U2".into(), counts: vec![0, 0] }.percents(), [0, 0]);
}

#[test]
fn the_darkest_cell_is_the_highest_value() {
    let cell = |text: &str| Some(text.to_owned());
    let heat = Heat {
        frame: frame(),
        columns: vec!["08".into(), "09".into(), "10".into()],
        rows: vec![("Senin".into(), vec![cell("3"), cell("52"), None])],
    };
    assert_eq!(heat.shaded()[0].1, [("3".to_owned(), 0), ("52".to_owned(), 4), ("–".to_owned(), 0)]);
}

#[test]
fn the_steps_of_a_scale_are_round_and_hold_all_values() {
    let scale = Scale::of([71.3, 88.2].into_iter());
    assert_eq!(scale.ticks().into_iter().map(|(_, text)| text).collect::<Vec<_>>(), ["70", "75", "80", "85", "90"]);
    let small = Scale::of([3.02, 3.11].into_iter());
    assert_eq!(small.ticks().first().map(|(_, text)| text.as_str()), Some("3.00"));
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..10_000).prop_map(|number| format!("{}.{:02}", number / 100, number % 100)),
        (-500_i64..1_000_000).prop_map(|number| number.to_string()),
        Just("bukan angka".to_owned()),
    ]
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z ]{0,60}"
}

proptest! {
    #[test]
    fn nothing_of_a_line_chart_lies_outside(
        series in prop::collection::vec((name(), prop::collection::vec(prop::option::of(number()), 0..13)), 0..5),
        moments in prop::collection::vec(name(), 0..13),
        limits in prop::collection::vec((number(), name()), 0..5),
    ) {
        let chart = Line {
            frame: frame(),
            moments,
            series: series.into_iter().map(|(name, values)| Series { name, values }).collect(),
            limits: limits.into_iter().map(|(value, label)| Limit { value, label }).collect(),
        };
        prop_assert_eq!(outside(&chart.drawing()), None);
    }

    #[test]
    fn nothing_of_a_bar_chart_lies_outside(
        rows in prop::collection::vec((name(), prop::option::of(number()), any::<bool>()), 0..14),
        full in prop::option::of(number()),
        limits in prop::collection::vec((number(), name()), 0..4),
    ) {
        let chart = Bars {
            frame: frame(),
            values: "Nilai".into(),
            bars: rows.into_iter().map(|(name, value, marked)| Bar { name, value, marked }).collect(),
            full,
            limits: limits.into_iter().map(|(value, label)| Limit { value, label }).collect(),
        };
        prop_assert_eq!(outside(&chart.drawing()), None);
    }

    #[test]
    fn nothing_of_slopes_ranges_and_shares_lies_outside(
        rows in prop::collection::vec((name(), number(), number()), 0..13),
        counts in prop::collection::vec((name(), prop::collection::vec(0_u64..2_000_000_000, 0..6)), 0..13),
        words in name(),
        parts in prop::collection::vec(name(), 0..6),
    ) {
        let slope = Slope {
            frame: frame(),
            before: words.clone(),
            after: words.clone(),
            rows: rows.iter().cloned().map(|(name, before, after)| SlopeRow { name, before, after }).collect(),
        };
        prop_assert_eq!(outside(&slope.drawing()), None);
        let ranges = Ranges {
            frame: frame(),
            low: words.clone(),
            high: words.clone(),
            unit: words.clone(),
            ranges: rows.into_iter().map(|(name, low, high)| Range { name, low, high }).collect(),
        };
        prop_assert_eq!(outside(&ranges.drawing()), None);
        let stacked = Stacked {
            frame: frame(),
            parts,
            rows: counts.into_iter().map(|(name, counts)| StackedRow { name, counts }).collect(),
        };
        prop_assert_eq!(outside(&stacked.drawing()), None);
    }

    #[test]
    fn blocks_that_fit_are_kept_apart_and_inside(
        wanted in prop::collection::vec((0.0_f64..200.0, 5.0_f64..20.0), 0..10),
    ) {
        let middles = spread(&wanted, 0.0, 200.0);
        let mut blocks: Vec<(f64, f64)> = middles.iter().zip(&wanted).map(|(middle, (_, height))| (*middle, *height)).collect();
        blocks.sort_by(|one, two| one.0.total_cmp(&two.0));
        for (middle, height) in &blocks {
            prop_assert!(middle - height / 2.0 >= -1e-6 && middle + height / 2.0 <= 200.0 + 1e-6);
        }
        for pair in blocks.windows(2) {
            prop_assert!(pair[1].0 - pair[0].0 >= f64::midpoint(pair[0].1, pair[1].1) - 1e-6);
        }
    }

    #[test]
    fn lines_of_words_fit_their_room(text in "[a-zA-Z ]{0,200}", room in 40.0_f64..400.0, most in 1_usize..4) {
        let lines = wrapped(&text, room, most);
        prop_assert!(lines.len() <= most);
        prop_assert!(lines.iter().all(|line| width(line) <= room), "{lines:?}");
    }
}
