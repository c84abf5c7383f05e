//! Examples of the commonest services with their whole standard, to begin from: data of `data/starter.toml`.

use crate::actions::standards::{begin_standard, write_standard};
use crate::actions::{Refused, enter_service};
use crate::promise::{Duration, Fee};
use crate::service::{Service, ServiceFacts};
use crate::standard::{Content, REQUIREMENTS};
use crate::typed::TypedService;
use organisation::{Desk, plain};
use platform::database::Write;
use platform::identity::UnitId;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../data/starter.toml")).expect("the embedded file is read by a test");
    file.service.into_iter().map(|typed| typed.with(&file.common)).collect()
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    common: BTreeMap<String, String>,
    service: Vec<Typed>,
}

#[derive(Debug, Deserialize)]
struct Typed {
    name: String,
    category: String,
    summary: String,
    events: Vec<String>,
    channels: Vec<String>,
    time: String,
    fee: String,
    /// The components of its own.
    #[serde(flatten)]
    components: BTreeMap<String, String>,
}

/// An example: what the catalogue would say of a service, and its standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its part of addresses.
    pub key: String,
    /// What the catalogue would say.
    pub facts: ServiceFacts,
    /// What its standard would say.
    pub content: Content,
}

impl Typed {
    fn with(self, common: &BTreeMap<String, String>) -> Example {
        let mut components: BTreeMap<String, String> =
            common.iter().map(|(key, text)| (key.clone(), text.trim().to_owned())).collect();
        components.extend(self.components);
        let typed = TypedService {
            name: self.name.clone(),
            category: self.category,
            summary: self.summary,
            events: self.events,
            channels: self.channels,
            requirements: components.get(REQUIREMENTS).cloned().unwrap_or_default(),
            hours: std::array::from_fn(|_| String::new()),
            closed_on_holidays: true,
            ..TypedService::default()
        };
        let content = Content { components, duration: Duration::read(&self.time), fee: Fee::read(&self.fee) };
        let facts = typed.check().unwrap_or_default();
        let facts = ServiceFacts { duration: content.duration, fee: content.fee.clone(), ..facts };
        Example { key: organisation::slug(&self.name, |_| false), facts, content }
    }
}

/// The examples, in the order of screens.
#[must_use]
pub fn examples() -> &'static [Example] {
    &EXAMPLES
}

/// The example of a name, however it is written.
#[must_use]
pub fn example_named(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| plain(&example.facts.name) == plain(name))
}

/// Copies an example to a unit: a draft in the catalogue, marked as an example, with a draft of its standard.
///
/// # Errors
/// When the unit does not serve.
pub fn copy_example(db: &mut Write<'_>, desk: &Desk, unit: UnitId, example: &Example) -> Result<Service, Refused> {
    let service = enter_service(db, desk, unit, &example.facts, true)?;
    let draft = begin_standard(db, desk, service.id)?;
    write_standard(db, desk, draft.id, draft.version, &example.content)?;
    Ok(service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;
    use crate::standard::rule;

    #[test]
    fn there_are_twenty_examples_and_each_is_complete() {
        assert_eq!(examples().len(), 20);
        for example in examples() {
            let name = &example.facts.name;
            assert!(example.content.missing().is_empty(), "{name}: {:?}", example.content.missing());
            assert!(example.facts.lacking().is_empty(), "{name}");
            assert!(kinds::category(&example.facts.category).is_some(), "{name}");
            let known = |key: &String| rule().components.iter().any(|component| component.key == *key);
            assert!(example.content.components.keys().all(known), "{name} has a component nobody knows");
        }
    }

    #[test]
    fn an_example_is_found_by_its_name() {
        assert!(example_named("AKTA kelahiran").is_some() && example_named("pohon").is_none());
    }
}
