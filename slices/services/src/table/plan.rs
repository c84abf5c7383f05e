//! Decides for each row of a table what would become of it. Pure: services, units and a table in, a plan out.

use super::{COLUMNS, UnitsByName, cell, items};
use crate::promise::{Duration, Fee, Week};
use crate::service::{Service, ServiceFacts, ServiceId, ServiceState};
use crate::typed::TypedService;
use organisation::import::{Checked, Finding, Review, Row, Table, Verdict};
use organisation::{Fault, Unit, plain};
use platform::identity::UnitId;
use rules::phrase::Phrase;
use std::collections::{HashMap, HashSet};

/// What a table would do.
pub(super) struct Plan {
    /// For people.
    pub(super) review: Review,
    /// For the store.
    pub(super) steps: Vec<Step>,
}

/// One thing to store; the last says whether everybody finds it from then on.
pub(super) enum Step {
    /// A new service of a unit.
    Enter(UnitId, ServiceFacts, bool),
    /// New facts of a service.
    Change(Box<Service>, ServiceFacts, bool),
}

/// What the table would do with these services.
///
/// `in_force` are the services whose standard is in force: what it promises is not changed by a table.
pub(super) fn plan(
    services: &[Service],
    in_force: &HashSet<ServiceId>,
    units: &[Unit],
    table: &Table,
) -> Result<Plan, Phrase> {
    let cells = table.columns_for(&COLUMNS)?;
    let by_name = units_by_name(units);
    let known: HashMap<(UnitId, String), &Service> =
        services.iter().map(|service| ((service.unit, plain(&service.facts.name)), service)).collect();
    let codes: HashMap<UnitId, &str> = units.iter().map(|unit| (unit.id, code(unit))).collect();
    let mut seen: HashMap<(UnitId, String), u64> = HashMap::new();
    let (mut rows, mut steps) = (Vec::with_capacity(table.rows.len()), Vec::new());
    for row in &table.rows {
        let read = Line::read(row, |field| cells.of(row, field), &by_name, &known);
        let (checked, step) = read.and_then(|line| line.alone(row.line, &mut seen)).map_or_else(
            |findings| (wrong(row, cells.of(row, "name"), findings), None),
            |line| line.promised(in_force).finish(row.line, &codes),
        );
        rows.push(checked);
        steps.extend(step);
    }
    Ok(Plan { review: Review { rows }, steps })
}

fn wrong(row: &Row, name: &str, findings: Vec<Finding>) -> Checked {
    Checked { line: row.line, label: name.to_owned(), verdict: Verdict::Wrong, findings, stored: String::new() }
}

fn code(unit: &Unit) -> &str {
    unit.facts.code.as_deref().unwrap_or(&unit.facts.name)
}

/// Units that serve by code, name and short name; nothing under a name that several have.
fn units_by_name(units: &[Unit]) -> UnitsByName {
    let mut by_name = UnitsByName::new();
    for unit in units.iter().filter(|unit| unit.state.is_active()) {
        let names =
            [unit.facts.code.clone().unwrap_or_default(), plain(&unit.facts.name), plain(&unit.facts.short_name)];
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let of = by_name.entry(name).or_insert(Some(unit.id));
            *of = of.filter(|other| *other == unit.id);
        }
    }
    by_name
}

/// A row that can be taken.
struct Line<'s> {
    unit: UnitId,
    facts: ServiceFacts,
    known: Option<&'s Service>,
    publish: bool,
    findings: Vec<Finding>,
}

impl<'s> Line<'s> {
    fn read<'t>(
        _: &Row,
        of: impl Fn(&'static str) -> &'t str,
        units: &UnitsByName,
        known: &HashMap<(UnitId, String), &'s Service>,
    ) -> Result<Self, Vec<Finding>> {
        let named = units.get(of("unit").trim()).or_else(|| units.get(&plain(of("unit"))));
        let unit = match named {
            Some(Some(unit)) => *unit,
            Some(None) => return Err(vec![Finding::fault("unit", Phrase::new("import.unit-several"))]),
            None => return Err(vec![Finding::fault("unit", Phrase::new("import.unit-unknown"))]),
        };
        let before = known.get(&(unit, plain(of("name")))).copied();
        let (typed, mut faults) = typed(&of, before.map(|service| &service.facts));
        match typed.check() {
            Ok(facts) if faults.is_empty() => Ok(Self::of(unit, facts, before, of("state"))),
            Ok(_) => Err(faults),
            Err(found) => {
                faults
                    .extend(found.into_iter().map(|Fault { field, phrase }| Finding::fault(column_of(field), phrase)));
                Err(faults)
            }
        }
    }

    fn of(unit: UnitId, facts: ServiceFacts, known: Option<&'s Service>, state: &str) -> Self {
        let is_published = known.is_some_and(|service| service.state == ServiceState::Published);
        let asks = matches!(plain(state).as_str(), "terbit" | "published");
        let lacking = facts.lacking();
        let publish = asks && !is_published && lacking.is_empty();
        let mut findings = Vec::new();
        if asks && !is_published && !publish {
            let lack = |fault: Fault| Finding::warning(column_of(fault.field), fault.phrase);
            findings.extend(lacking.into_iter().map(lack));
        }
        Self { unit, facts, known, publish, findings }
    }

    /// The same, unless an earlier row is this service already.
    fn alone(self, line: u64, seen: &mut HashMap<(UnitId, String), u64>) -> Result<Self, Vec<Finding>> {
        match seen.insert((self.unit, plain(&self.facts.name)), line) {
            None => Ok(self),
            Some(first) => Err(vec![Finding::fault("name", Phrase::new("import.double").with("line", first))]),
        }
    }

    /// The same with the promise of a standard in force, and a warning where the table says otherwise.
    fn promised(mut self, in_force: &HashSet<ServiceId>) -> Self {
        let Some(service) = self.known.filter(|service| in_force.contains(&service.id)) else { return self };
        let facts = self.facts.promising_as(&service.facts);
        if facts != self.facts {
            self.findings.push(Finding::warning("", Phrase::new("import.standard")));
            self.facts = facts;
        }
        self
    }

    fn finish(self, line: u64, codes: &HashMap<UnitId, &str>) -> (Checked, Option<Step>) {
        let unit = codes.get(&self.unit).copied().unwrap_or_default();
        let text = |facts: &ServiceFacts, field: &str| cell(facts, field, unit);
        let stored: Vec<String> = COLUMNS.iter().map(|column| text(&self.facts, column.field)).collect();
        let of = self.known.map_or_else(String::new, |service| format!("{} {}", service.id, service.version));
        let stored = format!("{of}\u{1f}{}\u{1f}{}", self.publish, stored.join("\u{1f}"));
        let label = self.facts.name.clone();
        let (verdict, step) = match self.known {
            None => (Verdict::New, Some(Step::Enter(self.unit, self.facts, self.publish))),
            Some(service) => {
                let differing = COLUMNS.iter().map(|column| column.field);
                let change = |field| (field, text(&service.facts, field), text(&self.facts, field));
                let mut changes: Vec<(&'static str, String, String)> =
                    differing.map(change).filter(|(_, before, after)| before != after).collect();
                if self.publish {
                    changes.push(("state", service.state.name().to_owned(), ServiceState::Published.name().to_owned()));
                }
                match changes.is_empty() {
                    true => (Verdict::Unchanged, None),
                    false => {
                        let step = Step::Change(Box::new(service.clone()), self.facts, self.publish);
                        (Verdict::Changed(changes), Some(step))
                    }
                }
            }
        };
        (Checked { line, label, verdict, findings: self.findings, stored }, step)
    }
}

/// What a row holds, over what is there; and what of its cells cannot be read as one.
fn typed<'t>(of: &impl Fn(&'static str) -> &'t str, before: Option<&ServiceFacts>) -> (TypedService, Vec<Finding>) {
    let mut typed = before.map(ServiceFacts::typed).unwrap_or_default();
    typed.closed_on_holidays = before.is_none_or(|facts| facts.closed_on_holidays);
    let mut faults = Vec::new();
    let set = |field: &'static str, into: &mut String| {
        if !of(field).is_empty() {
            of(field).clone_into(into);
        }
    };
    set("name", &mut typed.name);
    set("category", &mut typed.category);
    set("summary", &mut typed.summary);
    set("audience", &mut typed.audience);
    set("keywords", &mut typed.keywords);
    set("online", &mut typed.online);
    set("sign_language", &mut typed.sign_language);
    if typed.category.is_empty() {
        "lainnya".clone_into(&mut typed.category);
    }
    for (field, into) in [("events", &mut typed.events), ("channels", &mut typed.channels)] {
        if !of(field).is_empty() {
            *into = items(of(field));
        }
    }
    for (field, into) in [("requirements", &mut typed.requirements), ("forms", &mut typed.forms)] {
        if !of(field).is_empty() {
            *into = items(of(field)).join("\n");
        }
    }
    if !of("holidays").is_empty() {
        typed.closed_on_holidays = !matches!(plain(of("holidays")).as_str(), "buka" | "open" | "tidak");
    }
    match (of("hours"), Week::read(of("hours"))) {
        ("", _) => {}
        (_, Some(week)) => typed.hours = week.0.map(|day| day.map(|opening| opening.written('.')).unwrap_or_default()),
        (_, None) => faults.push(Finding::fault("hours", Phrase::new("fault.week"))),
    }
    match (of("duration"), Duration::read(of("duration"))) {
        ("", _) => {}
        (_, Some(duration)) => {
            typed.amount = duration.amount.to_string();
            duration.unit.name().clone_into(&mut typed.time_unit);
        }
        (_, None) => faults.push(Finding::fault("duration", Phrase::new("fault.duration"))),
    }
    if let Some(fee) = Fee::read(of("fee")) {
        fee.kind().clone_into(&mut typed.fee);
        typed.fee_text = match fee {
            Fee::Free => String::new(),
            Fee::Fixed { rupiah } => rupiah.to_string(),
            Fee::Varies { note } => note,
        };
    }
    (typed, faults)
}

/// The column of a field of the form.
fn column_of(field: &'static str) -> &'static str {
    match field {
        "amount" | "time_unit" => "duration",
        "fee_text" => "fee",
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" => "hours",
        other => other,
    }
}
