//! Where an institution is reached from outside, for links in what is sent to people.

use crate::Settings;
use platform::app::App;

/// How the installation is reached, as whoever keeps it said: never as a stranger's request says.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    origin: Option<String>,
    https: bool,
}

impl Reach {
    /// Of a running program.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self { origin: app.origin().map(str::to_owned), https: app.surroundings().https }
    }

    /// `https://host` of an institution: the host that its admin gave it, else what the installation is reached by. Nothing when
    /// neither is known.
    #[must_use]
    pub fn origin(&self, settings: &Settings) -> Option<String> {
        let Some(host) = &settings.host else { return self.origin.clone() };
        let scheme = if self.https { "https" } else { "http" };
        let plain = format!("{scheme}://{host}");
        // The installation's own address may name a port besides.
        let same = self.origin.clone().filter(|origin| host_of(origin) == host);
        Some(same.unwrap_or(plain))
    }
}

/// The host of an address, without its port.
fn host_of(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.split_once(':').map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TypedSettings;

    fn settings(host: &str) -> Settings {
        let kind = crate::InstitutionKind::City.name().to_owned();
        let typed = TypedSettings { kind, name: "Kota Contoh".into(), host: host.into(), ..TypedSettings::default() };
        typed.check().unwrap_or_else(|_| panic!("the settings are good"))
    }

    #[test]
    fn a_city_without_a_host_is_reached_by_the_address_of_the_installation() {
        let reach = Reach { origin: Some("http://127.0.0.1:3000".into()), https: false };
        assert_eq!(reach.origin(&settings("")).as_deref(), Some("http://127.0.0.1:3000"));
        assert_eq!(Reach::default().origin(&settings("")), None);
    }

    #[test]
    fn the_host_of_a_city_comes_first_and_keeps_the_port_of_the_installation() {
        let reach = Reach { origin: Some("https://contoh.go.id:8443".into()), https: true };
        assert_eq!(reach.origin(&settings("contoh.go.id")).as_deref(), Some("https://contoh.go.id:8443"));
        assert_eq!(reach.origin(&settings("lain.go.id")).as_deref(), Some("https://lain.go.id"));
    }
}
