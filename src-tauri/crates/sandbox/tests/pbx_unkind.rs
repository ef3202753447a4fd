//! The unkindness that only the sandbox PBX can be asked for, and its own switches.
//!
//! Where it has to be as unkind as a real one, the contract suite says so of both: `unkind`, `telling`, `listening`.

mod pbx_client;

use pbx_client::{Client, pbx};
use ringcard_sandbox::pbx::{CTI, LinkLoss};
use tokio::net::TcpStream;

#[tokio::test]
async fn md5_login_works_with_the_challenge() {
    use md5::{Digest as _, Md5};
    let pbx = pbx().await;
    let mut manager = Client::connect(pbx.port()).await;
    let challenge = manager
        .ask("Challenge", &[("AuthType", "MD5")])
        .await
        .get("Challenge")
        .to_owned();
    let digest = Md5::digest(format!("{challenge}{}", CTI.1));
    let key: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let login = [("AuthType", "MD5"), ("Username", CTI.0), ("Key", &key)];
    assert_eq!(
        manager.ask("Login", &login).await.get("Message"),
        "Authentication accepted",
        "the right key"
    );
}

#[tokio::test]
async fn ringing_may_be_said_before_the_dial_begins() {
    let pbx = pbx().await;
    pbx.says_ringing_first();
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101").from("02311234567").place();
    manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    let ringing = manager
        .position(|block| block.is("Newstate") && block.get("ChannelStateDesc") == "Ringing");
    let begin = manager.position(|block| block.is("DialBegin"));
    assert!(ringing < begin, "the order of topics is not promised");
}

#[tokio::test]
async fn nobody_listens_after_a_crash_and_a_stop_ends_calls_first() {
    let pbx = pbx().await;
    pbx.crashes().await;
    assert!(
        TcpStream::connect(("127.0.0.1", pbx.port())).await.is_err(),
        "nobody listens"
    );
    pbx.restarts().await.expect("the port is still ours");
    let mut manager = Client::cti(&pbx).await;
    pbx.rings("101").from("02311234567").place();
    manager.event("DialState", "DestChannel", "PJSIP/101").await;
    pbx.stops().await;
    manager.until_closed().await;
    assert_eq!(
        manager.heard("Hangup").len(),
        2,
        "the real one may leave them out"
    );
}

#[tokio::test]
async fn a_lost_link_leaves_the_calls_alone() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    let caller = pbx.rings("101").from("02311234567").place();
    pbx.link_lost(LinkLoss::Closed).await;
    manager.until_closed().await;
    pbx.phone("101").answer();
    pbx.link_back().await.expect("the port is still ours");
    let mut manager = Client::cti(&pbx).await;
    let list = manager.ask("Status", &[]).await;
    assert_eq!(list.get("EventList"), "start", "a list follows");
    assert_eq!(
        manager
            .event("StatusComplete", "EventList", "")
            .await
            .get("ListItems"),
        "2",
        "both legs still talk"
    );
    assert_eq!(caller.calls().len(), 1, "the caller noticed nothing");
}
