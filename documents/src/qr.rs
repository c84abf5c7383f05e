//! QR codes drawn as rectangles, sharp at every size.

use crate::mark::{Mark, Shape};
use crate::style::{DEEP, WHITE};
use qrcode::{Color, EcLevel, QrCode};

/// Light modules that readers need around the code.
const QUIET: usize = 4;

/// The code for `text` in a square of `side` points with its corner at `x`, `y`; nothing when the text is empty or too long.
pub(crate) fn qr_marks(text: &str, x: f32, y: f32, side: f32) -> Option<Vec<Mark>> {
    if text.is_empty() {
        return None;
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let module = side / (width + 2 * QUIET) as f32;
    let colours = code.to_colors();
    let mut marks = vec![Shape::rectangle(x, y, side, side, WHITE).into()];
    for (row, modules) in colours.chunks(width).enumerate() {
        let top = y + (row + QUIET) as f32 * module;
        // One rectangle for each run of dark modules: fewer marks, and no light seams between neighbours.
        let mut column = 0;
        while column < width {
            let dark = modules[column..].iter().take_while(|module| **module == Color::Dark).count();
            if dark > 0 {
                let left = x + (column + QUIET) as f32 * module;
                marks.push(Shape::rectangle(left, top, dark as f32 * module, module + 0.04, DEEP).into());
            }
            column += dark.max(1);
        }
    }
    Some(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verification_line_becomes_a_code() {
        let marks = qr_marks("prima:1:skm:87.28:B:2f1c", 0.0, 0.0, 90.0).unwrap();
        assert!(marks.len() > 100);
    }

    #[test]
    fn what_no_code_can_hold_is_left_out() {
        assert!(qr_marks("", 0.0, 0.0, 90.0).is_none());
        assert!(qr_marks(&"x".repeat(5000), 0.0, 0.0, 90.0).is_none());
    }
}
