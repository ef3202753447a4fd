//! One table from what Zoho and the network answer to what went wrong.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use serde_json::Value;

use super::wire::Refusal;
use crate::{Error, ErrorKind, StatusReason};

const CONCURRENCY_PAUSE: Duration = Duration::from_secs(10);
const UNKNOWN_LIMIT_PAUSE: Duration = Duration::from_secs(5 * 60);
const DAILY_LIMIT_PAUSE: Duration = Duration::from_secs(3600);
/// Asking again sooner makes Zoho's lock-out longer.
pub(super) const REFRESH_PAUSE: Duration = Duration::from_secs(10 * 60);

/// What a refusal of the API means. `refusal` is `None` where the body was no JSON of Zoho's.
pub(super) fn of_answer(status: u16, refusal: Option<&Refusal>) -> Error {
    let code = refusal.map(|refusal| refusal.code.as_str());
    let kind = kind_of(status, code, refusal.map(|refusal| &refusal.details));
    let mut error = Error::new(kind, sentence(kind));
    error.status = Some(status);
    error.code = code.filter(|code| is_code(code)).map(str::to_owned);
    if error.reason() == Some(StatusReason::ApiLimitExceeded) {
        error.retry_after = Some(refusal.map_or(UNKNOWN_LIMIT_PAUSE, pause));
    }
    error
}

/// What a word of the accounts server means when an access token was asked for.
pub(super) fn of_token_answer(status: u16, word: Option<&str>) -> Error {
    use StatusReason::{InactiveToken, InvalidToken, TokenRefresh};
    let reason = match word {
        Some("invalid_code") => InactiveToken,
        Some("invalid_client" | "invalid_client_secret") => InvalidToken,
        _ => TokenRefresh,
    };
    let kind = ErrorKind::Status(reason);
    let mut error = Error::new(kind, sentence(kind));
    error.status = Some(status);
    error.code = word
        .map(|word| word.replace(' ', "_"))
        .filter(|word| is_code(word));
    if reason == TokenRefresh {
        error.retry_after = Some(REFRESH_PAUSE);
    }
    error
}

/// What a request that got no answer means.
pub(super) fn of_network(failure: &reqwest::Error) -> Error {
    let reason = if is_wrong_date(failure) {
        StatusReason::ClockSkew
    } else if failure.is_connect() && !failure.is_timeout() && !is_tls(failure) {
        of_connecting(io_error(failure).map(io::Error::kind))
    } else {
        StatusReason::CrmUnreachable
    };
    of_kind(ErrorKind::Status(reason))
}

/// Where somebody refuses or breaks off, there is a network; without a name or a way there is none.
fn of_connecting(cause: Option<io::ErrorKind>) -> StatusReason {
    match cause {
        Some(
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::TimedOut,
        ) => StatusReason::CrmUnreachable,
        _ => StatusReason::Offline,
    }
}

/// An answer that is none of Zoho's.
pub(super) fn not_a_crm(status: u16) -> Error {
    let kind = ErrorKind::Status(StatusReason::CrmUnreachable);
    let mut error = Error::new(kind, sentence(kind));
    error.status = Some(status);
    error
}

/// An error of this reason with its usual sentence.
pub(super) fn of_reason(reason: StatusReason) -> Error {
    of_kind(ErrorKind::Status(reason))
}

/// An error of this kind with its usual sentence.
pub(super) fn of_kind(kind: ErrorKind) -> Error {
    Error::new(kind, sentence(kind))
}

fn kind_of(status: u16, code: Option<&str>, details: Option<&Value>) -> ErrorKind {
    match code {
        Some(code) => kind_of_code(code, details).unwrap_or_else(|| kind_of_status(status, true)),
        None => kind_of_status(status, false),
    }
}

fn kind_of_code(code: &str, details: Option<&Value>) -> Option<ErrorKind> {
    use StatusReason as R;
    Some(match code {
        "INVALID_TOKEN"
        | "INVALID_OAUTHTOKEN"
        | "AUTHENTICATION_FAILURE"
        | "AUTHENTICATION_FAILED"
        | "4834"
        | "4890" => ErrorKind::Status(R::InvalidToken),
        "4501" => ErrorKind::Status(R::InactiveToken),
        "4101" => ErrorKind::Status(R::TrialExpired),
        "4102" => ErrorKind::Status(R::NoAccount),
        "NO_PERMISSION" => ErrorKind::Status(missing_right(details)),
        "OAUTH_SCOPE_MISMATCH" | "AUTHORIZATION_FAILED" | "401" | "401.1" | "401.2" | "401.3" => {
            ErrorKind::Status(R::InsufficientPermissions)
        }
        "PERMISSION_DENIED" | "4001" => ErrorKind::Status(R::Forbidden),
        "INVALID_HOST" => ErrorKind::Status(R::InvalidOrganization),
        "TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED" | "4421" | "4820" => {
            ErrorKind::Status(R::ApiLimitExceeded)
        }
        "INTERNAL_ERROR" | "INTERNAL_SERVER_ERROR" | "BAD_GATEWAY" | "SERVICE_UNAVAILABLE" => {
            ErrorKind::Status(R::CrmUnreachable)
        }
        "EXPIRED_VALUE" | "TOKEN_BOUND_DATA_MISMATCH" => ErrorKind::PageTokenExpired,
        "PAGINATION_LIMIT_EXCEEDED" | "DISCRETE_PAGINATION_LIMIT_EXCEEDED" | "LIMIT_REACHED" => {
            ErrorKind::TooManyRecords
        }
        "INVALID_MODULE"
        | "MODULE_NOT_SUPPORTED"
        | "NOT_SUPPORTED"
        | "API_NOT_SUPPORTED"
        | "FEATURE_NOT_AVAILABLE"
        | "FEATURE_NOT_ENABLED"
        | "4502" => ErrorKind::ModuleUnavailable,
        _ => return None,
    })
}

/// `NO_PERMISSION` names the rights that are missing; the right to the API itself is one of them.
fn missing_right(details: Option<&Value>) -> StatusReason {
    let rights = details.and_then(|details| details.get("permissions")?.as_array());
    match rights {
        Some(rights) if rights.iter().any(|right| right == "Crm_Implied_Api_Access") => {
            StatusReason::Forbidden
        }
        Some(rights) if !rights.is_empty() => StatusReason::InsufficientPermissions,
        _ => StatusReason::Forbidden,
    }
}

/// Without a code a proxy or a captive portal may have answered.
fn kind_of_status(status: u16, is_zoho: bool) -> ErrorKind {
    match status {
        401 if is_zoho => ErrorKind::Status(StatusReason::InvalidToken),
        403 => ErrorKind::Status(StatusReason::Forbidden),
        429 => ErrorKind::Status(StatusReason::ApiLimitExceeded),
        400..=499 if is_zoho => ErrorKind::BadRequest,
        _ => ErrorKind::Status(StatusReason::CrmUnreachable),
    }
}

/// How long to wait. Only the message tells the two limits apart.
fn pause(refusal: &Refusal) -> Duration {
    if let Some(seconds) = refusal.details.get("retry_after").and_then(Value::as_u64) {
        return Duration::from_secs(seconds.min(24 * 3600));
    }
    let message = refusal.message.to_ascii_lowercase();
    if message.contains("concurrency") {
        CONCURRENCY_PAUSE
    } else if message.contains("24 hour") || message.contains("credit") || refusal.code == "4421" {
        DAILY_LIMIT_PAUSE
    } else {
        UNKNOWN_LIMIT_PAUSE
    }
}

/// Only what looks like a code is kept: a server could put anything there.
fn is_code(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    !text.is_empty() && text.len() <= 60 && text.chars().all(is_plain)
}

fn causes(failure: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(failure.source(), |&cause| cause.source())
}

fn io_error(failure: &reqwest::Error) -> Option<&io::Error> {
    causes(failure).find_map(|cause| cause.downcast_ref::<io::Error>())
}

fn tls_error(failure: &reqwest::Error) -> Option<&rustls::Error> {
    causes(failure).find_map(|cause| {
        cause.downcast_ref::<rustls::Error>().or_else(|| {
            let io = cause.downcast_ref::<io::Error>()?;
            io.get_ref()?.downcast_ref::<rustls::Error>()
        })
    })
}

fn is_tls(failure: &reqwest::Error) -> bool {
    tls_error(failure).is_some()
}

/// Zoho's certificates are good; one that seems outdated or too young speaks of our clock.
fn is_wrong_date(failure: &reqwest::Error) -> bool {
    use rustls::CertificateError as C;
    matches!(
        tls_error(failure),
        Some(rustls::Error::InvalidCertificate(
            C::Expired | C::NotValidYet | C::ExpiredContext { .. } | C::NotValidYetContext { .. }
        ))
    )
}

fn sentence(kind: ErrorKind) -> &'static str {
    use StatusReason as R;
    match kind {
        ErrorKind::Status(R::InactiveToken) => "Access was revoked in Zoho.",
        ErrorKind::Status(R::InvalidToken) => "The access key is not valid.",
        ErrorKind::Status(R::TrialExpired) => "The Zoho trial or plan has ended.",
        ErrorKind::Status(R::TokenRefresh) => "Renewing the access failed for now.",
        ErrorKind::Status(R::NoAccount) => "This login has no Zoho CRM.",
        ErrorKind::Status(R::InvalidOrganization) => {
            "This sign-in belongs to another organisation."
        }
        ErrorKind::Status(R::InsufficientPermissions) => "This Zoho user lacks a right for this.",
        ErrorKind::Status(R::Forbidden) => "This Zoho user may not use the API.",
        ErrorKind::Status(R::ApiLimitExceeded) => "Zoho's limit of calls is used up for now.",
        ErrorKind::Status(R::Offline) => "There is no connection to Zoho.",
        ErrorKind::Status(R::CrmRefused) => "Zoho refused what was asked of it.",
        ErrorKind::Status(R::ClockSkew) => "The clock of this PC is wrong.",
        ErrorKind::Status(_) => "Zoho does not answer as it should.",
        ErrorKind::PageTokenExpired => "Reading took too long and begins anew.",
        ErrorKind::TooManyRecords => "This module has more records than Zoho lists.",
        ErrorKind::ModuleUnavailable => "Zoho does not have this module or feature here.",
        ErrorKind::BadRequest => "Zoho did not understand the request.",
    }
}

#[cfg(test)]
#[path = "error_table.rs"]
mod table;
