//! Proves that the test telephones and the real Asterisk behave as the contract suite needs them to.
//!
//! Read with a manager connection of the tests' own; nothing of the product takes part.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ringcard_tests::asterisk::{Asterisk, Block, Listener};
use ringcard_tests::pbx::{
    Account, Habits, LinkLoss, OnCall, OnKeyNotify, Options, PATIENCE, Pbx, Phone, PhoneState,
};
use ringcard_tests::telephones::Telephone;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

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

async fn agent_channel(listener: &mut Listener) -> String {
    let begun = listener
        .wait_for("101's leg", channel_of("Newchannel", "PJSIP/101-"))
        .await;
    begun.get("Channel").to_owned()
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
        let ringing = |event: &Block| {
            channel_of("Newstate", "PJSIP/101-")(event)
                && event.get("ChannelStateDesc") == "Ringing"
        };
        let ringing = listener.wait_for("101 rings", ringing).await;
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
        caller.hang_up().await;
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
        .args(["--exact", "nothing_outlives_a_killed_test", "--nocapture"])
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
