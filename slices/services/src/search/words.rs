//! Words as the search compares them: without signs and endings, one for all the ways of writing a thing.

use organisation::plain;
use serde::Deserialize;
use snowball_stemmers_rs::{Algorithm, Stemmer};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(toml::from_str(include_str!("../../data/words.toml")).expect("the embedded file is read by a test"))
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    weak: Vec<String>,
    same: Vec<Same>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Same {
    #[serde(rename = "as")]
    term: String,
    words: Vec<String>,
}

struct Lexicon {
    stemmer: Stemmer,
    weak: HashSet<String>,
    /// By the first word of a way of writing: all its words, and what the search calls it. The longest come first.
    same: HashMap<String, Vec<(Vec<String>, String)>>,
}

impl Lexicon {
    fn new(file: File) -> Self {
        let mut same: HashMap<String, Vec<(Vec<String>, String)>> = HashMap::new();
        for Same { term, words } in file.same {
            for way in words {
                let way: Vec<String> = way.split(' ').map(str::to_owned).collect();
                same.entry(way[0].clone()).or_default().push((way, term.clone()));
            }
        }
        for ways in same.values_mut() {
            ways.sort_by_key(|(way, _)| std::cmp::Reverse(way.len()));
        }
        Self { stemmer: Stemmer::create(Algorithm::Indonesian), weak: file.weak.into_iter().collect(), same }
    }

    /// The longest way of writing something that begins here: how many words it has, and what the search calls it.
    fn same_at(&self, words: &[&str]) -> Option<(usize, &str)> {
        let ways = self.same.get(*words.first()?)?;
        let fits =
            |(way, _): &&(Vec<String>, String)| way.len() <= words.len() && way.iter().zip(words).all(|(a, b)| a == b);
        ways.iter().find(fits).map(|(way, term)| (way.len(), term.as_str()))
    }

    fn stem(&self, word: &str) -> String {
        // Short words and those with digits have no endings to lose: `ktp`, `ak1`.
        if word.len() < 5 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return word.to_owned();
        }
        self.stemmer.stem(word).into_owned()
    }

    /// The stem with the letter that a prefix has swallowed: `penutupan` has `tutup`, of which the stemmer leaves `utup`. Whether
    /// there was one cannot be seen (`pengurusan` has `urus`), so a text has both and a question one.
    fn restored(word: &str, stem: &str) -> Option<String> {
        let swallowed = [("peng", "k"), ("meng", "k"), ("pem", "p"), ("mem", "p"), ("pen", "t"), ("men", "t")];
        let (rest, letter) =
            swallowed.iter().find_map(|(prefix, letter)| Some((word.strip_prefix(prefix)?, letter)))?;
        let vowel = rest.starts_with(['a', 'e', 'i', 'o', 'u']);
        (vowel && rest.starts_with(stem)).then(|| format!("{letter}{stem}"))
    }
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it was written, without signs.
    pub(super) written: String,
    /// As the search compares it.
    pub(super) term: String,
    /// Whether it says little.
    pub(super) weak: bool,
}

impl Word {
    fn of(lexicon: &Lexicon, written: &str) -> Self {
        Self { written: written.to_owned(), term: lexicon.stem(written), weak: lexicon.weak.contains(written) }
    }

    fn called(term: &str) -> Self {
        Self { written: term.to_owned(), term: term.to_owned(), weak: false }
    }
}

/// The words of a text that is to be found: each as it stands, and beside it what the search calls what it means.
pub(super) fn of_text(text: &str) -> Vec<Word> {
    let (lexicon, plain) = (&*LEXICON, plain(text));
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let mut found: Vec<Word> = words.iter().map(|word| Word::of(lexicon, word)).collect();
    let restored: Vec<String> = found.iter().filter_map(|word| Lexicon::restored(&word.written, &word.term)).collect();
    found.extend(restored.iter().map(|term| Word::called(term)));
    let mut at = 0;
    while at < words.len() {
        let (length, term) = lexicon.same_at(&words[at..]).map_or((1, None), |(length, term)| (length, Some(term)));
        found.extend(term.map(Word::called));
        at += length;
    }
    found
}

/// No more words of a question are looked at.
const MOST_WORDS: usize = 12;

/// The words of a question: what the search calls a thing stands in place of how it was written.
pub(super) fn of_question(typed: &str) -> Vec<Word> {
    let (lexicon, plain) = (&*LEXICON, plain(typed));
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
    let mut found: Vec<Word> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (length, word) = match lexicon.same_at(&words[at..]) {
            Some((length, term)) => (length, Word::called(term)),
            None => (1, Word::of(lexicon, words[at])),
        };
        at += length;
        if !found.iter().any(|known| known.term == word.term) {
            found.push(word);
        }
    }
    if found.iter().all(|word| word.weak) {
        found.iter_mut().for_each(|word| word.weak = false);
    }
    found
}

/// Single words that stand for another: what is typed wrongly may be one of them.
pub(super) fn stand_ins() -> impl Iterator<Item = (&'static str, &'static str)> {
    let ways = LEXICON.same.values().flatten();
    ways.filter(|(way, _)| way.len() == 1).map(|(way, term)| (way[0].as_str(), term.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.term.as_str()).collect()
    }

    #[test]
    fn one_thing_has_one_name_however_it_is_written() {
        for typed in ["KTP ilang", "e-KTP hilang", "kartu tanda penduduk kehilangan", "ktp-el lost"] {
            assert_eq!(terms(&of_question(typed)), ["ktp", "hilang"], "{typed}");
        }
        for typed in ["akte lahir", "Akta Kelahiran", "akta lahir"] {
            assert_eq!(terms(&of_question(typed)), ["akta", "lahir"], "{typed}");
        }
        assert_eq!(terms(&of_question("imb/pbg")), ["pbg"]);
        assert_eq!(terms(&of_question("kartu kuning")), ["ak1"]);
        assert_eq!(terms(&of_question("surat pindah")), ["skpwni"]);
    }

    #[test]
    fn a_text_keeps_its_own_words_beside_what_they_mean() {
        let words = of_text("Kartu Keluarga");
        assert!(words.iter().any(|word| word.written == "keluarga"));
        assert!(words.iter().any(|word| word.term == "kk"));
    }

    #[test]
    fn words_of_one_stem_are_one() {
        let stem = |word: &str| of_question(word)[0].term.clone();
        assert_eq!(stem("pendaftaran"), stem("daftar"));
        assert_eq!(stem("angkutan"), stem("angkut"));
    }

    #[test]
    fn a_letter_that_a_prefix_swallowed_is_put_back() {
        for (word, whole) in [("penutupan", "tutup"), ("pengiriman", "kirim"), ("pemotongan", "potong")] {
            assert!(terms(&of_text(word)).contains(&whole), "{word}: {:?}", of_text(word));
        }
        assert!(terms(&of_text("pengurusan")).contains(&"urus"));
    }

    #[test]
    fn words_that_say_little_are_weak_unless_there_are_no_others() {
        let words = of_question("cara urus ktp");
        assert_eq!(words.iter().map(|word| word.weak).collect::<Vec<_>>(), [true, true, false]);
        assert!(of_question("cara urus").iter().all(|word| !word.weak));
    }

    #[test]
    fn the_list_is_written_as_texts_are_read_and_no_way_means_two_things() {
        let file: File = toml::from_str(include_str!("../../data/words.toml")).expect("it can be read");
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for Same { term, words } in &file.same {
            for way in words {
                assert_eq!(&plain(way), way, "small letters without signs");
                assert_eq!(seen.insert(way, term), None, "{way} means {term} and another thing");
                assert_ne!(way, term, "{way} stands for itself");
            }
        }
        for Same { term, .. } in &file.same {
            assert!(!seen.contains_key(term.as_str()), "{term} is a name and stands for another");
        }
    }
}
