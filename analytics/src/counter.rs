//! One thread's share of the counting, and the joining of all shares.

use crate::answer::Scale;
use crate::error::ReadError;
use crate::faults::Faults;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::question::{Counted, Fault, Question};
use crate::sums::Sums;
use crate::text::{decoded, natural_order};
use rules::tally::Tally;
use std::thread::ScopedJoinHandle;

/// Rows counted together; their columns stay in the processor's nearest memory.
pub(crate) const BATCH: usize = 4096;
/// The most 64-bit counters one thread keeps (64 MiB); it limits the number of groups (SKM: half a million, or 94 thousand
/// with details), and so the memory of keys and tallies, which take several times as much.
const COUNTERS: usize = 1 << 23;

/// What is asked of a file: the question has been checked against the columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    pub(crate) columns: &'a [String],
    pub(crate) limits: &'a Limits,
}

/// Rows that can be counted: a column of codes per group column, a column of answers per item.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) rows: usize,
    pub(crate) codes: Vec<Vec<u32>>,
    pub(crate) answers: Vec<Vec<u8>>,
}

impl Batch {
    /// An empty batch for the columns of `question`.
    pub(crate) fn new(question: &Question) -> Self {
        let codes = vec![Vec::new(); question.group_by.len()];
        Self { rows: 0, codes, answers: vec![Vec::new(); question.answers.len()] }
    }
}

/// What one thread has counted so far.
#[derive(Debug)]
pub(crate) struct Counter<'a> {
    question: &'a Question,
    columns: &'a [String],
    pub(crate) scale: Scale,
    pub(crate) keys: Keys,
    pub(crate) faults: Faults,
    pub(crate) rows: u64,
    sums: Sums,
    batch: Batch,
    groups: Vec<u32>,
    most_groups: usize,
    /// The most texts of one column: some may be manners of writing the same group.
    most_texts: usize,
    /// The most rows of one batch.
    pub(crate) most_rows: usize,
}

/// One cell of a row as the row's reader knows it: its bytes, or nothing when the row ends before it.
pub(crate) type Cell<'r> = Option<&'r [u8]>;

impl<'a> Counter<'a> {
    /// A counter of nothing yet.
    pub(crate) fn new(asked: Asked<'a>) -> Self {
        let Asked { question, columns, limits } = asked;
        let sums = Sums::new(question.answers.len(), question.lowest, question.highest, question.detail);
        Self {
            question,
            columns,
            scale: Scale { lowest: question.lowest, highest: question.highest },
            keys: Keys::new(question.group_by.len()),
            faults: Faults::default(),
            rows: 0,
            batch: Batch::new(question),
            groups: Vec::new(),
            most_groups: limits.groups.min(COUNTERS / sums.counters_per_group()),
            most_texts: COUNTERS / sums.counters_per_group(),
            most_rows: BATCH.min(sums.most_rows()),
            sums,
        }
    }

    /// Counts the row on `line`, or leaves it out and notes why. `cell` gives the cell at a position.
    pub(crate) fn row<'r>(&mut self, line: u64, cell: impl Fn(usize) -> Cell<'r>) -> Result<(), ReadError> {
        self.rows += 1;
        for (item, position) in self.question.answers.iter().enumerate() {
            match cell(*position).map(|cell| self.scale.text(cell)) {
                Some(Ok(answer)) => self.batch.answers[item].push(answer),
                _ => {
                    let rows = self.batch.rows;
                    self.batch.answers[..item].iter_mut().for_each(|column| column.truncate(rows));
                    self.leave_out(line, cell);
                    return Ok(());
                }
            }
        }
        for (codes, (dictionary, position)) in
            self.batch.codes.iter_mut().zip(self.keys.columns.iter_mut().zip(&self.question.group_by))
        {
            codes.push(dictionary.code(cell(*position).unwrap_or_default()));
        }
        self.batch.rows += 1;
        if self.batch.rows < self.most_rows { Ok(()) } else { self.count_batch() }
    }

    /// Notes every bad cell of a row that cannot be counted. A row with nothing in it is no row.
    fn leave_out<'r>(&mut self, line: u64, cell: impl Fn(usize) -> Cell<'r>) {
        let blank = |position| cell(position).is_none_or(|cell| decoded(cell).trim().is_empty());
        if (0..self.columns.len()).all(blank) {
            self.rows -= 1;
            return;
        }
        self.faults.leave_out_row();
        for (item, position) in self.question.answers.iter().enumerate() {
            let cell = cell(*position);
            let fault = match cell {
                None => Fault::TooFewCells,
                Some(cell) => match self.scale.text(cell) {
                    Ok(_) => continue,
                    Err(fault) => fault,
                },
            };
            let found = || decoded(cell.unwrap_or_default()).into_owned();
            self.faults.note(line, item, &self.columns[*position], fault, found);
        }
    }

    /// Leaves out a row that goes on after the last column, with the first cell too many.
    pub(crate) fn leave_out_long_row(&mut self, line: u64, extra: &[u8]) {
        self.rows += 1;
        self.faults.leave_out_row();
        self.faults.note(line, self.question.answers.len(), "", Fault::TooManyCells, || decoded(extra).into_owned());
    }

    /// Counts rows gathered elsewhere, column by column.
    pub(crate) fn count(&mut self, batch: &Batch) -> Result<(), ReadError> {
        self.keys.groups(&batch.codes, batch.rows, &mut self.groups);
        if self.keys.len() > self.most_groups {
            return Err(ReadError::TooManyGroups(self.most_groups));
        }
        if self.keys.texts() > self.most_texts {
            return Err(ReadError::TooManyGroups(self.most_texts));
        }
        self.sums.add(&self.groups, &batch.answers, self.keys.len());
        Ok(())
    }

    fn count_batch(&mut self) -> Result<(), ReadError> {
        let mut batch = std::mem::take(&mut self.batch);
        self.count(&batch)?;
        batch.rows = 0;
        batch.codes.iter_mut().for_each(Vec::clear);
        batch.answers.iter_mut().for_each(Vec::clear);
        self.batch = batch;
        Ok(())
    }

    /// Closes this share.
    pub(crate) fn finish(mut self) -> Result<Share, ReadError> {
        self.count_batch()?;
        let keys = self.keys;
        let groups = (0..).zip(self.sums.finish()).filter(|(_, tally)| tally.respondents > 0);
        Ok(Share {
            groups: groups.map(|(group, tally)| (keys.key(group), tally)).collect(),
            rows: self.rows,
            faults: self.faults,
            most_groups: self.most_groups,
        })
    }
}

/// What one thread has counted.
#[derive(Debug)]
pub(crate) struct Share {
    groups: Vec<(Vec<String>, Tally)>,
    rows: u64,
    faults: Faults,
    most_groups: usize,
}

/// Waits for a thread's share.
pub(crate) fn joined(worker: ScopedJoinHandle<'_, Result<Share, ReadError>>) -> Result<Share, ReadError> {
    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Joins the threads' shares: equal keys are added, the keys sorted.
pub(crate) fn join(shares: Vec<Share>) -> Result<Counted, ReadError> {
    let mut all = Vec::new();
    let mut faults = Faults::default();
    let (mut rows, mut most_groups) = (0, usize::MAX);
    for share in shares {
        all.extend(share.groups);
        faults.merge(share.faults);
        rows += share.rows;
        most_groups = share.most_groups;
    }
    all.sort_by(|(one, _), (other, _)| {
        let columns = one.iter().zip(other).map(|(one, other)| natural_order(one, other));
        columns.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut groups: Vec<(Vec<String>, Tally)> = Vec::with_capacity(all.len());
    for (key, tally) in all {
        match groups.last_mut() {
            Some((last, sums)) if *last == key => sums.merge(&tally),
            _ => groups.push((key, tally)),
        }
    }
    if groups.len() > most_groups {
        return Err(ReadError::TooManyGroups(most_groups));
    }
    Ok(Counted { groups, rows, left_out: faults.finish() })
}
