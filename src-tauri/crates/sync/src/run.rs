//! One refresh of one integration: the account first, then module by module.
//!
//! The only place here that looks at a clock, to say how long it took.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ringcard_core::Timestamp;
use ringcard_crm::{Account, CrmSource, Module, Tally};
use ringcard_mirror::Mirror;

use crate::cursor::Bookmark;
use crate::error::{belongs_to_module, not_offered, other_organisation, share_used_up};
use crate::plan::{Depth, Step, plan};
use crate::report::ModuleReport;
use crate::store::Store;
use crate::{About, Error, Stopped, SyncKind, SyncNews, SyncProgress, SyncReport};

/// A clock may be so far from the CRM's: more than any network delays an answer.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// What is asked of a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRequest {
    /// How thorough it is.
    pub depth: Depth,
    /// The modules to mirror, in the CRM's own spelling. Others leave the mirror.
    pub modules: Vec<String>,
    /// The time of day.
    pub now: Timestamp,
    /// Credits that may still be used today; `None` when there is no limit.
    pub credits_left: Option<u32>,
}

/// Hears what the CRM tells of itself, and then how far a refresh has come.
pub type Listener<'a> = &'a (dyn Fn(SyncNews) + Send + Sync);

/// Refreshes the mirror. Dropping the future at any point loses nothing that was stored.
pub async fn run(
    source: &dyn CrmSource,
    mirror: &Arc<Mirror>,
    request: &SyncRequest,
    listener: Listener<'_>,
) -> Result<SyncReport, Stopped> {
    let mut run = Run {
        source,
        store: Store::new(mirror),
        request,
        listener,
        began: Instant::now(),
        tally: Tally::default(),
        read: 0,
    };
    match run.whole().await {
        Ok(report) => Ok(report),
        Err(cause) => Err(Stopped {
            cause,
            tally: run.tally,
        }),
    }
}

/// A refresh under way.
pub(crate) struct Run<'a> {
    pub source: &'a dyn CrmSource,
    pub store: Store,
    pub request: &'a SyncRequest,
    listener: Listener<'a>,
    began: Instant,
    tally: Tally,
    read: u64,
}

impl Run<'_> {
    async fn whole(&mut self) -> Result<SyncReport, Error> {
        let account = self.check_account().await?;
        let mut report = SyncReport {
            kind: SyncKind::Delta,
            started_at: self.request.now,
            duration: self.began.elapsed(),
            read: 0,
            new: 0,
            changed: 0,
            deleted: self.store.keep_modules(&self.request.modules).await?,
            tally: Tally::default(),
            modules: Vec::new(),
            account,
            clock_off_by: None,
            failed: Vec::new(),
        };
        self.may_spend(1)?;
        let offered = self.count_cost(self.source.modules().await)?;
        self.tell_about(&report.account, &offered).await?;
        for name in &self.request.modules {
            let module = offered.iter().find(|module| module.name == *name);
            let outcome = match module {
                Some(module) => self.module(module).await,
                None => Err(not_offered(name).into()),
            };
            match outcome {
                Ok(Some(done)) => report.modules.push(done),
                Ok(None) => {}
                Err(error) if belongs_to_module(&error) => note_failure(&mut report, name, error)?,
                Err(error) => return Err(error),
            }
        }
        self.finish(report)
    }

    /// The organisation is compared before anything is written: data of two are never mixed.
    async fn check_account(&mut self) -> Result<Account, Error> {
        self.may_spend(2)?;
        let account = self.count_cost(self.source.account().await)?;
        if self.store.belongs_to(&account.organisation_id).await? {
            return Ok(account);
        }
        Err(other_organisation(&account.organisation))
    }

    /// Before any record is read: whatever is found from now on can be opened as well.
    async fn tell_about(&self, account: &Account, offered: &[Module]) -> Result<(), Error> {
        let about = About {
            account: account.clone(),
            modules: offered.to_vec(),
        };
        self.store.keep_about(&about).await?;
        (self.listener)(SyncNews::About(about));
        Ok(())
    }

    async fn module(&mut self, module: &Module) -> Result<Option<ModuleReport>, Error> {
        let before = self.store.before(&module.name).await?;
        let step = plan(before, module.changes, (self.request.depth, self.now()));
        match step {
            Step::Rest => Ok(None),
            Step::Whole { first } => self.fill(module, first).await.map(Some),
            Step::Resume(bookmark) => self.resume(module, bookmark).await.map(Some),
            Step::Delta {
                cursor,
                since,
                deletions,
            } => self
                .delta(module, (cursor, since, deletions))
                .await
                .map(Some),
        }
    }

    fn finish(&self, mut report: SyncReport) -> Result<SyncReport, Error> {
        for done in &report.modules {
            report.read += done.read;
            report.new += done.new;
            report.changed += done.changed;
            report.deleted += done.deleted;
            if done.kind == SyncKind::Full {
                report.kind = SyncKind::Full;
            }
        }
        report.duration = self.began.elapsed();
        report.tally = self.tally;
        report.clock_off_by = self.clock_off_by();
        // Not one module could be read: that is the connection, not a module.
        if report.failed.len() == self.request.modules.len()
            && let Some((module, error)) = report.failed.first()
        {
            let mut error = error.clone();
            error.module.get_or_insert_with(|| module.clone());
            return Err(error.into());
        }
        Ok(report)
    }

    /// Times of changes are the CRM's own, so a wrong clock here spoils no data; but schedules and
    /// everything that the windows say of times would be wrong.
    fn clock_off_by(&self) -> Option<Duration> {
        let (theirs, ours) = (self.source.server_time()?, self.now());
        let off_by = theirs.since(ours).max(ours.since(theirs));
        (off_by > CLOCK_TOLERANCE).then_some(off_by)
    }

    /// The time of day now.
    pub fn now(&self) -> Timestamp {
        self.request.now.plus(self.began.elapsed())
    }

    /// Adds what an answer cost. A refused call costs one as well.
    pub fn count_cost<T: Costs>(
        &mut self,
        outcome: Result<T, ringcard_crm::Error>,
    ) -> Result<T::Content, Error> {
        let (content, tally) = match outcome {
            Ok(answer) => answer.split(),
            Err(error) => {
                self.tally.calls += 1;
                self.tally.credits += 1;
                return Err(error.into());
            }
        };
        self.tally.calls += tally.calls;
        self.tally.credits += tally.credits;
        Ok(content)
    }

    /// May another call of this price be made today?
    pub fn may_spend(&self, credits: u32) -> Result<(), Error> {
        let spent = self.tally.credits.saturating_add(credits);
        match self.request.credits_left {
            Some(left) if spent > left => Err(share_used_up()),
            _ => Ok(()),
        }
    }

    /// Credits that are left for this refresh; `None` when there is no limit.
    pub fn left(&self) -> Option<u32> {
        let left = self.request.credits_left?;
        Some(left.saturating_sub(self.tally.credits))
    }

    /// Says how far it has come.
    pub fn tell(&mut self, module: &ModuleReport, more: u64, place: Option<&Bookmark>) {
        self.read += more;
        let known = place.and_then(|place| Some((place.read, place.total?)));
        let percent = known.filter(|(_, total)| *total > 0).map(|(read, total)| {
            let percent = read.saturating_mul(100) / total;
            // 100 is said by the end alone.
            u8::try_from(percent.min(99)).expect("it is below 100")
        });
        (self.listener)(SyncNews::Progress(SyncProgress {
            kind: module.kind,
            module: module.module.clone(),
            read: self.read,
            percent,
        }));
    }
}

fn note_failure(report: &mut SyncReport, module: &str, error: Error) -> Result<(), Error> {
    match error {
        Error::Crm(error) => {
            let (kind, code) = (error.kind, error.code.as_deref().unwrap_or("none"));
            tracing::warn!(module, ?kind, code, "a module was not refreshed");
            report.failed.push((module.to_owned(), error));
            Ok(())
        }
        Error::Mirror(error) => Err(error.into()),
    }
}

/// An answer that says what it cost.
pub(crate) trait Costs {
    /// The answer without its price.
    type Content;

    /// The answer and its price.
    fn split(self) -> (Self::Content, Tally);
}

impl<T> Costs for (T, Tally) {
    type Content = T;

    fn split(self) -> (T, Tally) {
        self
    }
}

impl Costs for ringcard_crm::Page {
    type Content = Self;

    fn split(self) -> (Self, Tally) {
        let tally = self.tally;
        (self, tally)
    }
}

impl Costs for ringcard_crm::DeletedPage {
    type Content = Self;

    fn split(self) -> (Self, Tally) {
        let tally = self.tally;
        (self, tally)
    }
}
