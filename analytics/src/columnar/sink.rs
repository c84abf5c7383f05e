//! Where the values of a column go: into a column of answers, or into a column of codes.

use super::hybrid::Packed;
use super::kind::Kind;
use crate::answer::Scale;
use crate::faults::Faults;
use crate::keys::{ByteMap, Dictionary};
use crate::question::Fault;
use crate::text::decoded;

/// Takes the values of a column in order, one per row.
pub(crate) trait Sink {
    /// The values of a chunk's dictionary, as this sink understands them.
    type Dictionary;

    /// Understands a dictionary.
    fn dictionary(&mut self, values: &[&[u8]]) -> Self::Dictionary;
    /// Takes the dictionary value `index`, `count` times. False when there is no such value.
    #[must_use]
    fn repeat(&mut self, dictionary: &Self::Dictionary, index: u32, count: usize) -> bool;
    /// Takes dictionary values. False when there is no such value.
    #[must_use]
    fn packed(&mut self, dictionary: &Self::Dictionary, indices: &Packed<'_>) -> bool;
    /// Takes one value.
    fn value(&mut self, value: &[u8]);
    /// Takes `count` nulls.
    fn nulls(&mut self, count: usize);
}

/// Takes answers; notes those that cannot be counted.
pub(crate) struct Answers<'a> {
    pub(crate) kind: Kind,
    pub(crate) scale: Scale,
    pub(crate) out: &'a mut Vec<u8>,
    /// Rows to leave out, by position in the batch.
    pub(crate) bad: &'a mut [bool],
    pub(crate) faults: &'a mut Faults,
    /// The line of the batch's first row.
    pub(crate) line: u64,
    pub(crate) item: usize,
    pub(crate) column: &'a str,
}

/// A dictionary of answers. For short ones (all real ones) `quick` holds the answer of every 8-bit index, with the bit [`ODD`]
/// where there is no good one.
pub(crate) struct AnswerDictionary {
    quick: [u16; 256],
    answers: Vec<Result<u8, (Fault, String)>>,
}

const ODD: u16 = 1 << 8;

impl Answers<'_> {
    fn take(&mut self, answer: Result<u8, Fault>, found: impl FnOnce() -> String) {
        match answer {
            Ok(answer) => self.out.push(answer),
            Err(fault) => {
                let row = self.out.len();
                self.bad[row] = true;
                self.faults.note(self.line + row as u64, self.item, self.column, fault, found);
                self.out.push(self.scale.lowest);
            }
        }
    }

    fn take_index(&mut self, dictionary: &AnswerDictionary, index: u32) -> bool {
        match dictionary.answers.get(index as usize) {
            Some(Ok(answer)) => self.out.push(*answer),
            Some(Err((fault, found))) => self.take(Err(*fault), || found.clone()),
            None => return false,
        }
        true
    }
}

impl Sink for Answers<'_> {
    type Dictionary = AnswerDictionary;

    fn dictionary(&mut self, values: &[&[u8]]) -> AnswerDictionary {
        let text = |value: &[u8]| decoded(&self.kind.text(value)).into_owned();
        let answer = |value: &&[u8]| self.kind.answer(value, self.scale).map_err(|fault| (fault, text(value)));
        let answers: Vec<_> = values.iter().map(answer).collect();
        let mut quick = [ODD; 256];
        for (quick, answer) in quick.iter_mut().zip(&answers) {
            *quick = answer.as_ref().map_or(ODD, |answer| u16::from(*answer));
        }
        AnswerDictionary { quick, answers }
    }

    fn repeat(&mut self, dictionary: &AnswerDictionary, index: u32, count: usize) -> bool {
        if let Some(Ok(answer)) = dictionary.answers.get(index as usize) {
            self.out.resize(self.out.len() + count, *answer);
            return true;
        }
        (0..count).all(|_| self.take_index(dictionary, index))
    }

    fn packed(&mut self, dictionary: &AnswerDictionary, indices: &Packed<'_>) -> bool {
        if indices.is_narrow() {
            let start = self.out.len();
            if indices.look_up(&dictionary.quick, self.out) & ODD == 0 {
                return true;
            }
            self.out.truncate(start);
        }
        let mut all = true;
        indices.each(|index| all = all && self.take_index(dictionary, index));
        all
    }

    fn value(&mut self, value: &[u8]) {
        let kind = self.kind;
        self.take(kind.answer(value, self.scale), || decoded(&kind.text(value)).into_owned());
    }

    fn nulls(&mut self, count: usize) {
        (0..count).for_each(|_| self.take(Err(Fault::Blank), String::new));
    }
}

/// Takes the values of a group column as codes.
pub(crate) struct Codes<'a> {
    pub(crate) kind: Kind,
    pub(crate) out: &'a mut Vec<u32>,
    pub(crate) texts: &'a mut Dictionary,
    /// Codes by value, for kinds whose text must be made first.
    pub(crate) known: &'a mut ByteMap,
}

impl Codes<'_> {
    fn code(&mut self, value: &[u8]) -> u32 {
        if self.kind == Kind::Text {
            return self.texts.code(value);
        }
        if let Some(code) = self.known.get(value) {
            return code;
        }
        let code = self.texts.code(&self.kind.text(value));
        self.known.insert(value, code);
        code
    }
}

impl Sink for Codes<'_> {
    type Dictionary = Vec<u32>;

    fn dictionary(&mut self, values: &[&[u8]]) -> Vec<u32> {
        values.iter().map(|value| self.code(value)).collect()
    }

    fn repeat(&mut self, dictionary: &Vec<u32>, index: u32, count: usize) -> bool {
        let Some(code) = dictionary.get(index as usize) else { return false };
        self.out.resize(self.out.len() + count, *code);
        true
    }

    fn packed(&mut self, dictionary: &Vec<u32>, indices: &Packed<'_>) -> bool {
        let mut all = true;
        indices.each(|index| match dictionary.get(index as usize) {
            Some(code) => self.out.push(*code),
            None => all = false,
        });
        all
    }

    fn value(&mut self, value: &[u8]) {
        let code = self.code(value);
        self.out.push(code);
    }

    fn nulls(&mut self, count: usize) {
        let code = self.texts.code(b"");
        self.out.resize(self.out.len() + count, code);
    }
}
