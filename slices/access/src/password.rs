//! Passwords: what a good one is, and how it is kept (argon2id).

use crate::account::Email;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use platform::clock;
use platform::problem::Problem;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Fewest characters. Length is what counts; no kinds of characters are demanded.
pub const LEAST: usize = 12;
/// Most characters: a sentence fits, a book does not.
pub const MOST: usize = 256;

/// What OWASP advises for argon2id: 19 MiB, two rounds, one lane.
const MEMORY: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weakness {
    /// Fewer than [`LEAST`] characters.
    Short,
    /// More than [`MOST`] characters.
    Long,
    /// Among the first that anybody would guess.
    Common,
    /// It holds the person's name or address.
    Personal,
}

impl Weakness {
    /// The key of its sentence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Short => "password.short",
            Self::Long => "password.long",
            Self::Common => "password.common",
            Self::Personal => "password.personal",
        }
    }
}

/// Words that guessers try first, alone or two together, whatever digits and signs stand around them.
static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// What is wrong with a password that somebody chooses, if anything.
#[must_use]
pub fn weakness(password: &str, name: &str, email: &str) -> Option<Weakness> {
    let letters = password.chars().count();
    if letters < LEAST {
        return Some(Weakness::Short);
    }
    if letters > MOST {
        return Some(Weakness::Long);
    }
    let password = password.to_lowercase();
    if is_common(&password) {
        return Some(Weakness::Common);
    }
    is_personal(&password, name, email).then_some(Weakness::Personal)
}

fn is_common(password: &str) -> bool {
    let different: BTreeSet<char> = password.chars().collect();
    let core = password.trim_matches(|sign: char| !sign.is_alphabetic());
    // Digits alone are dates, telephone numbers and NIK.
    if different.len() < 5 || core.is_empty() {
        return true;
    }
    let plain: String = core.chars().filter_map(unleet).collect();
    let splits = plain.char_indices().map(|(at, _)| plain.split_at(at));
    splits.into_iter().any(|(first, second)| {
        (first.is_empty() || COMMON.contains(first)) && (COMMON.contains(second) || second == first)
    })
}

/// The letter that a digit or sign stands for in "p4ssw0rd"; other signs are left out.
fn unleet(sign: char) -> Option<char> {
    match sign {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        letter if letter.is_alphabetic() => Some(letter),
        _ => None,
    }
}

fn is_personal(password: &str, name: &str, email: &str) -> bool {
    let own = format!("{} {}", name.to_lowercase(), Email::key_of(email));
    let mut parts = own.split(|sign: char| !sign.is_alphanumeric()).filter(|part| part.chars().count() >= 4);
    // The domain is shared by a whole office and says little, but its first word is guessed at once.
    parts.any(|part| password.contains(part) && part != "mail" && part != "gmail")
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY, ROUNDS, LANES, None).expect("these parameters are within the limits of argon2");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password, on this thread: 19 MiB and some ten milliseconds. Servers use [`hash`].
///
/// # Panics
/// Never: the salt has a length that argon2 takes.
#[must_use]
pub fn hash_now(password: &str) -> String {
    let salt = clock::random::<16>();
    let hashed = hasher().hash_password_with_salt(password.as_bytes(), &salt);
    hashed.expect("a password with a salt of 16 bytes can be hashed").to_string()
}

/// Whether a password is the one that was hashed, on this thread.
#[must_use]
pub fn fits_now(password: &str, hashed: &str) -> bool {
    PasswordHash::new(hashed).is_ok_and(|hashed| hasher().verify_password(password.as_bytes(), &hashed).is_ok())
}

/// Whether a hash was made with other parameters than today's.
#[must_use]
pub fn is_outdated(hashed: &str) -> bool {
    !hashed.starts_with(&format!("$argon2id$v=19$m={MEMORY},t={ROUNDS},p={LANES}$"))
}

/// So many hashes are made at a time: each takes 19 MiB, and a core.
static TURNS: Semaphore = Semaphore::const_new(2);

/// What is compared when there is no such account, so that the answer takes as long.
static DECOY: LazyLock<String> = LazyLock::new(|| hash_now("no account has this password"));

/// Hashes a password beside the server's work.
///
/// # Errors
/// When the program is ending.
pub async fn hash(password: String) -> Result<String, Problem> {
    beside(move || hash_now(&password)).await
}

/// Whether a password fits a hash. Without a hash it takes as long, and does not.
///
/// # Errors
/// When the program is ending.
pub async fn fits(password: String, hashed: Option<String>) -> Result<bool, Problem> {
    beside(move || {
        let fits = fits_now(&password, hashed.as_deref().unwrap_or(&DECOY));
        fits && hashed.is_some()
    })
    .await
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let turn = TURNS.acquire().await.map_err(Problem::internal)?;
    // The turn goes along: when whoever asked leaves, the hashing goes on, and with it the memory and the core.
    let work = move || {
        let done = work();
        drop(turn);
        done
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(password: &str) -> Option<Weakness> {
        weakness(password, "Sari Wulandari", "sari.w@dinsos.contoh.go.id")
    }

    #[test]
    fn length_is_what_counts() {
        assert_eq!(judge("Ab1!xyz"), Some(Weakness::Short));
        assert_eq!(judge("kuda hijau makan awan"), None, "no digit, no capital, no sign is demanded");
        assert_eq!(judge(&"kuda hijau ".repeat(30)), Some(Weakness::Long));
        assert_eq!(judge("déjà-vu ñandú"), None, "characters are counted, not bytes");
    }

    #[test]
    fn what_anybody_guesses_first_is_refused() {
        let common = [
            "Password2026!",
            "p4ssw0rd12345",
            "rahasia123456",
            "bismillah2026",
            "indonesiaraya",
            "Merdeka171945",
            "123456789012",
            "081234567890",
            "aaaaaaaaaaaa",
            "qwertyuiop12",
            "abababababab",
            "sayangsayang",
            "AdminPalembang1",
            "pelayananprima",
            "iloveyou12345",
            "katasandi!!!!",
        ];
        for password in common {
            assert_eq!(judge(password), Some(Weakness::Common), "{password}");
        }
    }

    #[test]
    fn ones_own_name_and_address_are_refused() {
        assert_eq!(judge("wulandari-hebat-9"), Some(Weakness::Personal));
        assert_eq!(judge("kantor dinsos lantai 3"), Some(Weakness::Personal));
        assert_eq!(judge("kuda sar makan awan"), None, "three letters say nothing");
    }

    #[test]
    fn a_hash_fits_its_password_only() {
        let hashed = hash_now("kuda hijau makan awan");
        assert!(fits_now("kuda hijau makan awan", &hashed));
        assert!(!fits_now("kuda hijau makan Awan", &hashed));
        assert!(!fits_now("x", "no hash"));
        assert_ne!(hashed, hash_now("kuda hijau makan awan"), "each has a salt of its own");
    }

    #[test]
    fn a_hash_with_other_parameters_is_told() {
        assert!(!is_outdated(&hash_now("kuda hijau makan awan")));
        assert!(is_outdated("$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$aGFzaA"));
    }

    #[tokio::test]
    async fn whoever_leaves_does_not_give_up_the_turn_before_the_work_is_done() {
        let (begin, mut begun) = tokio::sync::mpsc::unbounded_channel();
        let mut ends = Vec::new();
        for _ in 0..2 {
            let (end, ended) = std::sync::mpsc::channel::<()>();
            let begin = begin.clone();
            let asked = tokio::spawn(beside(move || {
                begin.send(()).unwrap();
                ended.recv().unwrap();
            }));
            begun.recv().await.unwrap();
            asked.abort();
            assert!(asked.await.unwrap_err().is_cancelled());
            ends.push(end);
        }
        let mut third = std::pin::pin!(beside(|| ()));
        let soon = tokio::time::timeout(std::time::Duration::from_millis(200), &mut third).await;
        assert!(soon.is_err(), "two hashes go on for people who left, and a third began");
        ends.iter().for_each(|end| end.send(()).unwrap());
        third.await.unwrap();
    }

    #[tokio::test]
    async fn without_an_account_the_work_is_the_same_and_the_answer_no() {
        assert!(!fits("no account has this password".into(), None).await.unwrap());
    }
}
