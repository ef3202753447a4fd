//! The texts of tray and toasts, from the same files as those of the windows.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| Texts::read(include_str!("../../assets/locales/en.json")));
static GERMAN: LazyLock<Texts> =
    LazyLock::new(|| Texts::read(include_str!("../../assets/locales/de.json")));
static RUSSIAN: LazyLock<Texts> =
    LazyLock::new(|| Texts::read(include_str!("../../assets/locales/ru.json")));

/// The texts of one language.
pub struct Texts {
    entries: HashMap<String, Value>,
}

impl Texts {
    /// The texts of a language; what is not known is English.
    pub fn of(language: &str) -> &'static Self {
        match language {
            "de" => &GERMAN,
            "ru" => &RUSSIAN,
            _ => &ENGLISH,
        }
    }

    /// A text. A key without one is shown as it is, which a test prevents.
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.entries.get(key).and_then(Value::as_str).unwrap_or(key)
    }

    /// A text with its holes filled.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.say(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    fn read(json: &str) -> Self {
        let entries = serde_json::from_str(json);
        Self {
            entries: entries.expect("the locales are checked by the windows' own tests"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tray_and_toasts_have_a_text_in_every_language() {
        let keys = [
            "announce.incoming",
            "tray.journal_waits",
            "toast.hotkey_taken",
            "toast.integration_trouble",
            "toast.integration_well",
            "toast.line_down",
            "toast.missed",
            "toast.missed_several",
            "toast.no_webview",
            "toast.open_page",
            "tray.caller_waiting",
            "tray.configuration",
            "tray.contacts",
            "tray.crm_trouble",
            "tray.listening",
            "tray.not_configured",
            "tray.on_call",
            "tray.phone",
            "tray.quit",
            "tray.ringing",
            "tray.show_calls",
            "tray.sync",
            "tray.telephony_down",
            "window.main",
            "window.phone",
            "window.picker",
            "window.preview",
        ];
        for language in ["en", "de", "ru"] {
            for key in keys {
                assert_ne!(Texts::of(language).say(key), key, "{language} lacks {key}");
            }
        }
    }

    #[test]
    fn a_hole_is_filled_by_its_name() {
        let text = Texts::of("en").fill("tray.listening", &[("time", "09:14")]);
        assert_eq!(text, "listening since 09:14", "the tooltip names the time");
    }
}
