//! Names as people type them: compared without case, accents and punctuation, found in spite of a slip, made into addresses.

/// A name in small letters and digits, one space between words: how names are sorted and compared.
#[must_use]
pub fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        let letter = without_accent(letter);
        if letter.is_alphanumeric() {
            plain.push(letter);
        } else if !plain.ends_with(' ') && !plain.is_empty() && !"'\"’`".contains(letter) {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// The plain name without its spaces: "Pangkal Pinang" and "Pangkalpinang" are one.
#[must_use]
pub fn squeezed(name: &str) -> String {
    plain(name).replace(' ', "")
}

/// The letters that names in Indonesia carry accents on; others stay as they are.
fn without_accent(letter: char) -> char {
    match letter {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        _ => letter,
    }
}

/// The longest address made from a name.
const LONGEST_SLUG: usize = 60;

/// The part of an address made from a name, different from all those `taken`: `dinas-sosial`, `dinas-sosial-2`.
#[must_use]
pub fn slug(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let ascii = plain(name).chars().filter(|letter| letter.is_ascii()).collect::<String>();
    let mut base = String::new();
    for word in ascii.split_whitespace() {
        if !base.is_empty() && base.len() + word.len() >= LONGEST_SLUG {
            break;
        }
        base.push_str(if base.is_empty() { "" } else { "-" });
        base.push_str(&word[..word.len().min(LONGEST_SLUG)]);
    }
    if base.is_empty() {
        base.push_str("unit");
    }
    if !taken(&base) {
        return base;
    }
    (2_u64..).map(|number| format!("{base}-{number}")).find(|slug| !taken(slug)).unwrap_or(base)
}

/// What somebody looks for, ready to be compared with many names.
#[derive(Debug, Clone)]
pub struct Search {
    words: Vec<String>,
    squeezed: String,
}

impl Search {
    /// A search for these words; nothing when there is no letter in them.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let plain = plain(typed);
        let words: Vec<String> = plain.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        (!words.is_empty()).then(|| Self { squeezed: words.concat(), words })
    }

    /// How well a name fits: 0 is the very name, larger is farther; nothing when it does not fit.
    #[must_use]
    pub fn distance(&self, name: &str) -> Option<u8> {
        let plain = plain(name);
        let squeezed = plain.replace(' ', "");
        if squeezed == self.squeezed {
            return Some(0);
        }
        if squeezed.starts_with(&self.squeezed) {
            return Some(1);
        }
        if squeezed.contains(&self.squeezed) {
            return Some(2);
        }
        let known: Vec<&str> = plain.split(' ').collect();
        if self.words.iter().all(|word| known.iter().any(|other| other.starts_with(word.as_str()))) {
            return Some(3);
        }
        let near = |word: &String| known.iter().any(|other| is_slip_of(word, other));
        self.words.iter().all(near).then_some(4)
    }
}

/// Whether two words differ by one slip (a letter wrong, missing, doubled or swapped), or two in a long word.
fn is_slip_of(one: &str, other: &str) -> bool {
    let allowed = match one.chars().count() {
        0..4 => 0,
        4..9 => 1,
        _ => 2,
    };
    slips(one, other, allowed) <= allowed
}

/// Whether two names are so near that one may be a slip of the other; equal names are not.
#[must_use]
pub fn are_similar(one: &str, other: &str) -> bool {
    let (one, other) = (squeezed(one), squeezed(other));
    one != other && digits(&one) == digits(&other) && one.chars().count() >= 6 && slips(&one, &other, 2) <= 2
}

/// Units that differ in a number ("Loket 1", "Loket 2") are meant to differ.
fn digits(name: &str) -> String {
    name.chars().filter(char::is_ascii_digit).collect()
}

/// The least number of letters to change, add, drop or swap with a neighbour; more than `most` is not counted further.
fn slips(one: &str, other: &str, most: usize) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return most + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, opposite) in other.iter().enumerate() {
            let changed = last[column] + usize::from(letter != opposite);
            let mut least = changed.min(last[column + 1] + 1).min(next[column] + 1);
            if row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *opposite {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or(most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_compared_without_case_accents_and_punctuation() {
        assert_eq!(plain("  DINAS  Sosial, P3A & Anak "), "dinas sosial p3a anak");
        assert_eq!(plain("Ra\"as"), "raas");
        assert_eq!(squeezed("Kota Pangkal Pinang"), squeezed("kota pangkalpinang"));
    }

    #[test]
    fn an_address_is_made_of_whole_words_and_differs_from_those_taken() {
        assert_eq!(slug("Dinas Kesehatan", |_| false), "dinas-kesehatan");
        assert_eq!(slug("Dinas Kesehatan", |slug| slug == "dinas-kesehatan"), "dinas-kesehatan-2");
        assert_eq!(slug("日本", |_| false), "unit");
        assert!(slug(&"sangat ".repeat(40), |_| false).len() <= LONGEST_SLUG);
    }

    #[test]
    fn a_search_forgives_joined_words_and_a_slip() {
        let find = |typed: &str, name: &str| Search::new(typed).and_then(|search| search.distance(name));
        assert_eq!(find("pangkal pinang", "Pangkalpinang"), Some(0));
        assert_eq!(find("pangkalpinang", "Kota Pangkal Pinang"), Some(2));
        assert_eq!(find("dinas sos", "Dinas Pemberdayaan Masyarakat dan Sosial"), Some(3));
        assert_eq!(find("kesehtan", "Dinas Kesehatan"), Some(4));
        assert_eq!(find("pajak", "Dinas Kesehatan"), None);
        assert!(Search::new(" - ").is_none());
    }

    #[test]
    fn names_that_differ_in_a_number_are_not_similar() {
        assert!(are_similar("Dinas Kesehatan", "Dinas Kesehtan"));
        assert!(!are_similar("Puskesmas Sekip 1", "Puskesmas Sekip 2"));
        assert!(!are_similar("Dinas Kesehatan", "DINAS KESEHATAN"));
    }

    proptest! {
        #[test]
        fn any_name_gives_an_address_of_letters_digits_and_hyphens(name in any::<String>()) {
            let slug = slug(&name, |_| false);
            prop_assert!(!slug.is_empty());
            prop_assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
    }
}
