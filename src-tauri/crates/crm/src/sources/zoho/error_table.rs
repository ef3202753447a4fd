//! The table of reasons, row by row: what Zoho says, and what it means.

use serde_json::{Value, json};

use super::super::wire;
use super::*;
use crate::ErrorKind as K;
use crate::StatusReason as R;

/// Status, code, what it means.
const API: &[(u16, &str, K)] = &[
    (401, "INVALID_TOKEN", K::Status(R::InvalidToken)),
    (400, "INVALID_TOKEN", K::Status(R::InvalidToken)),
    (401, "INVALID_OAUTHTOKEN", K::Status(R::InvalidToken)),
    (401, "AUTHENTICATION_FAILURE", K::Status(R::InvalidToken)),
    (401, "AUTHENTICATION_FAILED", K::Status(R::InvalidToken)),
    (
        401,
        "OAUTH_SCOPE_MISMATCH",
        K::Status(R::InsufficientPermissions),
    ),
    (
        400,
        "AUTHORIZATION_FAILED",
        K::Status(R::InsufficientPermissions),
    ),
    (403, "NO_PERMISSION", K::Status(R::Forbidden)),
    (403, "PERMISSION_DENIED", K::Status(R::Forbidden)),
    (403, "SOMETHING_NEW", K::Status(R::Forbidden)),
    (400, "INVALID_HOST", K::Status(R::InvalidOrganization)),
    (429, "TOO_MANY_REQUESTS", K::Status(R::ApiLimitExceeded)),
    (429, "RATE_LIMIT_EXCEEDED", K::Status(R::ApiLimitExceeded)),
    (429, "SOMETHING_NEW", K::Status(R::ApiLimitExceeded)),
    (400, "TOO_MANY_REQUESTS", K::Status(R::ApiLimitExceeded)),
    (500, "INTERNAL_ERROR", K::Status(R::CrmUnreachable)),
    (500, "INTERNAL_SERVER_ERROR", K::Status(R::CrmUnreachable)),
    (502, "BAD_GATEWAY", K::Status(R::CrmUnreachable)),
    (503, "SERVICE_UNAVAILABLE", K::Status(R::CrmUnreachable)),
    (400, "EXPIRED_VALUE", K::PageTokenExpired),
    (400, "TOKEN_BOUND_DATA_MISMATCH", K::PageTokenExpired),
    (400, "PAGINATION_LIMIT_EXCEEDED", K::TooManyRecords),
    (400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", K::TooManyRecords),
    (400, "INVALID_MODULE", K::ModuleUnavailable),
    (400, "FEATURE_NOT_AVAILABLE", K::ModuleUnavailable),
    (400, "FEATURE_NOT_ENABLED", K::ModuleUnavailable),
    (400, "NOT_SUPPORTED", K::ModuleUnavailable),
    (400, "API_NOT_SUPPORTED", K::ModuleUnavailable),
    (400, "MODULE_NOT_SUPPORTED", K::ModuleUnavailable),
    (400, "INVALID_DATA", K::BadRequest),
    (400, "REQUIRED_PARAM_MISSING", K::BadRequest),
    (400, "LIMIT_EXCEEDED", K::BadRequest),
    (400, "PATTERN_NOT_MATCHED", K::BadRequest),
    (400, "AMBIGUITY_DURING_PROCESSING", K::BadRequest),
    (400, "INVALID_REQUEST_METHOD", K::BadRequest),
    (400, "MANDATORY_NOT_FOUND", K::BadRequest),
    (400, "DUPLICATE_DATA", K::BadRequest),
    (400, "INVALID_QUERY", K::BadRequest),
    (400, "LICENSE_LIMIT_EXCEEDED", K::BadRequest),
    (404, "INVALID_URL_PATTERN", K::BadRequest),
    (404, "RESOURCE_NOT_FOUND", K::BadRequest),
    (412, "ALREADY_MODIFIED", K::BadRequest),
    // The words of the oldest API, which ACCEPTANCE D names beside the new ones.
    (200, "4501", K::Status(R::InactiveToken)),
    (200, "4834", K::Status(R::InvalidToken)),
    (200, "4890", K::Status(R::InvalidToken)),
    (200, "4101", K::Status(R::TrialExpired)),
    (200, "4102", K::Status(R::NoAccount)),
    (200, "4001", K::Status(R::Forbidden)),
    (200, "401", K::Status(R::InsufficientPermissions)),
    (200, "401.1", K::Status(R::InsufficientPermissions)),
    (200, "401.2", K::Status(R::InsufficientPermissions)),
    (200, "401.3", K::Status(R::InsufficientPermissions)),
    (200, "4421", K::Status(R::ApiLimitExceeded)),
    (200, "4820", K::Status(R::ApiLimitExceeded)),
    (200, "4502", K::ModuleUnavailable),
];

/// Answers without a word of Zoho's: a proxy, a captive portal, a maintenance page.
const WITHOUT_CODE: &[(u16, R)] = &[
    (200, R::CrmUnreachable),
    (302, R::CrmUnreachable),
    (400, R::CrmUnreachable),
    (401, R::CrmUnreachable),
    (403, R::Forbidden),
    (404, R::CrmUnreachable),
    (407, R::CrmUnreachable),
    (429, R::ApiLimitExceeded),
    (500, R::CrmUnreachable),
    (502, R::CrmUnreachable),
    (503, R::CrmUnreachable),
    (504, R::CrmUnreachable),
];

const ACCOUNTS: &[(u16, Option<&str>, R)] = &[
    (200, Some("invalid_code"), R::InactiveToken),
    (200, Some("invalid_client"), R::InvalidToken),
    (200, Some("invalid_client_secret"), R::InvalidToken),
    (200, Some("Access Denied"), R::TokenRefresh),
    (400, Some("Access Denied"), R::TokenRefresh),
    (200, Some("access_denied"), R::TokenRefresh),
    (200, Some("general_error"), R::TokenRefresh),
    (200, None, R::TokenRefresh),
    (500, None, R::TokenRefresh),
    (503, None, R::TokenRefresh),
];

/// Connections that did not come about. The resolver's errors have no kind of their own.
const CONNECTING: &[(Option<io::ErrorKind>, R)] = &[
    (Some(io::ErrorKind::ConnectionRefused), R::CrmUnreachable),
    (Some(io::ErrorKind::ConnectionReset), R::CrmUnreachable),
    (Some(io::ErrorKind::TimedOut), R::CrmUnreachable),
    (Some(io::ErrorKind::NetworkUnreachable), R::Offline),
    (Some(io::ErrorKind::HostUnreachable), R::Offline),
    (Some(io::ErrorKind::Other), R::Offline),
    (None, R::Offline),
];

fn body(code: &str, details: Value) -> Value {
    json!({"code": code, "details": details, "message": "m", "status": "error"})
}

fn answer(status: u16, body: &Value) -> Error {
    let refusal = wire::refusal(body);
    assert!(refusal.is_some(), "a refusal is recognised: {body}");
    of_answer(status, refusal.as_ref())
}

#[test]
fn every_code_of_the_api_has_its_meaning() {
    for (status, code, kind) in API {
        let flat = body(code, json!({}));
        assert_eq!(answer(*status, &flat).kind, *kind, "{status} {code}");
        let wrapped = json!({ "data": [flat] });
        assert_eq!(
            answer(*status, &wrapped).kind,
            *kind,
            "{status} {code} in data"
        );
    }
}

#[test]
fn answers_without_a_code_blame_nobodys_token() {
    for (status, reason) in WITHOUT_CODE {
        let error = of_answer(*status, None);
        assert_eq!(error.reason(), Some(*reason), "{status} without JSON");
    }
}

#[test]
fn only_a_missing_network_is_offline() {
    for (cause, reason) in CONNECTING {
        assert_eq!(of_connecting(*cause), *reason, "{cause:?}");
    }
}

#[test]
fn every_word_of_the_accounts_server_has_its_reason() {
    for (status, word, reason) in ACCOUNTS {
        let error = of_token_answer(*status, *word);
        assert_eq!(error.reason(), Some(*reason), "{status} {word:?}");
        let waits = error.retry_after >= Some(Duration::from_secs(600));
        assert_eq!(
            waits,
            *reason == R::TokenRefresh,
            "{word:?}: asking sooner locks longer"
        );
    }
}

#[test]
fn the_missing_right_tells_a_module_from_the_api() {
    let right = |right: &str| body("NO_PERMISSION", json!({ "permissions": [right] }));
    assert_eq!(
        answer(403, &right("Crm_Implied_View_Leads")).reason(),
        Some(R::InsufficientPermissions)
    );
    assert_eq!(
        answer(400, &right("Crm_Implied_View_Leads")).reason(),
        Some(R::InsufficientPermissions),
        "some calls say it with 400"
    );
    assert_eq!(
        answer(403, &right("Crm_Implied_Api_Access")).reason(),
        Some(R::Forbidden),
        "without the API nothing goes"
    );
}

#[test]
fn a_limit_waits_as_long_as_its_message_says() {
    let wait = |message: &str| {
        let body = json!({"code": "TOO_MANY_REQUESTS", "message": message, "status": "error"});
        answer(429, &body).retry_after.map(|wait| wait.as_secs())
    };
    assert_eq!(wait("sub-concurrency limit exceeded"), Some(10));
    assert_eq!(
        wait("API credits of the 24 hour period are used up"),
        Some(3600)
    );
    assert_eq!(wait("no"), Some(300), "not knowing, a few minutes");
    let told = body("TOO_MANY_REQUESTS", json!({ "retry_after": 60 }));
    let told = answer(429, &told).retry_after;
    assert_eq!(told, Some(Duration::from_secs(60)), "what Zoho says counts");
}

#[test]
fn a_code_from_outside_is_shown_only_when_it_is_one() {
    let error = answer(400, &body("+49 30 23125 042 Erika", json!({})));
    assert_eq!(error.code, None, "a number could stand there");
}

#[test]
fn a_record_with_a_field_named_code_is_no_refusal() {
    let page = json!({"data": [{"id": "1", "code": "X"}], "info": {"more_records": false}});
    assert!(
        wire::refusal(&page).is_none(),
        "custom fields may have any name"
    );
}
