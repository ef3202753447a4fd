//! The built app on a screen of its own: start, painting and memory.

mod eye;
mod memory;
mod tray;

#[path = "../../e2e/screen/mod.rs"]
mod e2e;

use std::process::Command;
use std::time::{Duration, Instant};

use e2e::desk::{Desk, Line};
use e2e::{Running, until};
use eye::{Eye, Likeness};
use ringcard_core::CallState;
use ringcard_ipc::Request;
use ringcard_sandbox::pbx::Phone;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tray::Tray;

pub use e2e::missing;

use crate::lookup::Spread;

const STARTS: usize = 7;
const RINGS: usize = 120;
/// Rings from which the eye learns what a painted card looks like.
const LESSONS: usize = 3;
/// How long it looks at each: long enough for whatever moves on a card to move.
const LESSON: Duration = Duration::from_millis(2_500);
/// A card that is not painted by then is a bug, not a slow card.
const TOO_LATE: Duration = Duration::from_secs(20);

/// What was measured.
pub struct Figures {
    /// From the start of the process to its icon in the tray: half, and the slowest.
    pub start: Spread,
    /// From the call at the telephone system to the painted card: half, and 95 of 100.
    pub painted: Spread,
    /// What all processes of the app hold together, with no window open.
    pub idle: u64,
    /// The same while a card is shown.
    pub with_card: u64,
}

/// Measures everything that needs the built app, which `RINGCARD_APP` names.
pub fn measure() -> anyhow::Result<Figures> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let _manager = Running::start(Command::new("openbox"));
        e2e::page::window_manager_is_there().await;
        let mut tray = Tray::open().await?;
        // Otherwise the system starts a program for every missed call, while the next card is painted.
        let _toasts = e2e::toasts::Toasts::open().await;
        let start = starts(&mut tray).await?;
        let desk = Desk::prepare().await;
        let app = desk.starts();
        let mut scene = Scene::at(&desk).await?;
        memory::settled(app.0.id()).await?;
        scene.learn().await?;
        let idle = memory::settled(app.0.id()).await?;
        let (painted, with_card) = scene.rings(app.0.id()).await?;
        Ok(Figures {
            start,
            painted,
            idle,
            with_card,
        })
    })
}

/// Each time a new folder, as after an installation, with everything that a start connects to.
async fn starts(tray: &mut Tray) -> anyhow::Result<Spread> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let desk = Desk::prepare().await;
        tray.forget();
        let begin = Instant::now();
        let _app = desk.starts();
        times.push(tray.next_icon().await?.duration_since(begin));
        // An app that is ended while it still starts leaves its browser processes behind.
        desk.line().await;
    }
    times.sort();
    Ok((times[times.len() / 2], times[times.len() - 1]))
}

/// The screen with the running app.
struct Scene<'a> {
    desk: &'a Desk,
    line: Line,
    eye: Eye,
    likeness: Likeness,
    blink: Interval,
}

impl<'a> Scene<'a> {
    async fn at(desk: &'a Desk) -> anyhow::Result<Self> {
        let mut line = desk.line().await;
        line.watch().await;
        let mut blink = interval(Duration::from_millis(1));
        blink.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self {
            desk,
            line,
            eye: Eye::open()?,
            likeness: Likeness::default(),
            blink,
        })
    }

    /// Looks at some cards for a while: what never changes on them is what a painted card has.
    async fn learn(&mut self) -> anyhow::Result<()> {
        for _ in 0..LESSONS {
            let (caller, call) = self.ring().await;
            until("a card on the screen", async || self.card_on_the_screen()).await;
            let end = Instant::now() + LESSON;
            // The first half is for painting.
            let begin = end - LESSON / 2;
            while Instant::now() < end {
                self.blink.tick().await;
                let Some(area) = self.card_on_the_screen() else {
                    continue;
                };
                let picture = self.eye.look(area)?;
                if Instant::now() > begin {
                    self.likeness.learn(area, picture);
                }
            }
            self.end(&caller, &call).await;
        }
        until("an empty screen", async || {
            let gone = e2e::mouse::window_called("Calls").is_none();
            gone.then_some(())
        })
        .await;
        let empty = self.eye.look(self.likeness.area())?;
        self.likeness.leave_out(&empty)
    }

    /// Where the card is, when the whole of it can be seen: it begins aside, and grows to its size.
    fn card_on_the_screen(&self) -> Option<eye::Area> {
        let (width, height) = self.eye.screen();
        e2e::mouse::window_called("Calls").filter(|[x, y, wide, high]| {
            *x >= 0 && *y >= 0 && x + wide <= width && y + high <= height
        })
    }

    async fn rings(&mut self, app: u32) -> anyhow::Result<(Spread, u64)> {
        let mut times = Vec::new();
        let mut with_card = 0;
        for turn in 0..RINGS {
            let begin = Instant::now();
            let caller = self.desk.erika_rings();
            self.sees(true, begin).await?;
            times.push(begin.elapsed());
            let call = self.ringing().await;
            if turn == RINGS / 2 {
                with_card = memory::settled(app).await?;
            }
            self.end(&caller, &call).await;
            self.sees(false, Instant::now()).await?;
        }
        times.sort();
        Ok(((times[RINGS / 2], times[RINGS * 95 / 100]), with_card))
    }

    /// Looks until the card is painted, or gone.
    async fn sees(&mut self, painted: bool, since: Instant) -> anyhow::Result<()> {
        let mut share = f64::NAN;
        loop {
            if self.eye.sees_a_change()? {
                let picture = self.eye.look(self.likeness.area())?;
                share = self.likeness.share_in(&picture);
                if (painted && share > 0.98) || (!painted && share < 0.02) {
                    return Ok(());
                }
            } else {
                self.blink.tick().await;
            }
            anyhow::ensure!(
                since.elapsed() < TOO_LATE,
                "the card is not on the screen as expected: {share:.3} of it where it should be {painted}"
            );
        }
    }

    async fn ring(&mut self) -> (Phone, String) {
        let caller = self.desk.erika_rings();
        let call = self.ringing().await;
        (caller, call)
    }

    async fn ringing(&mut self) -> String {
        let named = |card: &ringcard_ipc::Card| card.state == CallState::Ringing;
        self.line.card("a ringing card", named).await.call
    }

    /// Ends the call and closes its card.
    async fn end(&mut self, caller: &Phone, call: &str) {
        caller.hang_up();
        self.line
            .cards("the end of the call", |view| {
                view.cards.iter().all(|card| card.state.is_ended())
            })
            .await;
        let call = call.to_owned();
        self.line.ask(Request::ClosePreview { call }).await;
    }
}
