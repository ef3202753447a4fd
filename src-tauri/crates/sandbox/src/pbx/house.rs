//! The house both PBXes lay out: extensions, queues and dialplan of `tests/asterisk-etc`, as plain data.

/// The telephones on the desks, with the names the PBX gives them.
pub(super) const PHONES: [(&str, &str); 5] = [
    ("101", "Agent Eins"),
    ("102", "Agent Zwei"),
    ("103", "Agent Drei"),
    ("104", "Agent Vier"),
    ("105", "Agent Fuenf"),
];

/// A member of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub queue: &'static str,
    pub name: &'static str,
    pub interface: &'static str,
    pub extension: &'static str,
    pub penalty: u32,
}

/// Who answers which queue.
pub(super) const MEMBERS: [Member; 3] = [
    Member {
        queue: "sales",
        name: "Agent 103",
        interface: "PJSIP/103",
        extension: "103",
        penalty: 1,
    },
    Member {
        queue: "sales",
        name: "Agent 101",
        interface: "PJSIP/101",
        extension: "101",
        penalty: 0,
    },
    Member {
        queue: "saleslocal",
        name: "Agent 101 Local",
        interface: "Local/101@from-queue/n",
        extension: "101",
        penalty: 0,
    },
];

/// Whom a Dial calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Phone(String),
    Outside(String),
    Local {
        exten: String,
        context: String,
        optimise: bool,
    },
}

/// A Dial as the dialplan writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DialPlan {
    pub targets: Vec<Target>,
    pub seconds: u64,
    /// Options `tT`: both sides may use the feature codes.
    pub transfers: bool,
    pub priority: u32,
    /// The pre-dial handler adds `answer-after=0`.
    pub auto_answer: bool,
    /// A busy target leads to `Busy(3)` instead of a plain Hangup.
    pub busy_tone: bool,
}

/// What the dialplan does at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Goto(&'static str, String),
    Dial(DialPlan),
    Queue(&'static str),
    Music,
    Retrieve(u32),
    Pickup(Option<String>),
    /// A Dial whose failure brings the caller to the leg named by `RINGCARD_HELD`.
    Consult(DialPlan),
}

/// What stands at `exten` of `context`, if anything does.
pub(super) fn find(context: &str, exten: &str) -> Option<Step> {
    match context {
        "from-trunk" => from_trunk(exten),
        "ext" => is_1xx(exten).then(|| dial_phone(exten, true, 2)),
        "ext-notrans" => is_1xx(exten).then(|| {
            Step::Dial(DialPlan {
                transfers: false,
                busy_tone: false,
                ..plan(exten, 1)
            })
        }),
        "cti-answer" => is_1xx(exten).then(|| {
            Step::Dial(DialPlan {
                auto_answer: true,
                busy_tone: false,
                ..plan(exten, 1)
            })
        }),
        "cti-consult" => is_1xx(exten).then(|| {
            let local = Target::Local {
                exten: exten.into(),
                context: "ext".into(),
                optimise: true,
            };
            Step::Consult(DialPlan {
                targets: vec![local],
                busy_tone: false,
                ..plan(exten, 1)
            })
        }),
        "from-queue" => is_1xx(exten).then(|| {
            Step::Dial(DialPlan {
                seconds: 15,
                busy_tone: false,
                ..plan(exten, 1)
            })
        }),
        "queues" => queue_of(exten).map(Step::Queue),
        "cti-hold" => (exten == "s").then_some(Step::Music),
        "parkedcalls" | "park" => parking(exten),
        "from-internal" => from_internal(exten),
        _ => None,
    }
}

/// Whether more digits could still make another number of `digits` in `context`.
pub(super) fn may_grow(context: &str, digits: &str) -> bool {
    if context == "from-internal" && digits.starts_with('0') {
        return true;
    }
    (digits.len() < 4)
        && ["1", "5", "7", "8", "*"]
            .iter()
            .any(|first| digits.starts_with(first))
        && find(context, digits).is_none()
        && extensions(context).any(|known| known.starts_with(digits))
}

/// The display name of an extension.
pub(super) fn name_of(extension: &str) -> Option<&'static str> {
    PHONES
        .iter()
        .find(|(known, _)| *known == extension)
        .map(|(_, name)| *name)
}

fn extensions(context: &str) -> impl Iterator<Item = String> + use<'_> {
    (100..=1299)
        .map(|number: u32| number.to_string())
        .filter(move |exten| find(context, exten).is_some())
}

fn from_trunk(exten: &str) -> Option<Step> {
    if let Some(direct) = exten.strip_prefix("+4923155501") {
        return (direct.len() == 3 && direct.bytes().all(|digit| digit.is_ascii_digit()))
            .then(|| Step::Goto("ext", direct.to_owned()));
    }
    match exten {
        "500" | "501" => Some(Step::Goto("queues", exten.to_owned())),
        "1101" => Some(Step::Dial(DialPlan {
            targets: vec![Target::Local {
                exten: "101".into(),
                context: "ext".into(),
                optimise: false,
            }],
            seconds: 30,
            busy_tone: false,
            ..plan("101", 2)
        })),
        "1123" => Some(Step::Dial(DialPlan {
            targets: vec![Target::Phone("101".into()), Target::Phone("102".into())],
            seconds: 20,
            busy_tone: false,
            ..plan("101", 2)
        })),
        "ivr" | "800" => Some(Step::Music),
        _ if is_1xx(exten) => Some(Step::Goto("ext", exten.to_owned())),
        _ if exten.len() == 4
            && exten.starts_with("12")
            && exten.bytes().all(|digit| digit.is_ascii_digit()) =>
        {
            Some(Step::Goto("ext-notrans", format!("1{}", &exten[2..])))
        }
        _ => None,
    }
}

fn from_internal(exten: &str) -> Option<Step> {
    let outside = exten.len() > 2 || (exten.len() == 2 && exten.starts_with('+'));
    match exten {
        "500" | "501" => Some(Step::Goto("queues", exten.to_owned())),
        "800" => Some(Step::Music),
        "*8" => Some(Step::Pickup(None)),
        _ if exten.starts_with("**") && is_1xx(&exten[2..]) => {
            Some(Step::Pickup(Some(exten[2..].to_owned())))
        }
        _ if is_1xx(exten) => Some(dial_phone(exten, true, 2)),
        _ if outside && (exten.starts_with('0') || exten.starts_with('+')) => {
            Some(Step::Dial(DialPlan {
                targets: vec![Target::Outside(exten.to_owned())],
                seconds: 30,
                busy_tone: false,
                ..plan(exten, 1)
            }))
        }
        _ => parking(exten),
    }
}

fn parking(exten: &str) -> Option<Step> {
    let slot = exten.parse().ok()?;
    (701..=720).contains(&slot).then_some(Step::Retrieve(slot))
}

fn queue_of(exten: &str) -> Option<&'static str> {
    match exten {
        "500" => Some("sales"),
        "501" => Some("saleslocal"),
        _ => None,
    }
}

fn plan(extension: &str, priority: u32) -> DialPlan {
    DialPlan {
        targets: vec![Target::Phone(extension.to_owned())],
        seconds: 25,
        transfers: true,
        priority,
        auto_answer: false,
        busy_tone: true,
    }
}

fn dial_phone(extension: &str, transfers: bool, priority: u32) -> Step {
    Step::Dial(DialPlan {
        transfers,
        ..plan(extension, priority)
    })
}

fn is_1xx(exten: &str) -> bool {
    exten.len() == 3 && exten.starts_with('1') && exten.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direct_number_leads_to_its_extension() {
        assert_eq!(
            find("from-trunk", "+4923155501102"),
            Some(Step::Goto("ext", "102".into())),
            "DID to extension"
        );
        assert_eq!(find("ext", "999"), None, "no such extension");
    }

    #[test]
    fn only_outside_numbers_wait_for_more_digits() {
        assert!(
            may_grow("from-internal", "0231"),
            "an outside number has no fixed length"
        );
        assert!(may_grow("ext", "10"), "an extension has three digits");
        assert!(
            !may_grow("ext", "102"),
            "a complete extension is dialled at once"
        );
        assert!(!may_grow("ext", "99"), "nothing begins with 99");
    }
}
