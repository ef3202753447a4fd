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

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::future::Future;
    use std::pin::Pin;

    use ringcard_core::{Call, CallCommand, CallId, Check, CommandId};
    use tokio::sync::mpsc;
    use uuid::Uuid;

    use super::*;

    /// Ends its sessions as told, and then as the application wishes.
    struct Scripted(VecDeque<SessionEnd>);

    impl TelephonyProvider for Scripted {
        fn session<'a>(
            &'a mut self,
            io: &'a mut LineIo,
        ) -> Pin<Box<dyn Future<Output = SessionEnd> + Send + 'a>> {
            Box::pin(async move {
                let connecting = LineEvent::Link(LinkState::Connecting);
                if io.events.send(connecting).await.is_err() {
                    return SessionEnd::Closed;
                }
                self.0.pop_front().unwrap_or(SessionEnd::Closed)
            })
        }

        fn check<'a>(&'a self) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send + 'a>> {
            Box::pin(async { Vec::new() })
        }

        fn adopt(&mut self, _calls: Vec<Call>) {}

        fn call(&self, _id: CallId) -> Option<&Call> {
            None
        }
    }

    fn line(ends: &[SessionEnd]) -> (mpsc::Sender<LineCommand>, mpsc::Receiver<LineEvent>) {
        let (commands, from_app) = mpsc::channel(4);
        let (to_app, events) = mpsc::channel(16);
        let provider = Scripted(ends.iter().copied().collect());
        let io = LineIo {
            commands: from_app,
            events: to_app,
        };
        tokio::spawn(run_line(Box::new(provider), io));
        (commands, events)
    }

    const LOCKED_OUT: SessionEnd = SessionEnd::Lost {
        trouble: LinkTrouble::AuthenticationFailed,
        listened: false,
    };

    #[tokio::test]
    async fn wrong_password_waits_for_a_person() {
        let (commands, mut events) = line(&[LOCKED_OUT]);
        events.recv().await;
        let down = LinkState::Down {
            trouble: LinkTrouble::AuthenticationFailed,
            retry_at: None,
        };
        assert_eq!(
            events.recv().await,
            Some(LineEvent::Link(down)),
            "no time of a retry"
        );
        let id = CommandId::new(Uuid::from_u128(1));
        let call = CallId::new(Uuid::from_u128(2));
        let order = LineCommand::Call(id, CallCommand::HangUp { call });
        commands.send(order).await.expect("the line lives");
        let refused = Outcome::Refused(CommandError::LinkDown);
        let answer = LineEvent::CommandEnded(id, refused);
        assert_eq!(
            events.recv().await,
            Some(answer),
            "each command has one answer"
        );
        commands
            .send(LineCommand::Reconnect)
            .await
            .expect("the line lives");
        let again = LineEvent::Link(LinkState::Connecting);
        assert_eq!(events.recv().await, Some(again), "tried again when asked");
    }

    #[tokio::test]
    async fn closed_line_ends_in_the_middle_of_a_wait() {
        let (commands, mut events) = line(&[LOCKED_OUT]);
        drop(commands);
        while events.recv().await.is_some() {}
        assert!(events.is_closed(), "the task is gone with its ends");
    }

    #[test]
    fn desktops_do_not_come_back_in_step() {
        let waits: std::collections::HashSet<_> = (0..16).map(|_| with_jitter(LONGEST)).collect();
        assert!(waits.len() > 1, "a PBX that restarts would be flooded");
        assert!(
            waits.iter().all(|wait| *wait <= LONGEST * 5 / 4),
            "within bounds"
        );
    }
}
