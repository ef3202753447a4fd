//! A real Asterisk as the `Pbx` of the contract suite, each scenario with one of its own.
//!
//! A scenario runs on a thread that has left the machine's network and mounts for its own, so every Asterisk has port
//! 5060 and 5038 to itself and scenarios may run side by side. Threads and processes begun on that thread live there
//! too: a client under test needs to know nothing of it. When the thread or the whole test dies, Asterisk is killed
//! and its files, which lie on the thread's own tmpfs, are gone.

mod configuration;
mod link;
mod listener;
mod printed;
mod scene;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::resume_unwind;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{interval, timeout};

use crate::certificates::Certificate;
use crate::pbx::{Account, Contexts, LinkLoss, Manager, Options, OutsideCall, PATIENCE, Pbx, Tls};
use crate::telephones::{Telephone, Trunk};
use link::{Link, LinkState};
pub use listener::{Block, Listener};
use scene::Scene;
pub use scene::available;

const SIP: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 5060);
const MANAGER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 5038);
const MANAGER_TLS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 5039);
/// Starting takes two seconds; a loaded machine may need several times that.
const STARTED_WITHIN: Duration = Duration::from_secs(40);
/// Set by who runs the tests, where a system without Asterisk is no failure.
const WITHOUT: &str = "RINGCARD_WITHOUT_ASTERISK";

/// A running Asterisk with its telephones and the outside world.
pub struct Asterisk {
    scene: Scene,
    process: RefCell<Option<Child>>,
    link: Link,
    tls: Option<(Link, Certificate)>,
    telephones: RefCell<BTreeMap<String, Telephone>>,
    trunk: Trunk,
    is_printed: bool,
}

impl Asterisk {
    /// Starts one on this thread, which must have entered a scene of its own (see [`Pbx::run`]).
    async fn begin(scene: Scene, options: &Options) -> Self {
        let certificate = options.tls.then(Certificate::self_signed);
        if let Some(certificate) = &certificate {
            configuration::write_certificate(&scene, certificate);
            printed::write_certificate(&scene, certificate);
        }
        configuration::write(&scene, options);
        let plain = Link::open(MANAGER).await;
        let tls = match certificate {
            Some(certificate) => Some((Link::open(MANAGER_TLS).await, certificate)),
            None => None,
        };
        let trunk = Trunk::open(SIP)
            .await
            .expect("the trunk's address is free in a network of our own");
        let asterisk = Self {
            scene,
            process: RefCell::default(),
            link: plain,
            tls,
            telephones: RefCell::default(),
            trunk,
            is_printed: options.printed.is_some(),
        };
        asterisk.start().await;
        asterisk
    }

    /// The port of the manager interface, behind a link that can be cut.
    pub fn ami_port(&self) -> u16 {
        self.link.port()
    }

    /// A manager connection of the test's own that no cut link touches, logged in with every right.
    pub async fn listen(&self) -> Listener {
        Listener::login(MANAGER, "cti", "cti-secret")
            .await
            .expect("a started Asterisk lets cti in")
    }

    /// What Asterisk's console answers to a command. Now and then one console never ends: it is asked once more then.
    pub async fn console(&self, command: &str) -> String {
        for _ in 0..3 {
            let mut console = Command::new("chroot");
            console
                .arg(self.scene.root())
                .args(["/usr/sbin/asterisk", "-rx", command])
                .kill_on_drop(true);
            if let Ok(output) = timeout(PATIENCE, console.output()).await {
                let output = output.expect("chroot can be run");
                return String::from_utf8_lossy(&output.stdout).into_owned();
            }
        }
        panic!("the console answers in time to one of three");
    }

    /// Stops and starts it; telephones come back, calls do not.
    pub async fn restart(&self) {
        self.stop().await;
        self.start().await;
    }

    async fn set_link(&self, state: LinkState) {
        self.link.set(state).await;
        if let Some((link, _)) = &self.tls {
            link.set(state).await;
        }
    }

    async fn forget_calls(&self) {
        for telephone in self.all_telephones() {
            telephone.forget_calls().await;
        }
        self.trunk.forget_calls().await;
    }

    fn all_telephones(&self) -> Vec<Telephone> {
        self.telephones.borrow().values().cloned().collect()
    }
}

impl Pbx for Asterisk {
    type Phone = Telephone;
    type Outside = Telephone;

    fn run(options: Options, scenario: impl AsyncFnOnce(&Self) + Send) {
        if let Err(why) = available() {
            assert!(
                std::env::var(WITHOUT).is_ok_and(|set| set == "1"),
                "no Asterisk here: {why}"
            );
            println!("not on this system: {why}");
            return;
        }
        let on_own_ground = || {
            let scene = Scene::enter();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime can be made").block_on(async {
                let asterisk = Self::begin(scene, &options).await;
                scenario(&asterisk).await;
                asterisk.stop().await;
            });
        };
        let outcome = std::thread::scope(|threads| threads.spawn(on_own_ground).join());
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    }

    fn manager(&self, account: Account) -> Manager {
        let (user, secret) = match account {
            Account::Everything => ("cti", "cti-secret"),
            Account::CallsOnly => ("ctimin", "cti-secret"),
            Account::Agent101 if self.is_printed => printed::ACCOUNT,
            Account::Agent101 => ("agent101", "agent101-secret"),
        };
        let tls = self.tls.as_ref().map(|(link, certificate)| Tls {
            port: link.port(),
            certificate: certificate.pem.clone(),
            fingerprint: certificate.fingerprint.clone(),
        });
        Manager {
            host: Ipv4Addr::LOCALHOST.to_string(),
            port: self.ami_port(),
            tls,
            user: user.into(),
            secret: secret.into(),
        }
    }

    fn contexts(&self) -> Contexts {
        if self.is_printed {
            printed::CONTEXTS
        } else {
            Contexts::HOUSE
        }
    }

    async fn phone(&self, extension: &str) -> Telephone {
        if let Some(telephone) = self.telephones.borrow().get(extension) {
            return telephone.clone();
        }
        let telephone = Telephone::register(SIP, extension, &format!("pw{extension}")).await;
        let telephone = telephone.expect("a port is free in a network of our own");
        self.telephones
            .borrow_mut()
            .insert(extension.to_owned(), telephone.clone());
        telephone
    }

    async fn outside(&self) -> Telephone {
        self.trunk.dialled()
    }

    async fn call_in(&self, call: OutsideCall) -> Telephone {
        self.trunk.call(&call).await
    }

    async fn stop(&self) {
        let child = self.process.borrow_mut().take();
        let Some(mut child) = child else { return };
        self.console("core stop now").await;
        let ended = timeout(PATIENCE, child.wait()).await;
        assert!(ended.is_ok(), "Asterisk did not stop when told so");
        self.forget_calls().await;
    }

    async fn crash(&self) {
        let child = self.process.borrow_mut().take();
        let mut child = child.expect("only a running Asterisk can crash");
        // With the first process of its namespace everything in it is killed.
        child.kill().await.expect("a running child can be killed");
        self.forget_calls().await;
    }

    async fn start(&self) {
        assert!(self.process.borrow().is_none(), "it runs already");
        let mut child = self.scene.start_asterisk();
        tokio::select! {
            ended = child.wait() => panic!("Asterisk ended while starting: {ended:?}\n{}", self.scene.log()),
            ready = timeout(STARTED_WITHIN, listener::until_booted(MANAGER)) => {
                assert!(ready.is_ok(), "Asterisk was not ready in time\n{}", self.scene.log());
            }
        }
        self.process.replace(Some(child));
        for telephone in self.all_telephones() {
            telephone.register_again().await;
        }
    }

    async fn cut_link(&self, loss: LinkLoss) {
        self.set_link(match loss {
            LinkLoss::Closed => LinkState::Closed,
            LinkLoss::Silent => LinkState::Silent,
        })
        .await;
    }

    async fn restore_link(&self) {
        self.set_link(LinkState::Up).await;
    }

    async fn hang_up_everything(&self) {
        self.console("channel request hangup all").await;
        let quiet = async {
            let mut look = interval(Duration::from_millis(50));
            while !self
                .console("core show channels count")
                .await
                .contains("0 active channels")
            {
                look.tick().await;
            }
        };
        assert!(
            timeout(PATIENCE, quiet).await.is_ok(),
            "calls went on after they were hung up"
        );
    }
}

impl Drop for Asterisk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("what Asterisk said:\n{}", self.scene.log());
        }
    }
}
