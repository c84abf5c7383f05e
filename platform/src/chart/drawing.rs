//! Marks on paper: lines, boxes, words, and what keeps them apart and inside.

/// Width of every chart. A phone shows it a little smaller, a desk a little larger, so words stay readable on both.
pub(crate) const WIDTH: f64 = 420.0;
/// Height of a line of words.
pub(crate) const LINE: f64 = 18.0;

/// Where words stand in relation to their point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// The attribute of SVG; nothing for the start.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Start => "",
            Self::Middle => " text-anchor=\"middle\"",
            Self::End => " text-anchor=\"end\"",
        }
    }
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    Stroke {
        from: (f64, f64),
        to: (f64, f64),
        class: String,
    },
    Path {
        points: Vec<(f64, f64)>,
        class: String,
    },
    Box {
        at: (f64, f64),
        size: (f64, f64),
        class: String,
    },
    /// A point whose shape tells its series: 0 round, 1 square, 2 triangle, 3 diamond.
    Point {
        at: (f64, f64),
        shape: usize,
        class: String,
    },
    Words {
        at: (f64, f64),
        anchor: Anchor,
        class: &'static str,
        text: String,
    },
}

/// Marks on a paper of [`WIDTH`].
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Drawing {
    pub(crate) height: f64,
    pub(crate) marks: Vec<Mark>,
}

impl Drawing {
    pub(crate) fn stroke(&mut self, from: (f64, f64), to: (f64, f64), class: impl Into<String>) {
        self.marks.push(Mark::Stroke { from, to, class: class.into() });
    }

    pub(crate) fn path(&mut self, points: Vec<(f64, f64)>, class: impl Into<String>) {
        self.marks.push(Mark::Path { points, class: class.into() });
    }

    pub(crate) fn block(&mut self, at: (f64, f64), size: (f64, f64), class: impl Into<String>) {
        self.marks.push(Mark::Box { at, size: (size.0.max(0.0), size.1.max(0.0)), class: class.into() });
    }

    pub(crate) fn point(&mut self, at: (f64, f64), shape: usize, class: impl Into<String>) {
        self.marks.push(Mark::Point { at, shape: shape % 4, class: class.into() });
    }

    pub(crate) fn words(&mut self, at: (f64, f64), anchor: Anchor, class: &'static str, text: impl Into<String>) {
        self.marks.push(Mark::Words { at, anchor, class, text: text.into() });
    }

    /// Several lines of words, the first with its base at `y`.
    pub(crate) fn lines(&mut self, x: f64, y: f64, anchor: Anchor, class: &'static str, lines: &[String]) {
        let mut base = y;
        for line in lines {
            self.words((x, base), anchor, class, line);
            base += LINE;
        }
    }
}

/// The outline of a point that is not round.
pub(crate) fn outline(at: &(f64, f64), shape: &usize) -> String {
    let (x, y) = *at;
    match shape {
        1 => along(&[(x - 4.5, y - 4.5), (x + 4.5, y - 4.5), (x + 4.5, y + 4.5), (x - 4.5, y + 4.5)], true),
        2 => along(&[(x - 5.5, y + 4.5), (x, y - 5.5), (x + 5.5, y + 4.5)], true),
        _ => along(&[(x - 6.0, y), (x, y - 6.0), (x + 6.0, y), (x, y + 6.0)], true),
    }
}

/// A line along points, as SVG writes it.
pub(crate) fn along(points: &[(f64, f64)], closed: bool) -> String {
    let steps: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", short(*x), short(*y))).collect();
    format!("M{}{}", steps.join("L"), if closed { "Z" } else { "" })
}

/// A coordinate with one decimal at most.
pub(crate) fn short(number: impl std::borrow::Borrow<f64>) -> String {
    let text = format!("{:.1}", number.borrow());
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The width of words of 15 pixels, rather too much than too little: the font is the reader's own.
pub(crate) fn width(text: &str) -> f64 {
    let one = |letter: char| match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 5.0,
        'f' | 'r' | 't' | '(' | ')' | '-' => 6.5,
        'm' | 'w' | 'M' | 'W' | '%' | '–' => 14.0,
        'A'..='Z' => 11.0,
        '\u{2e80}'.. => 16.0,
        _ => 9.3,
    };
    text.chars().map(one).sum()
}

/// Words in at most `most` lines of `room`; what does not fit ends in "…" (the table has it whole).
pub(crate) fn wrapped(text: &str, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match joined {
            Some(joined) if width(&joined) <= room => {
                lines.pop();
                lines.push(joined);
            }
            _ if lines.len() < most => lines.push(cut(word, room)),
            _ => break,
        }
        words.next();
    }
    if words.peek().is_some()
        && let Some(last) = lines.pop()
    {
        lines.push(cut(&format!("{last} {}", words.collect::<Vec<_>>().join(" ")), room));
    }
    lines
}

fn cut(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width(&kept) + width("…") > room {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// Moves blocks of given middles and heights apart, in their order, within `low..high`; returns the new middles.
pub(crate) fn spread(wanted: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|one, two| wanted[*one].0.total_cmp(&wanted[*two].0));
    let all: f64 = wanted.iter().map(|(_, height)| height).sum();
    // Blocks that do not fit at all share the room evenly.
    let scale = if all > high - low && all > 0.0 { (high - low) / all } else { 1.0 };
    let mut middles = vec![0.0; wanted.len()];
    let mut edge = low;
    for index in &order {
        let half = wanted[*index].1 * scale / 2.0;
        middles[*index] = (wanted[*index].0).max(edge + half);
        edge = middles[*index] + half;
    }
    let mut edge = high;
    for index in order.iter().rev() {
        let half = wanted[*index].1 * scale / 2.0;
        middles[*index] = middles[*index].min(edge - half);
        edge = middles[*index] - half;
    }
    middles
}

/// Round numbers from below the lowest to above the highest, about four steps.
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) step: f64,
}

impl Scale {
    /// The scale of these numbers; of 0 to 1 when there are none.
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        let span =
            if high - low > f64::EPSILON * high.abs().max(1.0) * 16.0 { high - low } else { high.abs().max(1.0) * 0.1 };
        let rough = span / 4.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].into_iter().map(|unit| unit * power).find(|step| *step >= rough).unwrap_or(rough);
        Self { low: (low / step).floor() * step, high: ((high / step).floor() + 1.0) * step, step }
    }

    /// From zero to at least the highest of these numbers.
    pub(crate) fn from_zero(values: impl Iterator<Item = f64>) -> Self {
        Self::of(values.map(|value| value.max(0.0)).chain(std::iter::once(0.0)))
    }

    /// Where a number lies, 0 to 1.
    pub(crate) fn part(&self, value: f64) -> f64 {
        let span = self.high - self.low;
        if span > 0.0 { ((value - self.low) / span).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The round numbers, with as many decimals as their step has.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        let decimals = (0..=6_usize).find(|places| {
            let scaled = self.step * 10_f64.powi(i32::try_from(*places).unwrap_or(6));
            (scaled - scaled.round()).abs() < 1e-6
        });
        let count = ((self.high - self.low) / self.step).round().clamp(0.0, 12.0);
        let steps = std::iter::successors(Some(0.0), |step| Some(step + 1.0)).take_while(|step| *step <= count);
        steps
            .map(|step| self.low + step * self.step)
            .map(|value| (value, format!("{value:.*}", decimals.unwrap_or(0))))
            .collect()
    }
}
