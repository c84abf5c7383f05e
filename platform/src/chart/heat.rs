//! A table whose cells are shaded by their value: days and hours, units and elements.

use super::{Frame, place};
use crate::parts::SafeHtml;
use askama::Template;
use askama::filters::Safe;

/// A shaded table. It is its own table of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heat {
    /// What stands around it.
    pub frame: Frame,
    /// The heads of the columns.
    pub columns: Vec<String>,
    /// Names and values; nothing where there is no value.
    pub rows: Vec<(String, Vec<Option<String>>)>,
}

#[derive(Template)]
#[template(path = "chart/heat.html")]
struct HeatTable<'h> {
    heat: &'h Heat,
    /// Name, then words and strength of each cell.
    rows: Vec<(&'h str, Vec<(String, u8)>)>,
}

impl Heat {
    /// The table as HTML.
    #[must_use]
    pub fn draw(&self) -> SafeHtml {
        Safe(HeatTable { heat: self, rows: self.shaded() }.render().unwrap_or_default())
    }

    pub(crate) fn shaded(&self) -> Vec<(&str, Vec<(String, u8)>)> {
        let numbers = self.rows.iter().flat_map(|(_, cells)| cells.iter().flatten()).filter_map(|cell| place(cell));
        let (low, high) =
            numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let strength = |value: f64| {
            let part = if high > low { (value - low) / (high - low) } else { 0.0 };
            [0.2, 0.4, 0.6, 0.8].iter().fold(0, |strength, edge| strength + u8::from(part >= *edge))
        };
        let cell = |cell: &Option<String>| {
            let number = cell.as_deref().and_then(place);
            (self.frame.number(cell.as_deref()), number.map_or(0, strength))
        };
        self.rows.iter().map(|(name, cells)| (name.as_str(), cells.iter().map(cell).collect())).collect()
    }
}
