//! The API below `/crm/v8/`: who may call, what it costs, and which call it is.

use serde_json::json;

use super::answer::{Answer, Refusal, invalid_module, invalid_url};
use super::modules::{self, Module};
use super::request::Request;
use super::sign_in::{AccessToken, Grant};
use super::state::{Mood, State};
use super::{deleted, list, settings};

/// Answers a request below `/crm/`.
pub(super) fn answer(state: &mut State, request: &Request) -> Answer {
    if let Mood::Status(status) = state.mood {
        return broken(status);
    }
    let grant = match check_token(state, request) {
        Ok(grant) => grant,
        Err(refusal) => return refusal.flat(),
    };
    let Some(path) = request.path.strip_prefix("/crm/v8/") else {
        return invalid_url().flat();
    };
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    if let Err(answer) = state.budget.charge(cost(request, &parts)) {
        return answer;
    }
    if let Some(refusal) = refuse_everything(state, &parts) {
        return refusal.flat();
    }
    let mut answer = route(state, request, &parts, &grant);
    if let Some(left) = state.budget.remaining_header() {
        answer = answer.with("x-api-credits-remaining", left);
    }
    answer
}

/// What a broken server says with this status.
fn broken(status: u16) -> Answer {
    match status {
        502 => Refusal::new(502, "BAD_GATEWAY", "Bad gateway").flat(),
        503 => Refusal::new(
            503,
            "SERVICE_UNAVAILABLE",
            "Service temporarily unavailable for maintenance",
        )
        .flat(),
        403 => Answer::html(403, "<html><h1>Forbidden</h1></html>"),
        status => Refusal::new(status, "INTERNAL_ERROR", "Internal Server Error").flat(),
    }
}

fn check_token(state: &State, request: &Request) -> Result<Grant, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let Some(token) = header.strip_prefix("Zoho-oauthtoken ") else {
        return Err(Refusal::new(
            401,
            "AUTHENTICATION_FAILURE",
            "Authentication failed",
        ));
    };
    match state.sign_in.access_token(token.trim()) {
        Some(AccessToken::Live(grant, until)) if *until > state.clock.now() => Ok(grant.clone()),
        Some(AccessToken::Evicted) => Err(Refusal::new(
            401,
            "INVALID_OAUTHTOKEN",
            "invalid oauth token",
        )),
        _ => Err(Refusal::new(401, "INVALID_TOKEN", "invalid oauth token")),
    }
}

/// Refusals that hold for every call.
///
/// The answers of an ended trial are not documented; what is known is that `/org` still tells of
/// it in `license_details`.
fn refuse_everything(state: &State, parts: &[&str]) -> Option<Refusal> {
    if state.refusals.api {
        let details = json!({ "permissions": ["Crm_Implied_Api_Access"] });
        return Some(Refusal::new(403, "NO_PERMISSION", "Permission denied").details(details));
    }
    if state.refusals.trial_ended && parts != ["org"] {
        return Some(Refusal::new(403, "NO_PERMISSION", "Permission denied"));
    }
    None
}

/// What a call costs. For the search the sources say 1 and 3; the sandbox takes the dearer.
fn cost(request: &Request, parts: &[&str]) -> u64 {
    let is_write = request.method != "GET";
    match parts {
        ["coql"] => super::coql::cost(request),
        [_, "actions", "count"] => 50,
        [_, "deleted"] => 2,
        [_, "search"] => 3,
        [_] | [_, _] if is_write => super::write::cost(request),
        [_] if request.query("cvid").is_some() => 3,
        _ => 1,
    }
}

fn route(state: &mut State, request: &Request, parts: &[&str], grant: &Grant) -> Answer {
    let method = request.method.as_str();
    let Err(refusal) = check_scope(request, parts, grant) else {
        return match (method, parts) {
            ("GET", ["org"]) => settings::organisation(state),
            ("GET", ["users"]) => settings::users(state, request, grant),
            ("GET", ["settings", "modules"]) => settings::modules(state, request),
            ("GET", ["settings", "fields"]) => settings::fields(state, request),
            ("POST", ["coql"]) => super::coql::answer(state, request),
            (_, ["org" | "users" | "coql"]) | (_, ["settings", _]) => wrong_method(),
            (_, [name, rest @ ..]) => match modules::find(name) {
                Some(module) => module_call(state, (request, grant), module, rest),
                None if *rest == ["deleted"] => invalid_module().wrapped(),
                None => invalid_module().flat(),
            },
            _ => invalid_url().flat(),
        };
    };
    refusal.flat()
}

fn module_call(
    state: &mut State,
    (request, grant): (&Request, &Grant),
    module: &'static Module,
    rest: &[&str],
) -> Answer {
    let verb = if request.method == "GET" {
        "View"
    } else {
        "Create"
    };
    if state.refusals.modules.contains(module.api_name) {
        let permission = format!("Crm_Implied_{verb}_{}", module.api_name);
        return Refusal::new(403, "NO_PERMISSION", "Permission denied")
            .details(json!({ "permissions": [permission] }))
            .flat();
    }
    match (request.method.as_str(), rest) {
        ("GET", []) => list::list(state, request, module),
        ("GET", ["deleted"]) => deleted::list(state, request, module),
        ("GET", ["search"]) => super::search::search(state, request, module),
        ("GET", ["actions", "count"]) => super::search::count(state, request, module),
        ("GET", [id]) => list::single(state, module, id),
        ("POST", []) => super::write::create(state, request, module, grant),
        ("POST", ["upsert"]) => super::write::upsert(state, request, module, grant),
        ("PUT", []) => super::write::update(state, request, module, grant),
        (_, [] | [_] | ["actions", "count"]) => wrong_method(),
        _ => invalid_url().flat(),
    }
}

fn wrong_method() -> Answer {
    Refusal::new(
        400,
        "INVALID_REQUEST_METHOD",
        "The http request method type is not a valid one",
    )
    .flat()
}

/// Every call needs a scope; a wider one serves as well, and large and small letters are alike.
fn check_scope(request: &Request, parts: &[&str], grant: &Grant) -> Result<(), Refusal> {
    let verb = match request.method.as_str() {
        "GET" => "READ",
        "PUT" => "UPDATE",
        _ => "CREATE",
    };
    let has = |area: String, verb: &str| has_scope(grant, &area, verb);
    let module = |name: &str| {
        let custom = modules::find(name).is_some_and(|module| module.generated_type == "custom");
        let name = if custom { "custom" } else { name };
        format!("ZohoCRM.modules.{name}")
    };
    let allowed = match parts {
        ["org"] => has("ZohoCRM.org".into(), verb),
        ["users"] => has("ZohoCRM.users".into(), verb),
        ["settings", what] => has(format!("ZohoCRM.settings.{what}"), verb),
        ["coql"] => has("ZohoCRM.coql".into(), "READ"),
        [name, "search"] => {
            has("ZohoSearch.securesearch".into(), "READ") && has(module(name), "READ")
        }
        [name, "upsert"] => has(module(name), "CREATE"),
        [name, ..] => has(module(name), verb),
        [] => false,
    };
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized"))
}

fn has_scope(grant: &Grant, area: &str, verb: &str) -> bool {
    let area = area.to_ascii_lowercase();
    grant.scopes.iter().any(|scope| {
        let scope = scope.to_ascii_lowercase();
        let Some((held, held_verb)) = scope.rsplit_once('.') else {
            return false;
        };
        let covers = area == held || area.starts_with(&format!("{held}."));
        covers && (held_verb == "all" || held_verb.eq_ignore_ascii_case(verb))
    })
}
