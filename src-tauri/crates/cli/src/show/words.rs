//! One short English phrase for each state and reason.

use ringcard_ipc::{
    Basis, CallState, Direction, EndReason, HeldBy, IntegrationState, LinkTrouble, StatusReason,
    TraySign,
};

/// What the tray icon says.
pub fn sign(sign: TraySign) -> &'static str {
    match sign {
        TraySign::Listening => "listening",
        TraySign::Ringing => "a call rings",
        TraySign::OnCall => "on a call",
        TraySign::CallerWaiting => "a caller waits",
        TraySign::TelephonyDown => "no line listens",
        TraySign::CrmTrouble => "listening, a CRM needs attention",
        TraySign::JournalWaits => "listening, the disk is full",
        TraySign::NotConfigured => "not set up yet",
    }
}

/// Where a call stands.
pub fn state(state: CallState) -> &'static str {
    match state {
        CallState::CallingOwnPhone => "calling your telephone",
        CallState::Dialing => "dialing",
        CallState::Ringing => "ringing",
        CallState::Active => "in talk",
        CallState::Held { by: HeldBy::Us } => "waiting",
        CallState::Held { by: HeldBy::Remote } => "held by the other side",
        CallState::Parked => "parked",
        CallState::Queued => "back in the queue",
        CallState::Ended { reason } => end(reason),
    }
}

fn end(reason: EndReason) -> &'static str {
    match reason {
        EndReason::HungUp => "ended",
        EndReason::Missed => "missed",
        EndReason::AnsweredElsewhere => "answered elsewhere",
        EndReason::PickedUp => "picked up by a colleague",
        EndReason::Redirected => "redirected",
        EndReason::TransferredAway => "transferred",
        EndReason::Declined => "declined",
        EndReason::Busy => "busy",
        EndReason::Failed => "failed",
        EndReason::EndedWhileAway => "ended while the line was down",
    }
}

/// Which way a call goes.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Incoming => "in",
        Direction::Outgoing => "out",
    }
}

/// Why a line is down.
pub fn trouble(trouble: LinkTrouble) -> &'static str {
    match trouble {
        LinkTrouble::HostNotFound => "the host's name leads nowhere",
        LinkTrouble::Unreachable => "nobody answers at this host and port",
        LinkTrouble::WrongProtocol => "what answers there is no such telephone system",
        LinkTrouble::AuthenticationFailed => "user or secret are wrong",
        LinkTrouble::RightsMissing => "the account lacks a right without which no call is seen",
        LinkTrouble::CertificateRefused => "the certificate is not trusted",
        LinkTrouble::Lost => "the link was lost",
        LinkTrouble::ShuttingDown => "the telephone system shuts down",
        LinkTrouble::NotConfigured => "the settings are incomplete",
    }
}

/// Connected or not.
pub fn integration(state: IntegrationState) -> &'static str {
    match state {
        IntegrationState::NotSignedIn => "not signed in",
        IntegrationState::SigningIn => "signing in",
        IntegrationState::Connected => "connected",
        IntegrationState::Disconnected => "disconnected",
    }
}

/// Why an integration is not connected.
pub fn reason(reason: StatusReason) -> &'static str {
    match reason {
        StatusReason::InactiveToken => "the access was withdrawn",
        StatusReason::InvalidToken => "the access is not accepted",
        StatusReason::TrialExpired => "the trial or plan has ended",
        StatusReason::TokenRefresh => "the access could not be renewed",
        StatusReason::NoAccount => "this login has no CRM",
        StatusReason::InvalidOrganization => "another organisation than before",
        StatusReason::InsufficientPermissions => "the user lacks a right",
        StatusReason::Forbidden => "this user may not use the interface",
        StatusReason::ApiLimitExceeded => "the calls allowed are used up",
        StatusReason::Offline => "no network",
        StatusReason::CrmUnreachable => "the CRM does not answer",
        StatusReason::CrmRefused => "the CRM refused what was asked of it",
        StatusReason::ClockSkew => "this PC's clock is wrong",
        StatusReason::SyncStale => "the last refresh is too long ago",
    }
}

/// Why a match is one.
pub fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Exact => "whole number",
        Basis::Stem => "company's switchboard",
        Basis::Block => "company's number block",
    }
}
