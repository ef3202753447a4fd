//! What comes over the event channel, in our words.

use super::call::XsiCall;
use super::tree::Element;

/// One document of the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The channel is open.
    Opened {
        /// What requests about it call it.
        channel: String,
        /// So many seconds until it must be refreshed.
        expires: u64,
    },
    /// The server is still there.
    Heartbeat,
    /// Something happened. It must be acknowledged.
    Event(Event),
    /// The channel is at its end; nothing is acknowledged any more.
    Terminated(Termination),
    /// Nothing that we know.
    Unknown,
}

/// Why the server ended the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Termination {
    /// Another installation uses the same name, or there are too many channels: coming back at
    /// once would end that one.
    Crowded,
    /// This user is no more.
    UserGone,
    /// Whatever else it was, a new channel may be opened.
    Other,
}

/// One event of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the acknowledgement names.
    pub id: String,
    /// The subscription that it belongs to.
    pub subscription: String,
    /// Its place in the subscription's events.
    pub sequence: Option<u64>,
    /// What happened.
    pub what: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Calls changed or are new; their stage says how far they have come.
    Changed(Vec<XsiCall>, Change),
    /// What is known may be wrong: everything is to be asked for again.
    Resync,
    /// The subscription is at its end.
    Ended,
    /// Something that changes no call.
    Nothing,
}

/// What a call's event says beside the call itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was sent somewhere else.
    Redirected,
    /// Somebody else in the group took it.
    PickedUp,
    /// Anything else.
    Other,
}

/// Reads a document.
pub fn read(document: &str) -> Message {
    let Some(element) = Element::read(document) else {
        return Message::Unknown;
    };
    match element.name.as_str() {
        "Channel" => opened(&element).unwrap_or(Message::Unknown),
        // Both spellings are in use.
        "ChannelHeartBeat" | "ChannelHeartbeat" => Message::Heartbeat,
        "Event" => event(&element),
        _ => Message::Unknown,
    }
}

fn opened(element: &Element) -> Option<Message> {
    let expires = element.text_of("expires");
    Some(Message::Opened {
        channel: element.text_of("channelId")?.to_owned(),
        expires: expires
            .and_then(|seconds| seconds.parse().ok())
            .unwrap_or(3_600),
    })
}

fn event(element: &Element) -> Message {
    match element.kind() {
        Some("ChannelTerminatedEvent") => {
            return Message::Terminated(match element.text_of("reason") {
                Some("DuplicateChannelSet" | "MaxChannelsReached") => Termination::Crowded,
                Some("UserDeleted") => Termination::UserGone,
                _ => Termination::Other,
            });
        }
        // The server did not understand what stood in the channel; we write nothing into it.
        Some("ErrorEvent") => return Message::Unknown,
        _ => {}
    }
    let Some(id) = element.text_of("eventID") else {
        return Message::Unknown;
    };
    let ended = element.kind() == Some("SubscriptionTerminatedEvent");
    let subscription = element.text_of("subscriptionId").unwrap_or_default();
    let sequence = element.text_of("sequenceNumber");
    Message::Event(Event {
        id: id.to_owned(),
        subscription: subscription.to_owned(),
        sequence: sequence.and_then(|number| number.parse().ok()),
        what: match element.child("eventData") {
            _ if ended => Happening::Ended,
            Some(data) => happening(data),
            None => Happening::Nothing,
        },
    })
}

fn happening(data: &Element) -> Happening {
    let Some(kind) = data.kind() else {
        return Happening::Nothing;
    };
    match kind {
        "CallSubscriptionResyncEvent" => Happening::Resync,
        "SubscriptionTerminatedEvent" => Happening::Ended,
        _ => match calls(data) {
            calls if calls.is_empty() => Happening::Nothing,
            calls => Happening::Changed(calls, change(kind)),
        },
    }
}

fn change(kind: &str) -> Change {
    match kind {
        "CallRedirectedEvent" | "CallForwardedEvent" => Change::Redirected,
        "CallPickedUpEvent" => Change::PickedUp,
        _ => Change::Other,
    }
}

/// Calls stand alone, or several in a list.
fn calls(element: &Element) -> Vec<XsiCall> {
    let lists = element.all("calls").flat_map(|list| list.all("call"));
    element
        .all("call")
        .chain(lists)
        .filter_map(XsiCall::of)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::call::Stage;
    use super::*;

    fn subscription_event(data: &str) -> Message {
        read(&format!(
            "<xsi:Event xmlns:xsi='http://schema.broadsoft.com/xsi' xmlns:xsi1='t' xsi1:type='xsi:SubscriptionEvent'>\
             <xsi:eventID>e1</xsi:eventID><xsi:sequenceNumber>4</xsi:sequenceNumber><xsi:subscriptionId>s1</xsi:subscriptionId>\
             {data}</xsi:Event>"
        ))
    }

    const CALL: &str = "<xsi:call><xsi:callId>c1</xsi:callId><xsi:personality>Terminator</xsi:personality>\
                        <xsi:state>Alerting</xsi:state></xsi:call>";

    #[test]
    fn received_call_has_its_place_and_its_acknowledgement() {
        let data =
            format!("<xsi:eventData xsi1:type='xsi:CallReceivedEvent'>{CALL}</xsi:eventData>");
        let Message::Event(event) = subscription_event(&data) else {
            panic!("it is an event");
        };
        assert_eq!((event.id.as_str(), event.sequence), ("e1", Some(4)));
        assert_eq!(event.subscription, "s1");
        let Happening::Changed(calls, Change::Other) = event.what else {
            panic!("it came in");
        };
        let stages: Vec<Stage> = calls.iter().map(|call| call.stage).collect();
        assert_eq!(stages, [Stage::Alerting]);
    }

    #[test]
    fn calls_at_the_subscription_stand_in_a_list() {
        let data = format!(
            "<xsi:eventData xsi1:type='xsi:CallSubscriptionEvent'><xsi:calls>{CALL}</xsi:calls></xsi:eventData>"
        );
        let Message::Event(event) = subscription_event(&data) else {
            panic!("it is an event");
        };
        assert!(matches!(event.what, Happening::Changed(calls, _) if calls.len() == 1));
        let none =
            "<xsi:eventData xsi1:type='xsi:CallSubscriptionEvent'><xsi:calls/></xsi:eventData>";
        let Message::Event(event) = subscription_event(none) else {
            panic!("it is an event");
        };
        assert_eq!(event.what, Happening::Nothing, "nobody calls");
    }

    #[test]
    fn resync_after_a_crash_is_known() {
        let data = "<xsi:eventData xsi1:type='xsi:CallSubscriptionResyncEvent'/>";
        let Message::Event(event) = subscription_event(data) else {
            panic!("it is an event");
        };
        assert_eq!(event.what, Happening::Resync);
    }

    #[test]
    fn channels_own_words_are_known() {
        assert_eq!(
            read("<Channel xmlns='n'><channelId>k</channelId><expires>7200</expires></Channel>"),
            Message::Opened {
                channel: "k".into(),
                expires: 7_200
            }
        );
        for spelling in ["<ChannelHeartBeat xmlns='n'/>", "<x:ChannelHeartbeat/>"] {
            assert_eq!(read(spelling), Message::Heartbeat, "{spelling}");
        }
        assert_eq!(read("<Html>captive portal</Html>"), Message::Unknown);
    }

    #[test]
    fn end_of_the_channel_says_whether_it_may_be_opened_again_at_once() {
        let ended = |reason: &str| {
            read(&format!(
                "<Event s:type='x:ChannelTerminatedEvent'><channelId>k</channelId><reason>{reason}</reason></Event>"
            ))
        };
        for (reason, expected) in [
            ("DuplicateChannelSet", Termination::Crowded),
            ("UserDeleted", Termination::UserGone),
            ("Expired", Termination::Other),
            ("SomethingNew", Termination::Other),
        ] {
            assert_eq!(ended(reason), Message::Terminated(expected), "{reason}");
        }
    }
}
