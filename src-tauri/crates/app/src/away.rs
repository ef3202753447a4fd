//! While the screen is locked nobody is there, but anybody can read it: missed calls are told afterwards.

use ringcard_core::CallId;

use crate::effect::Notice;

/// What happened behind a locked screen.
#[derive(Debug, Default)]
pub(crate) struct Away {
    locked: bool,
    missed: Vec<CallId>,
}

impl Away {
    /// The screen is locked. Some systems say so twice.
    pub fn lock(&mut self) {
        self.locked = true;
    }

    /// The agent is back: one call is told as itself, several as their number.
    pub fn unlock(&mut self) -> Option<Notice> {
        self.locked = false;
        match std::mem::take(&mut self.missed).as_slice() {
            [] => None,
            [one] => Some(Notice::MissedCall(*one)),
            several => Some(Notice::MissedCalls(
                u32::try_from(several.len()).unwrap_or(u32::MAX),
            )),
        }
    }

    /// A call was missed: what is to be told at once.
    pub fn missed(&mut self, call: CallId) -> Option<Notice> {
        if !self.locked {
            return Some(Notice::MissedCall(call));
        }
        self.missed.push(call);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_missed_call_is_told_as_itself_and_only_once() {
        let call = CallId::new(uuid::Uuid::now_v7());
        let mut away = Away::default();
        away.lock();
        assert_eq!(away.missed(call), None, "nobody is there");
        assert_eq!(away.unlock(), Some(Notice::MissedCall(call)));
        assert_eq!(away.unlock(), None, "told already");
    }

    #[test]
    fn a_call_missed_before_the_lock_is_told_at_once() {
        let call = CallId::new(uuid::Uuid::now_v7());
        let mut away = Away::default();
        assert_eq!(away.missed(call), Some(Notice::MissedCall(call)));
        away.lock();
        assert_eq!(away.unlock(), None, "nothing happened behind the lock");
    }
}
