//! The values themselves.

use super::Revealed;
use std::fmt;

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A NIK has sixteen digits.
    NikLength,
    /// The digits of a NIK name a region, a day of birth and a number; these do not.
    NikDigits,
    /// A telephone number has eight to fifteen digits.
    Phone,
    /// An e-mail address has a name, an @ and a domain.
    Email,
    /// A name has letters.
    Name,
    /// A name of more than 120 letters.
    NameLong,
    /// A text of more signs than are taken.
    TextLong,
    /// A text that says nothing.
    TextEmpty,
}

impl Fault {
    /// The sentence's key in the platform's words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NikLength => "value.nik-length",
            Self::NikDigits => "value.nik-digits",
            Self::Phone => "value.phone",
            Self::Email => "value.email",
            Self::Name => "value.name",
            Self::NameLong => "value.name-long",
            Self::TextLong => "value.text-long",
            Self::TextEmpty => "value.text-empty",
        }
    }
}

/// A value of a person.
pub trait Personal: Sized + Clone + Send + 'static {
    /// Reads what was typed.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read(typed: &str) -> Result<Self, Fault>;

    /// The value as it is compared: two ways of writing the same are one.
    fn compared(&self) -> String;

    /// The value as it is sealed. Only the platform asks for it.
    #[doc(hidden)]
    fn plain(&self, _: super::sealed::Key) -> &str;

    /// The value of a sealed text. Nothing when it was sealed by a program that took other values.
    #[doc(hidden)]
    fn opened(plain: String) -> Option<Self> {
        Self::read(&plain).ok()
    }
}

macro_rules! personal {
    ($($name:ident)+) => {
        $(
            /// Nothing of it is shown: what is debugged ends in logs.
            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(concat!(stringify!($name), "(…)"))
                }
            }

            impl $name {
                /// The whole value, for whoever has said why and was recorded.
                #[must_use]
                pub fn reveal(&self, _: &Revealed) -> &str {
                    &self.0
                }
            }
        )+
    };
}

/// A population number, "Nomor Induk Kependudukan": sixteen digits. Shown as `••••••••••••3456`.
///
/// ```compile_fail
/// let nik: platform::personal::Nik = platform::personal::Personal::read("3201011508900001").unwrap();
/// serde_json::to_string(&nik);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Nik(String);

/// A telephone number as the world writes it: `+6281234567878`. Shown as `0812•••••78`.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

/// An e-mail address, its domain in small letters. Shown as `s•••@contoh.go.id`.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// The name of a person. Shown as its initials.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

/// What a person wrote about themselves or others. Whoever may work on it reads it; it is sealed and never shown by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonText(String);

personal! { Nik Phone EmailAddress PersonName }

impl fmt::Debug for PersonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonText(…)")
    }
}

impl Personal for Nik {
    fn read(typed: &str) -> Result<Self, Fault> {
        let digits: String = typed.chars().filter(|sign| !matches!(sign, ' ' | '.' | '-' | '\u{a0}')).collect();
        if digits.len() != 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Fault::NikLength);
        }
        let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u16>().ok()).unwrap_or(0);
        let (province, day, month, year) = (part(0, 2), part(6, 8), part(8, 10), part(10, 12));
        // The day of a woman's birth is written with forty added.
        let day = if day > 40 { day - 40 } else { day };
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        let plausible =
            province >= 11 && part(2, 4) > 0 && part(4, 6) > 0 && (1..=last).contains(&day) && part(12, 16) > 0;
        if plausible { Ok(Self(digits)) } else { Err(Fault::NikDigits) }
    }

    fn compared(&self) -> String {
        self.0.clone()
    }

    fn plain(&self, _: super::sealed::Key) -> &str {
        &self.0
    }
}

impl fmt::Display for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "••••••••••••{}", self.0.get(12..).unwrap_or_default())
    }
}

impl Personal for Phone {
    fn read(typed: &str) -> Result<Self, Fault> {
        let typed = typed.trim();
        let abroad = typed.starts_with('+');
        if !typed.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '+' | ' ' | '-' | '.' | '(' | ')' | '/')) {
            return Err(Fault::Phone);
        }
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        if typed.matches('+').count() > usize::from(abroad) {
            return Err(Fault::Phone);
        }
        let number = match digits.as_str() {
            _ if abroad && !digits.starts_with('0') => digits,
            _ if abroad => return Err(Fault::Phone),
            text if text.starts_with("62") => digits,
            text if text.starts_with("00") => return Err(Fault::Phone),
            text => match text.strip_prefix('0') {
                Some(rest) => format!("62{rest}"),
                None if text.starts_with('8') => format!("62{text}"),
                None => return Err(Fault::Phone),
            },
        };
        // "+62 0812": the zero of the national form is not dialled after the country.
        let number = match number.strip_prefix("620") {
            Some(rest) => format!("62{rest}"),
            None => number,
        };
        if (8..=15).contains(&number.len()) { Ok(Self(format!("+{number}"))) } else { Err(Fault::Phone) }
    }

    fn compared(&self) -> String {
        self.0.clone()
    }

    fn plain(&self, _: super::sealed::Key) -> &str {
        &self.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (front, rest) = match self.0.strip_prefix("+62") {
            Some(rest) => ("0", rest),
            None => ("+", self.0.get(1..).unwrap_or_default()),
        };
        write!(
            f,
            "{front}{}•••••{}",
            rest.get(..3).unwrap_or_default(),
            rest.get(rest.len().saturating_sub(2)..).unwrap_or_default()
        )
    }
}

impl EmailAddress {
    /// The address for the envelope of a message to this very person: it is sealed again with what the message says.
    pub(crate) fn for_envelope(&self) -> &str {
        &self.0
    }
}

impl Personal for EmailAddress {
    fn read(typed: &str) -> Result<Self, Fault> {
        let typed = typed.trim();
        let (name, domain) = typed.rsplit_once('@').ok_or(Fault::Email)?;
        let domain = domain.to_lowercase();
        let named = !name.is_empty()
            && name.len() <= 64
            && name.chars().all(|sign| !sign.is_whitespace() && !sign.is_control() && !"@,;:<>()[]\\\"".contains(sign));
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(|sign| sign.is_alphanumeric() || sign == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let placed = domain.len() <= 190 && domain.contains('.') && domain.split('.').all(label);
        if named && placed { Ok(Self(format!("{name}@{domain}"))) } else { Err(Fault::Email) }
    }

    fn compared(&self) -> String {
        self.0.to_lowercase()
    }

    fn plain(&self, _: super::sealed::Key) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, domain) = self.0.rsplit_once('@').unwrap_or_default();
        write!(f, "{}•••@{domain}", name.chars().next().unwrap_or('•'))
    }
}

/// The longest name.
const NAME_LETTERS: usize = 120;

impl Personal for PersonName {
    fn read(typed: &str) -> Result<Self, Fault> {
        let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.chars().any(char::is_alphabetic) || name.chars().any(char::is_control) {
            return Err(Fault::Name);
        }
        if name.chars().count() > NAME_LETTERS { Err(Fault::NameLong) } else { Ok(Self(name)) }
    }

    fn compared(&self) -> String {
        self.0.to_lowercase()
    }

    fn plain(&self, _: super::sealed::Key) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let initials = self.0.split(' ').filter_map(|word| word.chars().find(|sign| sign.is_alphabetic()));
        let shown: Vec<String> = initials.take(4).map(|initial| format!("{}.", initial.to_uppercase())).collect();
        f.write_str(&shown.join(" "))
    }
}

impl PersonText {
    /// The longest text.
    pub const SIGNS: usize = 4_000;

    /// The text, for a page of whoever may work on it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Personal for PersonText {
    fn read(typed: &str) -> Result<Self, Fault> {
        let text = typed.trim();
        match text.chars().count() {
            0 => Err(Fault::TextEmpty),
            signs if signs > Self::SIGNS => Err(Fault::TextLong),
            _ => Ok(Self(text.replace("\r\n", "\n"))),
        }
    }

    fn compared(&self) -> String {
        self.0.clone()
    }

    fn plain(&self, _: super::sealed::Key) -> &str {
        &self.0
    }
}
