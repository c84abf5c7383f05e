//! What this slice says to people by mail: links that let them in, and notices of what happened to their account.

use crate::link::Purpose;
use crate::{WORDS, store};
use organisation::Reach;
use platform::app::App;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{AccountId, InstitutionId};
use platform::messages::{self, Category, City, Contact, Facts, MessageKind, NewMessage, Recipient};
use platform::secret::Secrets;
use platform::session::Token;
use platform::site::Zone;
use platform::visit::Visit;
use rules::phrase::{Language, Text};
use time::{Duration, OffsetDateTime};

/// Every kind of message of this slice.
pub const MESSAGES: &[&MessageKind] = &[
    &INVITATION,
    &NEW_PASSWORD,
    &NEW_SECOND_FACTOR,
    &FORGOTTEN,
    &NEW_BROWSER,
    &PASSWORD_CHANGED,
    &SECOND_FACTOR_ON,
    &SECOND_FACTOR_OFF,
];

/// A kind of message on the safety of an account: its words stand under one name.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $kind:literal, $subject:literal, [$($paragraph:literal),+], $button:literal, $why:literal, $sample:expr;)+) => {
        $($(#[$doc])* pub(crate) static $name: MessageKind = MessageKind {
            name: $kind,
            category: Category::Security,
            may_wait: false,
            catalogue: &WORDS,
            subject: $subject,
            paragraphs: &[$($paragraph),+],
            button: Some($button),
            why: $why,
            sample: $sample,
        };)+
    };
}

kinds! {
    /// Somebody was invited.
    INVITATION = "access.invitation", "mail-invitation.subject", ["mail-invitation.text", "mail-link.until", "mail-link.once"],
        "mail-invitation.button", "mail-invitation.why", sample_link;
    /// An admin made a link for another password.
    NEW_PASSWORD = "access.new-password", "mail-new-password.subject",
        ["mail-new-password.text", "mail-link.until", "mail-link.once"], "mail-new-password.button", "mail-account.why", sample_link;
    /// An admin made a link to replace a lost second factor.
    NEW_SECOND_FACTOR = "access.new-second-factor", "mail-new-second-factor.subject",
        ["mail-new-second-factor.text", "mail-link.until", "mail-link.once"], "mail-new-second-factor.button",
        "mail-account.why", sample_link;
    /// Somebody said that they forgot the password.
    FORGOTTEN = "access.forgotten", "mail-forgotten.subject",
        ["mail-forgotten.text", "mail-link.until", "mail-forgotten.not-you"], "mail-new-password.button", "mail-account.why",
        sample_link;
    /// Somebody signed in with a browser that was not known.
    NEW_BROWSER = "access.new-browser", "mail-new-browser.subject", ["mail-new-browser.text", "mail-account.not-you"],
        "mail-account.button", "mail-account.why", sample_notice;
    /// The password is another one.
    PASSWORD_CHANGED = "access.password-changed", "mail-password-changed.subject",
        ["mail-password-changed.text", "mail-account.not-you"], "mail-account.button", "mail-account.why", sample_notice;
    /// A second factor was set up.
    SECOND_FACTOR_ON = "access.second-factor-on", "mail-second-factor-on.subject",
        ["mail-second-factor-on.text", "mail-account.not-you"], "mail-account.button", "mail-account.why", sample_notice;
    /// The second factor was put away.
    SECOND_FACTOR_OFF = "access.second-factor-off", "mail-second-factor-off.subject",
        ["mail-second-factor-off.text", "mail-account.not-you"], "mail-account.button", "mail-account.why", sample_notice;
}

fn sample_link() -> Facts {
    let until = Text { id: "21 November 2026, 08.00 WIB".into(), en: "21 November 2026, 08:00 WIB".into() };
    let link = "https://layanan.contoh.go.id/undangan/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    Facts::new().with("city", "Kota Contoh").with_text("until", until).with_link(link)
}

fn sample_notice() -> Facts {
    let at = Text { id: "21 November 2026, 08.00 WIB".into(), en: "21 November 2026, 08:00 WIB".into() };
    let link = "https://layanan.contoh.go.id/akun/sesi";
    Facts::new().with("city", "Kota Contoh").with("browser", "Firefox, Linux").with_text("at", at).with_link(link)
}

/// A notice that could not be sent for so long tells nothing new any more.
const NOTICES_LAST: Duration = Duration::days(3);

/// How messages of a request go out.
#[derive(Clone)]
pub(crate) struct Sender {
    secrets: Secrets,
    reach: Reach,
    zone: Zone,
    city: String,
    language: Language,
}

impl Sender {
    /// For the city and the language of a visit.
    pub(crate) fn of(app: &App, visit: &Visit) -> Self {
        Self {
            secrets: app.secrets().clone(),
            reach: Reach::of(app),
            zone: visit.site().zone,
            city: visit.site().short_name.clone(),
            language: visit.language(),
        }
    }

    /// `https://host` of an institution as it was set, never as a request says: the host that its admin gave it, else what the
    /// installation is reached by. Nothing when neither is known.
    pub(crate) fn trusted_origin(
        &self,
        db: &mut Read<'_>,
        institution: InstitutionId,
    ) -> Result<Option<String>, DatabaseError> {
        let own = organisation::institution(db, institution)?;
        Ok(own.and_then(|own| self.reach.origin(&own.settings)))
    }

    fn both(&self, moment: OffsetDateTime) -> Text {
        let zone = self.zone;
        Text { id: zone.moment(moment, Language::Indonesian), en: zone.moment(moment, Language::English) }
    }

    fn send(
        &self,
        db: &mut Write<'_>,
        (institution, account): (InstitutionId, AccountId),
        (kind, facts): (&'static MessageKind, Facts),
        (origin, until): (String, OffsetDateTime),
        now: OffsetDateTime,
    ) -> Result<(), DatabaseError> {
        let new = NewMessage {
            institution,
            to: Recipient::Account(account),
            kind,
            facts: facts.with("city", self.city.clone()),
            origin,
            language: Some(self.language),
            until: Some(until),
        };
        messages::send(db, &self.secrets, &new, now).map(drop)
    }

    /// Sends somebody the link that was made for them. `origin` is one that can be trusted.
    pub(crate) fn send_link(
        &self,
        db: &mut Write<'_>,
        to: (InstitutionId, AccountId),
        kind: &'static MessageKind,
        link: (&str, &Token, OffsetDateTime),
        now: OffsetDateTime,
    ) -> Result<(), DatabaseError> {
        let (origin, token, until) = link;
        let address = crate::command::link_address(origin, token);
        let facts = Facts::new().with_text("until", self.both(until)).with_link(address);
        self.send(db, to, (kind, facts), (origin.to_owned(), until), now)
    }

    /// Tells somebody what happened to their account.
    pub(crate) fn tell(
        &self,
        db: &mut Write<'_>,
        to: (InstitutionId, AccountId),
        kind: &'static MessageKind,
        browser: &str,
        now: OffsetDateTime,
    ) -> Result<(), DatabaseError> {
        let browser = match browser {
            "" => Text { id: unknown(Language::Indonesian), en: unknown(Language::English) },
            known => Text::same(known),
        };
        let mut facts = Facts::new().with_text("at", self.both(now)).with_text("browser", browser);
        let origin = self.trusted_origin(db, to.0)?;
        if let Some(origin) = &origin {
            facts = facts.with_link(format!("{origin}/akun/sesi"));
        }
        self.send(db, to, (kind, facts), (origin.unwrap_or_default(), now + NOTICES_LAST), now)
    }
}

fn unknown(language: Language) -> String {
    crate::words(language).text("sessions.unknown")
}

/// The kind of message that carries a link of this purpose.
pub(crate) const fn kind_of(purpose: Purpose) -> &'static MessageKind {
    match purpose {
        Purpose::Invitation => &INVITATION,
        Purpose::Password => &NEW_PASSWORD,
        Purpose::SecondFactor => &NEW_SECOND_FACTOR,
    }
}

/// Who receives what is sent to an account: whoever is invited or at work. For the server's wiring.
///
/// # Errors
/// When the database cannot be read.
pub fn contact_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: AccountId,
) -> Result<Option<Contact>, DatabaseError> {
    store::mail::contact(db, institution, account)
}

/// What messages say of the city they come from. For the server's wiring.
///
/// # Errors
/// When the database cannot be read.
pub fn city_of(db: &mut Read<'_>, institution: InstitutionId) -> Result<Option<City>, DatabaseError> {
    let own = organisation::institution(db, institution)?;
    Ok(own.map(|own| City { name: own.settings.name, help: own.settings.help, zone: own.settings.zone }))
}
