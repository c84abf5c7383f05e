//! Points by two values with a cross between high and low: importance against performance.

use super::drawing::{Anchor, Drawing, LINE, Scale, WIDTH, width, wrapped};
use super::{Frame, Table, place};
use crate::parts::SafeHtml;

const PLOT: f64 = 240.0;
/// Room of the words of two corners.
const BAND: f64 = 22.0;

/// Points in four corners. Each is numbered, and its name stands below under its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quadrants {
    /// What stands around it.
    pub frame: Frame,
    /// What grows to the right: "Kepentingan".
    pub across: String,
    /// What grows upwards: "Nilai rata-rata".
    pub up: String,
    /// The head of the column that says the corner.
    pub corner: String,
    /// What the corners mean: upper left, upper right, lower left, lower right.
    pub corners: [String; 4],
    /// Where the lines between high and low lie: across, up.
    pub middle: (String, String),
    /// The points.
    pub points: Vec<QuadrantPoint>,
}

/// One point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuadrantPoint {
    /// Its name.
    pub name: String,
    /// Its value across.
    pub across: String,
    /// Its value upwards.
    pub up: String,
    /// What its corner means.
    pub words: String,
    /// Whether this is what the title speaks of.
    pub marked: bool,
}

impl Quadrants {
    /// The chart as HTML.
    #[must_use]
    pub fn draw(&self) -> SafeHtml {
        self.frame.figure(&self.drawing(), &self.table())
    }

    fn table(&self) -> Table {
        let row = |(number, point): (usize, &QuadrantPoint)| {
            let cells = [&point.across, &point.up].map(|value| self.frame.number(Some(value)));
            (format!("{number} {}", point.name), [cells.to_vec(), vec![point.words.clone()]].concat())
        };
        Table {
            columns: vec![self.across.clone(), self.up.clone(), self.corner.clone()],
            rows: (1..).zip(&self.points).map(row).collect(),
        }
    }

    pub(crate) fn drawing(&self) -> Drawing {
        let mut drawing = Drawing::default();
        let values = |of: fn(&QuadrantPoint) -> &String, middle: &str| {
            let all = self.points.iter().filter_map(move |point| place(of(point)));
            Scale::of(all.chain(place(middle)))
        };
        let (across, up) = (values(|point| &point.across, &self.middle.0), values(|point| &point.up, &self.middle.1));
        let x = |value: f64| 12.0 + (WIDTH - 24.0) * across.part(value);
        let y = |value: f64| BAND + 12.0 + (PLOT - 24.0) * (1.0 - up.part(value));
        drawing.block((0.0, BAND), (WIDTH, PLOT), "c-track");
        for (corner, (at, anchor)) in self.corners.iter().zip([
            ((0.0, 15.0), Anchor::Start),
            ((WIDTH, 15.0), Anchor::End),
            ((0.0, BAND + PLOT + 16.0), Anchor::Start),
            ((WIDTH, BAND + PLOT + 16.0), Anchor::End),
        ]) {
            drawing.lines(at.0, at.1, anchor, "c-small", &wrapped(corner, WIDTH / 2.0 - 6.0, 1));
        }
        if let (Some(middle_x), Some(middle_y)) = (place(&self.middle.0), place(&self.middle.1)) {
            drawing.stroke((x(middle_x), BAND), (x(middle_x), BAND + PLOT), "c-limit");
            drawing.stroke((0.0, y(middle_y)), (WIDTH, y(middle_y)), "c-limit");
        }
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for (number, point) in (1..).zip(&self.points) {
            let (Some(across), Some(up)) = (place(&point.across), place(&point.up)) else { continue };
            let (at, number) = ((x(across), y(up)), number_text(number));
            let class = if point.marked { "c-1 c-fill c-edge" } else { "c-0 c-fill c-edge" };
            drawing.point(at, usize::from(point.marked), class);
            let label = beside(at, width(&number), &taken);
            drawing.lines(label.0, label.1, Anchor::Start, "c-bold c-halo", &[number]);
            taken.push(label);
        }
        self.legend(&mut drawing);
        drawing
    }

    /// What grows where, and the names under their numbers.
    fn legend(&self, drawing: &mut Drawing) {
        let mut base = BAND + PLOT + 40.0;
        for axis in [format!("→ {}", self.across), format!("↑ {}", self.up)] {
            drawing.lines(0.0, base, Anchor::Start, "c-small", &wrapped(&axis, WIDTH, 1));
            base += LINE;
        }
        base += 4.0;
        for (number, point) in (1..).zip(&self.points) {
            let class = if point.marked { "c-bold" } else { "" };
            let text = format!("{} {}", number_text(number), point.name);
            drawing.lines(0.0, base, Anchor::Start, class, &wrapped(&text, WIDTH, 1));
            base += LINE;
        }
        drawing.height = base - LINE + 8.0;
    }
}

fn number_text(number: usize) -> String {
    number.to_string()
}

/// Where the number of a point stands: right of it, or left at the edge, and away from the numbers that stand there already.
fn beside(at: (f64, f64), wide: f64, taken: &[(f64, f64)]) -> (f64, f64) {
    let right = at.0 + 9.0 + wide <= WIDTH;
    let x = if right { at.0 + 9.0 } else { at.0 - 9.0 - wide };
    let free =
        |y: f64| taken.iter().all(|(other_x, other_y)| (other_x - x).abs() > wide + 4.0 || (other_y - y).abs() > 14.0);
    let inside = |y: f64| (BAND + 14.0..=BAND + PLOT - 4.0).contains(&y);
    let steps = [0.0, -15.0, 15.0, -30.0, 30.0, -45.0, 45.0, -60.0, 60.0];
    let base = (at.1 + 5.0).clamp(BAND + 14.0, BAND + PLOT - 4.0);
    let found = steps.into_iter().map(|step| base + step).find(|y| inside(*y) && free(*y));
    (x, found.unwrap_or(base))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use proptest::prelude::*;
    use rules::phrase::Language;

    /// Nine elements of a survey, as the gallery shows them.
    fn example(language: Language) -> Quadrants {
        let point = |(name, across, up, words): (&str, &str, &str, &str)| QuadrantPoint {
            name: name.into(),
            across: across.into(),
            up: up.into(),
            words: words.into(),
            marked: words == "Perbaiki dahulu",
        };
        let points = [
            ("Persyaratan", "0.512", "3.21", "Pertahankan"),
            ("Waktu penyelesaian", "0.634", "2.87", "Perbaiki dahulu"),
            ("Biaya/tarif", "0.301", "3.02", "Berikutnya"),
            ("Perilaku pelaksana", "0.298", "3.62", "Cukup"),
            ("Kompetensi pelaksana", "0.299", "3.61", "Cukup"),
        ];
        Quadrants {
            frame: Frame {
                id: "prioritas".into(),
                title: "Perbaiki dahulu: Waktu penyelesaian".into(),
                description: "Unsur menurut kepentingan dan nilai".into(),
                rows: "Unsur".into(),
                language,
            },
            across: "Kepentingan".into(),
            up: "Nilai rata-rata".into(),
            corner: "Saran".into(),
            corners: ["Cukup", "Pertahankan", "Berikutnya", "Perbaiki dahulu"].map(str::to_owned),
            middle: ("0.409".into(), "3.27".into()),
            points: points.map(point).to_vec(),
        }
    }

    /// The same as HTML.
    pub(crate) fn drawn(language: Language) -> SafeHtml {
        example(language).draw()
    }

    fn points(drawing: &Drawing) -> Vec<(f64, f64)> {
        let at = |mark: &Mark| if let Mark::Point { at, .. } = mark { Some(*at) } else { None };
        drawing.marks.iter().filter_map(at).collect()
    }

    #[test]
    fn what_is_important_lies_right_and_what_is_weak_lies_below() {
        let drawing = example(Language::Indonesian).drawing();
        let points = points(&drawing);
        assert!(points[1].0 > points[2].0 && points[1].1 > points[0].1, "{points:?}");
    }

    #[test]
    fn the_table_has_every_point_with_its_advice() {
        let html = example(Language::Indonesian).draw().0;
        assert!(html.contains("2 Waktu penyelesaian") && html.contains("0,634") && html.contains("Perbaiki dahulu"));
        assert_eq!(html.matches("<th scope=\"row\"").count(), 5);
    }

    proptest! {
        #[test]
        fn nothing_lies_outside(
            values in proptest::collection::vec((0_u32..1000, 100_u32..=400), 1..10)
        ) {
            let mut chart = example(Language::Indonesian);
            chart.points = values.iter().enumerate().map(|(number, (across, up))| QuadrantPoint {
                name: format!("Unsur dengan nama yang panjang sekali dan tidak muat di satu baris nomor {number}"),
                across: format!("0.{across:03}"),
                up: format!("{}.{:02}", up / 100, up % 100),
                words: "Cukup".into(),
                marked: number == 0,
            }).collect();
            let drawing = chart.drawing();
            for mark in &drawing.marks {
                let inside = match mark {
                    Mark::Point { at, .. } => (6.0..=WIDTH - 6.0).contains(&at.0) && (BAND + 6.0..=BAND + PLOT - 6.0).contains(&at.1),
                    Mark::Words { at, anchor: Anchor::Start, text, .. } => {
                        at.0 >= 0.0 && at.0 + width(text) <= WIDTH + 0.5 && at.1 >= 13.0 && at.1 + 4.0 <= drawing.height + 0.5
                    }
                    Mark::Words { at, text, .. } => at.0 - width(text) >= 0.0 && at.1 + 4.0 <= drawing.height + 0.5,
                    _ => true,
                };
                prop_assert!(inside, "{mark:?}");
            }
        }
    }
}
