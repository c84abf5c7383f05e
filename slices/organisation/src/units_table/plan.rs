//! Decides for each row of a table what would become of it. Pure: units and a table in, a plan out.

use super::known::{Found, Known};
use super::{UNIT_COLUMNS, cell};
use crate::fault::Fault;
use crate::import::{Checked, Finding, Review, Row, Table, Verdict};
use crate::names::{are_similar, plain};
use crate::tree::Places;
use crate::unit::{TypedUnit, Unit, UnitFacts, UnitKind};
use platform::identity::UnitId;
use rules::phrase::Phrase;
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;

/// What a table would do.
pub(super) struct Plan {
    /// For people.
    pub(super) review: Review,
    /// For the store: parents before what stands below them.
    pub(super) steps: Vec<Step>,
}

/// One thing to store.
pub(super) enum Step {
    /// A new unit.
    Enter(UnitId, UnitFacts),
    /// New facts of a unit.
    Change(Box<Unit>, UnitFacts),
}

/// A row on its way to a verdict.
struct Line<'t> {
    line: u64,
    name: &'t str,
    plain_name: String,
    code: &'t str,
    parent: &'t str,
    typed: TypedUnit,
    /// The unit it is, when there is one.
    known: Option<&'t Unit>,
    /// That unit's identifier, or a new one.
    id: UnitId,
    facts: Option<UnitFacts>,
    findings: Vec<Finding>,
    wrong: bool,
}

impl Line<'_> {
    fn refuse(&mut self, field: &'static str, phrase: Phrase) {
        self.findings.push(Finding::fault(field, phrase));
        self.wrong = true;
    }

    fn is_new(&self) -> bool {
        self.known.is_none()
    }
}

/// What the table would do with these units.
pub(super) fn plan(units: &[Unit], table: &Table, now: OffsetDateTime) -> Result<Plan, Phrase> {
    let cells = table.columns_for(&UNIT_COLUMNS)?;
    let mut lines: Vec<Line<'_>> = table.rows.iter().map(|row| line(row, |field| cells.of(row, field), now)).collect();
    refuse_doubles(&mut lines);
    let taken = lines.iter().filter(|line| !line.wrong);
    let mut known = Known::new(units, taken.map(|line| (line.code, line.name)));
    recognise(&mut lines, &mut known);
    settle_facts(&mut lines, &known);
    refuse_twins(&mut lines, &known);
    refuse_places(&mut lines, units);
    warn_of_similar(&mut lines, units);
    Ok(finish(lines, &known, units))
}

fn line<'t>(row: &'t Row, of: impl Fn(&'static str) -> &'t str, now: OffsetDateTime) -> Line<'t> {
    let typed = TypedUnit {
        kind: of("kind").to_owned(),
        code: of("code").to_owned(),
        name: of("name").to_owned(),
        short_name: of("short_name").to_owned(),
        class: of("class").to_owned(),
        address: of("address").to_owned(),
        phone: of("phone").to_owned(),
        email: of("email").to_owned(),
        web: of("web").to_owned(),
    };
    let (name, code, parent) = (of("name"), of("code"), of("parent"));
    Line {
        line: row.line,
        name,
        plain_name: plain(name),
        code,
        parent,
        typed,
        known: None,
        id: UnitId::new(now),
        facts: None,
        findings: Vec::new(),
        wrong: false,
    }
}

/// Finds the units that rows are. A row can give a unit its code, by which the parents of others are then known, and a row that
/// is refused gives none: so again and again, until nothing changes.
fn recognise<'t>(lines: &mut [Line<'t>], known: &mut Known<'t>) {
    let mut claimed: HashMap<UnitId, u64> = HashMap::new();
    let mut changed = true;
    while changed {
        changed = false;
        for line in lines.iter_mut().filter(|line| line.is_new() && !line.wrong) {
            let Found::Is(unit) = known.find(&line.plain_name, line.code, line.parent) else { continue };
            changed = true;
            if let Some(first) = claimed.get(&unit.id) {
                line.refuse("name", Phrase::new("import.double").with("line", *first));
                known.release(line.code);
            } else {
                (line.known, line.id) = (Some(unit), unit.id);
                claimed.insert(unit.id, line.line);
                known.give_code(line.code, unit.id);
            }
        }
        if changed {
            continue;
        }
        for line in lines.iter_mut().filter(|line| line.is_new() && !line.wrong) {
            if let Found::Refused(field, phrase) = known.find(&line.plain_name, line.code, line.parent) {
                line.refuse(field, phrase);
                changed |= known.release(line.code);
            }
        }
    }
}

/// Refuses rows that are another row again, as they are written.
fn refuse_doubles(lines: &mut [Line<'_>]) {
    let mut by_code: HashMap<&str, u64> = HashMap::new();
    // Two rows of one name in one place are two units only when each has a code.
    let mut by_name: HashMap<(String, String), (u64, bool)> = HashMap::new();
    for line in lines {
        let (name, has_code) = ((line.plain_name.clone(), plain(line.parent)), !line.code.is_empty());
        let same_code = by_code.get(line.code).copied().filter(|_| has_code).map(|first| ("code", first));
        let same_name = by_name.get(&name).filter(|(_, coded)| !coded || !has_code).map(|(first, _)| ("name", *first));
        if let Some((field, first)) = same_code.or(same_name) {
            line.refuse(field, Phrase::new("import.double").with("line", first));
            continue;
        }
        by_code.insert(line.code, line.line);
        if !name.0.is_empty() {
            by_name.insert(name, (line.line, has_code));
        }
    }
}

/// Refuses rows that turn out to be another row again, or a unit there is: the same name in the same place.
fn refuse_twins(lines: &mut [Line<'_>], known: &Known<'_>) {
    let mut by_name: HashMap<(String, Option<UnitId>), (u64, bool)> = HashMap::new();
    for line in lines.iter_mut().filter(|line| !line.wrong) {
        let Some(facts) = &line.facts else { continue };
        let (name, has_code) = ((plain(&facts.name), facts.parent), facts.code.is_some());
        let same_name = by_name.get(&name).filter(|(_, coded)| !coded || !has_code).map(|(first, _)| *first);
        if let Some(first) = same_name {
            line.refuse("name", Phrase::new("import.double").with("line", first));
            continue;
        }
        if line.is_new() && known.has(&name.0, name.1, has_code) {
            line.refuse("name", Phrase::new("import.several"));
            continue;
        }
        by_name.insert(name, (line.line, has_code));
    }
}

/// Finds the parent of each row and checks what was typed.
fn settle_facts(lines: &mut [Line<'_>], known: &Known<'_>) {
    let mut by_code = known.codes();
    let mut by_name: HashMap<String, HashSet<UnitId>> = HashMap::new();
    let mut add = |name: String, id: UnitId| {
        by_name.entry(name).or_default().insert(id);
    };
    for unit in known.active() {
        add(known.name(unit).to_owned(), unit.id);
        add(plain(&unit.facts.short_name), unit.id);
    }
    // A row that is another one again would only make its name stand for two.
    for line in lines.iter().filter(|line| !line.wrong) {
        if !line.code.is_empty() {
            by_code.entry(line.code).or_insert(line.id);
        }
        add(line.plain_name.clone(), line.id);
        add(plain(&line.typed.short_name), line.id);
    }
    for line in lines {
        let parent = match line.parent {
            "" => Ok(line.known.and_then(|unit| unit.facts.parent)),
            typed => match by_code.get(typed) {
                Some(id) => Ok(Some(*id)),
                None => parent_named(typed, by_name.get(&plain(typed))),
            },
        };
        match parent {
            Ok(parent) => settle(line, parent),
            Err(phrase) => {
                settle(line, None);
                line.refuse("parent", phrase);
            }
        }
    }
}

fn parent_named(typed: &str, named: Option<&HashSet<UnitId>>) -> Result<Option<UnitId>, Phrase> {
    let mut ids = named.into_iter().flatten();
    match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(Some(*id)),
        (Some(_), Some(_)) => Err(Phrase::new("import.parent-several").with("parent", typed)),
        (None, _) => Err(Phrase::new("import.parent-unknown").with("parent", typed)),
    }
}

/// Checks what was typed; an empty cell leaves what is there.
fn settle(line: &mut Line<'_>, parent: Option<UnitId>) {
    let before = line.known.map(|unit| unit.facts.typed()).unwrap_or_default();
    let or = |typed: &str, before: String| if typed.is_empty() { before } else { typed.to_owned() };
    let typed = &line.typed;
    let usual = if parent.is_some() { UnitKind::Upp } else { UnitKind::Opd };
    let kind = if before.kind.is_empty() { usual.name().to_owned() } else { before.kind };
    let whole = TypedUnit {
        kind: or(&typed.kind, kind),
        code: or(&typed.code, before.code),
        name: or(&typed.name, before.name),
        short_name: or(&typed.short_name, before.short_name),
        class: or(&typed.class, before.class),
        address: or(&typed.address, before.address),
        phone: or(&typed.phone, before.phone),
        email: or(&typed.email, before.email),
        web: or(&typed.web, before.web),
    };
    match whole.check(parent) {
        Ok(facts) => line.facts = Some(facts),
        Err(faults) => {
            for Fault { field, phrase } in faults {
                line.refuse(field, phrase);
            }
        }
    }
}

/// Refuses rows that would stand in a circle, too deep, below an ended unit or below a row that is not taken.
fn refuse_places(lines: &mut [Line<'_>], units: &[Unit]) {
    let ended: HashSet<UnitId> = units.iter().filter(|unit| !unit.state.is_active()).map(|unit| unit.id).collect();
    loop {
        let mut places = Places::new(units.iter().map(|unit| (unit.id, unit.facts.parent)));
        let refused: HashMap<UnitId, u64> =
            lines.iter().filter(|line| line.wrong && line.is_new()).map(|line| (line.id, line.line)).collect();
        for line in lines.iter().filter(|line| !line.wrong) {
            places.put(line.id, line.facts.as_ref().and_then(|facts| facts.parent));
        }
        let misplaced = to_blame(places.misplaced(), &places, lines);
        let mut changed = false;
        for line in lines.iter_mut().filter(|line| !line.wrong) {
            let parent = line.facts.as_ref().and_then(|facts| facts.parent);
            let moves = line.known.is_none_or(|unit| unit.facts.parent != parent);
            let Some(parent) = parent.filter(|_| moves) else { continue };
            if let Some(number) = refused.get(&parent) {
                line.refuse("parent", Phrase::new("import.parent-wrong").with("line", *number));
            } else if ended.contains(&parent) {
                line.refuse("parent", Phrase::new("fault.parent-ended"));
            } else if misplaced.contains(&line.id) {
                line.refuse("parent", Phrase::new("import.misplaced").with("most", crate::unit::DEEPEST as u64));
            }
            changed |= line.wrong;
        }
        if !changed {
            return;
        }
    }
}

/// The misplaced rows; where units that no row moves are misplaced, the rows above them.
fn to_blame(misplaced: Vec<UnitId>, places: &Places, lines: &[Line<'_>]) -> HashSet<UnitId> {
    let rows: HashSet<UnitId> = lines.iter().filter(|line| !line.wrong).map(|line| line.id).collect();
    let own: HashSet<UnitId> = misplaced.iter().filter(|id| rows.contains(id)).copied().collect();
    if own.is_empty() { misplaced.into_iter().flat_map(|id| places.above(id)).collect() } else { own }
}

/// Warns of new names that may be a slip of another.
fn warn_of_similar(lines: &mut [Line<'_>], units: &[Unit]) {
    let mut names: Vec<(String, u64)> =
        units.iter().filter(|unit| unit.state.is_active()).map(|unit| (unit.facts.name.clone(), 0)).collect();
    for line in lines.iter_mut().filter(|line| line.is_new() && !line.wrong) {
        if let Some((other, number)) = names.iter().find(|(other, _)| are_similar(other, line.name)) {
            let key = if *number == 0 { "import.similar" } else { "import.similar-row" };
            let phrase = Phrase::new(key).with("name", other.as_str()).with("line", *number);
            line.findings.push(Finding::warning("name", phrase));
        }
        names.push((line.name.to_owned(), line.line));
    }
}

fn finish(lines: Vec<Line<'_>>, known: &Known<'_>, units: &[Unit]) -> Plan {
    let numbers: HashMap<UnitId, u64> =
        lines.iter().filter(|line| line.is_new()).map(|line| (line.id, line.line)).collect();
    let names: HashMap<UnitId, &str> = lines.iter().map(|line| (line.id, line.name)).collect();
    let mut places = Places::new(units.iter().map(|unit| (unit.id, unit.facts.parent)));
    let mut steps: Vec<(UnitId, Step)> = Vec::new();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let label = if line.name.is_empty() { line.code } else { line.name }.to_owned();
        let facts = line.facts.filter(|_| !line.wrong);
        let verdict = match (&facts, line.known) {
            (None, _) => Verdict::Wrong,
            (Some(_), None) => Verdict::New,
            (Some(facts), Some(unit)) => changes(unit, facts, |parent| {
                parent.and_then(|id| names.get(&id)).map_or_else(|| known.name_of(parent), |name| (*name).to_owned())
            }),
        };
        let stored = facts.as_ref().map_or_else(String::new, |facts| stored(facts, line.known, &numbers));
        if let Some(facts) = facts {
            places.put(line.id, facts.parent);
            match (&verdict, line.known) {
                (Verdict::New, _) => steps.push((line.id, Step::Enter(line.id, facts))),
                (Verdict::Changed(_), Some(unit)) => steps.push((line.id, Step::Change(Box::new(unit.clone()), facts))),
                _ => {}
            }
        }
        rows.push(Checked { line: line.line, label, verdict, findings: line.findings, stored });
    }
    // A parent is stored before what stands below it.
    steps.sort_by_key(|(id, _)| places.above(*id).len());
    Plan { review: Review { rows }, steps: steps.into_iter().map(|(_, step)| step).collect() }
}

fn changes(unit: &Unit, facts: &UnitFacts, name_of: impl Fn(Option<UnitId>) -> String) -> Verdict {
    let fields = unit.facts.differences(facts);
    if fields.is_empty() {
        return Verdict::Unchanged;
    }
    let (before, after) = (name_of(unit.facts.parent), name_of(facts.parent));
    let change = |field: &'static str| {
        (field, cell(&unit.facts, field, &before).to_owned(), cell(facts, field, &after).to_owned())
    };
    Verdict::Changed(fields.into_iter().map(change).collect())
}

/// Everything that would be stored of a row. A new unit has another identifier in each review: its line stands for it.
fn stored(facts: &UnitFacts, known: Option<&Unit>, numbers: &HashMap<UnitId, u64>) -> String {
    let parent = facts
        .parent
        .map_or_else(String::new, |id| numbers.get(&id).map_or_else(|| id.to_string(), |line| format!("line {line}")));
    let of = known.map_or_else(String::new, |unit| format!("{} {}", unit.id, unit.version));
    let cells: Vec<&str> = UNIT_COLUMNS.iter().map(|column| cell(facts, column.field, &parent)).collect();
    format!("{of}\u{1f}{}", cells.join("\u{1f}"))
}
