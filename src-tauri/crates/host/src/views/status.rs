//! Lines, integrations and the application as windows show them.

use ringcard_app::{Integration, State, SyncStage, TraySign as Sign};
use ringcard_core::LinkState;
use ringcard_crm::Account;
use ringcard_ipc::settings::{HelpPage, Settings, SettingsView, SourceSettings};
use ringcard_ipc::{
    Fault, IntegrationState, IntegrationStatus, LineStatus, Progress, StatusView, SyncKind,
    SyncReportView, TraySign, Tried, Try, Warning,
};
use ringcard_sync::SyncReport;

use super::cards::crm_name;
use crate::lines::extension;
use crate::secrets::SecretStore;
use crate::settings::InForce;

/// What the status needs beside the state.
pub struct StatusContext<'a> {
    /// The state.
    pub state: &'a State,
    /// The settings in force.
    pub settings: &'a Settings,
    /// Records in each mirror, in the order of the settings.
    pub records: Vec<u64>,
    /// Modules that each CRM offers, in the order of the settings.
    pub modules: Vec<Vec<String>>,
    /// What each CRM told last of its organisation, in the order of the settings.
    pub accounts: Vec<Option<Account>>,
    /// Secrets lie in a file.
    pub secrets_in_file: bool,
    /// Detailed logging is on.
    pub log_details: bool,
    /// Entries that wait for a disk that takes them.
    pub journal_waiting: u32,
}

/// The whole state.
pub fn status(context: &StatusContext<'_>) -> StatusView {
    let (state, settings) = (context.state, context.settings);
    StatusView {
        version: env!("CARGO_PKG_VERSION").into(),
        tray: match tray_sign(state.tray_sign()) {
            TraySign::Listening | TraySign::CrmTrouble if context.journal_waiting > 0 => {
                TraySign::JournalWaits
            }
            sign => sign,
        },
        lines: line_statuses(state, settings),
        integrations: integration_statuses(context),
        secrets_in_file: context.secrets_in_file,
        first_start: settings.lines.is_empty(),
        log_details: context.log_details,
        journal_waiting: context.journal_waiting,
    }
}

fn tray_sign(sign: Sign) -> TraySign {
    match sign {
        Sign::Ringing => TraySign::Ringing,
        Sign::CallerWaiting => TraySign::CallerWaiting,
        Sign::OnCall => TraySign::OnCall,
        Sign::NotConfigured => TraySign::NotConfigured,
        Sign::TelephonyDown => TraySign::TelephonyDown,
        Sign::CrmTrouble => TraySign::CrmTrouble,
        Sign::Listening => TraySign::Listening,
    }
}

/// The lines in the order of the settings.
pub fn line_statuses(state: &State, settings: &Settings) -> Vec<LineStatus> {
    let links = |id: &str| {
        let mut lines = state.lines();
        lines
            .find(|(line, _)| line.as_str() == id)
            .and_then(|(_, line)| line.link.clone())
    };
    let status = |line: &ringcard_ipc::settings::LineSettings| {
        let link = links(&line.id);
        let (trouble, retry_at) = match &link {
            Some(LinkState::Down { trouble, retry_at }) => (Some(*trouble), *retry_at),
            _ => (None, None),
        };
        LineStatus {
            id: line.id.clone(),
            name: line.name.clone(),
            extension: extension(line).to_owned(),
            listening_since: match link {
                Some(LinkState::Listening { since }) => Some(since.0),
                _ => None,
            },
            trouble,
            retry_at: retry_at.map(|at| at.0),
        }
    };
    settings.lines.iter().map(status).collect()
}

fn integration_statuses(context: &StatusContext<'_>) -> Vec<IntegrationStatus> {
    let mut statuses = Vec::new();
    for (index, settings) in context.settings.integrations.iter().enumerate() {
        let found = context
            .state
            .integrations()
            .find(|(id, _)| id.as_str() == settings.id);
        let Some((_, integration)) = found else {
            continue;
        };
        let SourceSettings::Zoho(zoho) = &settings.source;
        let account = integration.account.as_ref();
        let kept = context.accounts.get(index).and_then(Option::as_ref);
        let user_email = account.map(|(_, email)| email.clone());
        let agent = [&context.settings.general.email, &zoho.login_hint];
        let agent = agent.into_iter().find(|email| email.contains('@'));
        let differs =
            |email: &String| agent.is_some_and(|agent| !email.eq_ignore_ascii_case(agent));
        let told = integration.fault.as_ref().map(fault).unwrap_or_default();
        statuses.push(IntegrationStatus {
            id: settings.id.clone(),
            name: settings.name.clone(),
            crm: crm_name(settings),
            state: connection_state(integration),
            reason: integration.reason(),
            code: told.code,
            http_status: told.http_status,
            module: told.module,
            found_organisation: told.found_organisation,
            since: integration.since.0,
            tries: integration.tries.newest_first().map(one_try).collect(),
            failed_in_a_row: integration.failures(),
            refused_sign_in: integration.refused_sign_in.as_ref().map(fault),
            last_success: integration.last_success.map(|at| at.0),
            next_run: integration.next_run().map(|at| at.0),
            progress: progress(integration),
            last_report: integration.last_report.as_ref().map(report),
            organisation: account
                .map(|(organisation, _)| organisation.clone())
                .or_else(|| kept.map(|kept| kept.organisation.clone())),
            other_user: user_email.as_ref().is_some_and(differs),
            user_email,
            plan_ends: kept.and_then(plan_ends),
            records: context.records.get(index).copied().unwrap_or(0),
            credits_today: integration.credits_today,
            modules: context.modules.get(index).cloned().unwrap_or_default(),
            warnings: integration
                .last_report
                .as_ref()
                .map(warnings)
                .unwrap_or_default(),
        });
    }
    statuses
}

fn one_try(one: &ringcard_app::Try) -> Try {
    Try {
        at: one.at.0,
        what: match one.what {
            ringcard_app::Tried::Refresh => Tried::Refresh,
            ringcard_app::Tried::SignIn => Tried::SignIn,
        },
        fault: one.fault.as_ref().map(fault),
    }
}

fn fault(error: &ringcard_crm::Error) -> Fault {
    Fault {
        reason: Some(error.reason_of_try()),
        code: error.code.clone(),
        http_status: error.status,
        module: error.module.clone(),
        found_organisation: error
            .found_organisation
            .as_ref()
            .map(|name| name.expose().clone()),
    }
}

fn plan_ends(account: &Account) -> Option<i64> {
    let ends: jiff::Timestamp = account.plan_ends.as_deref()?.parse().ok()?;
    Some(ends.as_millisecond())
}

fn connection_state(integration: &Integration) -> IntegrationState {
    match (&integration.stage, &integration.fault) {
        (SyncStage::NotSignedIn, None) => IntegrationState::NotSignedIn,
        (SyncStage::SigningIn, _) => IntegrationState::SigningIn,
        (_, Some(_)) => IntegrationState::Disconnected,
        (_, None) => IntegrationState::Connected,
    }
}

fn progress(integration: &Integration) -> Option<Progress> {
    let SyncStage::Running(Some(progress)) = &integration.stage else {
        return None;
    };
    Some(Progress {
        kind: kind(progress.kind),
        module: progress.module.clone(),
        read: progress.read,
        percent: progress.percent,
    })
}

fn kind(kind: ringcard_sync::SyncKind) -> SyncKind {
    match kind {
        ringcard_sync::SyncKind::Full => SyncKind::Full,
        ringcard_sync::SyncKind::Delta => SyncKind::Delta,
    }
}

fn report(report: &SyncReport) -> SyncReportView {
    SyncReportView {
        kind: kind(report.kind),
        started_at: report.started_at.0,
        duration_ms: u64::try_from(report.duration.as_millis()).unwrap_or(u64::MAX),
        read: report.read,
        new: report.new,
        changed: report.changed,
        deleted: report.deleted,
        calls: report.tally.calls,
        credits: report.tally.credits,
    }
}

/// A permission error belongs to its module; the connection stays connected with a warning.
fn warnings(report: &SyncReport) -> Vec<Warning> {
    report
        .failed
        .iter()
        .map(|(module, error)| Warning {
            module: module.clone(),
            reason: error.reason(),
            code: error.code.clone(),
            http_status: error.status,
        })
        .collect()
}

/// The settings with the names of the secrets that are kept, and with what the administrator decided.
pub fn settings_view(
    settings: &Settings,
    secrets: &dyn SecretStore,
    InForce { policy, trouble }: &InForce,
) -> SettingsView {
    let line_secrets = settings
        .lines
        .iter()
        .map(|line| format!("line.{}.secret", line.id));
    let integration_secrets = settings.integrations.iter().flat_map(|one| {
        ["tokens", "client_secret"].map(|what| format!("integration.{}.{what}", one.id))
    });
    let kept = |name: &String| matches!(secrets.get(name), Ok(Some(_)));
    SettingsView {
        settings: settings.clone(),
        secrets: line_secrets
            .chain(integration_secrets)
            .filter(kept)
            .collect(),
        locked: policy.locked(settings),
        policy_trouble: trouble.clone(),
        help_pages: [
            (HelpPage::Support, &policy.support_url),
            (HelpPage::Status, &policy.status_url),
        ]
        .into_iter()
        .filter_map(|(page, url)| (!url.is_empty()).then_some(page))
        .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ringcard_core::Timestamp;
    use ringcard_crm::{Error, ErrorKind, StatusReason, Tally};

    use super::*;

    fn report(failed: Vec<(String, Error)>) -> SyncReport {
        SyncReport {
            kind: ringcard_sync::SyncKind::Delta,
            started_at: Timestamp(1_000),
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
            failed,
        }
    }

    #[test]
    fn end_of_a_plan_is_a_time_or_nothing() {
        let ends = |text: Option<&str>| {
            let mut account = report(Vec::new()).account;
            account.plan_ends = text.map(str::to_owned);
            plan_ends(&account)
        };
        assert_eq!(ends(Some("1970-01-01T05:30:01+05:30")), Some(1_000));
        assert_eq!(ends(Some("soon")), None, "no date is invented");
        assert_eq!(ends(None), None);
    }

    #[test]
    fn module_is_said_to_lack_a_right_only_where_the_crm_said_so() {
        let mut refused = Error::new(ErrorKind::BadRequest, "invented");
        refused.code = Some("INVALID_DATA".into());
        refused.status = Some(400);
        let right = ErrorKind::Status(StatusReason::InsufficientPermissions);
        let report = report(vec![
            ("Deals".into(), refused),
            ("Leads".into(), Error::new(right, "invented")),
        ]);
        let warnings = warnings(&report);
        assert_eq!(warnings[0].reason, None, "the profile is not to blame");
        assert_eq!(
            (warnings[0].code.as_deref(), warnings[0].http_status),
            (Some("INVALID_DATA"), Some(400)),
            "what the CRM said tells support more"
        );
        let lacks = Some(StatusReason::InsufficientPermissions);
        assert_eq!(warnings[1].reason, lacks);
    }
}
