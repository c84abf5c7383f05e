//! `prima register`: what every slice keeps of people, one JSON object a line, for reviews and for other registers.

use super::slices::HOLDINGS;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use platform::personal::{Keeping, Kept};
use rules::phrase::Language;

pub(crate) fn run(language: Language) -> Result<Ending, Problem> {
    let lines: String = HOLDINGS
        .iter()
        .copied()
        .flatten()
        .map(|holding| {
            let days = match (holding.keeping)() {
                Keeping::For(time) => Some(time.whole_days()),
                Keeping::ByLaw => None,
            };
            let law = match holding.kept {
                Kept::Erasable => None,
                Kept::By(law) => Some(law),
            };
            let words = |part| (holding.words)(part, language);
            let line = serde_json::json!({
                "name": holding.name, "tables": holding.tables, "people": holding.people.name(),
                "basis": format!("UU 27/2022 Pasal 20 (2) {}", holding.basis.letter()),
                "what": words("what"), "purpose": words("purpose"), "recipients": words("recipients"),
                "retention": words("retention"), "protection": words("protection"),
                "kept_days": days, "kept_by": law,
            });
            format!("{line}\n")
        })
        .collect();
    Output::Standard.write(lines.as_bytes())?;
    Ok(Ending::Done)
}
