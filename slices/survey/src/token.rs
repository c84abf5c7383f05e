//! The code of one real visit: twelve signs on a card, a receipt or a ticket, good for one answer.
//!
//! Nine signs are random, three are a checksum: a slip of the finger is told from a code that was used. Only a part of the hash of
//! a code is kept, and only until it is used; what is removed cannot be laid beside an answer (`docs/survey-anonymity.md`).

use platform::identity::InstitutionId;
use sha2::{Digest as _, Sha256};

/// Letters and digits that cannot be mistaken for one another, thirty-two of them.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Random signs: 45 bits.
const RANDOM: usize = 9;
/// Signs of the checksum: 15 bits.
const CHECK: usize = 3;

/// A code as it is printed and typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; RANDOM + CHECK]);

/// A code is never written into a log.
impl std::fmt::Debug for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Code(…)")
    }
}

/// What is typed is no code: too short, or with a slip in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCode;

impl Code {
    /// The code of random bytes.
    #[must_use]
    pub fn of(random: [u8; RANDOM]) -> Self {
        let mut signs = [0; RANDOM + CHECK];
        for (sign, byte) in signs.iter_mut().zip(random) {
            *sign = SIGNS[usize::from(byte % 32)];
        }
        let check = checksum(&signs[..RANDOM]);
        signs[RANDOM..].copy_from_slice(&check);
        Self(signs)
    }

    /// A new code.
    #[must_use]
    pub fn new() -> Self {
        Self::of(platform::clock::random())
    }

    /// The code that somebody typed: in capitals or small letters, with or without marks.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(typed: &str) -> Result<Self, NoCode> {
        let plain = typed.bytes().filter(u8::is_ascii_alphanumeric).map(|sign| match sign.to_ascii_lowercase() {
            b'o' => b'0',
            sign => sign,
        });
        let signs: Vec<u8> = plain.take(RANDOM + CHECK + 1).collect();
        let signs: [u8; RANDOM + CHECK] = signs.try_into().map_err(|_| NoCode)?;
        let known = signs.iter().all(|sign| SIGNS.contains(sign));
        let right = checksum(&signs[..RANDOM]) == signs[RANDOM..];
        if known && right { Ok(Self(signs)) } else { Err(NoCode) }
    }

    /// What is kept of it until it is used.
    #[must_use]
    pub fn hash(&self, institution: InstitutionId) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(b"prima survey code");
        hash.update(institution.uuid().as_bytes());
        hash.update(self.0);
        hash.finalize()[..16].to_vec()
    }

    /// As it is printed: `k7f3-2mqd-9hxw`.
    #[must_use]
    pub fn printed(&self) -> String {
        let groups: Vec<&str> = self.0.chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join("-")
    }
}

impl Default for Code {
    fn default() -> Self {
        Self::new()
    }
}

fn checksum(signs: &[u8]) -> [u8; CHECK] {
    let hash = Sha256::digest(signs);
    std::array::from_fn(|place| SIGNS[usize::from(hash[place] % 32)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::database::Uuid;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_is_read_as_it_was_printed(random: [u8; RANDOM]) {
            let code = Code::of(random);
            prop_assert_eq!(Code::read(&code.printed()), Ok(code.clone()));
            prop_assert_eq!(Code::read(&format!(" {} ", code.printed().to_uppercase().replace('-', " "))), Ok(code));
        }

        #[test]
        fn a_sign_too_few_or_too_many_is_no_code(random: [u8; RANDOM]) {
            let printed = Code::of(random).printed();
            prop_assert_eq!(Code::read(&printed[1..]), Err(NoCode));
            prop_assert_eq!(Code::read(&format!("{printed}a")), Err(NoCode));
        }
    }

    #[test]
    fn a_slip_of_one_sign_is_noticed() {
        let printed = Code::of([1, 2, 3, 4, 5, 6, 7, 8, 9]).printed();
        let mut passed = 0;
        for place in 0..printed.len() {
            for sign in SIGNS {
                let mut slipped = printed.clone().into_bytes();
                if slipped[place] == b'-' || slipped[place] == *sign {
                    continue;
                }
                slipped[place] = *sign;
                passed += usize::from(Code::read(std::str::from_utf8(&slipped).unwrap()).is_ok());
            }
        }
        assert_eq!(passed, 0, "of 372 slips");
    }

    #[test]
    fn a_code_is_kept_otherwise_in_every_city() {
        let code = Code::of([7; RANDOM]);
        let city = |number| InstitutionId::from(Uuid::from_u128(number));
        assert_ne!(code.hash(city(1)), code.hash(city(2)));
        assert_eq!(code.hash(city(1)).len(), 16);
    }

    #[test]
    fn a_code_is_not_written_into_logs() {
        assert_eq!(format!("{:?}", Code::new()), "Code(…)");
    }
}
