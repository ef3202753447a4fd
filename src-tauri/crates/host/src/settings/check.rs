//! Whether settings make sense: each refusal names its field and what is allowed.

use std::collections::BTreeSet;

use ringcard_core::number::Region;
use ringcard_ipc::Failure;
use ringcard_ipc::settings::{
    AnswerMethod, AsteriskSettings, BroadworksSettings, ConsultMethod, IntegrationSettings,
    LineSettings, ProviderSettings, Settings, SourceSettings, Tls, ZohoSettings,
};

type Checked = Result<(), Failure>;

/// Checks everything that can be checked without a network.
pub fn check(settings: &Settings) -> Checked {
    in_range(
        "general.hide_after_seconds",
        settings.general.hide_after_seconds,
        (3, 600),
        "seconds",
    )?;
    let email = &settings.general.email;
    let is_email =
        email.contains('@') && !email.chars().any(|c| c.is_control() || c.is_whitespace());
    if !email.is_empty() && !is_email {
        let message = "This is no e-mail address.";
        return Err(Failure::field("general.email", message));
    }
    if Region::from_code(&settings.dialing.country).is_none() {
        return Err(Failure::field(
            "dialing.country",
            "No country has this code, such as DE or PL.",
        ));
    }
    digits("dialing.area_code", &settings.dialing.area_code)?;
    digits("dialing.outside_digit", &settings.dialing.outside_digit)?;
    unique("lines", settings.lines.iter().map(|line| line.id.as_str()))?;
    unique(
        "integrations",
        settings.integrations.iter().map(|one| one.id.as_str()),
    )?;
    for (index, line) in settings.lines.iter().enumerate() {
        check_line(&format!("lines.{index}"), line)?;
    }
    for (index, one) in settings.integrations.iter().enumerate() {
        check_integration(&format!("integrations.{index}"), one)?;
    }
    Ok(())
}

fn check_line(place: &str, line: &LineSettings) -> Checked {
    named(place, &line.name)?;
    match &line.provider {
        ProviderSettings::Asterisk(asterisk) => check_asterisk(place, asterisk),
        ProviderSettings::Broadworks(broadworks) => check_broadworks(place, broadworks),
    }
}

fn check_broadworks(place: &str, broadworks: &BroadworksSettings) -> Checked {
    let fields = [
        ("host", &broadworks.host),
        ("user", &broadworks.user),
        ("extension", &broadworks.extension),
        ("actions_root", &broadworks.actions_root),
        ("events_root", &broadworks.events_root),
        ("channel_root", &broadworks.channel_root),
    ];
    filled(place, &fields)?;
    bare(place, &fields)?;
    if !is_server(&broadworks.host) {
        let message =
            "A name, or an address with https:// and no path; http:// only for 127.0.0.1.";
        return Err(Failure::field(format!("{place}.host"), message));
    }
    for (field, root) in &fields[3..] {
        let known = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
        if !root.chars().all(known) || root.split('/').any(|part| part == "..") {
            let message = "Only letters, digits, dots, hyphens and slashes are allowed here.";
            return Err(Failure::field(format!("{place}.{field}"), message));
        }
    }
    Ok(())
}

/// A server's name or address with nothing behind it. A password crosses the network encrypted only.
fn is_server(host: &str) -> bool {
    let address = match host.contains("://") {
        true => url::Url::parse(host),
        false => url::Url::parse(&format!("https://{host}")),
    };
    let Ok(address) = address else {
        return false;
    };
    let bare = address.path() == "/" && address.query().is_none() && address.fragment().is_none();
    let nobody = address.username().is_empty() && address.password().is_none();
    let secured = address.scheme() == "https" || (address.scheme() == "http" && is_loopback(host));
    bare && nobody && secured
}

fn filled(place: &str, fields: &[(&str, &String)]) -> Checked {
    match fields.iter().find(|(_, value)| value.trim().is_empty()) {
        Some((field, _)) => Err(Failure::field(
            format!("{place}.{field}"),
            "This must not be empty.",
        )),
        None => Ok(()),
    }
}

fn bare(place: &str, fields: &[(&str, &String)]) -> Checked {
    let odd = |c: char| c.is_control() || c.is_whitespace();
    match fields.iter().find(|(_, value)| value.chars().any(odd)) {
        Some((field, _)) => Err(Failure::field(
            format!("{place}.{field}"),
            "Blanks and control characters are not allowed here.",
        )),
        None => Ok(()),
    }
}

fn check_asterisk(place: &str, asterisk: &AsteriskSettings) -> Checked {
    let fields = [
        ("host", &asterisk.host),
        ("user", &asterisk.user),
        ("extension", &asterisk.extension),
        ("context", &asterisk.context),
        ("endpoint", &asterisk.endpoint),
        ("hold_context", &asterisk.hold_context),
        ("consult_context", &asterisk.consult_context),
        ("answer_context", &asterisk.answer_context),
    ];
    filled(place, &fields[..4])?;
    bare(place, &fields)?;
    if asterisk.port == 0 {
        return Err(Failure::field(
            format!("{place}.port"),
            "A port is between 1 and 65535.",
        ));
    }
    let hex = asterisk
        .fingerprint
        .chars()
        .filter(char::is_ascii_hexdigit)
        .count();
    if asterisk.tls == Tls::Fingerprint && hex != 64 {
        let message = "A fingerprint has 64 hexadecimal digits (SHA-256).";
        return Err(Failure::field(format!("{place}.fingerprint"), message));
    }
    if asterisk.answer == AnswerMethod::Redial && asterisk.answer_context.is_empty() {
        let message = "Answering by redial needs a dialplan context.";
        return Err(Failure::field(format!("{place}.answer_context"), message));
    }
    if asterisk.consult == ConsultMethod::TwoLegs && asterisk.hold_context.is_empty() {
        let message = "Consulting by two legs needs a dialplan context where callers wait.";
        return Err(Failure::field(format!("{place}.hold_context"), message));
    }
    let ring = ("consult_ring_seconds", asterisk.consult_ring_seconds);
    in_range(&format!("{place}.{}", ring.0), ring.1, (1, 300), "seconds")
}

fn check_integration(place: &str, one: &IntegrationSettings) -> Checked {
    named(place, &one.name)?;
    in_range(
        &format!("{place}.refresh_minutes"),
        one.refresh_minutes,
        (1, 1440),
        "minutes",
    )?;
    let share = one.credit_share_percent;
    in_range(
        &format!("{place}.credit_share_percent"),
        share,
        (1, 100),
        "percent",
    )?;
    for time in &one.refresh_at {
        if jiff::civil::Time::strptime("%H:%M", time).is_err() {
            let message = "A time is written like 06:00.";
            return Err(Failure::field(format!("{place}.refresh_at"), message));
        }
    }
    match &one.source {
        SourceSettings::Zoho(zoho) => check_zoho(place, zoho),
    }
}

fn check_zoho(place: &str, zoho: &ZohoSettings) -> Checked {
    const CENTRES: [&str; 10] = [
        "us", "eu", "in", "au", "jp", "ca", "sa", "uk", "cn", "custom",
    ];
    if !CENTRES.contains(&zoho.data_centre.as_str()) {
        let message = format!("The data centre is one of {}.", CENTRES.join(", "));
        return Err(Failure::field(format!("{place}.data_centre"), message));
    }
    if zoho.data_centre == "custom" && !is_loopback(&zoho.custom_address) {
        let message = "A custom address is only allowed on this PC (http://127.0.0.1:port).";
        return Err(Failure::field(format!("{place}.custom_address"), message));
    }
    if zoho.modules.iter().all(|module| module.trim().is_empty()) {
        return Err(Failure::field(
            format!("{place}.modules"),
            "Choose at least one module.",
        ));
    }
    Ok(())
}

fn is_loopback(address: &str) -> bool {
    let Ok(address) = url::Url::parse(address) else {
        return false;
    };
    match address.host() {
        Some(url::Host::Ipv4(host)) => host.is_loopback(),
        Some(url::Host::Ipv6(host)) => host.is_loopback(),
        _ => false,
    }
}

fn named(place: &str, name: &str) -> Checked {
    match name.trim().is_empty() {
        true => Err(Failure::field(format!("{place}.name"), "Give it a name.")),
        false => Ok(()),
    }
}

fn in_range(field: &str, value: u32, (low, high): (u32, u32), unit: &str) -> Checked {
    match (low..=high).contains(&value) {
        true => Ok(()),
        false => Err(Failure::field(
            field,
            format!("Allowed are {low} to {high} {unit}."),
        )),
    }
}

fn digits(field: &str, value: &str) -> Checked {
    match value.chars().all(|c| c.is_ascii_digit()) && value.len() <= 8 {
        true => Ok(()),
        false => Err(Failure::field(
            field,
            "Only digits are allowed here, at most 8.",
        )),
    }
}

fn unique<'a>(place: &str, ids: impl Iterator<Item = &'a str>) -> Checked {
    let mut seen = BTreeSet::new();
    for id in ids {
        let sound = !id.is_empty()
            && id.len() <= 32
            && id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !sound {
            let message = "An id has only small letters, digits and hyphens.";
            return Err(Failure::field(format!("{place}.id"), message));
        }
        if !seen.insert(id) {
            return Err(Failure::field(
                format!("{place}.id"),
                "Two have the same id.",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Settings)) -> Option<String> {
        let mut settings = Settings {
            integrations: vec![IntegrationSettings {
                id: "zoho".into(),
                name: "Zoho".into(),
                refresh_minutes: 15,
                refresh_at: Vec::new(),
                credit_share_percent: 10,
                source: SourceSettings::Zoho(ZohoSettings::default()),
            }],
            lines: vec![LineSettings {
                id: "desk".into(),
                name: "Desk".into(),
                colleagues_file: String::new(),
                provider: ProviderSettings::Asterisk(AsteriskSettings {
                    host: "pbx.example".into(),
                    user: "agent".into(),
                    extension: "101".into(),
                    ..AsteriskSettings::default()
                }),
            }],
            ..Settings::default()
        };
        change(&mut settings);
        check(&settings).err().and_then(|failure| failure.field)
    }

    #[test]
    fn sound_settings_are_accepted() {
        assert_eq!(refused(|_| {}), None);
    }

    #[test]
    fn frequency_outside_its_range_is_refused() {
        for minutes in [0, 1441, u32::MAX] {
            let field = refused(|settings| settings.integrations[0].refresh_minutes = minutes);
            assert_eq!(field.as_deref(), Some("integrations.0.refresh_minutes"));
        }
    }

    #[test]
    fn integration_without_a_module_is_refused() {
        let field = refused(|settings| {
            let SourceSettings::Zoho(zoho) = &mut settings.integrations[0].source;
            zoho.modules.clear();
        });
        assert_eq!(field.as_deref(), Some("integrations.0.modules"));
    }

    #[test]
    fn custom_address_outside_this_pc_is_refused() {
        for address in [
            "https://crm.example",
            "http://10.0.0.1",
            "http://127.0.0.1.example",
            "",
        ] {
            let field = refused(|settings| {
                let SourceSettings::Zoho(zoho) = &mut settings.integrations[0].source;
                zoho.data_centre = "custom".into();
                zoho.custom_address = address.into();
            });
            assert_eq!(
                field.as_deref(),
                Some("integrations.0.custom_address"),
                "{address}"
            );
        }
    }

    #[test]
    fn line_break_in_a_name_of_the_telephone_system_is_refused() {
        let field = refused(|settings| {
            if let ProviderSettings::Asterisk(asterisk) = &mut settings.lines[0].provider {
                asterisk.user = "agent\r\nAction: Hangup".into();
            }
        });
        assert_eq!(field.as_deref(), Some("lines.0.user"));
    }

    fn refused_broadworks(change: impl FnOnce(&mut BroadworksSettings)) -> Option<String> {
        refused(|settings| {
            let mut broadworks = BroadworksSettings {
                host: "xsi.example".into(),
                user: "agent@house.example".into(),
                extension: "101".into(),
                ..BroadworksSettings::default()
            };
            change(&mut broadworks);
            settings.lines[0].provider = ProviderSettings::Broadworks(broadworks);
        })
    }

    #[test]
    fn server_of_a_broadworks_is_a_name_or_a_secured_address() {
        for sound in [
            "xsi.example",
            "xsi.example:8443",
            "https://xsi.example",
            "http://127.0.0.1:8080",
        ] {
            assert_eq!(refused_broadworks(|one| one.host = sound.into()), None);
        }
        for wrong in [
            "http://xsi.example",
            "https://xsi.example/path",
            "a:b@xsi.example",
            "",
        ] {
            let field = refused_broadworks(|one| one.host = wrong.into());
            assert_eq!(field.as_deref(), Some("lines.0.host"), "{wrong}");
        }
    }

    #[test]
    fn root_of_a_broadworks_stays_on_its_server() {
        for wrong in ["https://other.example", "a/../b", "a?b", ""] {
            let field = refused_broadworks(|one| one.events_root = wrong.into());
            assert_eq!(field.as_deref(), Some("lines.0.events_root"), "{wrong}");
        }
    }
}
