//! What can stand on a page: lines of text and vector shapes, measured in points from a top left corner.

use crate::style::Colour;
use crate::text::Line;
use std::rc::Rc;

/// One step of an outline.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Move(f32, f32),
    Line(f32, f32),
    Curve([f32; 6]),
    Close,
}

/// A vector shape.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) steps: Vec<Step>,
    pub(crate) fill: Option<Colour>,
    pub(crate) stroke: Option<(Colour, f32)>,
}

/// Anything drawn.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// A line of text with the top left corner of its box.
    Text {
        x: f32,
        y: f32,
        line: Rc<Line>,
    },
    Shape(Shape),
}

impl Mark {
    /// `line` with the top left corner of its box at `x`, `y`.
    pub(crate) fn text(x: f32, y: f32, line: &Rc<Line>) -> Self {
        Self::Text { x, y, line: Rc::clone(line) }
    }

    /// The mark moved down.
    pub(crate) fn lowered(self, by: f32) -> Self {
        match self {
            Self::Text { x, y, line } => Self::Text { x, y: y + by, line },
            Self::Shape(shape) => Self::Shape(shape.moved(0.0, by)),
        }
    }
}

/// How far a curve's handles stand from the corners of a quarter circle of radius one.
const QUARTER: f32 = 0.552_285;

impl Shape {
    /// A filled rectangle.
    pub(crate) fn rectangle(x: f32, y: f32, width: f32, height: f32, fill: Colour) -> Self {
        Self::polygon(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill)
    }

    /// A filled polygon.
    pub(crate) fn polygon(corners: &[(f32, f32)], fill: Colour) -> Self {
        let mut steps = path_through(corners);
        steps.push(Step::Close);
        Self { steps, fill: Some(fill), stroke: None }
    }

    /// A stroked line through points.
    pub(crate) fn polyline(points: &[(f32, f32)], colour: Colour, width: f32) -> Self {
        Self { steps: path_through(points), fill: None, stroke: Some((colour, width)) }
    }

    /// A filled circle.
    pub(crate) fn circle(x: f32, y: f32, radius: f32, fill: Colour) -> Self {
        let (r, k) = (radius, radius * QUARTER);
        let steps = vec![
            Step::Move(x + r, y),
            Step::Curve([x + r, y + k, x + k, y + r, x, y + r]),
            Step::Curve([x - k, y + r, x - r, y + k, x - r, y]),
            Step::Curve([x - r, y - k, x - k, y - r, x, y - r]),
            Step::Curve([x + k, y - r, x + r, y - k, x + r, y]),
            Step::Close,
        ];
        Self { steps, fill: Some(fill), stroke: None }
    }

    /// A rectangle with round corners.
    pub(crate) fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32, fill: Colour) -> Self {
        let radius = radius.min(width / 2.0).min(height / 2.0).max(0.0);
        let (r, k) = (radius, radius * (1.0 - QUARTER));
        let (right, bottom) = (x + width, y + height);
        let steps = vec![
            Step::Move(x + r, y),
            Step::Line(right - r, y),
            Step::Curve([right - k, y, right, y + k, right, y + r]),
            Step::Line(right, bottom - r),
            Step::Curve([right, bottom - k, right - k, bottom, right - r, bottom]),
            Step::Line(x + r, bottom),
            Step::Curve([x + k, bottom, x, bottom - k, x, bottom - r]),
            Step::Line(x, y + r),
            Step::Curve([x, y + k, x + k, y, x + r, y]),
            Step::Close,
        ];
        Self { steps, fill: Some(fill), stroke: None }
    }

    /// A petal between two points: two arcs that meet in a tip at both ends.
    pub(crate) fn petal(from: (f32, f32), to: (f32, f32), fill: Colour) -> Self {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let at = |along: f32, aside: f32| (from.0 + dx * along - dy * aside, from.1 + dy * along + dx * aside);
        let curve = |side: f32, there: bool| {
            let (first, last) = if there { (0.22, 0.78) } else { (0.78, 0.22) };
            let ((a, b), (c, d)) = (at(first, side), at(last, side));
            let end = if there { to } else { from };
            Step::Curve([a, b, c, d, end.0, end.1])
        };
        let steps = vec![Step::Move(from.0, from.1), curve(0.25, true), curve(-0.25, false), Step::Close];
        Self { steps, fill: Some(fill), stroke: None }
    }

    /// The shape with an outline.
    pub(crate) fn outlined(mut self, colour: Colour, width: f32) -> Self {
        self.stroke = Some((colour, width));
        self
    }

    /// The shape moved.
    pub(crate) fn moved(mut self, x: f32, y: f32) -> Self {
        for step in &mut self.steps {
            match step {
                Step::Move(a, b) | Step::Line(a, b) => (*a, *b) = (*a + x, *b + y),
                Step::Curve(points) => {
                    for pair in points.chunks_exact_mut(2) {
                        pair[0] += x;
                        pair[1] += y;
                    }
                }
                Step::Close => {}
            }
        }
        self
    }
}

impl From<Shape> for Mark {
    fn from(shape: Shape) -> Self {
        Self::Shape(shape)
    }
}

fn path_through(points: &[(f32, f32)]) -> Vec<Step> {
    let step = |(index, &(x, y)): (usize, &(f32, f32))| if index == 0 { Step::Move(x, y) } else { Step::Line(x, y) };
    points.iter().enumerate().map(step).collect()
}
