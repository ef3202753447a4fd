//! Sleep and another network, as the system tells them: a bus and a network of the test's own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use ringcard_core::CallState;
use ringcard_ipc::{Card, Notice, Reply, Request};
use ringcard_tests::desk::Desk;
use serde_json::json;
use zbus::interface;

/// Set where a test runs inside what it prepared for itself.
const INSIDE: &str = "RINGCARD_TEST_INSIDE";

/// Where logind keeps the session of the one who sits here.
const SCREEN: &str = "/org/freedesktop/login1/session/_31";

/// The system's bus, with nobody on it yet.
struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        let told = daemon.stdout.take().unwrap();
        BufReader::new(told).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        Self { daemon, address }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// What logind is to those who listen to it.
struct Logind;

#[interface(name = "org.freedesktop.login1.Manager")]
impl Logind {
    #[zbus(signal)]
    async fn prepare_for_sleep(
        emitter: &zbus::object_server::SignalEmitter<'_>,
        start: bool,
    ) -> zbus::Result<()>;

    fn get_session(&self, _id: &str) -> zbus::OwnedObjectPath {
        zbus::ObjectPath::from_static_str_unchecked(SCREEN).into()
    }
}

/// The screen of the one who sits here.
struct Screen {
    locked: bool,
}

#[interface(name = "org.freedesktop.login1.Session")]
impl Screen {
    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.locked
    }
}

/// Runs this one test again, by `command`, which ends with the name of the program to run.
fn again(mut command: Command, test: &str) {
    let program = std::env::current_exe().unwrap();
    let status = command
        .arg(program)
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "yes")
        .status()
        .expect("env and unshare are part of every Linux");
    assert!(status.success(), "{test} failed inside");
}

fn again_with_a_bus(test: &str) {
    let bus = Bus::start();
    let mut command = Command::new("env");
    command.arg(format!("DBUS_SYSTEM_BUS_ADDRESS={}", bus.address));
    again(command, test);
}

fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().build().unwrap()
}

fn inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

fn listening_since(desk: &ringcard_ipc::StatusView) -> Option<i64> {
    desk.lines[0].listening_since
}

/// Waits until the line listens anew.
async fn line_is_renewed(desk: &mut Desk, before: i64) {
    desk.status_is("a new link", |status| {
        listening_since(status).is_some_and(|since| since > before)
    })
    .await;
}

async fn since_when(desk: &mut Desk) -> i64 {
    let status = desk
        .status_is("a link", |status| listening_since(status).is_some())
        .await;
    listening_since(&status).unwrap()
}

#[test]
fn waking_up_renews_the_link_and_refreshes_the_mirror() {
    if !inside() {
        return again_with_a_bus("waking_up_renews_the_link_and_refreshes_the_mirror");
    }
    runtime().block_on(async {
        let logind = zbus::connection::Builder::system()
            .name("org.freedesktop.login1")
            .serve_at("/org/freedesktop/login1", Logind)
            .build()
            .await
            .unwrap();
        let mut desk = Desk::that_knows_erika().await;
        let before = since_when(&mut desk).await;
        desk.zoho
            .adds_contact(json!({"Last_Name": "Neumann", "Phone": "030 23125 042"}));
        let server = logind.object_server();
        let manager = server.interface::<_, Logind>("/org/freedesktop/login1");
        let manager = manager.await.unwrap();
        for start in [true, false] {
            Logind::prepare_for_sleep(manager.signal_emitter(), start)
                .await
                .unwrap();
        }
        line_is_renewed(&mut desk, before).await;
        desk.status_is("what changed meanwhile", |status| {
            let report = status.integrations[0].last_report.as_ref();
            report.is_some_and(|report| report.new == 1)
        })
        .await;
        let number = "030 23125042".into();
        let Reply::Lookup(view) = desk.ask(Request::Lookup { number }).await else {
            panic!("a lookup is answered");
        };
        assert_eq!(view.found.len(), 1, "the mirror was refreshed unasked");
    });
}

#[test]
fn missed_calls_behind_a_locked_screen_are_told_when_the_agent_is_back() {
    if !inside() {
        return again_with_a_bus(
            "missed_calls_behind_a_locked_screen_are_told_when_the_agent_is_back",
        );
    }
    runtime().block_on(async {
        let logind = zbus::connection::Builder::system()
            .name("org.freedesktop.login1")
            .serve_at("/org/freedesktop/login1", Logind)
            .serve_at(SCREEN, Screen { locked: true })
            .build()
            .await
            .unwrap();
        let mut desk = Desk::that_knows_erika().await;
        for _ in 0..2 {
            let caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
            let rings = |card: &Card| card.state == CallState::Ringing;
            let call = desk.card_is("a ringing card", rings).await.call;
            caller.hang_up();
            let over = |card: &Card| card.call == call && card.state.is_ended();
            desk.card_is("its end", over).await;
        }
        let screen = logind.object_server().interface::<_, Screen>(SCREEN);
        let screen = screen.await.unwrap();
        screen.get_mut().await.locked = false;
        let emitter = screen.signal_emitter();
        screen
            .get()
            .await
            .locked_hint_changed(emitter)
            .await
            .unwrap();
        let told = desk.notice().await;
        assert_eq!(told, Notice::MissedCalls { count: 2 }, "both as one");
    });
}

#[test]
fn another_network_renews_the_link() {
    if !inside() {
        let mut command = Command::new("unshare");
        command.args(["--net", "--user", "--map-root-user"]);
        return again(command, "another_network_renews_the_link");
    }
    ip(&["link", "set", "lo", "up"]);
    runtime().block_on(async {
        let mut desk = Desk::that_knows_erika().await;
        let before = since_when(&mut desk).await;
        ip(&["address", "add", "192.0.2.7/24", "dev", "lo"]);
        line_is_renewed(&mut desk, before).await;
    });
}

fn ip(words: &[&str]) {
    let status = Command::new("ip").args(words).status();
    assert!(status.expect("ip is installed").success(), "ip {words:?}");
}
