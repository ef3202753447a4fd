//! Mirrors are read anew in the background when country or area code change. Lookups go on by the
//! old reading meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ringcard_mirror::{Mirror, Numbering};
use tracing::warn;

/// The reading that is wanted, and whose turn it is to bring it about.
#[derive(Clone)]
pub struct Rekeying {
    wanted: Arc<Mutex<Numbering>>,
    turn: Arc<Mutex<()>>,
}

impl Rekeying {
    /// Nothing is read yet.
    pub fn new(numbering: Numbering) -> Self {
        Self {
            wanted: Arc::new(Mutex::new(numbering)),
            turn: Arc::default(),
        }
    }

    /// Sees to it that these mirrors are read so. What they are already costs nothing.
    pub fn want(&self, numbering: Numbering, mirrors: Vec<Arc<Mirror>>) {
        *hold(&self.wanted) = numbering;
        let own = self.clone();
        tokio::task::spawn_blocking(move || own.rekey(&mirrors));
    }

    /// One after the other, so that an older wish never comes last.
    fn rekey(&self, mirrors: &[Arc<Mirror>]) {
        let _turn = hold(&self.turn);
        for mirror in mirrors {
            let numbering = hold(&self.wanted).clone();
            if let Err(error) = mirror.rekey(numbering) {
                warn!(kind = ?error.kind, "a mirror could not be read anew");
            }
        }
    }
}

fn hold<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
