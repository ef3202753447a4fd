//! The contract on an Asterisk of which account, dialplan, features and TLS are what `ringcard pbx asterisk-config 101`
//! prints.

use ringcard_core::{Ability, Call, CallCommand, EndReason, Outcome};
use ringcard_telephony::CheckResult;
use ringcard_telephony::providers::asterisk::{Config, ConsultMethod, Tls};
use ringcard_tests::asterisk::Asterisk;
use ringcard_tests::pbx::{Account, Options, Pbx as _, Phone as _, PhoneState, Printed};

use super::suite;
use super::suite::agent::config;
use super::suite::desk::talking_with;

fn take(name: &str, scenario: impl AsyncFnOnce(&Asterisk) + Send) {
    take_with(300, name, scenario);
}

fn take_with(seconds_of_music: u32, name: &str, scenario: impl AsyncFnOnce(&Asterisk) + Send) {
    let options = Options {
        printed: Some(Printed { seconds_of_music }),
        ..suite::options(name)
    };
    Asterisk::run(options, scenario);
}

macro_rules! scenarios {
    ($($room:ident: $($scenario:ident),+;)+) => {
        $($(
            #[test]
            fn $scenario() {
                take(stringify!($scenario), suite::$room::$scenario);
            }
        )+)+
    };
}

scenarios! {
    arriving:
        answered_from_here_by_redial,
        queue_call_names_its_queue;
    sending:
        redirected_caller_talks_with_the_colleague;
    consulting:
        consultation_is_completed,
        consultation_is_cancelled_while_the_colleague_rings,
        caller_whom_nobody_took_comes_back,
        two_legs_are_cancelled_in_talk,
        two_legs_by_a_context_of_their_own_are_completed,
        two_legs_by_a_context_of_their_own_come_back_from_a_busy_colleague;
    dialing:
        dialled_number_is_called_after_the_own_telephone,
        held_by_command_into_music_and_fetched_back;
    linking:
        rights_for_calls_and_agents_are_enough,
        tls_is_trusted_by_the_fingerprint_of_its_certificate;
    strangers:
        asserted_number_of_a_withheld_caller_is_never_told;
}

/// Agent 101 with every context that is printed.
fn whole(pbx: &Asterisk) -> Config {
    let contexts = pbx.contexts();
    let mut config = config(pbx, Account::Agent101);
    config.contexts.hold = Some(contexts.hold.into());
    config.contexts.consult = Some(contexts.consult.into());
    config.contexts.answer = Some(contexts.answer.into());
    config.consult = ConsultMethod::TwoLegs;
    config
}

#[test]
fn what_is_printed_passes_the_check() {
    take("tls_and_everything_else", async |pbx| {
        let mut config = whole(pbx);
        let tls = pbx.manager(Account::Agent101).tls.expect("with TLS");
        config.port = tls.port;
        config.tls = Tls::Fingerprint(tls.fingerprint);
        for (subject, result) in suite::linking::checked(config).await {
            assert_eq!(result, CheckResult::There, "{subject}");
        }
    });
}

#[test]
fn talk_after_music_ends_for_both_when_the_agent_hangs_up() {
    take("talk_after_music", async |pbx| {
        let mut desk = talking_with(pbx, whole(pbx)).await;
        let call = desk.call;
        let done = desk.agent.ask(CallCommand::Hold { call }).await;
        assert_eq!(done, Outcome::Confirmed, "the caller hears music");
        let ready = |told: &Call| told.id == call && told.allows(Ability::Resume);
        desk.agent.call("the caller waits", ready).await;
        let done = desk.agent.ask(CallCommand::Resume { call }).await;
        assert_eq!(done, Outcome::Confirmed, "they talk again");
        desk.phone.hang_up().await;
        desk.caller.wait_for(PhoneState::Idle).await;
        desk.phone.wait_for(PhoneState::Idle).await;
        assert_eq!(
            desk.agent.end_of(call).await,
            EndReason::HungUp,
            "no second ring"
        );
    });
}

#[test]
fn held_caller_who_waits_for_long_rings_at_the_telephone_again() {
    take_with(2, "held_for_long", async |pbx| {
        let mut desk = talking_with(pbx, whole(pbx)).await;
        let call = desk.call;
        let done = desk.agent.ask(CallCommand::Hold { call }).await;
        assert_eq!(done, Outcome::Confirmed, "the caller hears music");
        // The telephone waits in the music itself, and rings beside it.
        let rings = [PhoneState::Talking, PhoneState::Ringing];
        desk.phone.wait_for_calls(&rings).await;
        desk.phone.answer().await;
        desk.caller.wait_for(PhoneState::Talking).await;
        desk.caller.hang_up().await;
        desk.phone.wait_for_calls(&[PhoneState::Talking]).await;
    });
}
