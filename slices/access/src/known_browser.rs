//! Browsers that signed in to an account before: a signed cookie that says so. It opens nothing; it only spares its owner the
//! waits that strangers cause. Several people may share one browser, so it holds a mark for each of their accounts.

use platform::clock;
use platform::identity::AccountId;
use platform::secret::Secrets;

/// The name of the cookie.
pub(crate) const COOKIE: &str = "prima_perangkat";
/// More than a year: whoever signs in once a year is still known.
pub(crate) const SECONDS: i64 = 400 * 24 * 3600;
const PURPOSE: &str = "known-browser";
/// The oldest marks go first; a cookie has no room for a whole office.
const MOST: usize = 8;

/// The marks in a browser's cookie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Marks(Vec<(AccountId, String)>);

impl Marks {
    /// The marks of a cookie; none when it was not made here.
    pub(crate) fn read(secrets: &Secrets, cookie: Option<&str>) -> Self {
        let text = cookie.and_then(|cookie| secrets.signed(PURPOSE, cookie)).unwrap_or_default();
        let mark = |pair: &str| {
            let (account, mark) = pair.split_once('.')?;
            Some((account.parse().ok()?, mark.to_owned()))
        };
        Self(text.split('~').filter_map(mark).collect())
    }

    /// The mark of an account.
    pub(crate) fn of(&self, account: AccountId) -> Option<&str> {
        self.0.iter().find(|(marked, _)| *marked == account).map(|(_, mark)| mark.as_str())
    }

    /// These marks with one for an account that just signed in: its own, or a new one.
    pub(crate) fn with(mut self, account: AccountId) -> Self {
        let mark = self.of(account).map_or_else(new_mark, str::to_owned);
        self.0.retain(|(marked, _)| *marked != account);
        self.0.push((account, mark));
        let too_many = self.0.len().saturating_sub(MOST);
        self.0.drain(..too_many);
        self
    }

    /// The cookie's value.
    pub(crate) fn cookie(&self, secrets: &Secrets) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(account, mark)| format!("{account}.{mark}")).collect();
        secrets.sign(PURPOSE, &pairs.join("~"))
    }
}

fn new_mark() -> String {
    clock::random::<12>().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn account() -> AccountId {
        AccountId::new(datetime!(2026-11-21 01:00 UTC))
    }

    #[test]
    fn a_browser_keeps_a_mark_for_each_person_who_signed_in() {
        let secrets = Secrets::new([1; 32]);
        let (sari, budi, stranger) = (account(), account(), account());
        let cookie = Marks::default().with(sari).with(budi).cookie(&secrets);
        let marks = Marks::read(&secrets, Some(&cookie));
        assert!(marks.of(sari).is_some() && marks.of(budi).is_some() && marks.of(stranger).is_none());
        let again = marks.clone().with(sari);
        assert_eq!(again.of(sari), marks.of(sari), "signing in again changes nothing");
    }

    #[test]
    fn a_cookie_of_somebodys_own_making_marks_nothing() {
        let secrets = Secrets::new([1; 32]);
        let forged = Marks::default().with(account()).cookie(&Secrets::new([2; 32]));
        assert_eq!(Marks::read(&secrets, Some(&forged)), Marks::default());
        assert_eq!(Marks::read(&secrets, Some("x~y")), Marks::default());
        assert_eq!(Marks::read(&secrets, None), Marks::default());
    }

    #[test]
    fn a_browser_of_a_whole_office_forgets_the_first() {
        let accounts: Vec<AccountId> = (0..MOST + 1).map(|_| account()).collect();
        let marks = accounts.iter().fold(Marks::default(), |marks, account| marks.with(*account));
        assert!(marks.of(accounts[0]).is_none() && marks.of(accounts[1]).is_some());
    }
}
