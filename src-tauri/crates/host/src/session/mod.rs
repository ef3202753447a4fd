//! What happens to the desktop's session: sleep, the lock of the screen, another network.
//!
//! Each becomes an event of the loop; what follows from it is decided there. A system that tells
//! nothing costs nothing: it is said once in the log.

#[cfg(windows)]
#[allow(
    clippy::missing_const_for_thread_local,
    reason = "said of a value that is const already, where thread locals are made by keys"
)]
mod lock;
#[cfg(target_os = "linux")]
mod logind;
mod network;
#[cfg(windows)]
mod power;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ringcard_app::{Event, Session};
use ringcard_core::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::{debug, warn};

use crate::clock::wall;
use crate::run::Inbox;

/// What listens to the system, as long as this is kept.
pub struct Watching {
    _tasks: JoinSet<()>,
    #[cfg(windows)]
    _power: Option<power::Registered>,
    #[cfg(windows)]
    _lock: Option<lock::Listening>,
}

/// Listens to the system from now on.
pub fn watch(inbox: mpsc::Sender<Inbox>) -> Watching {
    let bell = Bell::new(inbox);
    let mut tasks = JoinSet::new();
    tasks.spawn(network::watch(bell.clone()));
    #[cfg(target_os = "linux")]
    tasks.spawn(logind::watch(bell.clone()));
    Watching {
        _tasks: tasks,
        #[cfg(windows)]
        _lock: lock::listen(bell.clone()),
        #[cfg(windows)]
        _power: power::register(bell),
    }
}

/// The way to the loop, with the memory of when the machine went to sleep.
#[derive(Clone)]
struct Bell {
    inbox: mpsc::Sender<Inbox>,
    asleep_since: Arc<Mutex<Option<Timestamp>>>,
}

impl Bell {
    fn new(inbox: mpsc::Sender<Inbox>) -> Self {
        Self {
            inbox,
            asleep_since: Arc::default(),
        }
    }

    fn sleeps(&self) {
        *self.since() = Some(wall());
        self.tell(Session::Sleep);
    }

    fn resumes(&self) {
        let since = self.since().take();
        // A clock that was set back while asleep makes the sleep short, not negative.
        let slept = since.map_or(Duration::ZERO, |since| wall().since(since));
        self.tell(Session::Resume(slept));
    }

    /// Callers are callbacks of the system too, which must not wait.
    fn tell(&self, session: Session) {
        debug!(?session, "the session changed");
        if let Err(mpsc::error::TrySendError::Full(_)) =
            self.inbox.try_send(Inbox::Event(Event::Session(session)))
        {
            warn!("a change of the session was not told: too much waits");
        }
    }

    fn since(&self) -> std::sync::MutexGuard<'_, Option<Timestamp>> {
        self.asleep_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(queue: &mut mpsc::Receiver<Inbox>) -> Option<Session> {
        match queue.try_recv().ok()? {
            Inbox::Event(Event::Session(session)) => Some(session),
            _ => None,
        }
    }

    #[test]
    fn waking_up_says_how_long_it_slept() {
        let (inbox, mut queue) = mpsc::channel(4);
        let bell = Bell::new(inbox);
        bell.sleeps();
        *bell.since() = Some(Timestamp(wall().0 - 3_600_000));
        bell.resumes();
        assert_eq!(told(&mut queue), Some(Session::Sleep));
        let Some(Session::Resume(slept)) = told(&mut queue) else {
            panic!("it woke up");
        };
        assert!(slept >= Duration::from_secs(3_600), "{slept:?}");
    }

    #[test]
    fn waking_up_without_a_word_before_is_told_all_the_same() {
        let (inbox, mut queue) = mpsc::channel(4);
        Bell::new(inbox).resumes();
        assert_eq!(told(&mut queue), Some(Session::Resume(Duration::ZERO)));
    }
}
