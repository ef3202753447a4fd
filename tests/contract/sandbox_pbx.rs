//! The sandbox PBX as the `Pbx` of the contract suite: the same verbs, on simulated telephones.

use std::time::Duration;

use ringcard_sandbox::pbx as sandbox;
use tokio::time::timeout;

use crate::certificates::Certificate;
use crate::pbx::{
    Account, CallAtPhone, Habits, LinkLoss, Manager, OnCall, OnKeyNotify, Options, OutsideCall,
    PATIENCE, Pbx, Phone, PhoneState, Tls,
};

/// A sandbox PBX for one scenario.
pub struct Sandbox {
    pbx: sandbox::Pbx,
    certificate: Option<Certificate>,
}

/// A telephone of the sandbox, with the patience that the contract asks for.
#[derive(Clone)]
pub struct SandboxPhone(sandbox::Phone);

impl Pbx for Sandbox {
    type Phone = SandboxPhone;
    type Outside = SandboxPhone;

    fn run(options: Options, scenario: impl AsyncFnOnce(&Self) + Send) {
        on_a_runtime(async { scenario(&Self::start(options).await).await });
    }

    fn manager(&self, account: Account) -> Manager {
        let (user, secret) = match account {
            Account::Everything => sandbox::CTI,
            Account::CallsOnly => sandbox::CTI_MIN,
            Account::Agent101 => sandbox::AGENT_101,
        };
        let tls = self.certificate.as_ref().zip(self.pbx.tls_port());
        let tls = tls.map(|(certificate, port)| Tls {
            port,
            certificate: certificate.pem.clone(),
            fingerprint: certificate.fingerprint.clone(),
        });
        Manager {
            host: "127.0.0.1".into(),
            port: self.pbx.port(),
            tls,
            user: user.into(),
            secret: secret.into(),
        }
    }

    async fn phone(&self, extension: &str) -> SandboxPhone {
        SandboxPhone(self.pbx.phone(extension))
    }

    async fn outside(&self) -> SandboxPhone {
        let outside = self.pbx.outside();
        outside.behaves(sandbox::Habits::default());
        SandboxPhone(outside)
    }

    async fn call_in(&self, call: OutsideCall) -> SandboxPhone {
        let OutsideCall {
            dialled,
            number,
            name,
            withheld,
            diverted_by,
        } = call;
        let call = sandbox::OutsideCall {
            dialled,
            number,
            name,
            withheld,
            diverted_by,
        };
        SandboxPhone(self.pbx.call_in(&call))
    }

    async fn stop(&self) {
        self.pbx.stops().await;
    }

    async fn crash(&self) {
        self.pbx.crashes().await;
    }

    async fn start(&self) {
        self.pbx.restarts().await.expect("the port is still free");
    }

    async fn cut_link(&self, loss: LinkLoss) {
        let loss = match loss {
            LinkLoss::Closed => sandbox::LinkLoss::Closed,
            LinkLoss::Silent => sandbox::LinkLoss::Silent,
        };
        self.pbx.link_lost(loss).await;
    }

    async fn restore_link(&self) {
        self.pbx.link_back().await.expect("the port is still free");
    }

    async fn hang_up_everything(&self) {
        self.pbx.hangs_up_everything();
    }
}

/// Runs a scenario on a runtime of its own.
pub fn on_a_runtime(scenario: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime can be made").block_on(scenario);
}

impl Sandbox {
    /// A house of its own, no telephone registered.
    pub async fn start(options: Options) -> Self {
        assert_eq!(options.printed, None, "the sandbox reads no files");
        let certificate = options.tls.then(Certificate::self_signed);
        let pbx = sandbox::Pbx::start(sandbox::PbxOptions {
            atxfer_no_answer_timeout: seconds(options.atxfer_no_answer_timeout),
            transfer_digit_timeout: seconds(options.transfer_digit_timeout),
            registered: Vec::new(),
            tls: certificate.as_ref().map(|made| sandbox::TlsIdentity {
                certificate: made.pem.clone(),
                key: made.key.clone(),
            }),
            ..sandbox::PbxOptions::default()
        });
        Self {
            pbx: pbx.await.expect("a port is free on loopback"),
            certificate,
        }
    }

    /// The PBX itself, for whoever shows it by another interface.
    pub fn pbx(&self) -> &sandbox::Pbx {
        &self.pbx
    }
}

impl SandboxPhone {
    /// Tries again whenever anything happened, until it worked.
    async fn insist(&self, what: &str, mut attempt: impl FnMut(&sandbox::Phone) -> bool) {
        let mut changes = self.0.changes();
        let done = async {
            while !attempt(&self.0) {
                changes
                    .changed()
                    .await
                    .expect("the PBX lives as long as its scenario");
            }
        };
        let in_time = timeout(PATIENCE, done).await.is_ok();
        assert!(
            in_time,
            "{what}: no call fits; there are {:?}",
            self.0.calls()
        );
    }
}

impl Phone for SandboxPhone {
    fn behaves(&self, habits: Habits) {
        self.0.behaves(sandbox::Habits {
            on_call: on_call(habits.on_call),
            on_key_notify: match habits.on_key_notify {
                OnKeyNotify::Refuses => sandbox::OnKeyNotify::Refuses,
                OnKeyNotify::Obeys => sandbox::OnKeyNotify::Obeys,
                OnKeyNotify::LosesCall => sandbox::OnKeyNotify::LosesCall,
            },
            auto_answer: habits.auto_answer,
        });
    }

    async fn answer(&self) {
        self.insist("answer", sandbox::Phone::answer).await;
    }

    async fn decline(&self) {
        self.insist("decline", sandbox::Phone::decline).await;
    }

    async fn refuse_busy(&self) {
        self.insist("refuse busy", sandbox::Phone::refuse_busy)
            .await;
    }

    async fn hang_up(&self) {
        self.insist("hang up", sandbox::Phone::hang_up).await;
    }

    async fn hold(&self) {
        self.insist("hold", sandbox::Phone::hold).await;
    }

    async fn resume(&self) {
        self.insist("resume", sandbox::Phone::resume).await;
    }

    async fn dial(&self, number: &str) {
        assert!(self.0.dial(number), "only a telephone on a desk dials");
    }

    async fn send_digits(&self, digits: &str) {
        self.insist("send digits", |phone| phone.send_digits(digits))
            .await;
    }

    async fn wait_for(&self, state: PhoneState) {
        self.insist(&format!("wait for {state:?}"), |phone| {
            let calls = states(phone);
            if state == PhoneState::Idle {
                calls.is_empty()
            } else {
                calls.contains(&state)
            }
        })
        .await;
    }

    async fn wait_for_calls(&self, wanted: &[PhoneState]) {
        self.insist(&format!("wait for {wanted:?}"), |phone| {
            states(phone) == wanted
        })
        .await;
    }

    fn calls(&self) -> Vec<CallAtPhone> {
        let calls = self.0.calls().into_iter();
        calls
            .map(|call| CallAtPhone {
                state: state(call.state),
                shows: call.shows,
            })
            .collect()
    }
}

fn states(phone: &sandbox::Phone) -> Vec<PhoneState> {
    phone
        .calls()
        .into_iter()
        .map(|call| state(call.state))
        .collect()
}

fn state(state: sandbox::PhoneState) -> PhoneState {
    match state {
        sandbox::PhoneState::Idle => PhoneState::Idle,
        sandbox::PhoneState::Ringing => PhoneState::Ringing,
        sandbox::PhoneState::Dialing => PhoneState::Dialing,
        sandbox::PhoneState::Talking => PhoneState::Talking,
        sandbox::PhoneState::Holding => PhoneState::Holding,
    }
}

fn on_call(habit: OnCall) -> sandbox::OnCall {
    match habit {
        OnCall::Rings => sandbox::OnCall::Rings,
        OnCall::RingsUnsaid => sandbox::OnCall::RingsUnsaid,
        OnCall::Answers => sandbox::OnCall::Answers(Duration::ZERO),
        OnCall::Busy => sandbox::OnCall::Busy,
        OnCall::Declines => sandbox::OnCall::Declines,
        OnCall::Deflects(to) => sandbox::OnCall::Deflects(to),
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}
