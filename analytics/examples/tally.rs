//! Counts the answers of a file per group and prints the sums as CSV.
//!
//! `tally FILE unit,period u1,u2,… [THREADS [detail]]` counts a file; `tally memory ROWS` times a plain loop over the same kind of columns
//! already in memory, the time below which no reading of files can come.

use analytics::{Question, Source, tally};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["memory", rows] => in_memory(rows.parse()?),
        [file, groups, answers] => from_file(file, groups, answers, 2, false),
        [file, groups, answers, threads] => from_file(file, groups, answers, threads.parse()?, false),
        [file, groups, answers, threads, "detail"] => from_file(file, groups, answers, threads.parse()?, true),
        _ => Err("tally FILE GROUPS ANSWERS [THREADS [detail]] | tally memory ROWS".into()),
    }
}

fn from_file(file: &str, groups: &str, answers: &str, threads: usize, detail: bool) -> Result<(), Failure> {
    let source = Source::open(Path::new(file))?;
    let positions = |names: &str| -> Result<Vec<usize>, Failure> {
        let position = |name: &str| source.columns().iter().position(|column| column == name).ok_or("no such column");
        Ok(names.split(',').map(position).collect::<Result<_, _>>()?)
    };
    let (group_by, answers) = (positions(groups)?, positions(answers)?);
    let question = Question { group_by, answers, lowest: 1, highest: 4, detail };
    let counted = tally(source, &question, threads)?;
    let mut out = std::io::stdout().lock();
    for (key, sums) in &counted.groups {
        let numbers: Vec<String> = sums.sums.iter().map(u64::to_string).collect();
        writeln!(out, "{},{},{},{}", key.join(","), sums.respondents, numbers.join(","), sums.total_squares)?;
    }
    writeln!(std::io::stderr(), "{} rows, {} left out", counted.rows, counted.left_out.rows)?;
    Ok(())
}

/// Nine columns of answers and a column of 20,000 groups, summed by the loop one would write first.
fn in_memory(rows: usize) -> Result<(), Failure> {
    let mut state = 1_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((state >> 33) % below).unwrap_or(0)
    };
    let groups: Vec<usize> = (0..rows).map(|_| random(20_000)).collect();
    let answers: Vec<Vec<u8>> =
        (0..9).map(|_| (0..rows).map(|_| u8::try_from(random(4)).map_or(1, |answer| answer + 1)).collect()).collect();
    let begun = Instant::now();
    let mut sums = vec![[0_u64; 11]; 20_000];
    for (row, group) in groups.iter().enumerate() {
        let sums = &mut sums[*group];
        let mut total = 0;
        for (sum, answers) in sums.iter_mut().zip(&answers) {
            *sum += u64::from(answers[row]);
            total += u64::from(answers[row]);
        }
        sums[9] += 1;
        sums[10] += total * total;
    }
    let grand: u64 = sums.iter().map(|sums| sums[10]).sum();
    writeln!(std::io::stdout(), "{:.3} s in memory, one thread (squares {grand})", begun.elapsed().as_secs_f64())?;
    Ok(())
}
