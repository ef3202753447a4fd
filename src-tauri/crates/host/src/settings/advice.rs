//! Settings that are allowed but deserve a word when they are saved.

use ringcard_ipc::settings::{ProviderSettings, Settings, Tls};
use ringcard_ipc::{Advice, AdviceKind};

/// Refreshing more often than this uses a noticeable part of an organisation's daily calls.
const OFTEN_MINUTES: u32 = 5;

/// Everything that deserves a word, in the order of the pages.
pub fn advice(settings: &Settings) -> Vec<Advice> {
    let mut found = Vec::new();
    let mut say = |field: String, kind| found.push(Advice { field, kind });
    for (index, line) in settings.lines.iter().enumerate() {
        // The other one is always secured, but on this PC.
        if let ProviderSettings::Asterisk(asterisk) = &line.provider
            && asterisk.tls == Tls::Off
            && !is_this_pc(&asterisk.host)
        {
            say(format!("lines.{index}.tls"), AdviceKind::UnsecuredLink);
        }
    }
    if settings.dialing.area_code.is_empty() && has_area_codes(&settings.dialing.country) {
        say("dialing.area_code".into(), AdviceKind::NoAreaCode);
    }
    for (index, one) in settings.integrations.iter().enumerate() {
        if one.refresh_minutes < OFTEN_MINUTES {
            let field = format!("integrations.{index}.refresh_minutes");
            say(field, AdviceKind::FrequentRefresh);
        }
    }
    found
}

fn is_this_pc(host: &str) -> bool {
    let address: Option<std::net::IpAddr> = host.parse().ok();
    host.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

/// Countries where people leave the area code out in their own town.
fn has_area_codes(country: &str) -> bool {
    ["DE", "AT", "GB", "IE", "RU", "UA", "FI"].contains(&country)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r#"
[dialing]
area_code = "231"
[[lines]]
id = "desk"
name = "Desk"
provider = "asterisk"
host = "127.0.0.1"
[[integrations]]
id = "zoho"
name = "Zoho"
source = "zoho"
"#;

    fn said(text: &str) -> Vec<(String, AdviceKind)> {
        let settings = super::super::parse(text).expect("sound settings");
        let advice = advice(&settings).into_iter();
        advice.map(|one| (one.field, one.kind)).collect()
    }

    #[test]
    fn ordinary_settings_need_no_advice() {
        assert_eq!(said(OWN), []);
    }

    #[test]
    fn frequency_below_five_minutes_warns_of_the_limit() {
        let often = OWN.replace("source", "refresh_minutes = 4\nsource");
        let field = "integrations.0.refresh_minutes".to_owned();
        assert_eq!(said(&often), [(field, AdviceKind::FrequentRefresh)]);
    }

    #[test]
    fn missing_area_code_is_said_only_where_people_leave_it_out() {
        let none = OWN.replace("\"231\"", "\"\"");
        let field = "dialing.area_code".to_owned();
        assert_eq!(said(&none), [(field, AdviceKind::NoAreaCode)]);
        let polish = none.replace("[dialing]", "[dialing]\ncountry = \"PL\"");
        assert_eq!(said(&polish), [], "numbers are always dialled whole there");
    }

    #[test]
    fn secret_that_would_cross_the_network_readable_is_said() {
        let far = OWN.replace("127.0.0.1", "pbx.example");
        let field = "lines.0.tls".to_owned();
        assert_eq!(said(&far), [(field, AdviceKind::UnsecuredLink)]);
        let secured = far.replace("provider", "tls = \"system_roots\"\nprovider");
        assert_eq!(said(&secured), []);
    }
}
