//! SKM answers, one row per respondent.

use super::columns::{Grouping, find};
use super::faults::Hint;
use super::{Group, GroupData, Key, Scored, profile, statistics};
use crate::input_file::InputFile;
use crate::problem::Problem;
use analytics::{Question, Source, tally};
use rules::instrument::Body;
use rules::phrase::Phrase;
use rules::satisfaction_index::{Order, SatisfactionSurvey};
use rules::tally::Tally;
use std::collections::HashMap;

/// The columns that name a group when nothing is asked for.
const USUAL: &[&str] = &["region", "institution", "unit", "period", "year"];

/// How many threads count.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Where a file keeps its answers: positions of columns, and of the elements they answer.
pub(super) struct AnswerColumns {
    columns: Vec<usize>,
    elements: Vec<usize>,
}

/// One counted file: groups in order, elements counted.
type Groups = Vec<(Key, Tally)>;

pub(super) fn read(scored: &mut Scored, files: &[InputFile]) -> Result<(), Problem> {
    let (groups, elements) = count_all(scored, files, None, scored.options.detail)?;
    let extra = scored.options.clone();
    let mut made: Vec<Group> =
        groups.into_iter().map(|(key, tally)| Group::new(key, GroupData::Answers(tally, elements.clone()))).collect();
    if scored.options.detail {
        statistics::add_reliability(scored, &mut made);
    }
    if let Some(column) = &extra.compare {
        super::columns::require(&files[0].open()?, column)?;
        let (parts, _) = count_all(scored, files, Some(column), true)?;
        statistics::add_differences(column, &parts, &mut made);
    }
    if extra.profile {
        for column in profile::COLUMNS {
            let has_it = |file: &InputFile| Ok(find(file.open()?.columns(), column).is_some());
            if files.iter().map(has_it).collect::<Result<Vec<bool>, Problem>>()?.contains(&true) {
                let (parts, _) = count_all(scored, files, Some(column), false)?;
                profile::add(column, &parts, &mut made);
            }
        }
    }
    scored.groups = made;
    Ok(())
}

/// Counts all files, grouped by the asked columns and, where given, by one column more. Bad rows are kept only by the first pass.
fn count_all(
    scored: &mut Scored,
    files: &[InputFile],
    more: Option<&str>,
    detail: bool,
) -> Result<(Groups, Vec<usize>), Problem> {
    let mut all: Groups = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut counted_elements: Option<Vec<usize>> = None;
    for file in files {
        let (groups, elements) = count_file(scored, file, more, detail)?;
        if counted_elements.as_ref().is_some_and(|known| *known != elements) {
            return Err(Problem::Input(Phrase::new("score.other-elements").with("file", file.name())));
        }
        counted_elements = Some(elements);
        if files.len() == 1 {
            all = groups;
            break;
        }
        for (key, tally) in groups {
            match places.get(&key) {
                Some(place) => all[*place].1.merge(&tally),
                None => {
                    places.insert(key.clone(), all.len());
                    all.push((key, tally));
                }
            }
        }
    }
    Ok((all, counted_elements.unwrap_or_default()))
}

fn count_file(
    scored: &mut Scored,
    file: &InputFile,
    more: Option<&str>,
    detail: bool,
) -> Result<(Groups, Vec<usize>), Problem> {
    let Body::Satisfaction(survey) = &scored.instrument.body else { return Ok((Vec::new(), Vec::new())) };
    let source = if more.is_some() { file.in_parts().open()? } else { file.open()? };
    let answers = answer_columns(survey, &source, scored.options.order.unwrap_or_default())?;
    let mut grouping = Grouping::of(&source, scored.grouping().as_deref(), USUAL)?;
    // A file without the finer column counts as "not stated".
    let finer = more.and_then(|column| Some((column.to_owned(), find(source.columns(), column)?)));
    grouping.columns.extend(finer.clone());
    let (lowest, highest) = (survey.answers.lowest, survey.answers.highest);
    let question = Question { group_by: grouping.positions(), answers: answers.columns, lowest, highest, detail };
    let name = source.name().to_owned();
    let counted = tally(source, &question, threads()).map_err(|error| file.refused(error))?;
    let names = grouping.names();
    if more.is_none() {
        scored.by = Some(names.clone());
        scored.faults.add(&name, counted.left_out.rows, counted.left_out.first, Hint::Whole(lowest, highest));
    }
    let unstated = more.filter(|_| finer.is_none()).map(|column| (column.to_owned(), String::new()));
    let named = |(values, tally): (Vec<String>, Tally)| {
        (names.iter().cloned().zip(values).chain(unstated.clone()).collect(), tally)
    };
    Ok((counted.groups.into_iter().map(named).collect(), answers.elements))
}

/// The answer columns of a file, by number (`u1`) or by element name.
///
/// # Errors
/// When there is none, or two columns answer the same element.
pub(super) fn answer_columns(
    survey: &SatisfactionSurvey,
    source: &Source,
    order: Order,
) -> Result<AnswerColumns, Problem> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    if let Some(beyond) = source.columns().iter().find(|column| survey.is_beyond(column)) {
        let phrase = Phrase::new("score.element-beyond").with("file", source.name()).with("column", beyond.as_str());
        return Err(Problem::Input(phrase.with("count", survey.elements.len().to_string())));
    }
    for (column, name) in source.columns().iter().enumerate() {
        let Some(element) = survey.position(name, order) else { continue };
        if found.iter().any(|(known, _)| *known == element) {
            let phrase = Phrase::new("score.element-twice").with("file", source.name()).with("column", name.as_str());
            return Err(Problem::Input(phrase));
        }
        found.push((element, column));
    }
    // Half of the elements missing is another questionnaire, or columns under names nobody knows: no index of it is honest.
    if found.len() * 2 < survey.elements.len() + 1 {
        let first = survey.elements.first().map_or("", |element| element.key.as_str());
        let phrase = Phrase::new("score.no-elements").with("file", source.name()).with("first", first);
        let phrase =
            phrase.with("count", survey.elements.len().to_string()).with("columns", source.columns().join(", "));
        return Err(Problem::Input(phrase));
    }
    found.sort_unstable();
    Ok(AnswerColumns {
        elements: found.iter().map(|(element, _)| *element).collect(),
        columns: found.iter().map(|(_, column)| *column).collect(),
    })
}
