//! Parquet: columns of values, in row groups that threads take one after the other.
//!
//! Only the asked columns are read, their dictionaries are understood once per row group, and a batch of rows goes from packed
//! bits to sums without ever becoming text.

mod column;
mod encoding;
mod group;
mod hybrid;
mod kind;
mod pages;
mod sink;
#[cfg(test)]
pub(crate) mod tests;

use crate::counter::{Asked, BATCH, Batch, Counter, Share, joined};
use crate::error::{Place, ReadError};
use crate::kept::Kept;
use crate::keys::Dictionary;
use crate::limits::Stop;
use crate::question::Question;
use crate::source::Row;
use column::Column;
use group::{GroupReader, damaged};
use kind::Kind;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use sink::{AnswerDictionary, Answers};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a Parquet file says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    metadata: Arc<ParquetMetaData>,
}

/// Reads the file's description of itself and checks that it can be true.
pub(crate) fn open(file: &File) -> Result<(Layout, Vec<String>), ReadError> {
    let damaged = |error: &ParquetError| ReadError::Corrupt(Place::File, error.to_string());
    let metadata = ParquetMetaDataReader::new().parse_and_finish(file).map_err(|error| damaged(&error))?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let schema = metadata.file_metadata().schema_descr();
    if !metadata.row_groups().iter().all(|group| is_possible(group, schema.num_columns(), length)) {
        return Err(ReadError::Corrupt(Place::File, "a column lies outside the file".to_owned()));
    }
    let mut chunks = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
    if let Some(chunk) = chunks.find(|chunk| matches!(chunk.compression(), Compression::BROTLI(_) | Compression::LZO)) {
        let name = chunk.compression().to_string();
        return Err(ReadError::Compression(name.split('(').next().unwrap_or_default().to_owned()));
    }
    // Even a column that never changes takes some bytes per million rows.
    let rows =
        metadata.row_groups().iter().fold(0_u64, |rows, group| rows.saturating_add(group.num_rows().unsigned_abs()));
    if rows > length.saturating_mul(10_000) {
        return Err(ReadError::Corrupt(Place::File, format!("{rows} rows in {length} bytes")));
    }
    let columns: Vec<String> = schema.columns().iter().map(|column| column.path().string().trim().to_owned()).collect();
    if columns.is_empty() {
        return Err(ReadError::NoHeader);
    }
    Ok((Layout { metadata: Arc::new(metadata) }, columns))
}

fn is_possible(group: &RowGroupMetaData, columns: usize, length: u64) -> bool {
    let inside = |start: i64, size: i64| {
        let end =
            u64::try_from(start).ok().zip(u64::try_from(size).ok()).and_then(|(start, size)| start.checked_add(size));
        end.is_some_and(|end| end <= length)
    };
    group.num_rows() >= 0
        && group.num_columns() == columns
        && group.columns().iter().all(|chunk| {
            let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
            inside(start, chunk.compressed_size())
        })
}

/// The kinds of the columns at these positions.
fn kinds(layout: &Layout, columns: &[String], positions: &[usize]) -> Result<Vec<Kind>, ReadError> {
    let schema = layout.metadata.file_metadata().schema_descr();
    let one = |position: &usize| {
        Kind::of(&schema.column(*position)).map_err(|kind| ReadError::ColumnKind(columns[*position].clone(), kind))
    };
    positions.iter().map(one).collect()
}

/// Counts all rows with `threads` threads.
pub(crate) fn count(path: &Path, layout: &Layout, asked: Asked<'_>, threads: usize) -> Result<Vec<Share>, ReadError> {
    let Asked { question, columns, limits } = asked;
    let group_kinds = kinds(layout, columns, &question.group_by)?;
    let answer_kinds = kinds(layout, columns, &question.answers)?;
    if let Some((position, kind)) = question.answers.iter().zip(&answer_kinds).find(|(_, kind)| !kind.counts()) {
        return Err(ReadError::ColumnKind(columns[*position].clone(), kind.name().to_owned()));
    }
    let next = AtomicUsize::new(0);
    let work = || -> Result<Share, ReadError> {
        let mut worker = Worker {
            reader: GroupReader::new(path, &layout.metadata, columns, &question.group_by, &group_kinds)?,
            question,
            answer_kinds: &answer_kinds,
            counter: Counter::new(asked),
            batch: Batch::new(question),
            bad: Vec::new(),
            stop: &limits.stop,
        };
        let groups = layout.metadata.num_row_groups();
        while let Some(position) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|next| *next < groups) {
            worker.count_group(position)?;
        }
        worker.counter.finish()
    };
    if threads <= 1 || layout.metadata.num_row_groups() <= 1 {
        return Ok(vec![work()?]);
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(joined).collect()
    })
}

/// One thread's work: it takes row group after row group.
struct Worker<'a> {
    reader: GroupReader<'a>,
    question: &'a Question,
    answer_kinds: &'a [Kind],
    counter: Counter<'a>,
    batch: Batch,
    /// Rows of the batch to leave out.
    bad: Vec<bool>,
    stop: &'a Stop,
}

impl Worker<'_> {
    fn count_group(&mut self, position: usize) -> Result<(), ReadError> {
        let mut groups: Vec<Column<Vec<u32>>> = self.reader.columns(position, &self.question.group_by)?;
        let mut answers: Vec<Column<AnswerDictionary>> = self.reader.columns(position, &self.question.answers)?;
        let (mut line, mut left) = self.reader.lines(position);
        while left > 0 {
            self.stop.check()?;
            let rows = left.min(self.counter.most_rows);
            self.reader.take_codes(
                position,
                &mut groups,
                rows,
                &mut self.counter.keys.columns,
                &mut self.batch.codes,
            )?;
            self.take_answers(position, &mut answers, rows, line)?;
            self.batch.rows = rows;
            if self.bad.contains(&true) {
                self.leave_out();
            }
            self.counter.rows += rows as u64;
            self.counter.count(&self.batch)?;
            line += rows as u64;
            left -= rows;
        }
        Ok(())
    }

    fn take_answers(
        &mut self,
        position: usize,
        columns: &mut [Column<AnswerDictionary>],
        rows: usize,
        line: u64,
    ) -> Result<(), ReadError> {
        self.bad.clear();
        self.bad.resize(rows, false);
        for (item, column) in columns.iter_mut().enumerate() {
            let name = &self.reader.names[self.question.answers[item]];
            self.batch.answers[item].clear();
            let mut sink = Answers {
                kind: self.answer_kinds[item],
                scale: self.counter.scale,
                out: &mut self.batch.answers[item],
                bad: &mut self.bad,
                faults: &mut self.counter.faults,
                line,
                item,
                column: name,
            };
            column.take(rows, &mut sink).map_err(|error| damaged(position, name, &error))?;
        }
        Ok(())
    }

    /// Takes the bad rows out of the batch.
    fn leave_out(&mut self) {
        let bad = &self.bad;
        self.batch.codes.iter_mut().for_each(|column| keep_good(column, bad));
        self.batch.answers.iter_mut().for_each(|column| keep_good(column, bad));
        let left_out = bad.iter().filter(|bad| **bad).count();
        (0..left_out).for_each(|_| self.counter.faults.leave_out_row());
        self.batch.rows -= left_out;
    }
}

fn keep_good<T>(column: &mut Vec<T>, bad: &[bool]) {
    let mut bad = bad.iter();
    column.retain(|_| bad.next() == Some(&false));
}

/// All rows as text.
pub(crate) fn rows(path: &Path, layout: &Layout, columns: &[String], mut kept: Kept) -> Result<Vec<Row>, ReadError> {
    let positions: Vec<usize> = (0..columns.len()).collect();
    let kinds = kinds(layout, columns, &positions)?;
    let mut reader = GroupReader::new(path, &layout.metadata, columns, &positions, &kinds)?;
    let mut texts: Vec<Dictionary> = columns.iter().map(|_| Dictionary::default()).collect();
    let mut codes = vec![Vec::new(); columns.len()];
    for position in 0..layout.metadata.num_row_groups() {
        let mut chunks = reader.columns(position, &positions)?;
        let (mut line, mut left) = reader.lines(position);
        while left > 0 {
            let count = left.min(BATCH);
            reader.take_codes(position, &mut chunks, count, &mut texts, &mut codes)?;
            for row in 0..count {
                kept.add(line + row as u64, texts.iter().zip(&codes).map(|(texts, codes)| texts.text(codes[row])))?;
            }
            line += count as u64;
            left -= count;
        }
    }
    Ok(kept.finish())
}
