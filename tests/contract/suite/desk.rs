//! Where most scenarios begin: a caller rings at 101, or already talks there.

use ringcard_core::Outcome;
use ringcard_core::{Ability, CallCommand, CallId, CallState, Consultation, ConsultationPhase};
use ringcard_telephony::providers::asterisk::Config;
use ringcard_tests::pbx::{Account, Pbx, Phone, PhoneState};

use super::agent::{Agent, config, to};

/// The caller of most scenarios, invented.
pub const CALLER: &str = "+49 231 1234567";
/// What that caller dials to reach 101.
pub const DIALLED: &str = "+4923155501101";

/// Agent 101 with a caller.
pub struct Desk<P: Pbx> {
    /// The line as the application sees it.
    pub agent: Agent,
    /// The telephone on the desk.
    pub phone: P::Phone,
    /// Who called.
    pub caller: P::Outside,
    /// The call.
    pub call: CallId,
}

/// The agent's line with the account that Ringcard asks for, its telephone registered.
pub async fn agent<P: Pbx>(pbx: &P) -> (Agent, P::Phone) {
    let phone = pbx.phone("101").await;
    let agent = Agent::listening(pbx.line(config(pbx, Account::Agent101))).await;
    (agent, phone)
}

/// A caller rings at 101.
pub async fn ringing<P: Pbx>(pbx: &P) -> Desk<P> {
    ringing_with(pbx, config(pbx, Account::Agent101)).await
}

/// A caller rings at 101, whose line is set up so.
pub async fn ringing_with<P: Pbx>(pbx: &P, config: Config) -> Desk<P> {
    let phone = pbx.phone("101").await;
    let mut agent = Agent::listening(pbx.line(config)).await;
    let caller = pbx.rings(DIALLED).from(CALLER).await;
    let rings = |call: &ringcard_core::Call| {
        call.state == CallState::Ringing && call.allows(Ability::Redirect)
    };
    let call = agent.call("the caller rings", rings).await.id;
    phone.wait_for(PhoneState::Ringing).await;
    Desk {
        agent,
        phone,
        caller,
        call,
    }
}

/// A caller talks with 101.
pub async fn talking<P: Pbx>(pbx: &P) -> Desk<P> {
    talking_with(pbx, config(pbx, Account::Agent101)).await
}

/// A caller talks with 101, whose line is set up so.
pub async fn talking_with<P: Pbx>(pbx: &P, config: Config) -> Desk<P> {
    let mut desk = ringing_with(pbx, config).await;
    desk.phone.answer().await;
    desk.caller.wait_for(PhoneState::Talking).await;
    desk.can_consult().await;
    desk
}

impl<P: Pbx> Desk<P> {
    /// Waits until the agent talks with the caller and nobody else. Only who rings is redirected.
    pub async fn can_consult(&mut self) {
        let id = self.call;
        let free = |call: &ringcard_core::Call| {
            call.id == id
                && call.state == CallState::Active
                && call.consultation.is_none()
                && call.allows(Ability::Consult)
                && !call.allows(Ability::Redirect)
        };
        self.agent
            .call("the agent talks with the caller", free)
            .await;
    }

    /// Asks the colleague, whose telephone then rings.
    pub async fn consults(&mut self, extension: &str) -> Consultation {
        let consult = CallCommand::Consult {
            call: self.call,
            target: to(extension),
        };
        assert_eq!(
            self.agent.ask(consult).await,
            Outcome::Confirmed,
            "the caller waits, {extension} is being called"
        );
        self.consultation(ConsultationPhase::Dialing).await
    }

    /// Waits until the consultation has come this far.
    pub async fn consultation(&mut self, phase: ConsultationPhase) -> Consultation {
        let id = self.call;
        let so_far = |call: &ringcard_core::Call| {
            let both = call.consultation;
            call.id == id && both.is_some_and(|both| both.phase == phase)
        };
        let call = self
            .agent
            .call(&format!("the consultation is {phase:?}"), so_far)
            .await;
        call.consultation.expect("just looked at")
    }

    /// Asks the colleague, who picks up: agent and colleague talk, as the line says.
    pub async fn consults_and_talks(
        &mut self,
        extension: &str,
        colleague: &P::Phone,
    ) -> Consultation {
        self.consults(extension).await;
        colleague.wait_for(PhoneState::Ringing).await;
        colleague.answer().await;
        self.consultation(ConsultationPhase::Talking).await
    }
}
