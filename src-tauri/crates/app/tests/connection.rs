//! The state of a CRM connection over time: what is told, when, and what takes it back.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::time::Duration;

use ringcard_app::{
    Effect, Event, IntegrationSetup, Notice, Session, Setup, State, SyncCause, SyncEvent, Tried,
    Try,
};
use ringcard_core::{
    Beginning, Call, CallId, CallState, CorrelationKey, Direction, IntegrationId, LegId, LineId,
    Moment, Party, StatusReason, Timestamp,
};
use ringcard_crm::{Account, Error as CrmError, ErrorKind, Tally};
use ringcard_sync::{Schedule, SyncKind, SyncProgress, SyncReport};
use ringcard_telephony::{LineCommand, LineEvent};

const PERIOD: u64 = 900;

const NOW: Moment = Moment {
    wall: Timestamp(1_000_000),
    monotonic: Duration::from_secs(50),
};

/// An application with one line and one integration, refreshed a moment ago.
struct Desk {
    state: State,
    now: Moment,
}

impl Desk {
    fn new() -> Self {
        let now = NOW;
        let integration = IntegrationSetup {
            id: zoho(),
            schedule: Schedule {
                every: Some(Duration::from_secs(PERIOD)),
                at: Vec::new(),
            },
            zone: jiff::tz::TimeZone::UTC,
            signed_in: true,
            refreshed_at: Some(now.wall),
        };
        let setup = Setup {
            lines: vec![LineId::new("desk")],
            integrations: vec![integration],
            hide_after: Duration::from_secs(10),
            missed_call_toast: true,
        };
        Self {
            state: State::new(setup, Vec::new()),
            now,
        }
    }

    /// The same, but its mirror was never filled.
    fn with_an_empty_mirror() -> Self {
        let mut desk = Self::new();
        let mut setup = desk.state.setup().clone();
        setup.integrations[0].refreshed_at = None;
        desk.state = State::new(setup, Vec::new());
        desk
    }

    fn step(&mut self, event: Event) -> Vec<Effect> {
        self.state.step(event, self.now)
    }

    fn rings(&mut self, number: &str) -> (CallId, Vec<Effect>) {
        let mut call = Call::begin(Beginning {
            id: CallId::new(uuid::Uuid::now_v7()),
            line: LineId::new("desk"),
            leg: LegId::new("PJSIP/101-00000001"),
            correlation: CorrelationKey::new("1795321145.10"),
            direction: Direction::Incoming,
            state: CallState::Ringing,
            started_at: self.now.wall,
        });
        call.meet(Party::from_number(number));
        let id = call.id;
        let told = LineEvent::Call(Box::new(call));
        (id, self.step(Event::Line(LineId::new("desk"), told)))
    }

    fn reads_a_page(&mut self) -> Vec<Effect> {
        let progress = SyncProgress {
            kind: SyncKind::Full,
            module: "Contacts".into(),
            read: 200,
            percent: Some(5),
        };
        let told = SyncEvent::Progress(progress);
        self.step(Event::Sync(zoho(), Box::new(told)))
    }

    fn passes(&mut self, seconds: u64) -> Vec<Effect> {
        self.now.monotonic += Duration::from_secs(seconds);
        self.now.wall = self.now.wall.plus(Duration::from_secs(seconds));
        self.step(Event::Tick)
    }

    fn fails(&mut self, reason: StatusReason) -> Vec<Effect> {
        self.fails_by(ErrorKind::Status(reason))
    }

    fn fails_by(&mut self, kind: ErrorKind) -> Vec<Effect> {
        let error = CrmError::new(kind, "invented");
        let ended = SyncEvent::Ended(Box::new(Err(error)));
        self.step(Event::Sync(zoho(), Box::new(ended)))
    }

    fn goes_well(&mut self) -> Vec<Effect> {
        let ended = SyncEvent::Ended(Box::new(Ok(report())));
        self.step(Event::Sync(zoho(), Box::new(ended)))
    }

    fn reason(&self) -> Option<StatusReason> {
        self.state.integration(&zoho()).unwrap().reason()
    }
}

fn zoho() -> IntegrationId {
    IntegrationId::new("zoho")
}

/// A refresh that found nothing new.
fn report() -> SyncReport {
    SyncReport {
        kind: SyncKind::Delta,
        started_at: NOW.wall,
        duration: Duration::ZERO,
        read: 0,
        new: 0,
        changed: 0,
        deleted: 0,
        tally: Tally::default(),
        modules: Vec::new(),
        account: Account {
            organisation_id: "1".into(),
            organisation_slug: "org1".into(),
            organisation: "Brandt & Söhne GmbH".into(),
            user_email: "anna@brandt.example".into(),
            user_name: "Anna".into(),
            country: None,
            plan_ends: None,
            daily_credits: None,
        },
        clock_off_by: None,
        failed: Vec::new(),
    }
}

fn catch_up() -> Effect {
    Effect::StartSync(zoho(), SyncCause::CatchUp)
}

fn reconnect() -> Effect {
    Effect::Telephony(LineId::new("desk"), LineCommand::Reconnect)
}

fn asks_who_calls(effects: &[Effect], call: CallId) -> bool {
    effects
        .iter()
        .any(|effect| matches!(effect, Effect::Lookup(asked) if asked.call == call))
}

#[test]
fn each_page_of_the_first_filling_may_name_who_rings() {
    let mut desk = Desk::with_an_empty_mirror();
    let (call, effects) = desk.rings("+493023125042");
    assert!(asks_who_calls(&effects, call), "as every call does");
    assert!(
        asks_who_calls(&desk.reads_a_page(), call),
        "the name may stand on this page"
    );
    assert!(
        asks_who_calls(&desk.reads_a_page(), call),
        "or on the next one"
    );
    let mut filled = Desk::new();
    let (call, _) = filled.rings("+493023125042");
    assert!(
        !asks_who_calls(&filled.reads_a_page(), call),
        "a filled mirror was asked, and its refresh tells when it has ended"
    );
}

#[test]
fn what_a_sleep_missed_is_made_up_for_once() {
    let mut desk = Desk::new();
    let woken = || Event::Session(Session::Resume(Duration::ZERO));
    let effects = desk.step(woken());
    assert!(effects.contains(&reconnect()) && effects.contains(&catch_up()));
    assert!(!desk.step(woken()).contains(&catch_up()), "it runs already");
}

#[test]
fn another_network_tries_again_only_what_failed_for_want_of_one() {
    let mut desk = Desk::new();
    let changed = || Event::Session(Session::NetworkChanged);
    let effects = desk.step(changed());
    assert!(effects.contains(&reconnect()), "links do not survive it");
    assert!(!effects.contains(&catch_up()), "nothing was missed");
    for reason in [StatusReason::Offline, StatusReason::CrmUnreachable] {
        let mut desk = Desk::new();
        desk.fails(reason);
        assert!(desk.step(changed()).contains(&catch_up()), "{reason:?}");
    }
}

#[test]
fn withdrawn_access_is_not_knocked_at_after_sleep() {
    let mut desk = Desk::new();
    desk.fails(StatusReason::InactiveToken);
    let effects = desk.step(Event::Session(Session::Resume(Duration::ZERO)));
    assert!(!effects.contains(&catch_up()), "a person must act");
}

#[test]
fn modules_ticked_while_a_refresh_runs_are_read_right_after_it() {
    let mut desk = Desk::new();
    desk.passes(PERIOD);
    let changed = || Event::Sync(zoho(), Box::new(SyncEvent::OtherModules));
    let asked = Effect::StartSync(zoho(), SyncCause::Asked { full: false });
    assert!(!desk.step(changed()).contains(&asked), "one at a time");
    let effects = desk.fails(StatusReason::SyncStale);
    assert!(
        effects.contains(&asked),
        "with the modules that are ticked now"
    );
    assert_eq!(
        desk.reason(),
        None,
        "what the change itself broke off is no fault"
    );
    let effects = desk.fails(StatusReason::Offline);
    assert!(!effects.contains(&asked), "once");
    assert_eq!(desk.reason(), Some(StatusReason::Offline));
    let mut idle = Desk::new();
    assert!(
        idle.step(changed()).contains(&asked),
        "at once where none runs"
    );
}

#[test]
fn fault_that_is_no_state_of_its_own_is_told_with_a_reason_and_its_time() {
    for kind in [
        ErrorKind::BadRequest,
        ErrorKind::ModuleUnavailable,
        ErrorKind::TooManyRecords,
        ErrorKind::PageTokenExpired,
    ] {
        let mut desk = Desk::new();
        let reason = StatusReason::CrmRefused;
        let notice = Effect::Notify(Notice::IntegrationTrouble(zoho(), reason));
        assert!(desk.fails_by(kind).contains(&notice), "{kind:?} is told");
        assert!(!desk.fails_by(kind).contains(&notice), "{kind:?}: once");
        let integration = desk.state.integration(&zoho()).unwrap();
        assert_eq!(integration.reason(), Some(reason), "{kind:?}");
        assert_eq!(integration.since, desk.now.wall, "since it was met");
        assert!(integration.next_run().is_some(), "it is tried again");
        let changed = desk.step(Event::Session(Session::NetworkChanged));
        assert!(
            !changed.contains(&catch_up()),
            "{kind:?}: no network's fault"
        );
    }
}

#[test]
fn connection_that_is_good_again_is_told_once() {
    let mut desk = Desk::new();
    let told = |effects: Vec<Effect>| {
        let notices = effects.into_iter();
        notices
            .filter(|effect| matches!(effect, Effect::Notify(_)))
            .collect::<Vec<_>>()
    };
    assert!(told(desk.goes_well()).is_empty(), "nothing was wrong");
    desk.fails(StatusReason::Offline);
    desk.fails(StatusReason::CrmUnreachable);
    desk.passes(60);
    let well = Effect::Notify(Notice::IntegrationWell(zoho()));
    assert_eq!(told(desk.goes_well()), [well], "one word for two reasons");
    let integration = desk.state.integration(&zoho()).unwrap();
    assert_eq!(integration.reason(), None);
    assert_eq!(integration.since, desk.now.wall, "since when it is well");
    assert!(told(desk.goes_well()).is_empty(), "not each time");
}

#[test]
fn failures_in_a_row_are_counted() {
    let mut desk = Desk::new();
    for _ in 0..3 {
        desk.fails(StatusReason::TokenRefresh);
    }
    let integration = desk.state.integration(&zoho()).unwrap();
    assert_eq!(integration.failures(), 3);
    desk.goes_well();
    let integration = desk.state.integration(&zoho()).unwrap();
    assert_eq!(integration.failures(), 0, "it goes well again");
}

#[test]
fn refresh_that_never_ends_is_told_once_as_stale() {
    let mut desk = Desk::new();
    let started = desk.passes(PERIOD);
    assert!(started.contains(&Effect::StartSync(zoho(), SyncCause::Schedule)));
    assert_eq!(desk.reason(), None, "one period is what was asked for");
    let notice = Notice::IntegrationTrouble(zoho(), StatusReason::SyncStale);
    let told = desk.passes(PERIOD);
    assert!(told.contains(&Effect::Notify(notice.clone())));
    assert_eq!(desk.reason(), Some(StatusReason::SyncStale));
    let again = desk.passes(PERIOD);
    assert!(!again.contains(&Effect::Notify(notice)), "not twice");
}

#[test]
fn first_filling_is_told_as_stale_only_when_it_stands_still() {
    let mut desk = Desk::with_an_empty_mirror();
    let started = desk.passes(0);
    assert!(started.contains(&Effect::StartSync(zoho(), SyncCause::Schedule)));
    for _ in 0..20 {
        desk.passes(600);
        desk.reads_a_page();
    }
    assert_eq!(desk.reason(), None, "hours are no fault while pages come");
    let notice = Notice::IntegrationTrouble(zoho(), StatusReason::SyncStale);
    let told = desk.passes(900);
    assert!(told.contains(&Effect::Notify(notice.clone())));
    assert_eq!(desk.reason(), Some(StatusReason::SyncStale));
    let again = desk.passes(900);
    assert!(
        !again.contains(&Effect::Notify(notice.clone())),
        "not twice"
    );
    let well = Notice::IntegrationWell(zoho());
    let read = desk.reads_a_page();
    assert!(read.contains(&Effect::Notify(well)), "it goes on");
    assert_eq!(desk.reason(), None);
    desk.now.wall = desk.now.wall.plus(Duration::from_secs(8 * 3600));
    let woken = desk.step(Event::Session(Session::Resume(Duration::ZERO)));
    assert!(
        !woken.contains(&Effect::Notify(notice)),
        "a night's sleep is no standstill"
    );
}

#[test]
fn mirror_that_a_night_made_old_is_refreshed_before_anybody_is_told() {
    let mut desk = Desk::new();
    let effects = desk.passes(40 * PERIOD);
    assert!(effects.contains(&Effect::StartSync(zoho(), SyncCause::Schedule)));
    assert_eq!(desk.reason(), None, "it is being made up for");
}

#[test]
fn desktops_of_a_company_do_not_come_back_at_once() {
    let next = |seed| {
        let mut desk = Desk::new();
        desk.state.spread_by(seed);
        desk.fails(StatusReason::CrmUnreachable);
        let integration = desk.state.integration(&zoho()).unwrap();
        integration.next_run().unwrap().since(desk.now.wall)
    };
    let waits = [next(1), next(2), next(3)];
    assert!(waits[0] != waits[1] && waits[1] != waits[2], "{waits:?}");
    let usual = Duration::from_secs(15)..=Duration::from_millis(18_750);
    assert!(waits.iter().all(|wait| usual.contains(wait)), "{waits:?}");
}

#[test]
fn refused_sign_in_leaves_the_connection_as_it_was() {
    let mut desk = Desk::new();
    let refused = || {
        let reason = ErrorKind::Status(StatusReason::InvalidOrganization);
        SyncEvent::SignInFailed(CrmError::new(reason, "invented"))
    };
    desk.step(Event::Sync(zoho(), Box::new(SyncEvent::SigningIn)));
    let effects = desk.step(Event::Sync(zoho(), Box::new(refused())));
    let integration = desk.state.integration(&zoho()).unwrap();
    assert_eq!(integration.reason(), None, "the former access still works");
    assert!(integration.next_run().is_some(), "and goes on being used");
    let refusal = integration.refused_sign_in.as_ref().unwrap();
    assert_eq!(refusal.reason(), Some(StatusReason::InvalidOrganization));
    assert!(
        effects.contains(&Effect::TellStatus),
        "the window says what the browser cannot"
    );
    desk.step(Event::Sync(zoho(), Box::new(SyncEvent::SigningIn)));
    let integration = desk.state.integration(&zoho()).unwrap();
    assert!(integration.refused_sign_in.is_none(), "it is tried anew");
}

#[test]
fn refused_first_sign_in_is_the_connections_fault() {
    let mut desk = Desk::new();
    let mut setup = desk.state.setup().clone();
    setup.integrations[0].signed_in = false;
    desk.step(Event::Settings(Box::new(setup)));
    let reason = ErrorKind::Status(StatusReason::Forbidden);
    let refused = SyncEvent::SignInFailed(CrmError::new(reason, "invented"));
    desk.step(Event::Sync(zoho(), Box::new(refused)));
    assert_eq!(
        desk.reason(),
        Some(StatusReason::Forbidden),
        "there is no other access that could go on"
    );
}

#[test]
fn last_tries_are_remembered_with_what_came_of_them() {
    let mut desk = Desk::new();
    desk.fails(StatusReason::Offline);
    desk.passes(1);
    desk.fails(StatusReason::InactiveToken);
    desk.passes(60);
    desk.step(Event::Sync(zoho(), Box::new(SyncEvent::SignedIn)));
    let tries = |desk: &Desk| {
        let integration = desk.state.integration(&zoho()).unwrap();
        let one = |one: &Try| (one.what, one.fault.as_ref().and_then(CrmError::reason));
        integration
            .tries
            .newest_first()
            .map(one)
            .collect::<Vec<_>>()
    };
    let newest = (Tried::SignIn, None);
    let before = (Tried::Refresh, Some(StatusReason::InactiveToken));
    let first = (Tried::Refresh, Some(StatusReason::Offline));
    assert_eq!(tries(&desk), [newest, before, first], "the newest first");
    for _ in 0..20 {
        desk.fails(StatusReason::Offline);
    }
    assert!(
        tries(&desk).len() < 10,
        "a fault that lasts all night is no long story"
    );
}
