//! Proves that the test telephones and the real Asterisk behave as the contract suite needs them to.
#![cfg(target_os = "linux")]

use ringcard_tests::asterisk::Asterisk;
use ringcard_tests::pbx::{Options, Pbx, Phone, PhoneState};

#[test]
fn an_outside_call_rings_is_answered_and_hung_up() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let agent = pbx.phone("101").await;
        let caller = pbx
            .rings("+4923155501101")
            .from("+49 231 1234567")
            .named("Anna Müller")
            .await;
        agent.wait_for(PhoneState::Ringing).await;
        assert_eq!(
            agent.calls()[0].shows,
            "+492311234567",
            "the display shows who calls"
        );
        let ringing = listener
            .wait_for("101 rings", |event| {
                event.is("Newstate")
                    && event.names("Channel", "PJSIP/101-")
                    && event.get("ChannelStateDesc") == "Ringing"
            })
            .await;
        assert_eq!(
            ringing.get("ConnectedLineNum"),
            "+492311234567",
            "the caller's number is in the event"
        );
        assert_eq!(
            ringing.get("ConnectedLineName"),
            "Anna Müller",
            "the caller's name is in the event"
        );
        agent.answer().await;
        caller.wait_for(PhoneState::Talking).await;
        listener
            .wait_for("the answer", |event| {
                event.is("DialEnd") && event.get("DialStatus") == "ANSWER"
            })
            .await;
        caller.hang_up().await;
        agent.wait_for(PhoneState::Idle).await;
        listener
            .wait_for("101's end", |event| {
                event.is("Hangup") && event.names("Channel", "PJSIP/101-")
            })
            .await;
    });
}
