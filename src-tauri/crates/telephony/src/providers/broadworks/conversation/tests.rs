//! Conversations as the facts tell them: the channel's documents in, requests and calls out.

use ringcard_core::{
    Ability, CallCommand, CallState, EndReason, HeldBy, PhoneNumber, Target, Timestamp,
};

use super::*;

const CHANNEL: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Channel xmlns=\"http://schema.broadsoft.com/xsi\">\
                       <channelId>k1</channelId><expires>3600</expires></Channel>";
const SUBSCRIBED: &str =
    "<Subscription><subscriptionId>s1</subscriptionId><expires>3600</expires></Subscription>";

/// A conversation with what it asked, in the order of asking.
struct Desk {
    talk: Conversation,
    sequence: u64,
}

fn at(milliseconds: u64) -> Moment {
    Moment {
        wall: Timestamp(1_795_321_145_000).plus(Duration::from_millis(milliseconds)),
        monotonic: Duration::from_millis(milliseconds),
    }
}

fn id(number: u128) -> CallId {
    CallId::new(Uuid::from_u128(number))
}

fn command_id() -> CommandId {
    CommandId::new(Uuid::from_u128(77))
}

fn answer(body: &str) -> Result<Answer, LinkTrouble> {
    Ok(Answer::new(200, body, None))
}

fn refusal(status: u16) -> Result<Answer, LinkTrouble> {
    Ok(Answer::new(status, "<ErrorInfo/>", None))
}

fn to(number: &str) -> Target {
    Target {
        number: PhoneNumber::Internal(number.into()),
        confirmed: false,
    }
}

/// A call as the server writes it.
fn xml(call: &str, personality: &str, state: &str) -> String {
    format!(
        "<xsi:call><xsi:callId>{call}</xsi:callId><xsi:extTrackingId>t-{call}</xsi:extTrackingId>\
         <xsi:personality>{personality}</xsi:personality><xsi:state>{state}</xsi:state>\
         <xsi:remoteParty><xsi:name>Erika Muster</xsi:name><xsi:address>tel:+493023125001</xsi:address>\
         <xsi:callType>Network</xsi:callType></xsi:remoteParty><xsi:endpoint/><xsi:allowAnswer/></xsi:call>"
    )
}

impl Desk {
    /// A line whose channel is open and that has not subscribed.
    fn opened() -> Self {
        let mut config = Config::new("xsi.house.example", "agent@house.example", "101");
        config.application = "ringcard-test".into();
        let mut count = 0;
        let ids: Ids = Box::new(move || {
            count += 1;
            id(count)
        });
        let mut talk = Conversation::new(config, LineId::new("desk"), ids);
        talk.begin(at(0));
        talk.hear(CHANNEL.as_bytes(), at(0));
        let sequence = 0;
        Self { talk, sequence }
    }

    /// A line that listens and has no call.
    fn listening() -> Self {
        let mut desk = Self::opened();
        desk.reply(&Purpose::Subscribe, answer(SUBSCRIBED));
        desk.reply(&Purpose::Calls, answer("<Calls/>"));
        desk.reply(&Purpose::Directory, refusal(403));
        desk.events();
        desk
    }

    fn reply(&mut self, purpose: &Purpose, answer: Result<Answer, LinkTrouble>) {
        self.asked();
        self.talk.answered(purpose, answer, at(0));
    }

    /// What was asked since the last time, without acknowledgements.
    fn asked(&mut self) -> Vec<(Purpose, Request)> {
        let all = self.talk.take_requests().into_iter();
        all.filter(|(purpose, _)| *purpose != Purpose::Acknowledge)
            .collect()
    }

    fn paths(&mut self) -> Vec<String> {
        self.asked()
            .into_iter()
            .map(|(_, request)| request.path)
            .collect()
    }

    fn events(&mut self) -> Vec<LineEvent> {
        std::iter::from_fn(|| self.talk.take_event()).collect()
    }

    fn calls(&mut self) -> Vec<Call> {
        let calls = self.events().into_iter();
        calls
            .filter_map(|event| match event {
                LineEvent::Call(call) => Some(*call),
                _ => None,
            })
            .collect()
    }

    fn document(&mut self, kind: &str, data: &str) -> String {
        self.sequence += 1;
        format!(
            "<xsi:Event xsi1:type=\"xsi:SubscriptionEvent\"><xsi:eventID>e{0}</xsi:eventID>\
             <xsi:sequenceNumber>{0}</xsi:sequenceNumber><xsi:subscriptionId>s1</xsi:subscriptionId>\
             <xsi:eventData xsi1:type=\"xsi:{kind}\">{data}</xsi:eventData></xsi:Event>",
            self.sequence
        )
    }

    fn happens(&mut self, kind: &str, data: &str, now: Moment) {
        let document = self.document(kind, data);
        self.talk.hear(document.as_bytes(), now);
    }

    /// A call in talk, told.
    fn talking(call: &str) -> Self {
        let mut desk = Self::listening();
        let active = xml(call, "Terminator", "Active");
        desk.happens("CallAnsweredEvent", &active, at(0));
        desk.events();
        desk.asked();
        desk
    }

    fn command(&mut self, command: CallCommand) {
        self.talk.command(command_id(), command, at(0));
    }

    fn outcome(&mut self) -> Option<Outcome> {
        let ended = |event| match event {
            LineEvent::CommandEnded(_, outcome) => Some(outcome),
            _ => None,
        };
        self.events().into_iter().find_map(ended)
    }
}

#[test]
fn session_subscribes_then_takes_a_snapshot_then_listens() {
    let mut desk = Desk::opened();
    let (purpose, request) = desk.asked().remove(0);
    assert_eq!(purpose, Purpose::Subscribe);
    assert_eq!(request.path, "user/agent@house.example");
    desk.reply(&Purpose::Subscribe, answer(SUBSCRIBED));
    assert_eq!(desk.paths(), ["user/agent@house.example/calls"]);
    let list = "<Calls><call><callId>c1</callId></call><call><callId>c2</callId></call></Calls>";
    desk.reply(&Purpose::Calls, answer(list));
    assert!(!desk.talk.is_listening(), "the list names calls only");
    let whole = xml("c1", "Terminator", "Active");
    desk.reply(&Purpose::Details("c1".into()), answer(&whole));
    desk.reply(&Purpose::Details("c2".into()), refusal(404));
    let events = desk.events();
    let [
        LineEvent::Snapshot(calls),
        LineEvent::Link(LinkState::Listening { .. }),
    ] = &events[..]
    else {
        panic!("a snapshot, then listening");
    };
    let states: Vec<CallState> = calls.iter().map(|call| call.state).collect();
    assert_eq!(states, [CallState::Active], "the other one ended meanwhile");
}

#[test]
fn event_during_the_snapshot_is_newer_than_the_list() {
    let mut desk = Desk::opened();
    desk.reply(&Purpose::Subscribe, answer(SUBSCRIBED));
    let held = xml("c1", "Terminator", "Held");
    desk.happens("CallHeldEvent", &held, at(0));
    let new = xml("c2", "Originator", "Alerting");
    desk.happens("CallOriginatedEvent", &new, at(0));
    let old = xml("c1", "Terminator", "Active");
    desk.reply(&Purpose::Calls, answer(&format!("<Calls>{old}</Calls>")));
    let Some(LineEvent::Snapshot(calls)) = desk.events().into_iter().next() else {
        panic!("a snapshot first");
    };
    let states: Vec<CallState> = calls.iter().map(|call| call.state).collect();
    let waits = CallState::Held { by: HeldBy::Us };
    assert_eq!(states, [waits, CallState::Dialing]);
}

#[test]
fn ringing_call_is_told_with_its_caller_and_abilities() {
    let mut desk = Desk::listening();
    let ringing = xml("c1", "Terminator", "Alerting");
    desk.happens("CallReceivedEvent", &ringing, at(0));
    let events = desk.events();
    let [LineEvent::Coming, LineEvent::Call(call)] = &events[..] else {
        panic!("first the sign, then the call");
    };
    assert_eq!(call.state, CallState::Ringing);
    assert_eq!(call.correlation.as_str(), "t-c1");
    let number = call.remote.party.number_to_look_up();
    assert_eq!(number, Some("+493023125001"));
    for ability in [Ability::Answer, Ability::Decline, Ability::Redirect] {
        assert!(call.allows(ability), "{ability:?}");
    }
}

#[test]
fn call_that_forwarding_takes_at_once_is_never_shown() {
    let mut desk = Desk::listening();
    let bare = |state: &str| {
        format!(
            "<xsi:call><xsi:callId>c1</xsi:callId><xsi:personality>Terminator</xsi:personality>\
             <xsi:state>{state}</xsi:state></xsi:call>"
        )
    };
    desk.happens("CallReceivedEvent", &bare("Alerting"), at(0));
    let wake = desk.talk.next_deadline();
    assert_eq!(
        wake,
        Some(Duration::from_millis(200)),
        "it may still be taken"
    );
    desk.happens("CallRedirectedEvent", &bare("Detached"), at(90));
    desk.talk.tick(at(200));
    assert_eq!(desk.calls(), [], "no telephone rang");
    desk.happens("CallReceivedEvent", &bare("Alerting"), at(300));
    desk.talk.tick(at(500));
    assert_eq!(desk.calls().len(), 1, "this one nobody took");
}

#[test]
fn gap_in_the_sequence_asks_for_everything_once() {
    let mut desk = Desk::talking("c1");
    desk.sequence += 2;
    let ringing = xml("c9", "Terminator", "Alerting");
    desk.happens("CallReceivedEvent", &ringing, at(0));
    assert_eq!(desk.paths(), ["user/agent@house.example/calls"]);
    assert_eq!(desk.calls().len(), 1, "what came is shown meanwhile");
    desk.sequence += 1;
    desk.happens("CallUpdatedEvent", &ringing, at(0));
    assert_eq!(desk.paths(), [""; 0], "one list at a time");
    desk.reply(&Purpose::Calls, answer("<Calls/>"));
    let Some(LineEvent::Snapshot(calls)) = desk.events().into_iter().next() else {
        panic!("what is missing ended unseen");
    };
    let legs: Vec<&str> = calls.iter().map(|call| call.leg.as_str()).collect();
    assert_eq!(legs, ["c9"], "newer than the list");
    assert_eq!(
        desk.paths(),
        ["user/agent@house.example/calls"],
        "for the second gap"
    );
}

#[test]
fn event_that_comes_again_is_acknowledged_and_changes_nothing() {
    let mut desk = Desk::talking("c1");
    desk.sequence -= 1;
    let old = xml("c1", "Terminator", "Held");
    desk.happens("CallHeldEvent", &old, at(0));
    let requests = desk.talk.take_requests();
    let purposes: Vec<&Purpose> = requests.iter().map(|(purpose, _)| purpose).collect();
    assert_eq!(purposes, [&Purpose::Acknowledge]);
    assert_eq!(desk.calls(), []);
}

#[test]
fn event_of_another_subscription_is_not_ours() {
    let mut desk = Desk::listening();
    let ringing = xml("c1", "Terminator", "Alerting");
    let foreign = desk.document("CallReceivedEvent", &ringing);
    let foreign = foreign.replace(">s1<", ">s2<");
    desk.talk.hear(foreign.as_bytes(), at(0));
    assert_eq!(desk.events(), [], "it may be another person's");
}

#[test]
fn events_split_and_joined_in_latin_letters_are_read() {
    let mut desk = Desk::listening();
    let call = xml("c1", "Terminator", "Alerting").replace("Erika", "Jörg");
    let first = desk.document("CallReceivedEvent", &call);
    let second = desk.document("CallUpdatedEvent", &call);
    let declared = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{first}");
    let mut bytes: Vec<u8> = declared
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("a Latin letter"))
        .collect();
    bytes.extend_from_slice(b"<ChannelHeartBeat xmlns=\"x\"/>");
    bytes.extend_from_slice(second.as_bytes());
    for piece in bytes.chunks(7) {
        desk.talk.hear(piece, at(0));
    }
    let calls = desk.calls();
    let names: Vec<Option<&str>> = calls
        .iter()
        .map(|call| call.remote.party.name.as_deref())
        .collect();
    assert_eq!(names, [Some("Jörg Muster")], "the same person both times");
}

#[test]
fn heartbeats_go_out_and_their_loss_ends_the_link() {
    let mut desk = Desk::listening();
    desk.talk.tick(at(15_000));
    assert_eq!(desk.paths(), ["channel/k1/heartbeat"]);
    desk.talk
        .answered(&Purpose::Keep, Err(LinkTrouble::Lost), at(15_000));
    assert_eq!(desk.talk.trouble(), None, "the next one makes up for it");
    desk.talk.answered(&Purpose::Keep, refusal(404), at(15_000));
    assert_eq!(desk.talk.trouble(), Some(LinkTrouble::Lost));
    let mut silent = Desk::listening();
    silent.talk.tick(at(45_000));
    assert_eq!(silent.talk.trouble(), Some(LinkTrouble::Lost), "no word");
}

#[test]
fn channel_and_subscription_are_renewed_at_half_time_and_given_back() {
    let mut desk = Desk::listening();
    desk.talk.hear(b"<ChannelHeartBeat/>", at(1_799_999));
    desk.talk.tick(at(1_800_000));
    assert_eq!(
        desk.paths(),
        ["channel/k1/heartbeat", "channel/k1", "subscription/s1"]
    );
    let goodbye: Vec<String> = desk
        .talk
        .end()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(goodbye, ["subscription/s1", "channel/k1"]);
}

#[test]
fn second_channel_of_the_same_name_does_not_start_a_storm() {
    let mut desk = Desk::listening();
    assert!(desk.talk.is_sound());
    let ended =
        "<Event s:type='x:ChannelTerminatedEvent'><reason>DuplicateChannelSet</reason></Event>";
    desk.talk.hear(ended.as_bytes(), at(0));
    assert_eq!(desk.talk.trouble(), Some(LinkTrouble::Lost));
    assert!(!desk.talk.is_sound(), "each wait is longer than the last");
    let mut double = Desk::opened();
    double.reply(&Purpose::Subscribe, refusal(409));
    assert_eq!(double.talk.trouble(), Some(LinkTrouble::Lost));
}

#[test]
fn refusals_of_the_subscription_are_told_apart() {
    for (status, trouble) in [
        (401, LinkTrouble::AuthenticationFailed),
        (403, LinkTrouble::RightsMissing),
        (503, LinkTrouble::ShuttingDown),
    ] {
        let mut desk = Desk::opened();
        desk.reply(&Purpose::Subscribe, refusal(status));
        assert_eq!(desk.talk.trouble(), Some(trouble), "{status}");
    }
    let mut worked = Desk::listening();
    worked.talk.end();
    worked.talk.begin(at(0));
    worked.talk.refused(LinkTrouble::RightsMissing);
    let mood = Some(LinkTrouble::ShuttingDown);
    assert_eq!(worked.talk.trouble(), mood, "too many requests");
}

#[test]
fn hold_is_proved_by_its_event() {
    let mut desk = Desk::talking("c1");
    let call = desk.call_on("c1");
    desk.command(CallCommand::Hold { call });
    assert_eq!(desk.paths(), ["user/agent@house.example/calls/c1/Hold"]);
    desk.reply(&Purpose::Command(command_id()), answer(""));
    assert_eq!(desk.outcome(), None, "accepted is not done");
    let held = xml("c1", "Terminator", "Held");
    desk.happens("CallHeldEvent", &held, at(0));
    assert_eq!(desk.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn command_that_nothing_proves_is_unconfirmed() {
    let mut desk = Desk::talking("c1");
    let call = desk.call_on("c1");
    desk.command(CallCommand::Hold { call });
    desk.talk.hear(b"<ChannelHeartBeat/>", at(4_000));
    desk.talk.tick(at(5_000));
    assert_eq!(desk.outcome(), Some(Outcome::Unconfirmed), "said so");
}

#[test]
fn telephone_that_obeys_picks_up_once_for_a_consultation_and_never_for_a_dial() {
    let mut desk = Desk::talking("c1");
    let call = desk.call_on("c1");
    let target = to("102");
    desk.command(CallCommand::Consult { call, target });
    desk.talk
        .answered(&Purpose::Command(command_id()), answer(""), at(0));
    desk.happens("CallHeldEvent", &xml("c1", "Terminator", "Held"), at(0));
    let made = "<CallStartInfo><callId>c2</callId></CallStartInfo>";
    desk.talk
        .answered(&Purpose::Command(command_id()), answer(made), at(0));
    desk.asked();
    let obeys = |id: &str| xml(id, "Click-to-Dial", "Alerting");
    desk.happens("CallUpdatedEvent", &obeys("c2"), at(0));
    let talk = "user/agent@house.example/calls/c2/Talk".to_owned();
    assert!(desk.paths().contains(&talk), "the receiver is in his hand");
    desk.happens("CallUpdatedEvent", &obeys("c2"), at(0));
    assert!(!desk.paths().contains(&talk), "once");
    desk.happens("CallOriginatingEvent", &obeys("c3"), at(0));
    let other = "user/agent@house.example/calls/c3/Talk".to_owned();
    assert!(!desk.paths().contains(&other), "nobody waits for this one");
}

#[test]
fn consultation_holds_dials_and_joins() {
    let mut desk = Desk::talking("c1");
    let call = desk.call_on("c1");
    let target = to("102");
    desk.command(CallCommand::Consult { call, target });
    assert_eq!(desk.paths(), ["user/agent@house.example/calls/c1/Hold"]);
    desk.talk
        .answered(&Purpose::Command(command_id()), answer(""), at(0));
    assert_eq!(
        desk.paths(),
        ["user/agent@house.example/calls/new?address=102"]
    );
    let held = xml("c1", "Terminator", "Held");
    desk.happens("CallHeldEvent", &held, at(0));
    let own = xml("c2", "Click-to-Dial", "Alerting");
    desk.happens("CallOriginatingEvent", &own, at(0));
    let made = "<CallStartInfo><callId>c2</callId></CallStartInfo>";
    desk.talk
        .answered(&Purpose::Command(command_id()), answer(made), at(0));
    assert_eq!(desk.outcome(), Some(Outcome::Confirmed));
    let asked = xml("c2", "Originator", "Active");
    desk.happens("CallAnsweredEvent", &asked, at(0));
    let both = desk.talk.call(call).and_then(|call| call.consultation);
    assert!(both.is_some_and(|both| both.held == call));
    desk.asked();
    desk.command(CallCommand::CompleteTransfer { call });
    assert_eq!(
        desk.paths(),
        ["user/agent@house.example/calls/c1/ConsultTransfer/c2"]
    );
    let over = xml("c1", "Terminator", "Released");
    desk.happens("CallReleasedEvent", &over, at(0));
    let events = desk.events();
    let away = CallState::Ended {
        reason: EndReason::TransferredAway,
    };
    let told = |event: &LineEvent| matches!(event, LineEvent::Call(told) if told.state == away);
    assert!(events.iter().any(told), "the caller is with the colleague");
    let confirmed = LineEvent::CommandEnded(command_id(), Outcome::Confirmed);
    assert!(events.contains(&confirmed));
}

#[test]
fn dialled_call_has_the_promised_id_however_it_is_heard_of() {
    for event_first in [true, false] {
        let mut desk = Desk::listening();
        let promised = id(500);
        desk.command(CallCommand::Dial {
            call: promised,
            target: to("+493023125001"),
        });
        let dial = "user/agent@house.example/calls/new?address=%2B493023125001";
        assert_eq!(desk.paths(), [dial]);
        let own = xml("c1", "Click-to-Dial", "Alerting");
        let made = "<CallStartInfo><callId>c1</callId></CallStartInfo>";
        if event_first {
            desk.happens("CallOriginatingEvent", &own, at(0));
        }
        desk.talk
            .answered(&Purpose::Command(command_id()), answer(made), at(0));
        if !event_first {
            desk.happens("CallOriginatingEvent", &own, at(0));
        }
        let ids: Vec<CallId> = desk.calls().into_iter().map(|call| call.id).collect();
        assert!(!ids.is_empty() && ids.iter().all(|id| *id == promised));
        let reached = xml("c1", "Originator", "Alerting");
        desk.happens("CallOriginatedEvent", &reached, at(0));
        assert_eq!(desk.outcome(), Some(Outcome::Confirmed));
    }
}

#[test]
fn caller_is_not_sent_to_a_colleague_who_talks() {
    let mut desk = Desk::opened();
    desk.reply(&Purpose::Subscribe, answer(SUBSCRIBED));
    let ringing = xml("c1", "Terminator", "Alerting");
    desk.happens("CallReceivedEvent", &ringing, at(0));
    desk.reply(
        &Purpose::Calls,
        answer(&format!("<Calls>{ringing}</Calls>")),
    );
    let page = "<Enterprise><totalAvailableRecords>1</totalAvailableRecords><enterpriseDirectory>\
                <directoryDetails><userId>b@house.example</userId><firstName>Agent</firstName><lastName>Zwei</lastName>\
                <extension>102</extension></directoryDetails></enterpriseDirectory></Enterprise>";
    desk.reply(&Purpose::Directory, answer(page));
    let call = desk.call_on("c1");
    let colleagues = desk.events().into_iter().find_map(|event| match event {
        LineEvent::Colleagues(colleagues) => Some(colleagues.len()),
        _ => None,
    });
    assert_eq!(colleagues, Some(1));
    let target = to("102");
    desk.command(CallCommand::Redirect { call, target });
    assert_eq!(desk.paths(), ["user/b@house.example/calls/HookStatus"]);
    let lifted = "<HookStatus><hookStatus>Off-Hook</hookStatus></HookStatus>";
    desk.reply(&Purpose::Hook(command_id()), answer(lifted));
    let busy = Outcome::NeedsConfirmation(CommandError::TargetBusy);
    assert_eq!(desk.outcome(), Some(busy));
    assert_eq!(desk.paths(), [""; 0], "nothing was sent");
    let target = Target {
        confirmed: true,
        ..to("102")
    };
    desk.command(CallCommand::Redirect { call, target });
    let sent = "user/agent@house.example/calls/c1/BlindTransfer?address=102";
    assert_eq!(desk.paths(), [sent], "the agent wants it all the same");
}

#[test]
fn lost_link_answers_every_command() {
    let mut desk = Desk::talking("c1");
    let call = desk.call_on("c1");
    desk.command(CallCommand::Hold { call });
    desk.talk.end();
    let refused = Outcome::Refused(CommandError::LinkDown);
    assert_eq!(desk.outcome(), Some(refused));
    assert!(desk.talk.call(call).is_some(), "the call keeps its id");
}

impl Desk {
    /// The id of the call on this leg: ids are given in order.
    fn call_on(&self, leg: &str) -> CallId {
        let found = (1..10).map(id).find(|id| {
            let call = self.talk.call(*id);
            call.is_some_and(|call| call.leg.as_str() == leg)
        });
        found.expect("a call on this leg")
    }
}
