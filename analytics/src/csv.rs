//! Text files: comma, semicolon or tab between cells, quotation marks around cells that need them.
//!
//! One thread reads blocks and cuts them after a line end that is outside quotation marks; the others take the blocks apart.

mod record;
#[cfg(test)]
mod tests;
mod titled;

use crate::counter::{Asked, Counter, Share, joined};
use crate::error::{Place, ReadError};
use crate::kept::Kept;
use crate::limits::Stop;
use crate::source::{LONGEST_ROW, Row};
use record::{Dialect, Records};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What the beginning of a text file tells: how it is written, and where its rows begin.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    dialect: Dialect,
    /// Offset of the first byte after the header, and that byte's line number.
    offset: u64,
    line: u64,
}

/// Reads the header. The file stands at its beginning.
pub(crate) fn open(path: &Path, file: &mut File, stop: &Stop) -> Result<(Layout, Vec<String>), ReadError> {
    let mut blocks = Blocks::new(path, file, &Layout { dialect: Dialect::default(), offset: 0, line: 1 }, stop);
    let mut start = Vec::new();
    blocks.fill(&mut start)?;
    let mark = if start.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let text = &start[mark..];
    if text.contains(&0) {
        return Err(ReadError::NotATable("binary".to_owned()));
    }
    let dialect = Dialect::of(text);
    let mut records = Records::new(text, dialect, 1);
    let mut cells = Vec::new();
    while let Some(line) = records.next(&mut cells) {
        let mut names: Vec<String> = cells.iter().map(|cell| records.text(*cell).trim().to_owned()).collect();
        names.truncate(names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1));
        if names.is_empty() || Dialect::told_by(text, &names) {
            continue;
        }
        let is_title = names.iter().filter(|name| !name.is_empty()).count() <= 1;
        if let Some(table) = is_title.then(|| titled::table(text, dialect)).flatten() {
            let (dialect, offset, line) = (table.dialect, (mark + table.position) as u64, table.line);
            return Ok((Layout { dialect, offset, line }, table.names));
        }
        if !blocks.ended && records.position() >= text.len() {
            let reason = format!("a header of more than {BLOCK} bytes");
            return Err(ReadError::Corrupt(Place::Line(line), reason));
        }
        if records.open_quote() {
            return Err(ReadError::OpenQuote(line));
        }
        let offset = (mark + records.position()) as u64;
        return Ok((Layout { dialect, offset, line: records.line() }, names));
    }
    Err(if text.trim_ascii().is_empty() && start.len() < BLOCK { ReadError::Empty } else { ReadError::NoHeader })
}

/// Counts all rows with `threads` threads.
pub(crate) fn count(
    path: &Path,
    mut file: File,
    layout: &Layout,
    asked: Asked<'_>,
    threads: usize,
) -> Result<Vec<Share>, ReadError> {
    let mut blocks = Blocks::new(path, &mut file, layout, &asked.limits.stop);
    let (dialect, columns) = (layout.dialect, asked.columns.len());
    if threads <= 1 {
        let mut counter = Counter::new(asked);
        while let Some(block) = blocks.next()? {
            count_block(&block, dialect, columns, &mut counter)?;
        }
        return Ok(vec![counter.finish()?]);
    }
    let (send, receive) = sync_channel(threads);
    // Only the workers keep the receiving end: were they all to die, sending would fail instead of waiting for ever.
    let receive = Arc::new(Mutex::new(receive));
    std::thread::scope(|scope| {
        let one = |receive: Arc<Mutex<Receiver<Block>>>| {
            scope.spawn(move || count_blocks(&receive, dialect, Counter::new(asked), columns))
        };
        let workers: Vec<_> = (0..threads).map(|_| one(Arc::clone(&receive))).collect();
        drop(receive);
        let read = hand_out(&mut blocks, &send);
        drop(send);
        let shares: Vec<_> = workers.into_iter().map(joined).collect();
        read.and_then(|()| shares.into_iter().collect())
    })
}

/// Gives all blocks to whichever thread is free.
fn hand_out(blocks: &mut Blocks<'_>, send: &SyncSender<Block>) -> Result<(), ReadError> {
    while let Some(block) = blocks.next()? {
        if send.send(block).is_err() {
            break;
        }
    }
    Ok(())
}

/// Counts blocks until none come. After a failure they are still taken, so that the reading thread is never left waiting.
fn count_blocks(
    receive: &Mutex<Receiver<Block>>,
    dialect: Dialect,
    mut counter: Counter<'_>,
    columns: usize,
) -> Result<Share, ReadError> {
    let mut failure = None;
    while let Some(block) = take(receive) {
        if failure.is_none() {
            failure = count_block(&block, dialect, columns, &mut counter).err();
        }
    }
    failure.map_or_else(|| counter.finish(), Err)
}

fn take(receive: &Mutex<Receiver<Block>>) -> Option<Block> {
    receive.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn count_block(block: &Block, dialect: Dialect, columns: usize, counter: &mut Counter<'_>) -> Result<(), ReadError> {
    let mut records = Records::new(&block.bytes, dialect, block.line);
    let mut cells = Vec::new();
    while let Some(line) = records.next(&mut cells) {
        if records.open_quote() {
            return Err(ReadError::OpenQuote(line));
        }
        if cells.len() > columns
            && let Some(extra) = cells[columns..].iter().find(|cell| !records.is_blank(**cell))
        {
            counter.leave_out_long_row(line, records.bytes(*extra));
            continue;
        }
        counter.row(line, |position| cells.get(position).map(|cell| records.bytes(*cell)))?;
    }
    Ok(())
}

/// All rows as text.
pub(crate) fn rows(path: &Path, mut file: File, layout: &Layout, mut kept: Kept) -> Result<Vec<Row>, ReadError> {
    let stop = kept.stop.clone();
    let mut blocks = Blocks::new(path, &mut file, layout, &stop);
    let mut cells = Vec::new();
    while let Some(block) = blocks.next()? {
        let mut records = Records::new(&block.bytes, layout.dialect, block.line);
        while let Some(line) = records.next(&mut cells) {
            if records.open_quote() {
                return Err(ReadError::OpenQuote(line));
            }
            kept.add(line, cells.iter().map(|cell| records.text(*cell)))?;
        }
    }
    Ok(kept.finish())
}

/// Whole rows, and the line number of the first.
struct Block {
    line: u64,
    bytes: Vec<u8>,
}

/// Cuts a file into blocks of whole rows.
struct Blocks<'f> {
    path: &'f Path,
    file: &'f mut File,
    dialect: Dialect,
    stop: &'f Stop,
    line: u64,
    offset: Option<u64>,
    rest: Vec<u8>,
    ended: bool,
}

impl<'f> Blocks<'f> {
    fn new(path: &'f Path, file: &'f mut File, layout: &Layout, stop: &'f Stop) -> Self {
        let Layout { dialect, offset, line } = *layout;
        Self { path, file, dialect, stop, line, offset: Some(offset), rest: Vec::new(), ended: false }
    }

    /// Reads on until `bytes` holds one block more, or the file ends.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        self.stop.check()?;
        let failed = |error: std::io::Error| ReadError::of_system(self.path, &error);
        if let Some(offset) = self.offset.take() {
            self.file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        }
        let read = Read::by_ref(self.file).take(BLOCK as u64).read_to_end(bytes).map_err(failed)?;
        self.ended = read < BLOCK;
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Block>, ReadError> {
        let mut bytes = Vec::with_capacity(self.rest.len() + BLOCK);
        bytes.append(&mut self.rest);
        let line = self.line;
        while !self.ended {
            self.fill(&mut bytes)?;
            if self.ended {
                break;
            }
            if let Some(end) = self.dialect.last_row_end(&bytes) {
                self.rest.extend_from_slice(&bytes[end..]);
                bytes.truncate(end);
                self.line += self.dialect.line_ends(&bytes);
                return Ok(Some(Block { line, bytes }));
            }
            if bytes.len() > LONGEST_ROW {
                let reason = format!("a row of more than {LONGEST_ROW} bytes");
                return Err(ReadError::Corrupt(Place::Line(line), reason));
            }
        }
        Ok((!bytes.is_empty()).then_some(Block { line, bytes }))
    }
}
