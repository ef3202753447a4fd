//! The state of each CRM connection and the schedule of its mirror.

use std::time::Duration;

use ringcard_core::{IntegrationId, StatusReason, Timestamp};
use ringcard_crm::{Error as CrmError, ErrorKind};
use ringcard_sync::{LastRun, Schedule, SyncProgress, SyncReport};

use crate::effect::{Effect, Notice, SyncCause};
use crate::event::SyncEvent;
use crate::state::State;
use crate::step::Step;
use crate::tries::{Tried, Tries};

/// How long a first filling may say nothing. It may take hours, but each page is a sign of life, and
/// no request takes this long.
const LONGEST_SILENCE: Duration = Duration::from_secs(15 * 60);

/// What the settings and the keychain say of an integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationSetup {
    /// Which.
    pub id: IntegrationId,
    /// When its mirror is refreshed.
    pub schedule: Schedule,
    /// The local time zone.
    pub zone: jiff::tz::TimeZone,
    /// Somebody signed in before.
    pub signed_in: bool,
    /// When the mirror last agreed with the CRM, as the mirror remembers.
    pub refreshed_at: Option<Timestamp>,
}

/// How far the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncStage {
    /// Nobody has signed in.
    NotSignedIn,
    /// The browser is open.
    SigningIn,
    /// Between two refreshes.
    Idle,
    /// A refresh is under way.
    Running(Option<SyncProgress>),
}

/// One integration.
#[derive(Debug)]
pub struct Integration {
    setup: IntegrationSetup,
    /// How far the connection is.
    pub stage: SyncStage,
    /// What stopped the last refresh; `None` while all is well.
    pub fault: Option<CrmError>,
    /// Since when it is well or not.
    pub since: Timestamp,
    /// The last refresh that went well.
    pub last_success: Option<Timestamp>,
    /// What the last one did.
    pub last_report: Option<SyncReport>,
    /// The organisation's name and the signed-in user, once known.
    pub account: Option<(String, String)>,
    /// Credits that this PC used in the last 24 hours.
    pub credits_today: u32,
    /// What was tried last, and what came of it.
    pub tries: Tries,
    /// Why the last sign-in was refused, while the former access is kept.
    pub refused_sign_in: Option<CrmError>,
    last_run: LastRun,
    /// Modules were ticked or unticked while a refresh ran.
    again: bool,
    next_run: Option<Timestamp>,
    running_since: Timestamp,
    /// When the refresh under way last told that it goes on.
    moved_at: Timestamp,
}

impl Integration {
    pub(crate) fn new(setup: IntegrationSetup) -> Self {
        let last_run = match setup.refreshed_at {
            Some(at) => LastRun::Well { at },
            None => LastRun::Never,
        };
        let mut integration = Self {
            last_success: setup.refreshed_at,
            setup,
            stage: SyncStage::NotSignedIn,
            fault: None,
            since: Timestamp(0),
            last_report: None,
            account: None,
            credits_today: 0,
            tries: Tries::default(),
            refused_sign_in: None,
            last_run,
            again: false,
            next_run: None,
            running_since: Timestamp(0),
            moved_at: Timestamp(0),
        };
        integration.comes_to_rest();
        integration
    }

    /// The reason that the windows show.
    pub fn reason(&self) -> Option<StatusReason> {
        self.fault.as_ref().map(CrmError::reason_of_try)
    }

    /// When the next refresh is due; `None` while one runs or a person must act.
    pub fn next_run(&self) -> Option<Timestamp> {
        self.next_run
    }

    /// The connection has a fault, or the mirror has fallen behind.
    pub fn needs_attention(&self) -> bool {
        self.fault.is_some()
    }

    /// It goes on by itself at a set time; no person has to act first.
    pub(crate) fn waits_for_its_time(&self) -> bool {
        self.next_run.is_some()
    }

    /// The last refresh failed on the network.
    pub(crate) fn waits_for_the_network(&self) -> bool {
        self.fault.as_ref().is_some_and(is_of_the_network)
    }

    /// When the mirror has fallen behind, should nothing happen until then: two periods after the
    /// last refresh that went well, one of them spent on a refresh; a first filling when it stands
    /// still. Other faults are told already.
    pub(crate) fn stale_at(&self) -> Option<Timestamp> {
        if !matches!(self.stage, SyncStage::Running(_)) || self.fault.is_some() {
            return None;
        }
        let Some(last_success) = self.last_success else {
            return Some(self.moved_at.plus(LONGEST_SILENCE));
        };
        let every = self.setup.schedule.every?;
        let begun = self.running_since.plus(every);
        Some(last_success.plus(every * 2).max(begun))
    }

    /// A filling that stood still goes on: says whether that was told as a fault.
    fn goes_on_again(&mut self, now: Timestamp) -> bool {
        let was_told = self.reason() == Some(StatusReason::SyncStale);
        if was_told {
            self.fault = None;
            self.since = now;
        }
        was_told
    }

    /// A sleep is no time in which a refresh could have come on.
    pub(crate) fn has_slept(&mut self, now: Timestamp) {
        self.running_since = now;
        self.moved_at = now;
    }

    pub(crate) fn take_setup(&mut self, setup: IntegrationSetup) {
        let rests = matches!(self.stage, SyncStage::Idle | SyncStage::NotSignedIn);
        self.setup = setup;
        match rests {
            true => self.comes_to_rest(),
            false => self.plan(),
        }
    }

    fn plan(&mut self) {
        self.next_run = match self.stage {
            SyncStage::Idle => self
                .setup
                .schedule
                .next_run(self.last_run, &self.setup.zone),
            _ => None,
        };
    }

    /// Refreshes in a row that failed.
    pub fn failures(&self) -> u32 {
        match self.last_run {
            LastRun::Failed { times, .. } => times,
            _ => 0,
        }
    }
}

impl State {
    pub(crate) fn start_due_syncs(&mut self, step: &mut Step) {
        let due: Vec<IntegrationId> = self
            .integrations
            .iter()
            .filter(|(_, one)| one.next_run.is_some_and(|at| at <= step.now.wall))
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            self.start_sync(step, &id, SyncCause::Schedule);
        }
    }

    /// A refresh that neither ends nor fails is told like a fault; its end takes that back.
    pub(crate) fn tell_stale(&mut self, step: &mut Step) {
        for (id, one) in &mut self.integrations {
            if one.stale_at().is_some_and(|at| at <= step.now.wall) {
                let reason = StatusReason::SyncStale;
                let message = "a refresh neither ends nor fails";
                one.fault = Some(CrmError::new(ErrorKind::Status(reason), message));
                one.since = step.now.wall;
                let notice = Notice::IntegrationTrouble(id.clone(), reason);
                step.effects
                    .extend([Effect::Notify(notice), Effect::TellStatus]);
            }
        }
    }

    /// After sleep every mirror has missed something, on another network only what failed for want
    /// of one: each of `those` is refreshed now, once.
    pub(crate) fn catch_up(&mut self, step: &mut Step, those: fn(&Integration) -> bool) {
        let waiting: Vec<IntegrationId> = self
            .integrations
            .iter()
            .filter(|(_, one)| those(one))
            .map(|(id, _)| id.clone())
            .collect();
        for id in waiting {
            self.start_sync(step, &id, SyncCause::CatchUp);
        }
    }

    /// Starts a refresh unless one runs already or nobody has signed in.
    pub(crate) fn start_sync(&mut self, step: &mut Step, id: &IntegrationId, cause: SyncCause) {
        let Some(integration) = self.integrations.get_mut(id) else {
            return;
        };
        if integration.stage != SyncStage::Idle {
            return;
        }
        integration.stage = SyncStage::Running(None);
        integration.running_since = step.now.wall;
        integration.moved_at = step.now.wall;
        integration.next_run = None;
        step.effects
            .extend([Effect::StartSync(id.clone(), cause), Effect::TellStatus]);
    }

    pub(crate) fn sync_told(&mut self, step: &mut Step, id: &IntegrationId, event: SyncEvent) {
        let Some(integration) = self.integrations.get_mut(id) else {
            return;
        };
        match event {
            SyncEvent::Progress(progress) => {
                let first_fill = integration.last_success.is_none();
                integration.stage = SyncStage::Running(Some(progress));
                integration.moved_at = step.now.wall;
                if first_fill {
                    if integration.goes_on_again(step.now.wall) {
                        let well = Notice::IntegrationWell(id.clone());
                        step.effects.push(Effect::Notify(well));
                    }
                    // Page by page there is more to be found.
                    self.look_up_again(step);
                }
            }
            SyncEvent::Ended(result) => {
                integration.stage = SyncStage::Idle;
                let again = std::mem::take(&mut integration.again);
                // What stopped it may be the very change that asks for the next one, which tells what is still so.
                if result.is_ok() || !again {
                    self.sync_ended(step, id, *result);
                }
                if again {
                    self.start_sync(step, id, SyncCause::Asked { full: false });
                }
            }
            SyncEvent::OtherModules => {
                integration.again = matches!(integration.stage, SyncStage::Running(_));
                self.start_sync(step, id, SyncCause::Asked { full: false });
            }
            SyncEvent::SigningIn => {
                integration.stage = SyncStage::SigningIn;
                integration.refused_sign_in = None;
            }
            SyncEvent::SignInCancelled => integration.comes_to_rest(),
            SyncEvent::SignInFailed(error) => integration.refuse_sign_in(error, step.now.wall),
            SyncEvent::SignedIn => {
                integration
                    .tries
                    .remember(step.now.wall, Tried::SignIn, None);
                integration.setup.signed_in = true;
                integration.account = None;
                integration.stage = SyncStage::Idle;
                self.start_sync(step, id, SyncCause::SignIn);
            }
            SyncEvent::CreditsUsed(credits) => integration.credits_today = credits,
        }
        step.effects.push(Effect::TellStatus);
    }

    fn sync_ended(
        &mut self,
        step: &mut Step,
        id: &IntegrationId,
        result: Result<SyncReport, CrmError>,
    ) {
        let luck = self.luck.draw();
        let Some(integration) = self.integrations.get_mut(id) else {
            return;
        };
        let before = integration.reason();
        let times = integration.failures() + 1;
        let fault = result.as_ref().err().cloned();
        integration
            .tries
            .remember(step.now.wall, Tried::Refresh, fault);
        match result {
            Ok(report) => {
                integration.last_run = LastRun::Well { at: step.now.wall };
                integration.last_success = Some(step.now.wall);
                integration.fault = report.clock_off_by.map(|_| wrong_clock());
                let account = &report.account;
                integration.account =
                    Some((account.organisation.clone(), account.user_email.clone()));
                integration.last_report = Some(report);
                integration.refused_sign_in = None;
            }
            Err(error) => {
                integration.last_run = LastRun::Failed {
                    at: step.now.wall,
                    kind: error.kind,
                    times,
                    retry_after: error.retry_after,
                    luck,
                };
                integration.fault = Some(error);
            }
        }
        integration.plan();
        let after = integration.reason();
        if before != after {
            integration.since = step.now.wall;
            // Told once for each new reason, not for each failed try.
            step.effects.push(Effect::Notify(match after {
                Some(reason) => Notice::IntegrationTrouble(id.clone(), reason),
                None => Notice::IntegrationWell(id.clone()),
            }));
        }
        self.look_up_again(step);
    }

    /// A mirror changed: running calls may have a name now.
    fn look_up_again(&mut self, step: &mut Step) {
        let running: Vec<_> = self
            .calls
            .values()
            .filter(|tracked| !tracked.call.state.is_ended())
            .map(|tracked| tracked.call.id)
            .collect();
        for call in running {
            self.look_up(step, call);
        }
    }
}

impl Integration {
    /// The former access is kept, and is as good or as bad as it was before.
    fn refuse_sign_in(&mut self, error: CrmError, now: Timestamp) {
        self.tries.remember(now, Tried::SignIn, Some(error.clone()));
        self.comes_to_rest();
        match self.setup.signed_in {
            true => self.refused_sign_in = Some(error),
            false => {
                self.fault = Some(error);
                self.since = now;
            }
        }
    }

    fn comes_to_rest(&mut self) {
        self.stage = match self.setup.signed_in {
            true => SyncStage::Idle,
            false => SyncStage::NotSignedIn,
        };
        self.plan();
    }
}

/// The refresh went well all the same, and the next one is due as always.
fn wrong_clock() -> CrmError {
    let kind = ErrorKind::Status(StatusReason::ClockSkew);
    CrmError::new(kind, "this PC's clock and the CRM's differ by minutes")
}

fn is_of_the_network(error: &CrmError) -> bool {
    matches!(
        error.kind,
        ErrorKind::Status(StatusReason::Offline | StatusReason::CrmUnreachable)
    )
}
