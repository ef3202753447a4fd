//! From the PBX's socket to the view of the card, through all rooms without a window.

use std::time::{Duration, Instant};

use ringcard_core::CallState;
use ringcard_ipc::{AppEvent, Card};
use ringcard_tests::desk::Desk;

const RINGS: usize = 50;

/// What was measured.
pub struct Figures {
    /// Half of the cards were not later.
    pub p50: Duration,
    /// 95 of 100 cards were not later.
    pub p95: Duration,
    /// From the start to the first snapshot.
    pub start: Duration,
}

/// Rings again and again, and waits for each card.
pub fn ring() -> anyhow::Result<Figures> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let mut desk = Desk::that_knows_erika().await;
        desk.ends().await;
        let begin = Instant::now();
        desk.begins().await?;
        desk.is_ready().await;
        let start = begin.elapsed();
        let mut times = Vec::new();
        for _ in 0..RINGS {
            let mut events = desk.events_from_now();
            let begin = Instant::now();
            let caller = desk.pbx.rings("+4923155501101").from("0231123456").place();
            let call = loop {
                if let AppEvent::Preview(view) = events.recv().await?
                    && let Some(card) = view.cards.iter().find(|card| rings(card))
                {
                    break card.call.clone();
                }
            };
            times.push(begin.elapsed());
            caller.hang_up();
            let over = |card: &Card| card.call == call && card.state.is_ended();
            desk.card_is("the end", over).await;
        }
        times.sort();
        Ok(Figures {
            p50: times[RINGS / 2],
            p95: times[RINGS * 95 / 100],
            start,
        })
    })
}

fn rings(card: &Card) -> bool {
    card.state == CallState::Ringing
}
