//! People as a table: a row gives somebody a role. Whoever has no account yet is invited; rows with the same address are one person.

use crate::WORDS;
use crate::account::{Account, AccountState, Email};
use crate::actions::{Act, By, Invited, NewGrant, Refused, enter_invited, grant_within, make_link};
use crate::granting::{MANAGE_PEOPLE, Post, go_together, may_grant, may_manage};
use crate::link::Purpose;
use crate::people::open_posts;
use crate::store;
use organisation::import::{Cells, Checked, Column, Finding, Review, Row, Table, Verdict};
use organisation::{Unit, squeezed};
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{AccountId, Role};
use platform::session::Token;
use platform::words::Words;
use rules::phrase::{Language, Phrase};
use std::collections::HashMap;

/// The most rows of a table of people.
pub const MOST_ROWS: usize = 3_000;

/// The columns of a table of people.
pub(crate) const COLUMNS: [Column; 4] = [
    Column { field: "name", names: &["Nama", "nama lengkap", "nama pegawai", "name"], required: true },
    Column { field: "email", names: &["Surel", "email", "e-mail", "alamat surel"], required: true },
    Column { field: "role", names: &["Peran", "jabatan di prima", "role"], required: true },
    Column { field: "unit", names: &["Unit", "kode unit", "nama unit", "opd", "perangkat daerah"], required: false },
];

/// What is stored of a row.
#[derive(Debug, Clone)]
struct Step {
    email: Email,
    name: String,
    post: Post,
    /// The account it belongs to, when there is one already.
    account: Option<AccountId>,
    /// Whether the person needs a link: they are invited, or were and did not accept yet.
    needs_link: bool,
}

/// Somebody who was invited by a table, or who was invited before and got another role by it, with the link to hand over.
#[derive(Debug, Clone)]
pub struct InvitedByTable {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The link's token, told once.
    pub token: Token,
}

/// Why a table was not stored. Nothing of it was.
#[derive(Debug)]
pub enum NotStored {
    /// A column is missing; the sentence is for [`organisation::import::say`].
    Unreadable(Phrase),
    /// People changed since the preview: this is what the table would do now.
    Differs(Box<Review>),
    /// Something refused.
    Refused(Refused),
}

impl From<DatabaseError> for NotStored {
    fn from(error: DatabaseError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Refused> for NotStored {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// What a table would do, row by row.
///
/// # Errors
/// When the database cannot be read. Inside: the sentence about a missing column.
pub fn preview_people(db: &mut Read<'_>, act: &Act, table: &Table) -> Result<Result<Review, Phrase>, DatabaseError> {
    Ok(plan(db, act, table)?.map(|(review, _)| review))
}

/// Stores the right rows of a table, all or nothing, when they still do what the preview with this fingerprint showed.
///
/// # Errors
/// When the table would do something else by now, or something refuses.
pub fn import_people(
    db: &mut Write<'_>,
    act: &Act,
    table: &Table,
    fingerprint: &str,
) -> Result<Vec<InvitedByTable>, NotStored> {
    let act = &act.renewed(db)?;
    let (review, steps) = plan(db, act, table)?.map_err(NotStored::Unreadable)?;
    if review.fingerprint() != fingerprint {
        return Err(NotStored::Differs(Box::new(review)));
    }
    let mut entered: HashMap<&str, AccountId> = HashMap::new();
    let mut in_need: Vec<(AccountId, &Step)> = Vec::new();
    for step in &steps {
        let new = NewGrant::now(step.post);
        let account = match step.account.or_else(|| entered.get(step.email.key()).copied()) {
            Some(account) => {
                grant_within(db, act, account, &new)?;
                account
            }
            None => {
                let invited = Invited { email: step.email.clone(), name: step.name.clone(), grants: vec![new] };
                enter_invited(db, act, &invited)?
            }
        };
        let seen_before = entered.insert(step.email.key(), account).is_some();
        if step.needs_link && !seen_before {
            in_need.push((account, step));
        }
    }
    // The links come last: each role that is given ends the links made before.
    let mut made = Vec::with_capacity(in_need.len());
    for (account, Step { name, email, .. }) in in_need {
        let token = make_link(db, act, account, Purpose::Invitation)?;
        made.push(InvitedByTable { account, name: name.clone(), email: email.typed().to_owned(), token });
    }
    Ok(made)
}

/// An account that a table speaks of.
struct Found {
    account: Account,
    posts: Vec<Post>,
    /// Whether somebody may hold a link with which its password is chosen.
    has_link: bool,
}

impl Found {
    fn is_invited(&self) -> bool {
        self.account.state == AccountState::Invited
    }

    /// What becomes of the person's links with another role.
    fn warning(&self) -> Option<Finding> {
        let key = match (self.is_invited(), self.has_link) {
            (true, _) => "import.new-link",
            (false, true) => "import.link-ends",
            (false, false) => return None,
        };
        Some(Finding::warning("", Phrase::new(key)))
    }
}

/// What is known of people and units while rows are read one after the other.
struct Known<'k> {
    act: &'k Act,
    units: Vec<Unit>,
    accounts: HashMap<String, Found>,
    /// What earlier rows of the file give to whom.
    given: HashMap<String, Vec<Post>>,
}

type Planned = (Review, Vec<Step>);

fn plan(db: &mut Read<'_>, act: &Act, table: &Table) -> Result<Result<Planned, Phrase>, DatabaseError> {
    let cells = match table.columns_for(&COLUMNS) {
        Ok(cells) => cells,
        Err(phrase) => return Ok(Err(phrase)),
    };
    let mut known = Known {
        act,
        units: organisation::units(db, act.institution)?,
        accounts: HashMap::new(),
        given: HashMap::new(),
    };
    known.units.retain(|unit| unit.state.is_active());
    for row in &table.rows {
        let key = Email::key_of(cells.of(row, "email"));
        if let Some(account) = store::account_by_email(db, act.institution, &key)? {
            let posts = open_posts(&store::held(db, act.institution, account.id)?, act.now);
            let links = store::open_links_of(db, act.institution, account.id, act.now)?;
            let has_link = links.iter().any(|link| link.purpose.lets_in());
            known.accounts.insert(key, Found { account, posts, has_link });
        }
    }
    let (mut rows, mut steps) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let (checked, step) = known.review(&cells, row);
        rows.push(checked);
        steps.extend(step);
    }
    Ok(Ok((Review { rows }, steps)))
}

impl Known<'_> {
    fn review(&mut self, cells: &Cells, row: &Row) -> (Checked, Option<Step>) {
        let label =
            Some(cells.of(row, "name")).filter(|name| !name.is_empty()).unwrap_or_else(|| cells.of(row, "email"));
        let wrong = |findings: Vec<Finding>| Checked {
            line: row.line,
            label: label.to_owned(),
            verdict: Verdict::Wrong,
            findings,
            stored: String::new(),
        };
        let step = match self.read(cells, row) {
            Ok(step) => step,
            Err(findings) => return (wrong(findings), None),
        };
        if let Err(finding) = self.judge(&step) {
            return (wrong(vec![finding]), None);
        }
        let Step { email, name, post, account, needs_link } = &step;
        let found = self.accounts.get(email.key());
        let held = found.is_some_and(|found| found.posts.contains(post));
        let findings = found.filter(|_| !held).and_then(Found::warning).into_iter().collect();
        self.given.entry(email.key().to_owned()).or_default().push(*post);
        let verdict = match (account, held) {
            (_, true) => Verdict::Unchanged,
            (Some(_), false) => Verdict::Changed(vec![("role", String::new(), self.post_words(*post))]),
            (None, false) => Verdict::New,
        };
        let unit = post.unit.map_or_else(String::new, |unit| unit.to_string());
        let link = if *needs_link && !held { "link" } else { "" };
        let stored = [email.key(), name, post.role.name(), &unit, link].join("\u{1f}");
        let checked = Checked { line: row.line, label: label.to_owned(), verdict, findings, stored };
        (checked, (!held).then_some(step))
    }

    fn post_words(&self, post: Post) -> String {
        let role = post.role.label(Words::shared(Language::Indonesian));
        let unit = post.unit.and_then(|id| self.units.iter().find(|unit| unit.id == id));
        unit.map_or_else(|| role.clone(), |unit| format!("{role}, {}", unit.facts.name))
    }

    /// The row as a step, or everything that cannot be read in it.
    fn read(&self, cells: &Cells, row: &Row) -> Result<Step, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut fault = |field, key| findings.push(Finding::fault(field, Phrase::new(key)));
        let name = cells.of(row, "name").to_owned();
        if name.is_empty() {
            fault("name", "fault.name-empty");
        } else if name.chars().count() > 120 {
            fault("name", "fault.name-long");
        }
        let email = Email::read(cells.of(row, "email"));
        if email.is_none() {
            fault("email", "fault.email");
        }
        let role = role_named(cells.of(row, "role"));
        if role.is_none() {
            fault("role", "fault.role-name");
        }
        let typed = cells.of(row, "unit");
        let unit = match (role, typed.is_empty()) {
            (Some(role), true) if role.is_of_a_unit() => {
                fault("unit", "fault.unit");
                None
            }
            (Some(role), false) if !role.is_of_a_unit() => {
                fault("unit", "fault.unit-unwanted");
                None
            }
            (_, true) => None,
            (_, false) => {
                let found = self.unit_named(typed);
                if found.is_none() {
                    fault("unit", "fault.unit-unknown");
                }
                found
            }
        };
        let post = role.and_then(|role| Post::new(role, unit.map(|unit| unit.id)));
        match (email, post, findings.is_empty()) {
            (Some(email), Some(post), true) => {
                let found = self.accounts.get(email.key());
                let needs_link = found.is_none_or(Found::is_invited);
                Ok(Step { account: found.map(|found| found.account.id), email, name, post, needs_link })
            }
            _ => Err(findings),
        }
    }

    /// The unit of a code, or of a name when only one has it.
    fn unit_named(&self, typed: &str) -> Option<&Unit> {
        let by_code = self.units.iter().find(|unit| unit.facts.code.as_deref() == Some(typed));
        by_code.or_else(|| {
            let plain = squeezed(typed);
            let mut named = self.units.iter().filter(|unit| squeezed(&unit.facts.name) == plain);
            named.next().filter(|_| named.next().is_none())
        })
    }

    /// Whether the step may be done: what the actions would refuse is told before.
    fn judge(&self, step: &Step) -> Result<(), Finding> {
        let fault = |field, key| Err(Finding::fault(field, Phrase::new(key)));
        let key = step.email.key();
        let given = self.given.get(key).map_or(&[][..], Vec::as_slice);
        let known = self.accounts.get(key);
        let held = known.map_or(&[][..], |found| found.posts.as_slice());
        if given.contains(&step.post) {
            return fault("", "fault.row-twice");
        }
        if held.contains(&step.post) {
            return Ok(());
        }
        if known.is_some_and(|found| found.account.state == AccountState::Closed) {
            return fault("email", "refused.wrong-state");
        }
        let all: Vec<Post> = held.iter().chain(given).copied().collect();
        if let By::Person(person) = &self.act.by {
            let manages = known.is_none_or(|found| may_manage(person, &MANAGE_PEOPLE, found.account.id, &all));
            if !manages || !may_grant(person, step.post) {
                return fault("role", "fault.not-yours");
            }
        }
        if !all.iter().all(|post| go_together(post.role, step.post.role)) {
            return fault("role", "refused.not-together");
        }
        Ok(())
    }
}

/// The role of a stable name, or of its name in either language, however it is written.
fn role_named(typed: &str) -> Option<Role> {
    let plain = squeezed(typed);
    let words = [Language::Indonesian, Language::English].map(Words::shared);
    let same = |name: &str| {
        let short = name.split(" (").next().unwrap_or(name);
        squeezed(name) == plain || squeezed(short) == plain
    };
    let of = |role: &Role| squeezed(role.name()) == plain || words.iter().any(|words| same(&role.label(*words)));
    Role::ALL.into_iter().find(of).filter(|_| !plain.is_empty())
}

/// The words of a column.
pub(crate) fn field_words(field: &str, language: Language) -> String {
    Words::new(&WORDS, language).text(&format!("field.{field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_known_by_any_of_its_names() {
        for typed in ["counter-officer", "Petugas loket", "PETUGAS LOKET", "petugas_loket"] {
            assert_eq!(role_named(typed), Some(Role::CounterOfficer), "{typed}");
        }
        assert_eq!(role_named("koordinator"), Some(Role::Coordinator));
        assert_eq!(role_named("Wali kota"), None);
        assert_eq!(role_named(""), None);
    }
}
