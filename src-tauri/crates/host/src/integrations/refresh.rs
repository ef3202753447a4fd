//! One refresh as a task: what the CRM tells of itself is remembered, progress goes to the loop, the cost to the
//! journal.

use std::sync::Arc;

use ringcard_app::{Event, SyncCause, SyncEvent};
use ringcard_core::IntegrationId;
use ringcard_crm::{Error as CrmError, ErrorKind, StatusReason, Tally};
use ringcard_mirror::Mirror;
use ringcard_sync::{CreditShare, Depth, SyncNews, SyncReport, SyncRequest};
use tokio::sync::mpsc;
use tracing::{debug, warn};

use super::Connected;
use crate::clock::wall;
use crate::databases::SharedJournal;
use crate::run::Inbox;

/// What a refresh works with.
pub struct Refresh {
    /// Which integration.
    pub id: IntegrationId,
    /// Its source.
    pub connected: Arc<Connected>,
    /// Its mirror.
    pub mirror: Arc<Mirror>,
    /// For the ledger.
    pub journal: SharedJournal,
    /// The modules to mirror.
    pub modules: Vec<String>,
    /// The share of the organisation's daily credits that reading may use, in percent.
    pub share: u32,
    /// To the loop.
    pub inbox: mpsc::Sender<Inbox>,
}

/// Runs one refresh to its end and tells the loop.
pub async fn refresh(refresh: Refresh, cause: SyncCause) {
    let depth = match cause {
        SyncCause::Asked { full: true } => Depth::Whole,
        SyncCause::Asked { full: false } => Depth::Fresh,
        SyncCause::Schedule | SyncCause::SignIn | SyncCause::CatchUp => Depth::Due,
    };
    let request = SyncRequest {
        depth,
        modules: refresh.modules.clone(),
        now: wall(),
        credits_left: credits_left(&refresh),
    };
    let listener = |news: SyncNews| take_news(&refresh, news);
    let source = refresh.connected.source.as_ref();
    let result = ringcard_sync::run(source, &refresh.mirror, &request, &listener).await;
    let (tally, result) = match result {
        Ok(report) => (report.tally, Ok(report)),
        Err(stopped) => (stopped.tally, Err(crm_error(stopped.cause))),
    };
    note(&refresh.id, &result);
    let credits = spend(&refresh, tally);
    for event in [
        SyncEvent::CreditsUsed(credits),
        SyncEvent::Ended(Box::new(result)),
    ] {
        let event = Event::Sync(refresh.id.clone(), Box::new(event));
        let _ = refresh.inbox.send(Inbox::Event(event)).await;
    }
}

/// A part of the day's credits is left to others and to writing back.
fn credits_left(refresh: &Refresh) -> Option<u32> {
    let share = CreditShare::percent(u8::try_from(refresh.share).ok()?)?;
    let used = refresh
        .journal
        .hold()
        .spent_in_a_day(&refresh.id, wall())
        .ok()?;
    share.left(refresh.connected.daily_credits(), used)
}

/// What record URLs and the form need comes first, and then how far it is.
fn take_news(refresh: &Refresh, news: SyncNews) {
    match news {
        SyncNews::About(about) => refresh.connected.remember(about),
        SyncNews::Progress(progress) => {
            let progress = Box::new(SyncEvent::Progress(progress));
            // Progress may be dropped: the next word replaces it.
            let event = Event::Sync(refresh.id.clone(), progress);
            let _ = refresh.inbox.try_send(Inbox::Event(event));
        }
    }
}

fn spend(refresh: &Refresh, tally: Tally) -> u32 {
    let journal = refresh.journal.hold();
    let now = wall();
    if journal
        .spend(&refresh.id, now, (tally.calls, tally.credits))
        .is_err()
    {
        warn!("the cost of a refresh could not be written to the ledger");
    }
    journal.spent_in_a_day(&refresh.id, now).unwrap_or(0)
}

fn note(id: &IntegrationId, result: &Result<SyncReport, CrmError>) {
    match result {
        Ok(report) => debug!(
            integration = %id,
            read = report.read,
            new = report.new,
            changed = report.changed,
            deleted = report.deleted,
            calls = report.tally.calls,
            "a mirror was refreshed"
        ),
        Err(error) => warn!(
            integration = %id,
            kind = ?error.kind,
            code = error.code.as_deref().unwrap_or("none"),
            status = ?error.status,
            "a refresh failed"
        ),
    }
}

fn crm_error(error: ringcard_sync::Error) -> CrmError {
    match error {
        ringcard_sync::Error::Crm(error) => error,
        ringcard_sync::Error::Mirror(_) => CrmError::new(
            ErrorKind::Status(StatusReason::SyncStale),
            "the local copy cannot be written; check the disk",
        ),
    }
}
