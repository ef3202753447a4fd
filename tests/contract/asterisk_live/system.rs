//! The Asterisk itself: stopped, crashed, cut off, its accounts and certificate, and that nothing of it stays behind.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ringcard_tests::asterisk::{Asterisk, Listener};
use ringcard_tests::pbx::{Account, LinkLoss, Options, PATIENCE, Pbx, Phone, PhoneState};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{CALLER, DIALLED, call_in_talk};

#[test]
fn a_stop_hangs_calls_up_and_a_start_brings_telephones_back() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let (agent, _caller) = call_in_talk(pbx).await;
        pbx.stop().await;
        listener
            .wait_for("the shutdown", |event| event.is("Shutdown"))
            .await;
        assert!(agent.calls().is_empty(), "the call is gone");
        pbx.start().await;
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        caller.hang_up().await;
    });
}

#[test]
fn a_crash_ends_the_connection_without_telling_the_end_of_calls() {
    Asterisk::run(Options::default(), async |pbx| {
        let mut listener = pbx.listen().await;
        let (agent, _caller) = call_in_talk(pbx).await;
        pbx.crash().await;
        listener.wait_for_end().await;
        let told = listener.has_heard(|event| event.is("Hangup") || event.is("Shutdown"));
        assert!(!told, "neither Hangup nor Shutdown comes");
        pbx.start().await;
        let caller = pbx.rings(DIALLED).from(CALLER).await;
        agent.wait_for(PhoneState::Ringing).await;
        caller.hang_up().await;
    });
}

#[test]
fn a_cut_link_takes_managers_away_and_leaves_calls() {
    Asterisk::run(Options::default(), async |pbx| {
        let (agent, caller) = call_in_talk(pbx).await;
        let address = ("127.0.0.1", pbx.ami_port());
        let mut client = TcpStream::connect(address).await.expect("the link is up");
        let mut bytes = [0; 256];
        assert!(
            client.read(&mut bytes).await.is_ok_and(|length| length > 0),
            "the banner comes"
        );
        pbx.cut_link(LinkLoss::Closed).await;
        let rest = timeout(PATIENCE, client.read(&mut bytes))
            .await
            .expect("the end is told");
        assert!(
            rest.is_err() || rest.is_ok_and(|length| length == 0),
            "the connection ends"
        );
        assert!(
            TcpStream::connect(address).await.is_err(),
            "a closed link refuses"
        );
        pbx.cut_link(LinkLoss::Silent).await;
        let mut silent = TcpStream::connect(address)
            .await
            .expect("a silent link still takes connections");
        assert!(
            silent.try_read(&mut bytes).is_err(),
            "a silent link has no banner"
        );
        pbx.restore_link().await;
        let banner = timeout(PATIENCE, silent.read(&mut bytes)).await;
        assert!(
            banner.is_ok_and(|read| read.is_ok_and(|length| length > 0)),
            "it goes on"
        );
        assert_eq!(
            agent.calls()[0].state,
            PhoneState::Talking,
            "the call went on"
        );
        caller.hang_up().await;
    });
}

#[test]
fn managers_have_the_rights_of_their_account_and_no_more() {
    Asterisk::run(Options::default(), async |pbx| {
        for (account, console) in [
            (Account::Everything, "Success"),
            (Account::CallsOnly, "Error"),
            (Account::Agent101, "Error"),
        ] {
            let manager = pbx.manager(account);
            let address = ([127, 0, 0, 1], manager.port).into();
            let mut listener = Listener::login(address, &manager.user, &manager.secret)
                .await
                .expect("it is let in");
            let answer = listener
                .ask("Command", &[("Command", "core show uptime")])
                .await
                .expect("connected");
            assert_eq!(
                answer.get("Response"),
                console,
                "{account:?} at the console"
            );
        }
        let wrong = Listener::login(([127, 0, 0, 1], pbx.ami_port()).into(), "cti", "wrong").await;
        assert!(wrong.is_err(), "a wrong secret is not let in");
    });
}

#[test]
fn tls_shows_the_certificate_that_was_promised() {
    Asterisk::run(
        Options {
            tls: true,
            ..Options::default()
        },
        async |pbx| {
            let tls = pbx.manager(Account::Everything).tls.expect("asked for");
            let mut look = tokio::process::Command::new("sh");
            let pipe = format!(
                "openssl s_client -connect 127.0.0.1:{} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256",
                tls.port
            );
            let shown = look
                .args(["-c", &pipe])
                .output()
                .await
                .expect("openssl was found before");
            let shown = String::from_utf8_lossy(&shown.stdout)
                .replace(':', "")
                .to_ascii_lowercase();
            assert!(
                shown.trim().ends_with(&tls.fingerprint),
                "Asterisk shows another certificate: {shown}"
            );
        },
    );
}

const AS_VICTIM: &str = "RINGCARD_DIES_WITH_ASTERISK";

/// Starts itself once more with an Asterisk, kills that, and looks whether anything of it is left.
#[test]
fn nothing_outlives_a_killed_test() {
    if std::env::var_os(AS_VICTIM).is_some() {
        return Asterisk::run(Options::default(), async |_pbx| {
            println!(
                "\nnetwork {}",
                network_of("thread-self").expect("it has one")
            );
            std::future::pending().await
        });
    }
    if ringcard_tests::asterisk::available().is_err() {
        return Asterisk::run(Options::default(), async |_pbx| {});
    }
    let mut victim = Command::new(std::env::current_exe().expect("it runs"))
        .args([
            "--exact",
            "system::nothing_outlives_a_killed_test",
            "--nocapture",
        ])
        .env(AS_VICTIM, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a test can start itself");
    let lines = BufReader::new(victim.stdout.take().expect("piped")).lines();
    let network = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("network ").map(str::to_owned));
    let network = network.expect("the other one started its Asterisk");
    assert!(
        living_in(&network).contains(&"asterisk".to_owned()),
        "an Asterisk lives in {network}"
    );
    victim.kill().expect("it lives");
    victim.wait().expect("it was ours");
    let patience = Instant::now() + PATIENCE;
    while !living_in(&network).is_empty() && Instant::now() < patience {
        std::thread::park_timeout(Duration::from_millis(20));
    }
    assert_eq!(
        living_in(&network),
        Vec::<String>::new(),
        "nothing is left in its network"
    );
    let mounts = std::fs::read_to_string("/proc/self/mounts").expect("linux");
    assert!(
        !mounts.contains("/asterisk/scene"),
        "no mount reached the machine"
    );
}

fn network_of(process: &str) -> Option<String> {
    let link = std::fs::read_link(Path::new("/proc").join(process).join("ns/net")).ok()?;
    Some(link.to_string_lossy().into_owned())
}

/// The names of the processes in a network.
fn living_in(network: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc")
        .expect("linux")
        .filter_map(Result::ok);
    let names = processes.filter_map(|entry| {
        let process = entry.file_name().into_string().ok()?;
        let name = std::fs::read_to_string(entry.path().join("comm")).ok()?;
        (network_of(&process)? == network).then(|| name.trim().to_owned())
    });
    names.collect()
}
