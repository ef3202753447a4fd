//! The sandbox PBX as a line at its Xsi server has it: the same telephones, steered by another interface.
//!
//! Telephones are of a kind that obeys the network, as those of an operator do.

use ringcard_core::LineId;
use ringcard_sandbox::xsi::{Xsi, XsiOptions, password_of, user_of};
use ringcard_telephony::TelephonyProvider;
use ringcard_telephony::providers::asterisk::Config;
use ringcard_telephony::providers::broadworks::{self, BroadWorks};

use crate::pbx::{
    Account, Habits, LinkLoss, Manager, OnKeyNotify, Options, OutsideCall, Pbx, Phone as _,
};
use crate::sandbox_pbx::{Sandbox, SandboxPhone, on_a_runtime};

/// The agent whose line it is.
const AGENT: &str = "101";

/// A sandbox PBX with an Xsi server for one scenario.
pub struct XsiSandbox {
    house: Sandbox,
    xsi: Xsi,
}

impl Pbx for XsiSandbox {
    type Phone = SandboxPhone;
    type Outside = SandboxPhone;

    fn run(options: Options, scenario: impl AsyncFnOnce(&Self) + Send) {
        on_a_runtime(async {
            let house = Sandbox::start(options).await;
            let xsi = Xsi::start(house.pbx(), XsiOptions::default()).await;
            let xsi = xsi.expect("a port is free on loopback");
            scenario(&Self { house, xsi }).await;
        });
    }

    /// The agent's own account, whichever is asked for: there is no other.
    fn manager(&self, _account: Account) -> Manager {
        let address = self.xsi.address();
        Manager {
            host: address.ip().to_string(),
            port: address.port(),
            tls: None,
            user: user_of(AGENT),
            secret: password_of(AGENT),
        }
    }

    /// What is said of dialplans and features has no meaning here.
    fn line(&self, config: Config) -> Box<dyn TelephonyProvider> {
        let host = format!("http://{}:{}", config.host, config.port);
        let mut settings = broadworks::Config::new(host, config.user, AGENT);
        settings.secret = config.secret;
        settings.limits.heartbeat = u64::from(config.limits.keep_alive) * 1_000;
        Box::new(BroadWorks::new(settings, LineId::new("line")))
    }

    async fn phone(&self, extension: &str) -> SandboxPhone {
        let phone = self.house.phone(extension).await;
        phone.behaves(Habits {
            on_key_notify: OnKeyNotify::Obeys,
            ..Habits::default()
        });
        phone
    }

    async fn outside(&self) -> SandboxPhone {
        self.house.outside().await
    }

    async fn call_in(&self, call: OutsideCall) -> SandboxPhone {
        self.house.call_in(call).await
    }

    async fn stop(&self) {
        self.house.stop().await;
        self.xsi.goes_offline().await;
    }

    /// Without a word: what the PBX says at its end reaches nobody.
    async fn crash(&self) {
        self.xsi.goes_offline().await;
        self.house.crash().await;
    }

    async fn start(&self) {
        self.house.start().await;
        self.comes_back().await;
    }

    async fn cut_link(&self, loss: LinkLoss) {
        match loss {
            LinkLoss::Closed => self.xsi.goes_offline().await,
            LinkLoss::Silent => self.xsi.falls_silent(),
        }
    }

    async fn restore_link(&self) {
        self.xsi.speaks_again();
        self.comes_back().await;
    }

    async fn hang_up_everything(&self) {
        self.house.hang_up_everything().await;
    }
}

impl XsiSandbox {
    async fn comes_back(&self) {
        let listening = self.xsi.comes_back().await;
        listening.expect("the port is still free");
    }
}
