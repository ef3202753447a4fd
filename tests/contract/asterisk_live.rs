//! Proves that the test telephones and the real Asterisk behave as the contract suite needs them to.
//!
//! Read with a manager connection of the tests' own; nothing of the product takes part.
#![cfg(target_os = "linux")]

use ringcard_tests::asterisk::{Asterisk, Block, Listener};
use ringcard_tests::pbx::{Habits, OnCall, OnKeyNotify, Options, Pbx, Phone, PhoneState};
use ringcard_tests::telephones::Telephone;

#[path = "asterisk_live/system.rs"]
mod system;

const CALLER: &str = "+49 231 1234567";
const DIALLED: &str = "+4923155501101";

/// A call from outside to 101 that has been answered: the agent, the caller.
async fn call_in_talk(pbx: &Asterisk) -> (Telephone, Telephone) {
    let agent = pbx.phone("101").await;
    let caller = pbx.rings(DIALLED).from(CALLER).await;
    agent.wait_for(PhoneState::Ringing).await;
    agent.answer().await;
    caller.wait_for(PhoneState::Talking).await;
    (agent, caller)
}

fn channel_of<'a>(event: &'a str, start: &'a str) -> impl Fn(&Block) -> bool + 'a {
    move |block| block.is(event) && block.names("Channel", start)
}

async fn caller_channel(listener: &mut Listener) -> String {
    let begun = listener
        .wait_for("the caller's leg", channel_of("Newchannel", "PJSIP/trunk-"))
        .await;
    begun.get("Channel").to_owned()
}

/// The agent's leg once Asterisk says that it rings: the telephone knows it a moment earlier.
async fn ringing_leg(listener: &mut Listener) -> Block {
    let rings = |event: &Block| {
        channel_of("Newstate", "PJSIP/101-")(event) && event.get("ChannelStateDesc") == "Ringing"
    };
    listener.wait_for("101 rings", rings).await
}

async fn agent_channel(listener: &mut Listener) -> String {
    ringing_leg(listener).await.get("Channel").to_owned()
}

/// An agent who leaves in the moment in which the colleague answers makes Asterisk 22.10.1 crash
/// (`blond_nonfinal_enter of bridge_basic.c`): the answer has to have passed the Local channel first.
async fn consultation_talks(listener: &mut Listener) {
    let answered = |event: &Block| {
        channel_of("Newstate", "Local/102@")(event) && event.get("ChannelStateDesc") == "Up"
    };
    listener.wait_for("the colleague's answer", answered).await;
}

#[test]
fn an_outside_call_rings_is_answered_and_hung_up() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let caller = pbx.rings(DIALLED).from(CALLER).named("Anna Müller").await;
        agent.wait_for(PhoneState::Ringing).await;
        assert_eq!(
            agent.calls()[0].shows,
            "+492311234567",
            "the display shows who calls"
        );
        let ringing = ringing_leg(&mut listener).await;
        assert_eq!(
            ringing.get("ConnectedLineNum"),
            "+492311234567",
            "the caller's number"
        );
        assert_eq!(
            ringing.get("ConnectedLineName"),
            "Anna Müller",
            "the caller's name"
        );
        agent.answer().await;
        caller.wait_for(PhoneState::Talking).await;
        listener
            .wait_for("the answer", |event| event.get("DialStatus") == "ANSWER")
            .await;
        caller.hang_up().await;
        agent.wait_for(PhoneState::Idle).await;
        listener
            .wait_for("101's end", channel_of("Hangup", "PJSIP/101-"))
            .await;
    });
}

#[test]
fn a_caller_who_gives_up_stops_the_ringing() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        caller.hang_up().await;
        agent.wait_for(PhoneState::Idle).await;
        listener
            .wait_for("the missed call", |event| {
                event.get("DialStatus") == "CANCEL"
            })
            .await;
    });
}

#[test]
fn busy_and_declined_reach_asterisk_as_what_they_are() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        agent.refuse_busy().await;
        listener
            .wait_for("busy", |event| event.get("DialStatus") == "BUSY")
            .await;
        listener
            .wait_for("101's end", channel_of("Hangup", "PJSIP/101-"))
            .await;
        pbx.hang_up_everything().await;
        caller.wait_for(PhoneState::Idle).await;
        listener.forget();
        agent.behaves(Habits {
            on_call: OnCall::Declines,
            ..Habits::default()
        });
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        let declined = listener
            .wait_for("101's end", channel_of("Hangup", "PJSIP/101-"))
            .await;
        assert_eq!(declined.get("Cause"), "21", "603 is a rejected call");
        caller.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn redirecting_the_callers_leg_rings_a_colleague() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let (agent, colleague) = (pbx.phone("101").await, pbx.phone("102").await);
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        let channel = caller_channel(&mut listener).await;
        let target = [
            ("Channel", &*channel),
            ("Context", "ext"),
            ("Exten", "102"),
            ("Priority", "1"),
        ];
        listener.order("Redirect", &target).await;
        colleague.wait_for(PhoneState::Ringing).await;
        agent.wait_for(PhoneState::Idle).await;
        colleague.answer().await;
        caller.wait_for(PhoneState::Talking).await;
        colleague.hang_up().await;
        caller.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn hold_and_resume_are_told() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let (agent, caller) = call_in_talk(pbx).await;
        agent.hold().await;
        listener
            .wait_for("hold", channel_of("Hold", "PJSIP/101-"))
            .await;
        listener
            .wait_for("music", channel_of("MusicOnHoldStart", "PJSIP/trunk-"))
            .await;
        agent.resume().await;
        listener
            .wait_for("resume", channel_of("Unhold", "PJSIP/101-"))
            .await;
        agent.hang_up().await;
        caller.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn a_caller_may_hold_too() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let (agent, caller) = call_in_talk(pbx).await;
        caller.hold().await;
        listener
            .wait_for("the caller's hold", channel_of("Hold", "PJSIP/trunk-"))
            .await;
        caller.resume().await;
        caller.hang_up().await;
        agent.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn a_colleague_picks_a_ringing_call_up() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let (agent, colleague) = (pbx.phone("101").await, pbx.phone("102").await);
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        ringing_leg(&mut listener).await;
        colleague.dial("*8").await;
        listener
            .wait_for("the pickup", |event| event.is("Pickup"))
            .await;
        agent.wait_for(PhoneState::Idle).await;
        caller.wait_for(PhoneState::Talking).await;
        colleague.wait_for(PhoneState::Talking).await;
    });
}

#[test]
fn a_group_call_stops_ringing_at_the_others_when_one_answers() {
    Asterisk::run(Options::default(), async |pbx| {
        let (agent, colleague) = (pbx.phone("101").await, pbx.phone("102").await);
        let caller = pbx.rings("1123").from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        colleague.wait_for(PhoneState::Ringing).await;
        colleague.answer().await;
        agent.wait_for(PhoneState::Idle).await;
        caller.wait_for(PhoneState::Talking).await;
    });
}

#[test]
fn a_telephone_that_obeys_is_answered_held_and_resumed_by_notify() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        agent.behaves(Habits {
            on_key_notify: OnKeyNotify::Obeys,
            ..Habits::default()
        });
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        let channel = agent_channel(&mut listener).await;
        for (key, state) in [
            ("talk", PhoneState::Talking),
            ("hold", PhoneState::Holding),
            ("talk", PhoneState::Talking),
        ] {
            let event = format!("Event={key}");
            listener
                .order(
                    "PJSIPNotify",
                    &[("Channel", &channel), ("Variable", &event)],
                )
                .await;
            agent.wait_for(state).await;
        }
        caller.wait_for(PhoneState::Talking).await;
    });
}

#[test]
fn a_telephone_that_refuses_notify_goes_on_ringing() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        let channel = agent_channel(&mut listener).await;
        let talk = [("Channel", channel.as_str()), ("Variable", "Event=talk")];
        listener.order("PJSIPNotify", &talk).await;
        let alive = listener
            .ask("Status", &[("Channel", channel.as_str())])
            .await;
        assert!(
            alive.is_ok_and(|answer| answer.get("Response") == "Success"),
            "101's leg lives"
        );
        agent.answer().await;
        caller.wait_for(PhoneState::Talking).await;
    });
}

#[test]
fn a_telephone_that_answers_481_to_notify_loses_the_call() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        agent.behaves(Habits {
            on_key_notify: OnKeyNotify::LosesCall,
            ..Habits::default()
        });
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        let channel = agent_channel(&mut listener).await;
        let talk = [("Channel", channel.as_str()), ("Variable", "Event=talk")];
        listener.order("PJSIPNotify", &talk).await;
        caller.wait_for(PhoneState::Idle).await;
        agent.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn a_consultation_by_feature_code_reaches_the_colleague_and_completes() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let colleague = pbx.phone("102").await;
        let (agent, caller) = call_in_talk(pbx).await;
        let channel = agent_channel(&mut listener).await;
        let target = [
            ("Channel", channel.as_str()),
            ("Exten", "102"),
            ("Context", "ext"),
        ];
        listener.order("Atxfer", &target).await;
        colleague.wait_for(PhoneState::Ringing).await;
        colleague.answer().await;
        consultation_talks(&mut listener).await;
        agent.hang_up().await;
        listener
            .wait_for("the transfer", |event| event.is("AttendedTransfer"))
            .await;
        caller.hang_up().await;
        colleague.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn keys_pressed_at_the_telephone_start_a_consultation() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let colleague = pbx.phone("102").await;
        let (agent, caller) = call_in_talk(pbx).await;
        agent.send_digits("*2102").await;
        colleague.wait_for(PhoneState::Ringing).await;
        colleague.answer().await;
        consultation_talks(&mut listener).await;
        agent.hang_up().await;
        listener
            .wait_for("the transfer", |event| event.is("AttendedTransfer"))
            .await;
        colleague.hang_up().await;
        caller.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn a_telephone_that_deflects_sends_the_caller_on() {
    Asterisk::run(Options::default(), async |pbx| {
        let (agent, colleague) = (pbx.phone("101").await, pbx.phone("102").await);
        agent.behaves(Habits {
            on_call: OnCall::Deflects("102".into()),
            ..Habits::default()
        });
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        colleague.wait_for(PhoneState::Ringing).await;
        colleague.answer().await;
        caller.wait_for(PhoneState::Talking).await;
    });
}

#[test]
fn a_telephone_that_does_not_say_it_rings_gives_no_ringing() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        agent.behaves(Habits {
            on_call: OnCall::RingsUnsaid,
            ..Habits::default()
        });
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        listener
            .wait_for("the dial", |event| event.is("DialBegin"))
            .await;
        agent.wait_for(PhoneState::Ringing).await;
        agent.answer().await;
        caller.wait_for(PhoneState::Talking).await;
        listener
            .wait_for("the answer", |event| event.get("DialStatus") == "ANSWER")
            .await;
        let rang = |event: &Block| event.get("ChannelStateDesc") == "Ringing";
        assert!(!listener.has_heard(rang), "no 180, no Ringing");
    });
}

#[test]
fn a_second_call_waits_while_the_first_is_held() {
    Asterisk::run(Options::default(), async |pbx| {
        let (agent, first) = call_in_talk(pbx).await;
        let second = pbx.rings(DIALLED).from("+49 30 7654321").await;
        agent.wait_for(PhoneState::Ringing).await;
        agent.hold().await;
        agent.answer().await;
        agent
            .wait_for_calls(&[PhoneState::Holding, PhoneState::Talking])
            .await;
        second.hang_up().await;
        agent.wait_for_calls(&[PhoneState::Holding]).await;
        agent.resume().await;
        agent.hang_up().await;
        first.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn a_call_dialled_at_the_telephone_reaches_colleagues_and_the_outside() {
    Asterisk::run(Options::default(), async |pbx| {
        let (agent, colleague) = (pbx.phone("101").await, pbx.phone("102").await);
        let outside = pbx.outside().await;
        agent.dial("102").await;
        colleague.wait_for(PhoneState::Ringing).await;
        agent.hang_up().await;
        colleague.wait_for(PhoneState::Idle).await;
        agent.dial("02311234567").await;
        outside.wait_for(PhoneState::Ringing).await;
        outside.answer().await;
        agent.wait_for(PhoneState::Talking).await;
        outside.hang_up().await;
        agent.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn a_redial_with_an_auto_answer_header_is_picked_up_by_itself() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        agent.behaves(Habits {
            auto_answer: true,
            ..Habits::default()
        });
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        let channel = caller_channel(&mut listener).await;
        let target = [
            ("Channel", &*channel),
            ("Context", "cti-answer"),
            ("Exten", "101"),
            ("Priority", "1"),
        ];
        listener.order("Redirect", &target).await;
        caller.wait_for(PhoneState::Talking).await;
        agent.wait_for(PhoneState::Talking).await;
    });
}

#[test]
fn withheld_forwarded_and_nameless_callers_arrive_as_they_were_sent() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let caller = pbx
            .rings(DIALLED)
            .from(CALLER)
            .withheld()
            .diverted_by("+49 30 5550")
            .await;
        agent.wait_for(PhoneState::Ringing).await;
        let channel = caller_channel(&mut listener).await;
        for (variable, value) in [
            ("CALLERID(num)", "+492311234567"),
            ("CALLERID(pres)", "prohib"),
            ("REDIRECTING(from-num)", "+49305550"),
        ] {
            let fields = [("Channel", channel.as_str()), ("Variable", variable)];
            let answer = listener.ask("Getvar", &fields).await.expect("connected");
            assert!(
                answer.names("Value", value),
                "{variable} is {}",
                answer.get("Value")
            );
        }
        caller.hang_up().await;
        listener.forget();
        let _caller = pbx.rings(DIALLED).withheld().await;
        agent.wait_for(PhoneState::Ringing).await;
        let begun = listener
            .wait_for("the leg", channel_of("Newchannel", "PJSIP/trunk-"))
            .await;
        assert_eq!(
            begun.get("CallerIDNum"),
            "anonymous",
            "no number behind an anonymous caller"
        );
    });
}

#[test]
fn a_queue_call_rings_its_members() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let caller = pbx.rings("500").from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        listener
            .wait_for("the queue", |event| {
                event.is("AgentCalled") && event.get("Queue") == "sales"
            })
            .await;
        agent.answer().await;
        listener
            .wait_for("the connection", |event| event.is("AgentConnect"))
            .await;
        pbx.hang_up_everything().await;
        caller.wait_for(PhoneState::Idle).await;
        agent.wait_for(PhoneState::Idle).await;
    });
}

#[test]
fn line_ends_in_a_callers_address_break_the_lines_of_the_manager() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let _caller = pbx.rings(DIALLED).from("0231%0d%0aInjected%3a%201").await;
        agent.wait_for(PhoneState::Ringing).await;
        let begun = listener
            .wait_for("the leg", channel_of("Newchannel", "PJSIP/trunk-"))
            .await;
        assert_eq!(
            begun.get("Injected"),
            "1",
            "Asterisk writes the decoded address as it is"
        );
    });
}
