//! Who answered: counts by sex, age, education and occupation, for the report.

use super::{Group, Key, parts_by_group};
use rules::tally::Tally;

/// Columns of the respondents' profile.
pub(super) const COLUMNS: &[&str] = &["sex", "age", "education", "occupation"];

/// Respondents by one trait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileCount {
    /// Column: `sex`, `age`, `education`, `occupation`.
    pub column: String,
    /// Values with their respondents, in natural order.
    pub values: Vec<(String, u64)>,
}

/// Adds the counts of one column to every group. `parts` are grouped by the group's columns and this one, which is last.
pub(super) fn add(column: &str, parts: &[(Key, Tally)], groups: &mut [Group]) {
    let by_group = parts_by_group(parts);
    for group in groups {
        let mut values: Vec<(String, u64)> = Vec::new();
        for (value, tally) in by_group.get(group.key.as_slice()).into_iter().flatten() {
            let value = if column == "age" { age_group(value) } else { (*value).to_owned() };
            match values.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += tally.respondents,
                None => values.push((value, tally.respondents)),
            }
        }
        group.profile.push(ProfileCount { column: column.to_owned(), values });
    }
}

/// Ages in ten-year groups; words stay as they are.
fn age_group(value: &str) -> String {
    match value.parse::<u32>() {
        Err(_) => value.to_owned(),
        Ok(age) if age < 20 => "≤ 19".to_owned(),
        Ok(age) if age >= 60 => "≥ 60".to_owned(),
        Ok(age) => format!("{}–{}", age / 10 * 10, age / 10 * 10 + 9),
    }
}

#[cfg(test)]
mod tests {
    use super::age_group;

    #[test]
    fn ages_fall_in_ten_year_groups() {
        assert_eq!(["17", "20", "29", "60", "dewasa"].map(age_group), ["≤ 19", "20–29", "20–29", "≥ 60", "dewasa"]);
    }
}
