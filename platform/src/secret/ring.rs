//! The keys as they are written down, and as they are used.
//!
//! ```text
//! 2 <64 hex>          the first numbered line seals; every other one still opens
//! 1 <64 hex>
//! sign <64 hex>       signatures and fingerprints; stays when keys that seal come and go
//! index 1 <64 hex>    blind indexes; at most two, the first one writes, both are looked up
//! ```
//!
//! A file with nothing but 64 hexadecimal digits is key 1. Where `sign` or `index` is missing it is derived from key 1, which must
//! then be there. Empty lines and lines that begin with `#` say nothing.

use super::{NoKey, mac};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The number of a key that seals, or of a root of blind indexes.
pub type KeyNumber = u16;

/// Thirty-two bytes that nobody else knows.
pub(super) type Root = [u8; 32];

/// A value is looked up under every root of blind indexes, with a statement that names two.
const MOST_INDEXES: usize = 2;

/// The keys as a file holds them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// The first one seals.
    pub(super) keys: Vec<(KeyNumber, Root)>,
    pub(super) sign: Root,
    /// The first one writes.
    pub(super) indexes: Vec<(KeyNumber, Root)>,
}

/// The keys as they are used: two uses never share a key.
pub(super) struct Ring {
    pub(super) keys: Vec<(KeyNumber, Root)>,
    pub(super) sign: Root,
    pub(super) indexes: Vec<(KeyNumber, Root)>,
}

impl Written {
    /// One key alone.
    pub(super) fn single(key: Root) -> Self {
        Self { keys: vec![(1, key)], sign: signing(&key), indexes: vec![(1, indexing(&key))] }
    }

    /// Reads the lines.
    pub(super) fn read(text: &str) -> Result<Self, NoKey> {
        let (mut keys, mut sign, mut indexes) = (Vec::new(), None, Vec::new());
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        for line in &lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [bare] if lines.len() == 1 => return root(bare).map(Self::single),
                ["sign", key] if sign.is_none() => sign = Some(root(key)?),
                ["index", of, key] => indexes.push((number(of)?, root(key)?)),
                [of, key] => keys.push((number(of)?, root(key)?)),
                _ => return Err(NoKey::NotAKey),
            }
        }
        if keys.is_empty() || indexes.len() > MOST_INDEXES {
            return Err(NoKey::NotAKey);
        }
        let first = keys.iter().find(|(number, _)| *number == 1).map(|(_, key)| *key);
        if indexes.is_empty() {
            indexes.push((1, indexing(&first.ok_or(NoKey::NoRoot)?)));
        }
        let sign = match sign {
            Some(sign) => sign,
            None => signing(&first.ok_or(NoKey::NoRoot)?),
        };
        let written = Self { keys, sign, indexes };
        let distinct = |list: &[(KeyNumber, Root)]| list.iter().map(|(number, _)| *number).collect::<BTreeSet<_>>();
        if distinct(&written.keys).len() < written.keys.len()
            || distinct(&written.indexes).len() < written.indexes.len()
        {
            return Err(NoKey::Twice);
        }
        Ok(written)
    }

    /// The lines.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |before: &str, root: &Root| {
            text.push_str(before);
            for byte in root {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
            text.push('\n');
        };
        for (number, key) in &self.keys {
            line(&format!("{number} "), key);
        }
        line("sign ", &self.sign);
        for (number, key) in &self.indexes {
            line(&format!("index {number} "), key);
        }
        text
    }

    /// With a new key: in front, where it seals from now on, or behind, where it only opens. Its number is the next one.
    pub(super) fn with_key(mut self, key: Root, in_front: bool) -> Result<(Self, KeyNumber), NoKey> {
        let number = next(&self.keys)?;
        let at = if in_front { 0 } else { self.keys.len() };
        self.keys.insert(at, (number, key));
        Ok((self, number))
    }

    /// With a new root of blind indexes in front.
    pub(super) fn with_index(mut self, key: Root) -> Result<(Self, KeyNumber), NoKey> {
        if self.indexes.len() >= MOST_INDEXES {
            return Err(NoKey::TwoIndexes);
        }
        let number = next(&self.indexes)?;
        self.indexes.insert(0, (number, key));
        Ok((self, number))
    }

    /// With a key that is there already in front.
    pub(super) fn sealing_with(mut self, number: KeyNumber) -> Result<Self, NoKey> {
        let at = self.keys.iter().position(|(own, _)| *own == number).ok_or(NoKey::Unknown)?;
        let key = self.keys.remove(at);
        self.keys.insert(0, key);
        Ok(self)
    }

    /// Without a key. The one that seals stays.
    pub(super) fn without_key(mut self, number: KeyNumber) -> Result<Self, NoKey> {
        remove(&mut self.keys, number)?;
        Ok(self)
    }

    /// Without a root of blind indexes. The one that writes stays.
    pub(super) fn without_index(mut self, number: KeyNumber) -> Result<Self, NoKey> {
        remove(&mut self.indexes, number)?;
        Ok(self)
    }

    /// The keys in use.
    pub(super) fn ring(&self) -> Ring {
        let seal = |(number, key): &(KeyNumber, Root)| (*number, mac(key, &[b"seal"]));
        Ring { keys: self.keys.iter().map(seal).collect(), sign: self.sign, indexes: self.indexes.clone() }
    }
}

fn signing(key: &Root) -> Root {
    mac(key, &[b"sign"])
}

fn indexing(key: &Root) -> Root {
    mac(key, &[b"index"])
}

/// One more than the highest there is: a number is not used again while anything may still name it.
fn next(list: &[(KeyNumber, Root)]) -> Result<KeyNumber, NoKey> {
    list.iter().map(|(number, _)| *number).max().unwrap_or(0).checked_add(1).ok_or(NoKey::NotAKey)
}

fn remove(list: &mut Vec<(KeyNumber, Root)>, number: KeyNumber) -> Result<(), NoKey> {
    match list.iter().position(|(own, _)| *own == number) {
        None => Err(NoKey::Unknown),
        Some(0) => Err(NoKey::InUse),
        Some(at) => {
            list.remove(at);
            Ok(())
        }
    }
}

fn number(text: &str) -> Result<KeyNumber, NoKey> {
    text.parse().map_err(|_| NoKey::NotAKey)
}

fn root(text: &str) -> Result<Root, NoKey> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(NoKey::NotAKey);
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(at * 2..at * 2 + 2).ok_or(NoKey::NotAKey)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| NoKey::NotAKey)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(byte: &str) -> String {
        byte.repeat(32)
    }

    #[test]
    fn a_file_of_one_bare_line_is_key_one() {
        let bare = Written::read(&hex("07")).unwrap();
        let numbered = Written::read(&format!("1 {}", hex("07"))).unwrap();
        assert!(bare == numbered && bare == Written::single([7; 32]));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (written, number) = Written::single([7; 32]).with_key([8; 32], true).unwrap();
        let (written, index) = written.with_index([9; 32]).unwrap();
        assert_eq!((number, index), (2, 2));
        assert!(Written::read(&written.text()).unwrap() == written);
        assert!(Written::read(&format!("# note\n\n{}", written.text())).unwrap() == written);
    }

    #[test]
    fn signatures_stay_when_the_first_key_goes() {
        let (written, _) = Written::single([7; 32]).with_key([8; 32], true).unwrap();
        let later = Written::read(&written.without_key(1).unwrap().text()).unwrap();
        assert!(later.sign == Written::single([7; 32]).sign && later.indexes == Written::single([7; 32]).indexes);
    }

    #[test]
    fn a_file_that_lost_its_roots_is_refused() {
        assert!(matches!(Written::read(&format!("2 {}", hex("07"))), Err(NoKey::NoRoot)));
        assert!(matches!(Written::read(&format!("2 {}\nsign {}", hex("07"), hex("08"))), Err(NoKey::NoRoot)));
    }

    #[test]
    fn lines_that_say_something_else_are_refused() {
        let one = hex("07");
        for wrong in [
            String::new(),
            "rahasia".into(),
            format!("{one}\n{one}"),
            format!("1 {one}\nx {one}"),
            format!("70000 {one}"),
        ] {
            assert!(matches!(Written::read(&wrong), Err(NoKey::NotAKey)), "{wrong}");
        }
        assert!(matches!(Written::read(&format!("1 {one}\n1 {one}")), Err(NoKey::Twice)));
    }

    #[test]
    fn the_key_that_seals_is_never_taken_away() {
        let (written, _) = Written::single([7; 32]).with_key([8; 32], false).unwrap();
        assert!(matches!(written.clone().without_key(1), Err(NoKey::InUse)));
        assert!(matches!(written.clone().without_key(9), Err(NoKey::Unknown)));
        assert!(written.sealing_with(2).unwrap().without_key(1).is_ok());
    }

    #[test]
    fn there_are_never_three_roots_of_blind_indexes() {
        let (written, _) = Written::single([7; 32]).with_index([8; 32]).unwrap();
        assert!(matches!(written.with_index([9; 32]), Err(NoKey::TwoIndexes)));
    }
}
