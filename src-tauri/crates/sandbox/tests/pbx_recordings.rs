//! The sandbox PBX says the same lines in the same order as the real one in its recordings.

mod pbx_client;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pbx_client::{Block, Client, pbx};
use ringcard_sandbox::pbx::{Habits, OnCall, Pbx};

/// For each event every sequence of keys it was seen with.
type Shapes = BTreeMap<String, BTreeSet<Vec<String>>>;

fn add(shapes: &mut Shapes, block: &Block) {
    // The first line tells what it is; a block with injected lines says nothing about the order.
    let injected = block.keys().iter().filter(|key| **key == "Event").count() > 1;
    if block.keys().first() != Some(&"Event") || injected {
        return;
    }
    let keys = block.keys().into_iter().map(str::to_owned).collect();
    shapes
        .entry(block.get("Event").to_owned())
        .or_default()
        .insert(keys);
}

/// What the real Asterisk said in all recordings.
fn recorded() -> Shapes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/ami");
    let mut shapes = Shapes::new();
    for file in std::fs::read_dir(folder).expect("the recordings are part of the repository") {
        let path = file.expect("a readable folder").path();
        if path.extension().is_some_and(|extension| extension == "ami") {
            let bytes = std::fs::read(&path).expect("a readable recording");
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            for block in text.split("\n\n") {
                add(&mut shapes, &Block::parse(block.trim_start_matches('\n')));
            }
        }
    }
    shapes
}

async fn answered(pbx: &Pbx, manager: &mut Client, dialled: &str) -> (String, String) {
    pbx.rings(dialled)
        .from("02311234567")
        .named("Erika Muster")
        .place();
    let dial = manager.event("DialBegin", "DestChannel", "PJSIP/101").await;
    pbx.phone("101").answer();
    manager.event("BridgeEnter", "Channel", "PJSIP/trunk").await;
    (
        dial.get("Channel").to_owned(),
        dial.get("DestChannel").to_owned(),
    )
}

/// A queue call, with a look at every list, transferred after a consultation.
async fn a_queue_call_and_a_consult(pbx: &Pbx, manager: &mut Client) {
    let (channel, agent) = answered(pbx, manager, "500").await;
    manager.ask("Status", &[]).await;
    manager.ask("QueueStatus", &[]).await;
    manager.ask("QueueSummary", &[]).await;
    manager.ask("BridgeList", &[]).await;
    let consult = [
        ("Channel", agent.as_str()),
        ("Exten", "102"),
        ("Context", "ext"),
    ];
    manager.ask("Atxfer", &consult).await;
    manager.event("DialState", "DestChannel", "PJSIP/102").await;
    pbx.phone("102").answer();
    manager
        .event("BridgeEnter", "Channel", "Local/102@ext")
        .await;
    pbx.phone("101").hang_up();
    manager.event("LocalOptimizationEnd", "Success", "").await;
    manager.ask("Hangup", &[("Channel", &channel)]).await;
    manager.event("Hangup", "Channel", &channel).await;
}

/// Hold, park, fetch, and a transfer to nowhere.
async fn a_call_that_is_parked(pbx: &Pbx, manager: &mut Client) {
    let (channel, agent) = answered(pbx, manager, "+4923155501101").await;
    pbx.phone("101").hold();
    pbx.phone("101").resume();
    let park = [
        ("Channel", channel.as_str()),
        ("TimeoutChannel", &agent),
        ("Timeout", "30000"),
    ];
    manager.ask("Park", &park).await;
    manager.event("Hangup", "Channel", &agent).await;
    manager.ask("ParkedCalls", &[]).await;
    pbx.phone("101").dial("701");
    let back = manager.event("BridgeEnter", "Channel", "PJSIP/101").await;
    let blind = [
        ("Channel", back.get("Channel")),
        ("Exten", "999"),
        ("Context", "ext"),
    ];
    manager.ask("BlindTransfer", &blind).await;
    manager.event("Hangup", "Channel", "PJSIP/101").await;
}

/// Busy, deflected, picked up, refused.
async fn calls_that_nobody_wants(pbx: &Pbx, manager: &mut Client) {
    pbx.phone("101").behaves(Habits {
        on_call: OnCall::Busy,
        ..Habits::default()
    });
    pbx.rings("500").from("02311234567").place();
    manager.event("AgentCalled", "Interface", "PJSIP/103").await;
    pbx.hangs_up_everything();
    pbx.phone("101").behaves(Habits {
        on_call: OnCall::Deflects("102".into()),
        ..Habits::default()
    });
    pbx.rings("101").from("02311234567").place();
    manager.event("DialState", "DestChannel", "PJSIP/102").await;
    pbx.phone("103").dial("**102");
    manager.event("Pickup", "Channel", "PJSIP/103").await;
    let dial = [
        ("Channel", "PJSIP/104"),
        ("Context", "ext"),
        ("Exten", "102"),
        ("Async", "1"),
        ("CallerID", "<104>"),
    ];
    manager.ask("Originate", &dial).await;
    manager.event("DialState", "DestChannel", "PJSIP/104").await;
    pbx.phone("104").refuse_busy();
    manager
        .event("OriginateResponse", "Response", "Failure")
        .await;
    manager
        .ask("Hangup", &[("Channel", "/^PJSIP/103-.*$/")])
        .await;
    manager.ask("Ping", &[]).await;
}

#[tokio::test]
async fn every_event_has_the_lines_of_the_real_one_in_their_order() {
    let pbx = pbx().await;
    let mut manager = Client::cti(&pbx).await;
    a_queue_call_and_a_consult(&pbx, &mut manager).await;
    a_call_that_is_parked(&pbx, &mut manager).await;
    calls_that_nobody_wants(&pbx, &mut manager).await;
    let real = recorded();
    let mut ours = Shapes::new();
    for block in &manager.seen {
        add(&mut ours, block);
    }
    let mut compared = 0;
    for (event, shapes) in &ours {
        let Some(known) = real.get(event) else {
            continue;
        };
        for shape in shapes {
            assert!(
                known.contains(shape),
                "{event}: ours {shape:?}\nreal {known:?}"
            );
            compared += 1;
        }
    }
    assert!(
        compared >= 40,
        "only {compared} shapes of {} events were compared",
        ours.len()
    );
}
