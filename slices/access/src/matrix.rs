//! Roles and what they may do, as a table to review: `semua` in the whole institution, `unit` in one's own unit, `-` not at all.

use platform::identity::{Action, Role};
use std::fmt::Write as _;

/// The matrix of all roles and the given actions, one line for each action.
#[must_use]
pub fn matrix(actions: &[&Action]) -> String {
    let widest = actions.iter().map(|action| action.name.len()).max().unwrap_or(0);
    let mut text = format!("{:widest$}", "");
    for role in Role::ALL {
        let _ = write!(text, "  {}", role.name());
    }
    text.push('\n');
    let mut sorted = actions.to_vec();
    sorted.sort_by_key(|action| action.name);
    for action in sorted {
        let _ = write!(text, "{:widest$}", action.name);
        for role in Role::ALL {
            let width = role.name().len();
            let may = match (action.roles.contains(&role), role.is_of_a_unit()) {
                (false, _) => "-",
                (true, true) => "unit",
                (true, false) => "semua",
            };
            let _ = write!(text, "  {may:width$}");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_says_where_a_role_may_act() {
        const EDIT: Action = Action { name: "test.edit", roles: &[Role::UnitAdmin, Role::Coordinator] };
        const ADD: Action = Action { name: "test.add", roles: &[Role::SystemAdmin] };
        let text = matrix(&[&EDIT, &ADD]);
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0].len(), Role::ALL.len());
        assert_eq!(lines[1], ["test.add", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "semua"]);
        assert_eq!(lines[2], ["test.edit", "-", "-", "unit", "-", "semua", "-", "-", "-", "-", "-", "-", "-", "-"]);
    }
}
