//! The link to the telephone system: signing in, losing it, and what is left of the calls then.

use std::collections::HashMap;
use std::time::Duration;

use ringcard_core::{
    CallCommand, CallState, CheckResult, CommandError, EndReason, LineId, LinkTrouble, Outcome,
    Sensitive,
};
use ringcard_telephony::TelephonyProvider as _;
use ringcard_telephony::providers::asterisk::{
    AnswerMethod, Asterisk as Provider, Config, ConsultMethod, Tls,
};
use ringcard_tests::pbx::{Account, LinkLoss, Pbx, Phone, PhoneState};

use super::agent::{Agent, config};
use super::desk::{CALLER, DIALLED, ringing_with, talking, talking_with};

const MINUTE: Duration = Duration::from_secs(60);

pub async fn wrong_password_is_not_tried_again<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    config.secret = Sensitive::new("wrong".into());
    let mut agent = Agent::begin(pbx.line(config));
    assert_eq!(
        agent.is_down().await,
        (LinkTrouble::AuthenticationFailed, false),
        "the account would be locked"
    );
}

pub async fn closed_link_comes_back_with_the_same_calls<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    let first = desk.call;
    let second = pbx.rings(DIALLED).from("+49 30 7654321").await;
    let rings = |call: &ringcard_core::Call| call.state == CallState::Ringing;
    let waiting = desk.agent.call("a second caller rings", rings).await.id;
    pbx.cut_link(LinkLoss::Closed).await;
    let (_, heals) = desk.agent.is_down().await;
    assert!(heals, "it is tried again by itself");
    let call = first;
    assert_eq!(
        desk.agent.ask(CallCommand::HangUp { call }).await,
        Outcome::Refused(CommandError::LinkDown),
        "nothing can be sent"
    );
    pbx.restore_link().await;
    desk.agent.reconnects().await;
    desk.agent.sees(first, CallState::Active).await;
    desk.agent.sees(waiting, CallState::Ringing).await;
    second.hang_up().await;
    assert_eq!(
        desk.agent.end_of(waiting).await,
        EndReason::Missed,
        "never answered"
    );
    desk.caller.hang_up().await;
    assert_eq!(
        desk.agent.end_of(first).await,
        EndReason::HungUp,
        "they talked"
    );
    assert_eq!(
        desk.agent.calls().len(),
        2,
        "the same two calls all the time"
    );
}

pub async fn silent_link_is_noticed_and_an_ended_call_is_gone<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    config.limits.keep_alive = 1;
    let mut desk = talking_with(pbx, config).await;
    pbx.cut_link(LinkLoss::Silent).await;
    let (trouble, heals) = desk.agent.is_down().await;
    assert_eq!(
        (trouble, heals),
        (LinkTrouble::Lost, true),
        "no word is no link"
    );
    desk.caller.hang_up().await;
    desk.phone.wait_for(PhoneState::Idle).await;
    pbx.restore_link().await;
    desk.agent.reconnects().await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::EndedWhileAway, "nobody saw how it ended");
}

pub async fn link_lost_for_a_minute_comes_back_with_what_is_there<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    let rings = |call: &ringcard_core::Call| call.state == CallState::Ringing;
    let second = pbx.rings(DIALLED).from("+49 30 7654321").await;
    let waiting = desk.agent.call("a second caller rings", rings).await.id;
    pbx.cut_link(LinkLoss::Closed).await;
    desk.agent.is_down().await;
    second.hang_up().await;
    desk.agent.stays_down(MINUTE).await;
    let _third = pbx.rings(DIALLED).from("+49 40 5551234").await;
    pbx.restore_link().await;
    desk.agent.reconnects().await;
    desk.agent.sees(desk.call, CallState::Active).await;
    let gone = desk.agent.end_of(waiting).await;
    assert_eq!(gone, EndReason::EndedWhileAway, "nobody knows how");
    let third = desk.agent.call("the third caller rings", rings).await;
    assert_eq!(
        third.remote.party.number_to_look_up(),
        Some("+49405551234"),
        "who came in between"
    );
    assert_eq!(desk.agent.calls().len(), 3, "three callers, three calls");
}

pub async fn check_tells_what_the_account_may_and_what_is_there<P: Pbx>(pbx: &P) {
    let mut settings = config(pbx, Account::Agent101);
    settings.contexts.hold = Some(pbx.contexts().hold.into());
    settings.contexts.consult = Some("nowhere".into());
    settings.consult = ConsultMethod::TwoLegs;
    let found = checked(settings).await;
    for subject in [
        "connection",
        "login",
        "events",
        "right_call",
        "hold_context",
    ] {
        assert_eq!(found.get(subject), Some(&CheckResult::There), "{subject}");
    }
    let missing = Some(&CheckResult::Missing);
    assert_eq!(found.get("consult_context"), missing, "no such context");
    let everything = checked(config(pbx, Account::Everything)).await;
    let too_much = Some(&CheckResult::TooMuch);
    assert_eq!(
        everything.get("events"),
        too_much,
        "all is more than needed"
    );
    let codes = everything.get("feature_codes");
    assert_eq!(codes, Some(&CheckResult::There), "*2 consults");
}

/// What the check of these settings says, by subject.
pub async fn checked(config: Config) -> HashMap<String, CheckResult> {
    let provider = Provider::new(config, LineId::new("line"));
    let found = provider.check().await.into_iter();
    found.map(|check| (check.subject, check.result)).collect()
}

pub async fn restart_ends_the_call_and_the_link_comes_back<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    pbx.stop().await;
    let (_, heals) = desk.agent.is_down().await;
    assert!(heals, "a telephone system that restarts comes back");
    pbx.start().await;
    desk.agent.reconnects().await;
    let end = desk.agent.end_of(desk.call).await;
    assert!(
        matches!(end, EndReason::HungUp | EndReason::EndedWhileAway),
        "it did not survive: {end:?}"
    );
    rings_again(pbx, &mut desk.agent).await;
}

pub async fn crash_ends_the_call_and_the_link_comes_back<P: Pbx>(pbx: &P) {
    let mut desk = talking(pbx).await;
    pbx.crash().await;
    assert_eq!(
        desk.agent.is_down().await,
        (LinkTrouble::Lost, true),
        "nobody said why"
    );
    pbx.start().await;
    desk.agent.reconnects().await;
    let end = desk.agent.end_of(desk.call).await;
    assert_eq!(end, EndReason::EndedWhileAway, "nobody saw how it ended");
    rings_again(pbx, &mut desk.agent).await;
}

async fn rings_again<P: Pbx>(pbx: &P, agent: &mut Agent) {
    let _caller = pbx.rings(DIALLED).from(CALLER).await;
    let rings = |call: &ringcard_core::Call| call.state == CallState::Ringing;
    agent.call("the next caller rings", rings).await;
}

pub async fn rights_for_calls_and_agents_are_enough<P: Pbx>(pbx: &P) {
    let colleague = pbx.phone("102").await;
    let mut desk = talking_with(pbx, config(pbx, Account::CallsOnly)).await;
    let both = desk.consults_and_talks("102", &colleague).await;
    let call = desk.call;
    let back = desk.agent.ask(CallCommand::CancelConsult { call }).await;
    assert_eq!(back, Outcome::Confirmed, "back with the caller");
    desk.agent.end_of(both.consult).await;
    desk.can_consult().await;
    colleague.wait_for(PhoneState::Idle).await;
    let over = desk.agent.ask(CallCommand::HangUp { call }).await;
    assert_eq!(over, Outcome::Confirmed, "hung up");
    desk.caller.wait_for(PhoneState::Idle).await;
}

pub async fn notify_without_the_right_leaves_the_caller_ringing<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    config.answer = AnswerMethod::TalkNotify;
    let mut desk = ringing_with(pbx, config).await;
    let call = desk.call;
    let refused = desk.agent.ask(CallCommand::Answer { call }).await;
    assert_eq!(
        refused,
        Outcome::Refused(CommandError::NoRight),
        "the least rights do not reach that far"
    );
    desk.phone.answer().await;
    desk.agent.sees(call, CallState::Active).await;
    desk.caller.wait_for(PhoneState::Talking).await;
}

pub async fn tls_is_trusted_by_the_fingerprint_of_its_certificate<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    let tls = pbx.manager(Account::Agent101).tls.expect("asked for");
    config.port = tls.port;
    config.tls = Tls::Fingerprint(tls.fingerprint);
    let mut desk = talking_with(pbx, config).await;
    desk.caller.hang_up().await;
    assert_eq!(
        desk.agent.end_of(desk.call).await,
        EndReason::HungUp,
        "they talked"
    );
}

pub async fn tls_with_another_certificate_is_refused_for_good<P: Pbx>(pbx: &P) {
    let mut config = config(pbx, Account::Agent101);
    let tls = pbx.manager(Account::Agent101).tls.expect("asked for");
    config.port = tls.port;
    config.tls = Tls::Fingerprint("00".repeat(32));
    let mut agent = Agent::begin(pbx.line(config));
    assert_eq!(
        agent.is_down().await,
        (LinkTrouble::CertificateRefused, false),
        "somebody else answers there"
    );
}
