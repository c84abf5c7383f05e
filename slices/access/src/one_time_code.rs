//! The second factor: codes of six digits from a telephone (TOTP, RFC 6238), and codes on paper for when it is lost.

use hmac::{Hmac, KeyInit as _, Mac as _};
use platform::clock;
use sha1::Sha1;
use std::fmt;
use time::OffsetDateTime;

/// Seconds for which a code is shown.
const PERIOD: i64 = 30;
const DIGITS: u32 = 6;
/// Bytes of a secret: what RFC 4226 advises.
const BYTES: usize = 20;
/// So many recovery codes are given.
pub(crate) const RECOVERY_CODES: usize = 10;

/// What a telephone and the installation share.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    pub(crate) fn new() -> Self {
        Self(clock::random::<BYTES>().to_vec())
    }

    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// In groups of four, to be typed by hand: `JBSW Y3DP …`.
    pub(crate) fn written(&self) -> String {
        let text = base32(&self.0);
        let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join(" ")
    }

    /// What the square code holds.
    pub(crate) fn address(&self, issuer: &str, holder: &str) -> String {
        let encoded =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
        let (issuer, holder, secret) = (encoded(issuer), encoded(holder), base32(&self.0));
        format!("otpauth://totp/{issuer}:{holder}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
    }

    /// The step of the clock whose code this is, when it was not taken yet. A clock may be half a minute fast or slow.
    pub(crate) fn step_of(&self, code: &str, now: OffsetDateTime, last: i64) -> Option<i64> {
        let typed = read_code(code)?;
        let present = step(now);
        let mut found = None;
        // All three are computed whatever fits: the time tells nothing.
        for candidate in [present - 1, present, present + 1] {
            let fits = self.code(candidate, DIGITS) == typed;
            if fits && candidate > last {
                found = Some(candidate);
            }
        }
        found
    }

    fn code(&self, step: i64, digits: u32) -> u32 {
        let mut hmac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        hmac.update(&step.to_be_bytes());
        let hash = hmac.finalize().into_bytes();
        let at = usize::from(hash[19] & 0x0f);
        let word = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
        word % 10_u32.pow(digits)
    }

    #[cfg(test)]
    pub(crate) fn shown(&self, now: OffsetDateTime) -> String {
        format!("{:06}", self.code(step(now), DIGITS))
    }

    #[cfg(test)]
    pub(crate) fn of_written(written: &str) -> Self {
        let bits: Vec<u8> = written
            .bytes()
            .filter_map(|sign| BASE32.iter().position(|of| *of == sign))
            .flat_map(|value| (0..5).rev().map(move |bit| u8::try_from(value >> bit & 1).unwrap()))
            .collect();
        Self(bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect())
    }
}

/// A secret is never written into a log.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn step(now: OffsetDateTime) -> i64 {
    now.unix_timestamp().div_euclid(PERIOD)
}

/// Six digits, typed with or without spaces.
fn read_code(typed: &str) -> Option<u32> {
    let digits: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
    let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    six.then(|| digits.parse().ok()).flatten()
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut block = [0_u8; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(block);
        let signs = (chunk.len() * 8).div_ceil(5);
        text.extend((0..signs).map(|at| char::from(BASE32[usize::try_from(bits >> (35 - 5 * at) & 31).unwrap_or(0)])));
    }
    text
}

/// The letters and digits of codes on paper (Crockford's base 32): I, L and O are read as 1, 1 and 0.
const PAPER: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// New codes for paper, `abcde-fghjk`: fifty random bits each.
pub(crate) fn recovery_codes() -> Vec<String> {
    let code = || {
        let letters: String =
            clock::random::<10>().iter().map(|byte| char::from(PAPER[usize::from(byte & 31)])).collect();
        format!("{}-{}", &letters[..5], &letters[5..])
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// A code from paper as it is compared: without what people add or leave out.
pub(crate) fn plain_recovery_code(typed: &str) -> Option<String> {
    let meant = |sign| match sign {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    let plain: String = typed.to_lowercase().chars().filter(char::is_ascii_alphanumeric).map(meant).collect();
    (plain.len() == 10).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1: the secret is the ASCII text "12345678901234567890", codes have eight digits.
    #[test]
    fn the_vectors_of_rfc_6238_come_out() {
        let secret = Secret::of_bytes(b"12345678901234567890".to_vec());
        let vectors = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000_i64, 65_353_130),
        ];
        for (seconds, code) in vectors {
            let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            assert_eq!(secret.code(step(moment), 8), code, "at {seconds}");
        }
    }

    /// RFC 4226, appendix D: the first ten codes of six digits.
    #[test]
    fn the_vectors_of_rfc_4226_come_out() {
        let secret = Secret::of_bytes(b"12345678901234567890".to_vec());
        let codes = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        assert_eq!((0..10).map(|step| secret.code(step, 6)).collect::<Vec<_>>(), codes);
    }

    /// RFC 4648, section 10.
    #[test]
    fn base32_is_that_of_rfc_4648() {
        let vectors = [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (plain, encoded) in vectors {
            assert_eq!(base32(plain.as_bytes()), encoded);
        }
        let secret = Secret::new();
        assert_eq!(Secret::of_written(&secret.written()), secret);
    }

    #[test]
    fn a_clock_may_be_half_a_minute_fast_or_slow() {
        let secret = Secret::new();
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        for (seconds, taken) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let shown = secret.shown(now + time::Duration::seconds(seconds));
            assert_eq!(secret.step_of(&shown, now, 0).is_some(), taken, "{seconds} seconds off");
        }
    }

    #[test]
    fn a_code_is_taken_once() {
        let secret = Secret::new();
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let shown = secret.shown(now);
        let step = secret.step_of(&shown, now, 0).unwrap();
        assert_eq!(secret.step_of(&shown, now, step), None);
    }

    #[test]
    fn spaces_in_a_code_do_not_matter_and_other_texts_are_no_code() {
        assert_eq!(read_code(" 123 456 "), Some(123_456));
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(read_code(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn codes_on_paper_are_read_as_people_write_them() {
        let codes = recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let plain = plain_recovery_code(&codes[0]).unwrap();
        assert_eq!(plain_recovery_code(&codes[0].to_uppercase().replace('-', " ")), Some(plain));
        assert_eq!(plain_recovery_code("OIL00-abcde").as_deref(), Some("01100abcde"));
        assert_eq!(plain_recovery_code("123 456"), None);
    }

    #[test]
    fn the_square_code_says_whose_it_is() {
        let address = Secret::of_bytes(b"12345678901234567890".to_vec()).address("Kota Contoh", "sari@contoh.go.id");
        let expected = "otpauth://totp/Kota%20Contoh:sari%40contoh.go.id?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
            &issuer=Kota%20Contoh&algorithm=SHA1&digits=6&period=30";
        assert_eq!(address, expected);
    }
}
