//! What the server answers to a request, in our words.

use ringcard_core::{CommandError, LinkTrouble};

use super::call::XsiCall;
use super::tree::Element;
use crate::harmless::harmless;

/// An answer with its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    document: Option<Element>,
    location: Option<String>,
}

/// A call in a list. Some servers give it whole, some only by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    /// With everything.
    Whole(Box<XsiCall>),
    /// To be asked for.
    Named(String),
}

/// Somebody of the company's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What requests about him call him.
    pub user: String,
    /// What one dials inside.
    pub extension: String,
    /// First and last name.
    pub name: Option<String>,
}

/// A page of the company's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many are on it, also those who cannot be called.
    pub records: usize,
    /// How many there are in all.
    pub total: usize,
    /// Who can be called.
    pub entries: Vec<Entry>,
}

impl Answer {
    /// An answer of this status; `location` is where what was made can be found.
    pub fn new(status: u16, body: &str, location: Option<String>) -> Self {
        Self {
            status,
            document: Element::read(body),
            location,
        }
    }

    /// Why the server will not, as the link's trouble.
    pub fn trouble(&self) -> Option<LinkTrouble> {
        trouble_of(self.status)
    }

    /// Nobody knows what it was about, or who asks.
    pub fn is_forgotten(&self) -> bool {
        matches!(self.status, 401 | 404)
    }

    /// It is there already.
    pub fn is_double(&self) -> bool {
        self.status == 409
    }

    /// What a command came to.
    pub fn command(&self) -> Result<(), CommandError> {
        match self.status {
            200..=299 => Ok(()),
            404 => Err(CommandError::NoSuchCall),
            401 | 403 => Err(CommandError::NoRight),
            _ => Err(CommandError::RefusedByPbx),
        }
    }

    /// The id of a call that was made.
    pub fn made_call(&self) -> Option<String> {
        let document = self.document.as_ref();
        let told = document.and_then(|document| document.text_of("callId"));
        let place = || self.location.as_deref()?.rsplit('/').next();
        let id = told.or_else(place)?;
        (!id.is_empty()).then(|| id.to_owned())
    }

    /// What requests about the new subscription call it.
    pub fn subscription(&self) -> Option<&str> {
        self.document.as_ref()?.text_of("subscriptionId")
    }

    /// All calls there are; `None` where the answer is no list.
    pub fn calls(&self) -> Option<Vec<Listed>> {
        let list = self.document.as_ref().filter(|list| list.name == "Calls")?;
        let listed = |call: &Element| match XsiCall::of(call) {
            Some(call) => Some(Listed::Whole(Box::new(call))),
            None => Some(Listed::Named(call.text_of("callId")?.to_owned())),
        };
        Some(list.all("call").filter_map(listed).collect())
    }

    /// One call.
    pub fn call(&self) -> Option<XsiCall> {
        XsiCall::of(self.document.as_ref()?)
    }

    /// Is the receiver lifted? `None` where nobody says.
    pub fn is_off_hook(&self) -> Option<bool> {
        let document = self.document.as_ref()?;
        let told = document.text_of("hookStatus");
        match told.unwrap_or_else(|| document.text()) {
            "Off-Hook" => Some(true),
            "On-Hook" => Some(false),
            _ => None,
        }
    }

    /// The user's own extension.
    pub fn extension(&self) -> Option<&str> {
        let profile = self.document.as_ref()?;
        let details = profile.child("details").unwrap_or(profile);
        details.text_of("extension")
    }

    /// A page of the company's directory.
    pub fn page(&self) -> Option<Page> {
        let page = self.document.as_ref()?;
        let list = page.child("enterpriseDirectory")?;
        let records = list.all("directoryDetails").count();
        let total = page.text_of("totalAvailableRecords");
        Some(Page {
            records,
            total: total
                .and_then(|total| total.parse().ok())
                .unwrap_or(records),
            entries: list.all("directoryDetails").filter_map(entry).collect(),
        })
    }
}

fn entry(details: &Element) -> Option<Entry> {
    let number = details.text_of("extension").or(details.text_of("number"))?;
    let dialable = number
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+*#".contains(&b));
    let names = ["firstName", "lastName"].map(|name| details.text_of(name).unwrap_or_default());
    dialable.then(|| Entry {
        user: details.text_of("userId").unwrap_or_default().to_owned(),
        extension: number.to_owned(),
        name: harmless(&names.join(" ")),
    })
}

/// Why a server that answers so will not, as the link's trouble.
pub fn trouble_of(status: u16) -> Option<LinkTrouble> {
    Some(match status {
        200..=299 => return None,
        401 => LinkTrouble::AuthenticationFailed,
        403 => LinkTrouble::RightsMissing,
        404 => LinkTrouble::WrongProtocol,
        429 | 503 => LinkTrouble::ShuttingDown,
        _ => LinkTrouble::Lost,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer::new(200, body, None)
    }

    #[test]
    fn list_of_calls_may_only_name_them() {
        let list = "<Calls xmlns='n'><call><callId>c1</callId><uri>/v2.0/user/a/calls/c1</uri></call>\
                    <call><callId>c2</callId><personality>Terminator</personality><state>Active</state></call></Calls>";
        let listed = answer(list).calls().expect("a list");
        assert_eq!(listed[0], Listed::Named("c1".into()), "to be asked for");
        assert!(matches!(&listed[1], Listed::Whole(call) if call.id == "c2"));
        assert_eq!(
            answer("<Calls/>").calls(),
            Some(Vec::new()),
            "nothing goes on"
        );
        assert_eq!(
            answer("<html/>").calls(),
            None,
            "an empty list would end every call that is shown"
        );
    }

    #[test]
    fn made_call_is_named_by_document_or_place() {
        let document = "<CallStartInfo><callId>callhalf-7:0</callId></CallStartInfo>";
        assert_eq!(
            answer(document).made_call().as_deref(),
            Some("callhalf-7:0")
        );
        let place = Some("/v2.0/user/a/calls/callhalf-8:0".to_owned());
        let placed = Answer::new(201, "", place);
        assert_eq!(placed.made_call().as_deref(), Some("callhalf-8:0"));
        assert_eq!(Answer::new(201, "", None).made_call(), None);
    }

    #[test]
    fn directory_names_who_can_be_called() {
        let page = "<Enterprise><startIndex>1</startIndex><totalAvailableRecords>7</totalAvailableRecords>\
                    <enterpriseDirectory><directoryDetails><userId>b@house.example</userId><firstName>Agent</firstName>\
                    <lastName>Zwei</lastName><number>+493055500102</number><extension>102</extension></directoryDetails>\
                    <directoryDetails><userId>c@house.example</userId><firstName>Ohne</firstName></directoryDetails>\
                    </enterpriseDirectory></Enterprise>";
        let page = answer(page).page().expect("a page");
        assert_eq!((page.records, page.total), (2, 7));
        let expected = Entry {
            user: "b@house.example".into(),
            extension: "102".into(),
            name: Some("Agent Zwei".into()),
        };
        assert_eq!(
            page.entries,
            [expected],
            "without a number nobody is called"
        );
    }

    #[test]
    fn locked_account_is_not_tried_again() {
        let refused = trouble_of(401).expect("refused");
        assert!(!refused.heals_itself(), "each try would lock it longer");
        for busy in [429, 503] {
            let busy = trouble_of(busy).expect("refused");
            assert!(busy.heals_itself(), "a server that is full has room later");
        }
    }

    #[test]
    fn lifted_receiver_is_read_from_either_form() {
        for document in [
            "<HookStatus><hookStatus>Off-Hook</hookStatus></HookStatus>",
            "<x:hookStatus>Off-Hook</x:hookStatus>",
        ] {
            assert_eq!(answer(document).is_off_hook(), Some(true), "{document}");
        }
        assert_eq!(answer("<ErrorInfo/>").is_off_hook(), None);
    }
}
