//! What the settings say of a Zoho integration, and the closed list of where Zoho lives.
//!
//! Secrets are not here: they are in `Tokens`, which the keychain holds.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// One of Zoho's data centres. A token goes to these hosts or nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataCentre {
    /// United States.
    Us,
    /// Europe.
    Eu,
    /// India.
    In,
    /// Australia.
    Au,
    /// Japan.
    Jp,
    /// Canada.
    Ca,
    /// Saudi Arabia.
    Sa,
    /// United Kingdom.
    Uk,
    /// China.
    Cn,
    /// A Zoho on this machine, for tests and the demo.
    Custom(LoopbackZoho),
}

/// The two addresses of a Zoho on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoopbackZoho {
    /// Where the accounts server is.
    pub accounts: LoopbackUrl,
    /// Where the API is.
    pub api: LoopbackUrl,
}

/// The base of an `http` URL on a loopback address. Nothing else can be made of this type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoopbackUrl(String);

/// The text is no `http` URL of a loopback address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a custom data centre must be an http address of this machine")]
pub struct NotLoopback;

impl TryFrom<String> for LoopbackUrl {
    type Error = NotLoopback;

    fn try_from(text: String) -> Result<Self, NotLoopback> {
        let url = Url::parse(&text).map_err(|_| NotLoopback)?;
        let is_here = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(_)) | None => false,
        };
        let is_base = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_plain = url.username().is_empty() && url.password().is_none();
        if url.scheme() == "http" && is_here && is_base && is_plain {
            return Ok(Self(url.as_str().trim_end_matches('/').to_owned()));
        }
        Err(NotLoopback)
    }
}

impl From<LoopbackUrl> for String {
    fn from(url: LoopbackUrl) -> Self {
        url.0
    }
}

/// Which copy of an organisation a token is for; the user chooses it when he consents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The real one.
    #[default]
    Production,
    /// Zoho's sandbox of the organisation.
    Sandbox,
    /// A developer's copy.
    Developer,
}

const CLOSED_LIST: [DataCentre; 9] = [
    DataCentre::Us,
    DataCentre::Eu,
    DataCentre::In,
    DataCentre::Au,
    DataCentre::Jp,
    DataCentre::Ca,
    DataCentre::Sa,
    DataCentre::Uk,
    DataCentre::Cn,
];

impl DataCentre {
    /// The base of the accounts server's URLs.
    pub fn accounts(&self) -> String {
        match self {
            Self::Ca => "https://accounts.zohocloud.ca".to_owned(),
            Self::Custom(here) => here.accounts.0.clone(),
            named => format!("https://accounts.zoho.{}", named.suffix()),
        }
    }

    /// The base of the API's URLs.
    pub fn api(&self, environment: Environment) -> String {
        let host = match environment {
            Environment::Production => "www",
            Environment::Sandbox => "sandbox",
            Environment::Developer => "developer",
        };
        match self {
            Self::Custom(here) => here.api.0.clone(),
            named => format!("https://{host}.zohoapis.{}", named.suffix()),
        }
    }

    /// The base of the URLs that people open in the browser.
    pub fn web(&self, environment: Environment) -> String {
        let host = match environment {
            Environment::Sandbox => "crmsandbox",
            Environment::Production | Environment::Developer => "crm",
        };
        match self {
            Self::Ca => format!("https://{host}.zohocloud.ca"),
            Self::Custom(here) => here.api.0.clone(),
            named => format!("https://{host}.zoho.{}", named.suffix()),
        }
    }

    /// Is it on this machine?
    pub fn is_loopback(&self) -> bool {
        matches!(self, Self::Custom(_))
    }

    /// The data centre of an accounts server that a redirect names. A closed list: with a custom
    /// data centre only that one, else only Zoho's own.
    pub(super) fn of_accounts_server(&self, server: &str) -> Option<Self> {
        let server = server.trim_end_matches('/');
        if self.is_loopback() {
            return (self.accounts() == server).then(|| self.clone());
        }
        CLOSED_LIST.into_iter().find(|one| one.accounts() == server)
    }

    /// The environment of an API host that a token answer names, if it is one of this data centre.
    pub(super) fn environment_of(&self, api: &str) -> Option<Environment> {
        let api = api.trim_end_matches('/');
        [
            Environment::Production,
            Environment::Sandbox,
            Environment::Developer,
        ]
        .into_iter()
        .find(|environment| self.api(*environment) == api)
    }

    fn suffix(&self) -> &'static str {
        match self {
            Self::Us | Self::Custom(_) => "com",
            Self::Eu => "eu",
            Self::In => "in",
            Self::Au => "com.au",
            Self::Jp => "jp",
            Self::Ca => "ca",
            Self::Sa => "sa",
            Self::Uk => "uk",
            Self::Cn => "com.cn",
        }
    }
}

/// A field that is mirrored only when it is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtraField {
    /// E-mail address.
    Email,
    /// City.
    City,
    /// The record's description, shown as a note.
    Note,
}

/// The settings of one Zoho integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the sign-in begins; the answer may name another of the list.
    pub data_centre: DataCentre,
    /// The company's own client id.
    pub client_id: String,
    /// The modules to mirror, in Zoho's own spelling.
    #[serde(default = "usual_modules")]
    pub modules: Vec<String>,
    /// Fields beyond names, company, numbers, owner and opt-out.
    #[serde(default)]
    pub extra_fields: BTreeSet<ExtraField>,
    /// The loopback port that the client's redirect address names; a free one when not set.
    #[serde(default)]
    pub redirect_port: Option<u16>,
    /// The e-mail that the sign-in page is filled in with.
    #[serde(default)]
    pub login_hint: Option<String>,
    /// May single numbers be asked for beside the mirror? It needs one more scope.
    #[serde(default)]
    pub live_search: bool,
}

fn usual_modules() -> Vec<String> {
    ["Leads", "Contacts", "Accounts"].map(str::to_owned).into()
}

impl Config {
    /// Settings with everything as usual.
    pub fn new(data_centre: DataCentre, client_id: impl Into<String>) -> Self {
        Self {
            data_centre,
            client_id: client_id.into(),
            modules: usual_modules(),
            extra_fields: BTreeSet::new(),
            redirect_port: None,
            login_hint: None,
            live_search: false,
        }
    }

    /// The scopes to ask for; all of them read only.
    pub fn scopes(&self) -> String {
        let mut scopes = vec![
            "ZohoCRM.modules.READ",
            "ZohoCRM.settings.modules.READ",
            "ZohoCRM.settings.fields.READ",
            "ZohoCRM.org.READ",
            "ZohoCRM.users.READ",
            "ZohoCRM.coql.READ",
        ];
        if self.live_search {
            scopes.push("ZohoSearch.securesearch.READ");
        }
        scopes.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canada_has_its_own_accounts_host() {
        assert_eq!(DataCentre::Ca.accounts(), "https://accounts.zohocloud.ca");
        assert_eq!(
            DataCentre::Ca.api(Environment::Production),
            "https://www.zohoapis.ca",
            "only the API follows the pattern"
        );
        assert_eq!(
            DataCentre::Au.accounts(),
            "https://accounts.zoho.com.au",
            "the suffix is not always a country"
        );
    }

    #[test]
    fn an_accounts_server_off_the_list_is_none() {
        let eu = DataCentre::Eu;
        for forged in [
            "https://accounts.zoho.eu.example.com",
            "https://evil.example.com",
            "http://accounts.zoho.eu",
            "https://accounts.zoho.eu@evil.example.com",
            "http://127.0.0.1:1",
            "",
        ] {
            assert_eq!(eu.of_accounts_server(forged), None, "{forged} is not Zoho");
        }
        assert_eq!(
            eu.of_accounts_server("https://accounts.zoho.com"),
            Some(DataCentre::Us),
            "a user may live in another data centre"
        );
    }

    #[test]
    fn a_custom_data_centre_is_on_this_machine() {
        for outside in [
            "https://127.0.0.1:1",
            "http://192.0.2.1",
            "http://localhost:1",
            "http://zoho.example.com",
            "http://user@127.0.0.1",
            "http://127.0.0.1/path",
        ] {
            assert_eq!(
                LoopbackUrl::try_from(outside.to_owned()),
                Err(NotLoopback),
                "{outside} is no plain loopback address"
            );
        }
        assert!(LoopbackUrl::try_from("http://127.0.0.1:8080".to_owned()).is_ok());
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        let text = r#"{"data_centre":"eu","client_id":"1000.X","client_secret":"s"}"#;
        assert!(
            serde_json::from_str::<Config>(text).is_err(),
            "a secret does not belong into the settings"
        );
        let text = r#"{"data_centre":"eu","client_id":"1000.X"}"#;
        let config: Config = serde_json::from_str(text).expect("the rest has defaults");
        assert_eq!(config, Config::new(DataCentre::Eu, "1000.X"));
    }

    #[test]
    fn only_read_scopes_are_asked_for() {
        let mut config = Config::new(DataCentre::Eu, "1000.X");
        config.live_search = true;
        assert!(
            config
                .scopes()
                .split(',')
                .all(|scope| scope.ends_with(".READ")),
            "the mirror writes nothing"
        );
    }
}
