//! A call of the agent as the interface shows it.

use std::time::Duration;

use super::tree::Element;
use crate::harmless::harmless;

/// Shorter numbers are short ones: they have no country.
const SHORTEST_NATIONAL: usize = 5;

/// Which end of the call the agent's telephone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personality {
    /// It called.
    Originator,
    /// It was called.
    Terminator,
    /// It is called so that it then calls somebody.
    ClickToDial,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Somebody's telephone rings.
    Alerting,
    /// In talk.
    Active,
    /// The agent holds it.
    Held,
    /// The other side holds it.
    RemoteHeld,
    /// It left the agent, and is somewhere else.
    Detached,
    /// Over.
    Released,
}

/// Who ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Releaser {
    /// The agent's side.
    Local,
    /// The other side.
    Remote,
}

/// The other end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteParty {
    /// The number as one dials it, if it may be shown.
    pub number: Option<String>,
    /// The name, if there is one.
    pub name: Option<String>,
    /// It does not want to be known.
    pub private: bool,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XsiCall {
    /// What actions call it.
    pub id: String,
    /// The same for all who are part of the call.
    pub tracking: Option<String>,
    /// Which end the agent is.
    pub personality: Personality,
    /// How far it has come.
    pub stage: Stage,
    /// The other end.
    pub remote: RemoteParty,
    /// The telephone can be made to answer.
    pub allow_answer: bool,
    /// It may not be sent anywhere else.
    pub diversion_inhibited: bool,
    /// Some telephone of the agent has it.
    pub has_endpoint: bool,
    /// Who sent it here before, the last one first.
    pub diverter: Option<RemoteParty>,
    /// Where it was sent, when it was.
    pub redirected_for: Option<String>,
    /// The group that called.
    pub group: Option<String>,
    /// First sign, since 1970.
    pub started: Option<Duration>,
    /// Answered.
    pub answered: Option<Duration>,
    /// Why it ended, in the network's word.
    pub cause: Option<String>,
    /// Who ended it.
    pub releaser: Option<Releaser>,
}

impl XsiCall {
    /// Reads a call; `None` without an id or a state.
    pub fn of(element: &Element) -> Option<Self> {
        let moment = |name: &str| {
            let milliseconds = element.text_of(name)?.parse().ok()?;
            Some(Duration::from_millis(milliseconds))
        };
        let redirections = element.child("redirections");
        let diverter = redirections.and_then(|all| all.all("redirection").last());
        Some(Self {
            id: element.text_of("callId")?.to_owned(),
            tracking: element.text_of("extTrackingId").map(str::to_owned),
            personality: match element.text_of("personality")? {
                "Originator" => Personality::Originator,
                "Click-to-Dial" => Personality::ClickToDial,
                _ => Personality::Terminator,
            },
            stage: stage(element.text_of("state")?)?,
            remote: element
                .child("remoteParty")
                .map(remote_party)
                .unwrap_or_default(),
            allow_answer: element.child("allowAnswer").is_some()
                && element.text_of("allowAnswer") != Some("false"),
            diversion_inhibited: element.child("diversionInhibited").is_some(),
            has_endpoint: element.child("endpoint").is_some(),
            diverter: diverter
                .and_then(|one| one.child("party"))
                .map(remote_party),
            redirected_for: element
                .child("redirect")
                .and_then(|one| one.text_of("reason"))
                .map(str::to_owned),
            group: element.text_of("huntGroupUserId").and_then(name_of_group),
            started: moment("startTime"),
            answered: moment("answerTime"),
            cause: cause(element),
            releaser: match element.text_of("releasingParty") {
                Some("localRelease") => Some(Releaser::Local),
                Some("remoteRelease") => Some(Releaser::Remote),
                _ => None,
            },
        })
    }
}

fn stage(word: &str) -> Option<Stage> {
    Some(match word {
        "Alerting" => Stage::Alerting,
        "Active" => Stage::Active,
        "Held" => Stage::Held,
        "Remote Held" => Stage::RemoteHeld,
        "Detached" => Stage::Detached,
        "Released" | "Idle" => Stage::Released,
        _ => return None,
    })
}

fn cause(element: &Element) -> Option<String> {
    let cause = element.child("releaseCause")?;
    let word = cause
        .text_of("internalReleaseCause")
        .unwrap_or(cause.text());
    (!word.is_empty()).then(|| word.to_owned())
}

fn remote_party(element: &Element) -> RemoteParty {
    if element.child("privacy").is_some() {
        return RemoteParty {
            private: true,
            ..RemoteParty::default()
        };
    }
    let inside = matches!(element.text_of("callType"), Some("Group" | "Enterprise"));
    let own = element.text_of("userDN").and_then(dialable);
    let number = match inside {
        true => extension(element)
            .or(own)
            .or_else(|| address(element, inside)),
        false => own.or_else(|| address(element, inside)),
    };
    RemoteParty {
        number,
        name: element.text_of("name").and_then(harmless),
        private: false,
    }
}

/// The number as the network signals it.
fn address(element: &Element, inside: bool) -> Option<String> {
    let address = element.child("address")?;
    let number = dialable(address.text())?;
    Some(match address.attribute("countryCode") {
        // With a country's code beside it, the address is the national number.
        Some(code) if !inside && number.len() >= SHORTEST_NATIONAL && is_code(code) => {
            international(code, &number)
        }
        _ => number,
    })
}

fn is_code(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit())
}

/// A national number with its country.
fn international(code: &str, number: &str) -> String {
    if number.starts_with('+') {
        return number.to_owned();
    }
    // Italy's zero belongs to the number.
    let significant = match code {
        "39" => number,
        _ => number.trim_start_matches('0'),
    };
    format!("+{code}{significant}")
}

/// What a group is called: its user without the company's domain.
fn name_of_group(user: &str) -> Option<String> {
    harmless(user.split('@').next().unwrap_or(user))
}

/// The short number of a colleague, where the number names one.
fn extension(element: &Element) -> Option<String> {
    let address = element.text_of("userDN")?;
    let extension = address.split(";ext=").nth(1)?;
    dialable(extension)
}

/// The digits in `tel:+49…;ext=101`, `sip:101@example` and the like; a name is no number.
fn dialable(address: &str) -> Option<String> {
    let bare = ["tel:", "sip:", "sips:"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .unwrap_or(address);
    let bare = bare.split([';', '@']).next().unwrap_or(bare);
    if bare.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = bare
        .chars()
        .filter(|c| c.is_ascii_digit() || "+*#".contains(*c))
        .collect();
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(inside: &str) -> XsiCall {
        let document = format!(
            "<call><callId>callhalf-1:0</callId><extTrackingId>9:1</extTrackingId><personality>Terminator</personality>\
             <state>Alerting</state>{inside}<startTime>1795321145000</startTime></call>"
        );
        XsiCall::of(&Element::read(&document).expect("a document")).expect("a call")
    }

    #[test]
    fn outside_caller_has_the_number_that_one_dials() {
        for (party, expected) in [
            ("<address>tel:+493023125001</address>", "+493023125001"),
            (
                "<address countryCode='49'>tel:03023125001</address>",
                "+493023125001",
            ),
            (
                "<address countryCode='49'>tel:3023125001</address>",
                "+493023125001",
            ),
            (
                "<address countryCode='39'>tel:0612345678</address>",
                "+390612345678",
            ),
            ("<address countryCode='49'>tel:110</address>", "110"),
        ] {
            let call = call(&format!(
                "<remoteParty><name>Erika Muster</name>{party}<callType>Network</callType></remoteParty>"
            ));
            assert_eq!(call.remote.number.as_deref(), Some(expected), "{party}");
            assert_eq!(call.remote.name.as_deref(), Some("Erika Muster"));
        }
    }

    #[test]
    fn colleague_has_his_extension() {
        let call = call(
            "<remoteParty><name>Agent Zwei</name><address>tel:102</address><userDN>tel:+493055500102;ext=102</userDN>\
             <callType>Group</callType></remoteParty>",
        );
        assert_eq!(call.remote.number.as_deref(), Some("102"));
    }

    #[test]
    fn who_does_not_want_to_be_known_is_not() {
        let call = call(
            "<remoteParty><name>Erika Muster</name><address>tel:+493023125001</address><privacy/>\
             <callType>Network</callType></remoteParty>",
        );
        assert_eq!(
            call.remote,
            RemoteParty {
                private: true,
                ..RemoteParty::default()
            }
        );
    }

    #[test]
    fn digits_in_a_name_are_no_number() {
        let party = "<remoteParty><address>sip:agent2@house.example</address><callType>Network</callType></remoteParty>";
        assert_eq!(call(party).remote.number, None, "2 is somebody else");
        let party =
            "<remoteParty><address>sip:102@house.example;user=phone</address></remoteParty>";
        assert_eq!(call(party).remote.number.as_deref(), Some("102"));
    }

    #[test]
    fn state_that_nobody_knows_is_no_call() {
        let document = "<call><callId>1</callId><personality>Terminator</personality><state>Levitating</state></call>";
        assert_eq!(
            XsiCall::of(&Element::read(document).expect("a document")),
            None
        );
    }
}
