//! What `ringcard status` tells.

use super::*;
use ringcard_ipc::{
    IntegrationState, LinkTrouble, Progress, StatusReason, SyncKind, TraySign, Warning,
};

/// 2026-03-02 08:14 UTC.
const MORNING: i64 = 1_772_439_240_000;

fn line(name: &str) -> LineStatus {
    LineStatus {
        id: "desk".into(),
        name: name.into(),
        extension: "101".into(),
        listening_since: Some(MORNING),
        trouble: None,
        retry_at: None,
    }
}

fn connected() -> IntegrationStatus {
    IntegrationStatus {
        id: "zoho".into(),
        name: "Customers".into(),
        crm: "Zoho".into(),
        state: IntegrationState::Connected,
        reason: None,
        code: None,
        http_status: None,
        module: None,
        found_organisation: None,
        since: MORNING,
        tries: Vec::new(),
        failed_in_a_row: 0,
        refused_sign_in: None,
        last_success: Some(MORNING),
        next_run: None,
        progress: None,
        last_report: None,
        organisation: None,
        user_email: None,
        plan_ends: None,
        other_user: false,
        records: 5000,
        credits_today: 0,
        modules: Vec::new(),
        warnings: Vec::new(),
    }
}

fn warning(module: &str, reason: Option<StatusReason>, code: Option<&str>) -> Warning {
    Warning {
        module: module.into(),
        reason,
        code: code.map(Into::into),
        http_status: None,
    }
}

fn view() -> StatusView {
    StatusView {
        version: "0.1.0".into(),
        tray: TraySign::Listening,
        lines: vec![line("Desk")],
        integrations: vec![connected()],
        secrets_in_file: false,
        first_start: false,
        log_details: false,
        journal_waiting: 0,
    }
}

#[test]
fn normal_day_is_seven_lines() {
    let expected = "\
Ringcard 0.1.0: listening

Line  Extension  State
Desk  101        listening since 2026-03-02 08:14

Integration  State      Records  Refreshed         Next
Customers    connected  5000     2026-03-02 08:14  -
";
    assert_eq!(status(&view(), &TimeZone::UTC), expected);
}

#[test]
fn disconnected_integration_says_why_with_the_details() {
    let broken = IntegrationStatus {
        state: IntegrationState::Disconnected,
        reason: Some(StatusReason::InvalidToken),
        code: Some("INVALID_TOKEN".into()),
        http_status: Some(401),
        ..connected()
    };
    assert_eq!(
        connection(&broken),
        "disconnected: the access is not accepted (INVALID_TOKEN, HTTP 401)"
    );
}

#[test]
fn module_without_a_right_is_named() {
    let broken = IntegrationStatus {
        state: IntegrationState::Disconnected,
        reason: Some(StatusReason::InsufficientPermissions),
        module: Some("Leads".into()),
        ..connected()
    };
    assert_eq!(
        connection(&broken),
        "disconnected: the user lacks a right (module Leads)"
    );
}

#[test]
fn first_fill_says_how_far_it_is() {
    let filling = IntegrationStatus {
        progress: Some(Progress {
            kind: SyncKind::Full,
            module: "Contacts".into(),
            read: 2150,
            percent: Some(43),
        }),
        ..connected()
    };
    assert_eq!(connection(&filling), "connected, reading Contacts, 43 %");
}

#[test]
fn line_that_waits_for_a_person_says_so() {
    let refused = LineStatus {
        listening_since: None,
        trouble: Some(LinkTrouble::AuthenticationFailed),
        ..line("Desk")
    };
    assert_eq!(
        link(&refused, &TimeZone::UTC),
        "down: user or secret are wrong; not tried again by itself"
    );
}

#[test]
fn what_needs_attention_is_never_left_out() {
    let mut view = view();
    view.secrets_in_file = true;
    view.journal_waiting = 3;
    view.integrations[0].other_user = true;
    let lacks = StatusReason::InsufficientPermissions;
    view.integrations[0].warnings = vec![
        warning("Leads", Some(lacks), None),
        warning("Deals", None, Some("INVALID_MODULE")),
    ];
    let text = status(&view, &TimeZone::UTC);
    for part in [
        "Secrets lie in a file",
        "3 entries of the journal wait",
        "signed-in user is not the one",
        "Customers: Leads is not read: the user lacks a right\n",
        "Customers: Deals is not read: the CRM refused it (INVALID_MODULE)\n",
    ] {
        assert!(text.contains(part), "{part:?} is missing in: {text}");
    }
}
