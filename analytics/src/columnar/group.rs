//! Row groups, opened column by column.

use super::column::Column;
use super::kind::Kind;
use super::pages::Pages;
use super::sink::Codes;
use crate::error::{Place, ReadError};
use crate::keys::{ByteMap, Dictionary};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Reads row groups: opens their columns, takes text columns as codes.
pub(super) struct GroupReader<'a> {
    metadata: &'a ParquetMetaData,
    pub(super) names: &'a [String],
    file: Arc<Pages>,
    /// Positions and kinds of the columns taken as codes.
    positions: &'a [usize],
    kinds: &'a [Kind],
    /// For each of them, codes by value.
    known: Vec<ByteMap>,
}

impl<'a> GroupReader<'a> {
    pub(super) fn new(
        path: &Path,
        metadata: &'a ParquetMetaData,
        names: &'a [String],
        positions: &'a [usize],
        kinds: &'a [Kind],
    ) -> Result<Self, ReadError> {
        // Each thread has its own file, for its own position in it.
        let file = File::open(path).map_err(|error| ReadError::of_system(path, &error))?;
        let known = vec![ByteMap::default(); positions.len()];
        Ok(Self { metadata, names, file: Arc::new(Pages(file)), positions, kinds, known })
    }

    /// The line of a row group's first row, and how many rows it has.
    pub(super) fn lines(&self, position: usize) -> (u64, usize) {
        let (before, rest) = self.metadata.row_groups().split_at(position);
        let before: u64 = before.iter().map(|group| group.num_rows().unsigned_abs()).sum();
        let rows = rest.first().and_then(|group| usize::try_from(group.num_rows()).ok()).unwrap_or(0);
        (before + 1, rows)
    }

    pub(super) fn columns<D>(&self, position: usize, columns: &[usize]) -> Result<Vec<Column<D>>, ReadError> {
        let group = self.metadata.row_group(position);
        let one = |column: &usize| {
            let opened = Column::new(&self.file, group.column(*column), self.lines(position).1);
            opened.map_err(|error| damaged(position, &self.names[*column], &error))
        };
        columns.iter().map(one).collect()
    }

    pub(super) fn take_codes(
        &mut self,
        group: usize,
        columns: &mut [Column<Vec<u32>>],
        rows: usize,
        texts: &mut [Dictionary],
        codes: &mut [Vec<u32>],
    ) -> Result<(), ReadError> {
        for (position, column) in columns.iter_mut().enumerate() {
            codes[position].clear();
            let mut sink = Codes {
                kind: self.kinds[position],
                out: &mut codes[position],
                texts: &mut texts[position],
                known: &mut self.known[position],
            };
            let name = &self.names[self.positions[position]];
            column.take(rows, &mut sink).map_err(|error| damaged(group, name, &error))?;
        }
        Ok(())
    }
}

/// An error of a column in the row group at `group`.
pub(super) fn damaged(group: usize, column: &str, error: &ParquetError) -> ReadError {
    ReadError::Corrupt(Place::Part(format!("row group {}, column {column}", group + 1)), error.to_string())
}
