//! The settings file, as people write it and as the form edits it. Secrets are never in it.

mod lines;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use lines::{
    AnswerMethod, AsteriskSettings, BroadworksSettings, ConsultMethod, LineSettings,
    ProviderSettings, SignIn, Tls,
};

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
#[ts(export)]
pub struct Settings {
    /// Language, looks, the card.
    pub general: General,
    /// How numbers are read and dialled.
    pub dialing: Dialing,
    /// Key combinations that work everywhere.
    pub hotkeys: Hotkeys,
    /// The agent's lines.
    pub lines: Vec<LineSettings>,
    /// The CRM sources.
    pub integrations: Vec<IntegrationSettings>,
}

/// The settings with what the form needs beside them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SettingsView {
    /// The settings in force.
    pub settings: Settings,
    /// Names of the secrets that are kept, never their values.
    pub secrets: Vec<String>,
    /// Fields that the administrator locked, such as `integrations.0.client_id`.
    pub locked: Vec<String>,
    /// What is wrong with the administrator's newest policy; the last good one is in force.
    pub policy_trouble: Option<String>,
    /// Pages of the administrator's own that the help leads to.
    pub help_pages: Vec<HelpPage>,
}

/// A page of the administrator's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HelpPage {
    /// His help desk.
    Support,
    /// Whether everything runs.
    Status,
}

/// The language of the windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// The system's, or English.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
    /// Russian.
    Ru,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// The system's.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The quarter of the screen where the card appears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Quarter {
    /// The usual place.
    #[default]
    BottomRight,
    /// Bottom left.
    BottomLeft,
    /// Top right.
    TopRight,
    /// Top left.
    TopLeft,
}

/// Language, looks, the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct General {
    /// The language of the windows.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Where the card appears.
    pub quarter: Quarter,
    /// Seconds until the card of an answered or ended call hides (3 to 600).
    pub hide_after_seconds: u32,
    /// Tell missed calls by a system notification.
    pub missed_call_toast: bool,
    /// Let the browser behind a hidden card sleep, where the system can (Windows).
    pub suspend_card: bool,
    /// Start with the session.
    pub autostart: bool,
    /// The agent's e-mail: another user of the CRM is warned of.
    pub email: String,
}

impl Default for General {
    fn default() -> Self {
        Self {
            language: Language::System,
            theme: Theme::System,
            quarter: Quarter::BottomRight,
            hide_after_seconds: 10,
            missed_call_toast: true,
            suspend_card: true,
            autostart: false,
            email: String::new(),
        }
    }
}

/// How incoming numbers are signalled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IncomingNumbers {
    /// As one would dial them in the country: `0231…`, `0049…` or `+49…`.
    #[default]
    National,
    /// International without the plus: `49231…`.
    InternationalWithoutPlus,
}

/// How numbers are read and dialled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Dialing {
    /// ISO code of the country, such as `DE`.
    pub country: String,
    /// The area code without its zero, for numbers without one.
    pub area_code: String,
    /// The digit for an outside line, where the telephone system wants one.
    pub outside_digit: String,
    /// How incoming numbers are signalled.
    pub incoming: IncomingNumbers,
}

impl Default for Dialing {
    fn default() -> Self {
        Self {
            country: "DE".into(),
            area_code: String::new(),
            outside_digit: String::new(),
            incoming: IncomingNumbers::National,
        }
    }
}

/// Key combinations that work everywhere; empty is off. Never Ctrl+Alt with a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Hotkeys {
    /// Answer the call that rings longest.
    pub answer: String,
    /// Hang up the active call.
    pub hang_up: String,
    /// Bring the cards back.
    pub show_calls: String,
}

impl Default for Hotkeys {
    fn default() -> Self {
        Self {
            answer: "Ctrl+Shift+F8".into(),
            hang_up: "Ctrl+Shift+F9".into(),
            show_calls: String::new(),
        }
    }
}

/// Zoho CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ZohoSettings {
    /// `us`, `eu`, `in`, `au`, `jp`, `ca`, `sa`, `uk`, `cn`, or `custom` for a test server.
    pub data_centre: String,
    /// The address of a test server on this PC; only with `custom`.
    pub custom_address: String,
    /// The company's own client id from Zoho's API console.
    pub client_id: String,
    /// The account's e-mail, a hint for the sign-in page.
    pub login_hint: String,
    /// The port of the redirect address that is registered for the client; 0 is any free one.
    pub redirect_port: u16,
    /// The modules to mirror.
    pub modules: Vec<String>,
}

impl Default for ZohoSettings {
    fn default() -> Self {
        Self {
            data_centre: "eu".into(),
            custom_address: String::new(),
            client_id: String::new(),
            login_hint: String::new(),
            redirect_port: 0,
            modules: vec!["Contacts".into(), "Leads".into(), "Accounts".into()],
        }
    }
}

/// The CRM behind an integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "source")]
pub enum SourceSettings {
    /// Zoho CRM.
    Zoho(ZohoSettings),
}

/// One integration. Its secrets are `integration.<id>.tokens` and `integration.<id>.client_secret`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntegrationSettings {
    /// A short id of small letters and digits.
    pub id: String,
    /// What the agent calls it.
    pub name: String,
    /// Minutes between two refreshes (1 to 1440).
    #[serde(default = "fifteen")]
    pub refresh_minutes: u32,
    /// Clock times for a refresh, such as `06:00`; beside or instead of the minutes.
    #[serde(default)]
    pub refresh_at: Vec<String>,
    /// The share of the organisation's daily credits that reading may use, in percent.
    #[serde(default = "ten")]
    pub credit_share_percent: u32,
    /// The CRM.
    #[serde(flatten)]
    pub source: SourceSettings,
}

fn fifteen() -> u32 {
    15
}

fn ten() -> u32 {
    10
}
