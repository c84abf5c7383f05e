//! The result sheet's data from a scored IPP or Ombudsman group.

use super::Sheet;
use crate::render::text::{item_words, share};
use documents::{Component, GenericTable, ResultSheet};
use rules::quantity::{Decimal, exact_text};

impl Sheet<'_> {
    pub(super) fn result_sheet(&self) -> ResultSheet {
        ResultSheet {
            language: self.language,
            agency: self.agency(),
            unit: self.unit(),
            period: self.period(),
            title: self.details.title.clone(),
            instrument: self.instrument().header.title.in_language(self.language).to_owned(),
            legal_basis: self.legal_basis(),
            outcome: self.headline(),
            summary: self.details.method.clone(),
            components: self.components(),
            tables: self.items(),
            bands: self.bands(),
            steps: self.steps(),
            citations: self.citations(),
            warnings: self.warnings(),
            signatures: self.signatures(),
            verification: self.verification(),
            attachment: self.attachment(),
            produced_on: self.details.produced_on.clone(),
        }
    }

    fn components(&self) -> Vec<Component> {
        let component = |part: &rules::outcome::Component| Component {
            code: String::new(),
            name: part.name.in_language(self.language).to_owned(),
            value: Decimal::half_up(&part.value, 4).to_string(),
            weight: exact_text(&part.weight),
            weighted: Decimal::half_up(&(&part.value * &part.weight), 4).to_string(),
            share: share(self.instrument(), &part.value),
        };
        self.outcome.components.iter().map(component).collect()
    }

    fn items(&self) -> Vec<GenericTable> {
        if self.result.items.is_empty() {
            return Vec::new();
        }
        let (item, value) = item_words(self.instrument(), self.outcome);
        let row = |item: &crate::result::ItemResult| {
            vec![item.name.clone(), item.mean.clone(), item.weight.clone(), item.weighted.clone()]
        };
        vec![GenericTable {
            title: self.word("pdf.items"),
            columns: [item, value, "score.weight", "score.weighted"].map(|key| self.word(key)).to_vec(),
            rows: self.result.items.iter().map(row).collect(),
            note: String::new(),
        }]
    }
}
