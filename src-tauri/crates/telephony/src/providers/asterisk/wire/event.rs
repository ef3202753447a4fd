//! Events in our words. A block that Asterisk cannot have written is refused.

use super::text::{clean_name, clean_number};
use super::{Block, Event::*};

/// Number and name as a leg carries them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ident {
    /// The number.
    pub number: Option<String>,
    /// The name.
    pub name: Option<String>,
}

/// How far a leg has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LegState {
    /// Made, nothing more.
    #[default]
    Down,
    /// Its telephone has dialled and waits for us.
    Calling,
    /// Its telephone rings.
    Ringing,
    /// Answered.
    Up,
}

/// One leg as an event shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegView {
    /// What actions call it.
    pub name: String,
    /// Never used again by another leg. `None` when the event contradicts itself.
    pub uid: Option<String>,
    /// The group of legs it belongs to now.
    pub linked: Option<String>,
    /// How far it has come.
    pub state: LegState,
    /// Who its telephone is.
    pub caller: Ident,
    /// Who it is connected with.
    pub connected: Ident,
    /// Where in the dialplan it stands.
    pub exten: Option<String>,
}

/// How a dialled leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialStatus {
    /// It answered.
    Answer,
    /// Busy.
    Busy,
    /// Taken back.
    Cancel,
    /// Rang in vain, or refused by the telephone.
    NoAnswer,
    /// Could not be reached.
    Failed,
}

/// A spontaneous event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A leg was made.
    Appeared(LegView),
    /// A leg rings or answered.
    Changed(LegView),
    /// A leg is shown somebody else.
    Connected(LegView),
    /// A leg is to ring, on behalf of another one if `from` is known.
    DialBegan { from: Option<LegView>, to: LegView },
    /// The ringing of a leg is over.
    DialEnded {
        from: Option<LegView>,
        to: LegView,
        status: DialStatus,
        forward: bool,
    },
    /// A leg is gone.
    Gone { leg: LegView, cause: u32 },
    /// Somebody at this leg wants to hang up.
    HangingUp(LegView),
    /// The telephone of this leg put the other side on hold.
    Held(LegView),
    /// And took it back.
    Unheld(LegView),
    /// A leg joined a bridge.
    Entered { leg: LegView, bridge: String },
    /// A leg left a bridge.
    Left { leg: LegView, bridge: String },
    /// A leg begins to hear the waiting music.
    MusicBegan(LegView),
    /// And hears it no longer.
    MusicEnded(LegView),
    /// The two halves of a Local channel.
    Paired { one: LegView, two: LegView },
    /// A caller stands in a queue.
    Queued { leg: LegView, queue: String },
    /// A caller left the queue.
    Unqueued(LegView),
    /// A queue calls a member.
    MemberCalled {
        from: LegView,
        to: Option<LegView>,
        queue: String,
    },
    /// Somebody took a ringing call.
    PickedUp { by: LegView, target: LegView },
    /// A transfer without asking.
    BlindTransferred { by: LegView },
    /// A transfer with asking; one leg of the transferring telephone, or two.
    AttendedTransferred { first: LegView, second: LegView },
    /// A call was put into a parking slot.
    Parked { leg: LegView, space: String },
    /// It was fetched.
    Unparked { leg: LegView, by: LegView },
    /// The parked caller hung up.
    ParkGivenUp(LegView),
    /// The answer to an asynchronous click-to-dial.
    Originated { action_id: String, answered: bool },
    /// A colleague's telephone changed.
    Hint(Row),
}

/// One extension with its state, from the list or as an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The extension.
    pub exten: String,
    /// Its context.
    pub context: String,
    /// The device behind it.
    pub device: String,
    /// The state's number, -1 when it was removed.
    pub status: i32,
}

/// The events that [`spontaneous`] or the lists read.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

const KNOWN: &[&str] = &[
    "Newchannel",
    "Newstate",
    "NewConnectedLine",
    "DialBegin",
    "DialEnd",
    "BridgeEnter",
    "BridgeLeave",
    "MusicOnHoldStart",
    "MusicOnHoldStop",
    "Hangup",
    "HangupRequest",
    "SoftHangupRequest",
    "Hold",
    "Unhold",
    "ExtensionStatus",
    "LocalBridge",
    "QueueCallerJoin",
    "QueueCallerLeave",
    "QueueCallerAbandon",
    "AgentCalled",
    "Pickup",
    "BlindTransfer",
    "AttendedTransfer",
    "ParkedCall",
    "UnParkedCall",
    "ParkedCallGiveUp",
    "OriginateResponse",
    "Status",
    "StatusComplete",
    "ExtensionStateListComplete",
];

/// Reads an event that Asterisk sent by itself; `None` for what it cannot have sent.
pub fn spontaneous(block: &Block) -> Option<Event> {
    if block.key_at(0)? != "Event" || block.key_at(1)? != "Privilege" {
        return None;
    }
    let name = block.value_at(0)?;
    match name {
        "OriginateResponse" => Some(Originated {
            action_id: block.get("ActionID")?.to_owned(),
            answered: block.get("Response") == Some("Success"),
        }),
        "ExtensionStatus" => hint(block).map(Hint),
        "DialBegin" | "DialEnd" => dialling(block, name),
        "LocalBridge" | "BlindTransfer" | "AttendedTransfer" | "ParkedCall" | "UnParkedCall"
        | "ParkedCallGiveUp" => relation(block, name),
        "QueueCallerJoin" | "AgentCalled" | "Pickup" => queueing(block, name),
        _ => single(block, name),
    }
}

fn single(block: &Block, name: &str) -> Option<Event> {
    let leg = view(block, "")?;
    Some(match name {
        "Newchannel" => Appeared(leg),
        "Newstate" => Changed(leg),
        "NewConnectedLine" => Connected(leg),
        "Hangup" => Gone {
            leg,
            cause: block.get("Cause").and_then(|c| c.parse().ok()).unwrap_or(0),
        },
        "HangupRequest" | "SoftHangupRequest" => HangingUp(leg),
        "Hold" => Held(leg),
        "Unhold" => Unheld(leg),
        "MusicOnHoldStart" => MusicBegan(leg),
        "MusicOnHoldStop" => MusicEnded(leg),
        "BridgeEnter" => Entered {
            leg,
            bridge: block.get("BridgeUniqueid")?.to_owned(),
        },
        "BridgeLeave" => Left {
            leg,
            bridge: block.get("BridgeUniqueid")?.to_owned(),
        },
        "QueueCallerLeave" | "QueueCallerAbandon" => Unqueued(leg),
        _ => return None,
    })
}

fn dialling(block: &Block, name: &str) -> Option<Event> {
    let from = match block.key_at(2)? {
        "Channel" => Some(view(block, "")?),
        _ => None,
    };
    let to = view(block, "Dest")?;
    if name == "DialBegin" {
        return Some(DialBegan { from, to });
    }
    Some(DialEnded {
        from,
        to,
        status: match block.get("DialStatus")? {
            "ANSWER" => DialStatus::Answer,
            "BUSY" => DialStatus::Busy,
            "CANCEL" | "ABORT" => DialStatus::Cancel,
            "NOANSWER" => DialStatus::NoAnswer,
            _ => DialStatus::Failed,
        },
        forward: block.get("Forward").is_some_and(|to| !to.is_empty()),
    })
}

fn queueing(block: &Block, name: &str) -> Option<Event> {
    let leg = view(block, "")?;
    Some(match name {
        "Pickup" => PickedUp {
            by: leg,
            target: view(block, "Target")?,
        },
        "QueueCallerJoin" => Queued {
            leg,
            queue: clean_name(block.get("Queue")?)?,
        },
        _ => MemberCalled {
            from: leg,
            to: view(block, "Dest"),
            queue: clean_name(block.get("Queue")?)?,
        },
    })
}

fn relation(block: &Block, name: &str) -> Option<Event> {
    let succeeded = || (block.get("Result") == Some("Success")).then_some(());
    Some(match name {
        "LocalBridge" => Paired {
            one: view(block, "LocalOne")?,
            two: view(block, "LocalTwo")?,
        },
        "BlindTransfer" => {
            succeeded()?;
            BlindTransferred {
                by: view(block, "Transferer")?,
            }
        }
        "AttendedTransfer" => {
            succeeded()?;
            AttendedTransferred {
                first: view(block, "OrigTransferer")?,
                second: view(block, "SecondTransferer")?,
            }
        }
        "ParkedCall" => Parked {
            leg: view(block, "Parkee")?,
            space: block.get("ParkingSpace")?.to_owned(),
        },
        "UnParkedCall" => Unparked {
            leg: view(block, "Parkee")?,
            by: view(block, "Retriever")?,
        },
        _ => ParkGivenUp(view(block, "Parkee")?),
    })
}

/// Reads a leg from the headers with this prefix. Asterisk writes them in one fixed order; a block
/// that begins otherwise was put together by a caller and is refused. The whole beginning does not
/// fit into the 79 bytes that a caller can inject. A block that a caller's blank line has torn ends
/// before the ids: its leg is known by name only.
fn view(block: &Block, prefix: &str) -> Option<LegView> {
    let key = |name: &str| {
        let mut key = String::with_capacity(prefix.len() + name.len());
        key.push_str(prefix);
        key.push_str(name);
        key
    };
    let place = block.position(&key("Channel"))?;
    if block.key_at(place + 1)? != key("ChannelState")
        || block.key_at(place + 2)? != key("ChannelStateDesc")
        || block.value_at(place + 1)?.is_empty()
        || block.value_at(place + 2)?.is_empty()
    {
        return None;
    }
    let uid_key = key("Uniqueid");
    let linked_key = key("Linkedid");
    let forged = block.contradicts(&uid_key) || block.contradicts(&linked_key);
    let known = |key: &str| block.get(key).filter(|_| !forged).map(str::to_owned);
    Some(LegView {
        name: block.value_at(place)?.to_owned(),
        uid: known(&uid_key),
        linked: known(&linked_key),
        state: leg_state(block.value_at(place + 1)?),
        caller: Ident {
            number: block.get(&key("CallerIDNum")).and_then(clean_number),
            name: block.get(&key("CallerIDName")).and_then(clean_name),
        },
        connected: Ident {
            number: block.get(&key("ConnectedLineNum")).and_then(clean_number),
            name: block.get(&key("ConnectedLineName")).and_then(clean_name),
        },
        exten: block.get(&key("Exten")).and_then(clean_number),
    })
}

fn leg_state(number: &str) -> LegState {
    match number {
        "4" => LegState::Calling,
        "5" => LegState::Ringing,
        "6" => LegState::Up,
        _ => LegState::Down,
    }
}

/// Reads one row of the list of legs: the leg, its bridge, its age in seconds, the dialled number.
pub fn row(block: &Block) -> Option<(LegView, Option<String>, u64, Option<String>)> {
    let leg = view(block, "")?;
    let bridge = block
        .get("BridgeID")
        .filter(|bridge| !bridge.is_empty())
        .map(str::to_owned);
    let age = block
        .get("Seconds")
        .and_then(|s| s.parse().ok())
        .unwrap_or(0);
    Some((leg, bridge, age, block.get("DNID").and_then(clean_number)))
}

/// The queue in which the leg of a row waits or is called from, if that is what it does.
pub fn queue_of_row(block: &Block) -> Option<String> {
    let queues = block.get("Application")?.eq_ignore_ascii_case("Queue");
    let name = block.get("Data")?.split(',').next()?;
    (queues && !name.is_empty()).then(|| name.to_owned())
}

/// Reads one extension's state. The whole of it is too long for what a caller can inject.
pub fn hint(block: &Block) -> Option<Row> {
    let place = block.position("Exten")?;
    let value = |offset: usize, key: &str| {
        let here = block.key_at(place + offset)? == key;
        block.value_at(place + offset).filter(|_| here)
    };
    value(4, "StatusText").filter(|text| !text.is_empty())?;
    Some(Row {
        exten: value(0, "Exten")?.to_owned(),
        context: value(1, "Context")?.to_owned(),
        device: value(2, "Hint")?.to_owned(),
        status: value(3, "Status")?.parse().ok()?,
    })
}
