//! What people write most often, and the texts that hold a word.

use organisation::plain;
use std::collections::{BTreeSet, HashMap};

/// Words that say nothing of themselves.
const COMMON: &[&str] = &[
    "ada", "adalah", "agar", "akan", "atau", "bagi", "belum", "bisa", "buat", "dalam", "dan", "dapat", "dari",
    "dengan", "di", "harus", "hanya", "ini", "itu", "jangan", "juga", "kalau", "kami", "karena", "ke", "kepada",
    "lagi", "lebih", "mohon", "oleh", "pada", "para", "sangat", "saya", "sebagai", "secara", "semoga", "semua",
    "sudah", "supaya", "tapi", "tetapi", "tidak", "tolong", "untuk", "yang", "nya", "the", "and", "for",
];
/// A word is shown when so many texts hold it: fewer could tell of somebody.
const LEAST: usize = 3;
/// So many words are shown.
const MOST: usize = 12;

/// The words that most texts hold, with how many do.
#[must_use]
pub(crate) fn frequent(texts: &[String]) -> Vec<(String, usize)> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for text in texts {
        let words: BTreeSet<String> = plain(text).split(' ').map(str::to_owned).collect();
        let telling = words.into_iter().filter(|word| word.chars().count() > 2 && !COMMON.contains(&word.as_str()));
        for word in telling {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    let mut terms: Vec<(String, usize)> = counts.into_iter().filter(|(_, count)| *count >= LEAST).collect();
    terms.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    terms.truncate(MOST);
    terms
}

/// The texts that hold all of the words; every text where none is asked for.
#[must_use]
pub(crate) fn matching(texts: &[String], typed: &str) -> Vec<String> {
    let wanted = plain(typed);
    let wanted: Vec<&str> = wanted.split(' ').filter(|word| !word.is_empty()).collect();
    let holds = |text: &&String| {
        let text = plain(text);
        wanted.iter().all(|word| text.contains(word))
    };
    texts.iter().filter(holds).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<String> {
        ["Tambah kursi tunggu.", "Kursi kurang, mohon ditambah", "kursi dan AC", "Petugas ramah"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn a_word_is_frequent_when_three_texts_hold_it() {
        assert_eq!(frequent(&texts()), vec![("kursi".to_owned(), 3)]);
        assert_eq!(frequent(&["kursi kursi kursi".to_owned()]), Vec::new(), "one text counts once");
    }

    #[test]
    fn texts_are_found_by_all_of_the_words() {
        assert_eq!(matching(&texts(), "KURSI tambah").len(), 2);
        assert_eq!(matching(&texts(), "").len(), 4);
        assert_eq!(matching(&texts(), "parkir"), Vec::<String>::new());
    }
}
