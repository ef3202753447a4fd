//! The next session after a loss: soon at first, then more and more slowly, never in step with
//! the other desktops, and not at all where only a person can help.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rand::RngExt as _;
use ringcard_core::{CommandError, LinkState, LinkTrouble, Outcome, Timestamp};
use tokio::time::Instant;

use crate::{LineCommand, LineEvent, LineIo, SessionEnd, TelephonyProvider};

/// The first wait.
const SHORTEST: Duration = Duration::from_secs(1);
/// And the last.
const LONGEST: Duration = Duration::from_secs(60);

/// Runs a line until the application closes it. Commands are answered with `LinkDown` while the
/// link is down; `Reconnect` ends any wait at once.
pub async fn run_line(mut provider: Box<dyn TelephonyProvider>, mut io: LineIo) {
    let mut wait = SHORTEST;
    loop {
        let end = provider.session(&mut io).await;
        match end {
            SessionEnd::Closed => return,
            SessionEnd::ReconnectNow => wait = SHORTEST,
            SessionEnd::Lost { trouble, listened } => {
                if listened {
                    wait = SHORTEST;
                }
                let pause = trouble.heals_itself().then(|| with_jitter(wait));
                if tell_down(&io, trouble, pause).await.is_err() {
                    return;
                }
                match rest(provider.as_mut(), &mut io, pause).await {
                    Rest::Over => wait = (wait * 2).min(LONGEST),
                    Rest::Woken => wait = SHORTEST,
                    Rest::Closed => return,
                }
            }
        }
    }
}

/// How a wait ended.
enum Rest {
    /// The time was up.
    Over,
    /// The application wants the link now.
    Woken,
    /// The line is to end.
    Closed,
}

async fn tell_down(io: &LineIo, trouble: LinkTrouble, pause: Option<Duration>) -> Result<(), ()> {
    let retry_at = pause.map(|pause| wall_clock().plus(pause));
    let down = LineEvent::Link(LinkState::Down { trouble, retry_at });
    io.events.send(down).await.map_err(|_| ())
}

async fn rest(
    provider: &mut dyn TelephonyProvider,
    io: &mut LineIo,
    pause: Option<Duration>,
) -> Rest {
    let over = pause.map(|pause| Instant::now() + pause);
    loop {
        let command = tokio::select! {
            command = io.commands.recv() => command,
            () = sleep_until(over) => return Rest::Over,
        };
        match command {
            None => return Rest::Closed,
            Some(LineCommand::Reconnect) => return Rest::Woken,
            Some(LineCommand::Adopt(calls)) => provider.adopt(calls),
            Some(LineCommand::Call(id, _)) => {
                let refused = Outcome::Refused(CommandError::LinkDown);
                let ended = LineEvent::CommandEnded(id, refused);
                if io.events.send(ended).await.is_err() {
                    return Rest::Closed;
                }
            }
        }
    }
}

async fn sleep_until(over: Option<Instant>) {
    match over {
        Some(over) => tokio::time::sleep_until(over).await,
        None => std::future::pending().await,
    }
}

/// Between three quarters and five quarters of the wait.
fn with_jitter(wait: Duration) -> Duration {
    wait.mul_f64(rand::rng().random_range(0.75..1.25))
}

fn wall_clock() -> Timestamp {
    let wall = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX))
}
