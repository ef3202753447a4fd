//! The conversation against a telephone system that is wrong, unkind or gone.

use std::time::Duration;

use ringcard_core::{
    CallCommand, CallId, CallState, CommandError, CommandId, EndReason, LineId, LinkTrouble,
    Moment, Outcome, Sensitive, Timestamp,
};
use uuid::Uuid;

use super::Conversation;
use crate::LineEvent;
use crate::providers::asterisk::Config;

const GREETING: &[u8] = b"Asterisk Call Manager/11.0.0\r\n";

fn at(seconds: u64) -> Moment {
    Moment {
        wall: Timestamp(0),
        monotonic: Duration::from_secs(seconds),
    }
}

fn conversation() -> Conversation {
    let mut config = Config::new("pbx.invalid", "agent101", "101");
    config.secret = Sensitive::new("invented".into());
    config.colleagues = false;
    let mut count = 0;
    let ids = Box::new(move || {
        count += 1;
        CallId::new(Uuid::from_u128(count))
    });
    let mut talk = Conversation::new(config, LineId::new("line"), ids);
    talk.begin(at(0));
    talk
}

/// The id of the last action that was sent.
fn asked(talk: &mut Conversation) -> String {
    let sent = String::from_utf8(talk.take_outgoing()).expect("text");
    let id = sent.rsplit("ActionID: ").next().expect("an action");
    id.lines().next().expect("its id").to_owned()
}

fn answer(talk: &mut Conversation, rest: &str) {
    let id = asked(talk);
    let text = format!("Response: Success\r\nActionID: {id}\r\n{rest}\r\n");
    talk.hear(text.replace("{id}", &id).as_bytes(), at(0));
}

fn listening(rows: &str) -> Conversation {
    let mut talk = conversation();
    talk.hear(GREETING, at(0));
    answer(&mut talk, "Challenge: 1\r\n");
    answer(&mut talk, "Message: Authentication accepted\r\n");
    let list =
        format!("EventList: start\r\n\r\n{rows}Event: StatusComplete\r\nActionID: {{id}}\r\n");
    answer(&mut talk, &list);
    assert!(talk.is_listening(), "the snapshot is complete");
    talk
}

fn leg(name: &str, uid: &str, state: u8) -> String {
    format!(
        "Channel: {name}\r\nChannelState: {state}\r\nChannelStateDesc: x\r\nCallerIDNum: 101\r\n\
         CallerIDName: Agent\r\nConnectedLineNum: 0231555\r\nConnectedLineName: Erika\r\n\
         Exten: 101\r\nUniqueid: {uid}\r\nLinkedid: 1.1\r\n"
    )
}

fn event(name: &str, leg: &str) -> String {
    format!("Event: {name}\r\nPrivilege: call,all\r\n{leg}\r\n")
}

fn ringing() -> Conversation {
    let mut talk = listening("");
    let own = leg("PJSIP/101-00000002", "1.2", 5);
    talk.hear(event("Newstate", &own).as_bytes(), at(1));
    talk
}

fn states(talk: &mut Conversation) -> Vec<CallState> {
    let mut states = Vec::new();
    while let Some(event) = talk.take_event() {
        match event {
            LineEvent::Call(call) => states.push(call.state),
            LineEvent::Snapshot(calls) => states.extend(calls.iter().map(|call| call.state)),
            _ => {}
        }
    }
    states
}

#[test]
fn injected_event_of_its_own_ends_no_call() {
    let mut talk = ringing();
    // What a caller's address of 79 bytes can bring: a whole event before the rest of the true one.
    let torn = "Event: Newchannel\r\nPrivilege: call,all\r\nChannel: PJSIP/trunk-00000009\r\n\
                ChannelState: 4\r\nChannelStateDesc: Ring\r\nCallerIDNum: 0\r\n\r\n\
                Event: Hangup\r\nPrivilege: call,all\r\nChannel: PJSIP/101-00000002\r\n\
                CallerIDName: Evil\r\nUniqueid: 1.9\r\nLinkedid: 1.9\r\n\r\n\
                Event: Hangup\r\nPrivilege: call,all\r\nUniqueid: 1.2\r\nCause: 16\r\n\r\n";
    talk.hear(torn.as_bytes(), at(2));
    assert_eq!(
        states(&mut talk),
        [CallState::Ringing],
        "the call goes on ringing"
    );
}

#[test]
fn whole_shutdown_in_an_address_stops_nothing() {
    let mut talk = ringing();
    let whole = "Event: Shutdown\r\nPrivilege: system,all\r\n\r\n\
                 Event: ExtensionStatus\r\nPrivilege: x\r\nExten: 102\r\nContext: ext\r\nStatus: 1\r\n\r\n";
    talk.hear(whole.as_bytes(), at(2));
    assert_eq!(talk.trouble(), None, "79 bytes are enough to write it");
}

#[test]
fn call_whose_events_are_torn_is_shown_by_the_name_of_its_leg() {
    let mut talk = listening("");
    talk.hear(
        event("Newchannel", &leg("PJSIP/101-00000002", "1.2", 0)).as_bytes(),
        at(1),
    );
    let torn = "Event: Newstate\r\nPrivilege: call,all\r\nChannel: PJSIP/101-00000002\r\n\
                ChannelState: 5\r\nChannelStateDesc: Ringing\r\nCallerIDNum: 101\r\n\
                CallerIDName: Agent\r\nConnectedLineNum: 0231\r\n\r\nnonsense\r\n\r\n";
    talk.hear(torn.as_bytes(), at(1));
    assert_eq!(states(&mut talk), [CallState::Ringing], "somebody calls");
}

#[test]
fn queue_call_that_rings_again_before_its_queue_says_so_is_the_same() {
    let mut talk = listening("");
    let caller = leg("PJSIP/trunk-00000001", "1.1", 6);
    let queue = format!("{caller}Queue: sales\r\n");
    talk.hear(event("Newchannel", &caller).as_bytes(), at(1));
    talk.hear(event("QueueCallerJoin", &queue).as_bytes(), at(1));
    for own in ["PJSIP/101-00000002", "PJSIP/101-00000003"] {
        let own = leg(own, &own.replace("PJSIP/101-0000000", "1."), 5);
        talk.hear(event("Newstate", &own).as_bytes(), at(2));
        let dest: String = own.lines().map(|line| format!("Dest{line}\r\n")).collect();
        talk.hear(
            event("DialBegin", &(caller.clone() + &dest)).as_bytes(),
            at(2),
        );
        talk.hear(event("Hangup", &own).as_bytes(), at(3));
    }
    talk.hear(event("QueueCallerLeave", &queue).as_bytes(), at(4));
    let missed = CallState::Ended {
        reason: EndReason::Missed,
    };
    let (rings, quiet) = (CallState::Ringing, CallState::Queued);
    let mut told = states(&mut talk);
    told.dedup();
    assert_eq!(
        told,
        [rings, quiet, rings, quiet, missed],
        "one call, missed once"
    );
}

/// The same leg in an event that names several, each with a prefix.
fn prefixed(prefix: &str, leg: &str) -> String {
    leg.lines()
        .map(|line| format!("{prefix}{line}\r\n"))
        .collect()
}

fn enters(leg: &str, bridge: &str) -> String {
    event("BridgeEnter", &format!("BridgeUniqueid: {bridge}\r\n{leg}"))
}

fn leaves(leg: &str, bridge: &str) -> String {
    event("BridgeLeave", &format!("BridgeUniqueid: {bridge}\r\n{leg}"))
}

#[test]
fn colleague_who_was_busy_before_the_agent_changed_bridges_was_busy() {
    let caller = leg("PJSIP/trunk-00000001", "1.1", 6);
    let own = leg("PJSIP/101-00000002", "1.2", 6);
    let one = leg("Local/102@from-internal-00000001;1", "1.3", 4);
    let two = leg("Local/102@from-internal-00000001;2", "1.4", 4);
    let colleague = leg("PJSIP/102-00000003", "1.5", 0);
    let halves = prefixed("LocalOne", &one) + &prefixed("LocalTwo", &two);
    let dial = two.clone() + &prefixed("Dest", &colleague);
    let mut talk = ringing();
    for said in [
        event("Newstate", &own),
        enters(&caller, "talk"),
        enters(&own, "talk"),
        event("Hold", &own),
        event("LocalBridge", &halves),
        // A telephone answers quicker than a busy machine moves the agent's leg.
        event("DialBegin", &dial),
        event("DialEnd", &format!("{dial}DialStatus: BUSY\r\n")),
        event("Hangup", &colleague),
        leaves(&own, "talk"),
        enters(&one, "asking"),
        enters(&own, "asking"),
        leaves(&own, "asking"),
        enters(&own, "talk"),
    ] {
        talk.hear(said.as_bytes(), at(2));
    }
    let reason = EndReason::Busy;
    let told = states(&mut talk);
    assert!(
        told.contains(&CallState::Ended { reason }),
        "the card says why: {told:?}"
    );
}

#[test]
fn call_that_rang_before_the_connect_is_in_the_snapshot_once() {
    let own = leg("PJSIP/101-00000002", "1.2", 5);
    let row =
        format!("Event: Status\r\nPrivilege: Call\r\n{own}Seconds: 4\r\nActionID: {{id}}\r\n\r\n");
    let mut talk = listening(&row);
    talk.hear(event("Newstate", &own).as_bytes(), at(1));
    assert_eq!(
        states(&mut talk),
        [CallState::Ringing],
        "no call is shown twice"
    );
}

#[test]
fn call_of_another_telephone_is_not_seen() {
    let mut talk = listening("");
    for name in [
        "PJSIP/102-00000002",
        "PJSIP/101-desk-00000002",
        "PJSIP/1011-00000002",
    ] {
        let other = leg(name, "1.7", 5);
        talk.hear(event("Newstate", &other).as_bytes(), at(1));
        talk.tick(at(3));
    }
    assert_eq!(
        states(&mut talk),
        [],
        "events of other extensions are dropped"
    );
}

#[test]
fn something_else_at_the_port_is_no_telephone_system() {
    let mut talk = conversation();
    talk.hear(b"SSH-2.0-Open", at(0));
    assert_eq!(
        talk.trouble(),
        Some(LinkTrouble::WrongProtocol),
        "seen in the first bytes"
    );
}

#[test]
fn account_without_the_right_to_see_calls_is_told_so() {
    let mut talk = conversation();
    talk.hear(GREETING, at(0));
    answer(&mut talk, "Challenge: 1\r\n");
    answer(&mut talk, "Message: Authentication accepted\r\n");
    let id = asked(&mut talk);
    let refused =
        format!("Response: Error\r\nActionID: {id}\r\nMessage: Permission denied\r\n\r\n");
    talk.hear(refused.as_bytes(), at(0));
    assert_eq!(
        talk.trouble(),
        Some(LinkTrouble::RightsMissing),
        "nothing would ever be shown"
    );
}

#[test]
fn silence_is_asked_about_and_then_given_up() {
    let mut talk = listening("");
    talk.tick(at(16));
    let ping = String::from_utf8(talk.take_outgoing()).expect("text");
    assert!(
        ping.contains("Action: Ping"),
        "asked after 15 s without a word"
    );
    talk.tick(at(22));
    assert_eq!(
        talk.trouble(),
        Some(LinkTrouble::Lost),
        "nobody is there any more"
    );
}

#[test]
fn command_without_proof_is_unconfirmed_and_the_call_stays() {
    let mut talk = ringing();
    states(&mut talk);
    let call = CallId::new(Uuid::from_u128(1));
    let id = CommandId::new(Uuid::from_u128(9));
    talk.command(id, CallCommand::Decline { call }, at(2));
    talk.tick(at(6));
    let mut outcomes = Vec::new();
    while let Some(event) = talk.take_event() {
        if let LineEvent::CommandEnded(ended, outcome) = event {
            outcomes.push((ended, outcome));
        }
    }
    assert_eq!(
        outcomes,
        [(id, Outcome::Unconfirmed)],
        "three seconds without an event"
    );
    assert_eq!(
        talk.call(call).map(|c| c.state),
        Some(CallState::Ringing),
        "as the last event left it"
    );
}

#[test]
fn lost_link_answers_every_command_and_keeps_the_calls() {
    let mut talk = ringing();
    states(&mut talk);
    let call = CallId::new(Uuid::from_u128(1));
    let id = CommandId::new(Uuid::from_u128(9));
    talk.command(id, CallCommand::Decline { call }, at(2));
    talk.end();
    let refused = Outcome::Refused(CommandError::LinkDown);
    let last = std::iter::from_fn(|| talk.take_event()).last();
    assert_eq!(
        last,
        Some(LineEvent::CommandEnded(id, refused)),
        "exactly one answer"
    );
    assert!(talk.call(call).is_some(), "a lost link ends no call");
}

#[test]
fn slow_application_gets_the_newest_value_and_every_end() {
    let mut talk = ringing();
    for n in 0..400 {
        let name = if n % 2 == 0 { "Hold" } else { "Unhold" };
        let own = leg("PJSIP/101-00000002", "1.2", 6);
        talk.hear(event("Newstate", &own).as_bytes(), at(2));
        talk.hear(event(name, &own).as_bytes(), at(2));
    }
    let own = leg("PJSIP/101-00000002", "1.2", 6);
    talk.hear(event("Hangup", &own).as_bytes(), at(3));
    talk.condense(8);
    assert!(
        talk.events.len() <= 8,
        "memory must not follow a slow reader"
    );
    let last = states(&mut talk).pop();
    let ended = CallState::Ended {
        reason: EndReason::HungUp,
    };
    assert_eq!(last, Some(ended), "the end is never lost");
}
