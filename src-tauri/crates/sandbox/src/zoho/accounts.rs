//! The accounts server: consent in the browser, tokens, revocation.
//!
//! As at Zoho, most errors of the token call come with HTTP 200 and a word in `error`.

use serde_json::{Value, json};
use url::Url;

use super::answer::Answer;
use super::request::Request;
use super::sign_in::{ACCESS_SECONDS, Code, Grant, NoToken, challenge_of};
use super::state::{Consent, State};

/// Answers a request below `/oauth/`.
pub(super) fn answer(state: &mut State, request: &Request) -> Answer {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/oauth/v2/auth") => ask_consent(state, request),
        ("POST", "/oauth/v2/auth") => take_consent(state, request),
        ("POST", "/oauth/v2/token") => token(state, request),
        ("POST", "/oauth/v2/token/revoke") => revoke(state, request),
        (_, "/oauth/v2/token" | "/oauth/v2/token/revoke") => {
            Answer::html(405, "<h1>Method not allowed</h1>")
        }
        _ => Answer::html(404, "<h1>Sorry, page not found</h1>"),
    }
}

/// The consent page, or what is wrong with the request, as a page: nobody is sent anywhere then.
fn ask_consent(state: &mut State, request: &Request) -> Answer {
    if let Err(word) = check_consent(state, request) {
        let page = format!("<h1>Sign-in is not possible</h1><p id=\"error\">{word}</p>");
        return Answer::html(400, &page);
    }
    match state.consent {
        Consent::AtOnce => decide(state, request, true),
        Consent::Refused => decide(state, request, false),
        Consent::Asked => Answer::html(200, &consent_page(state, request)),
    }
}

/// The press of a button on the consent page.
fn take_consent(state: &mut State, request: &Request) -> Answer {
    if let Err(word) = check_consent(state, request) {
        return Answer::html(400, &format!("<p id=\"error\">{word}</p>"));
    }
    let accepted = request.param("decision") == Some("accept");
    decide(state, request, accepted)
}

fn check_consent(state: &State, request: &Request) -> Result<(), &'static str> {
    if request.param("client_id") != Some(&state.sign_in.client_id) {
        return Err("invalid_client");
    }
    if request.param("response_type") != Some("code") {
        return Err("invalid_response_type");
    }
    if !request.param("redirect_uri").is_some_and(is_registered) {
        return Err("invalid_redirect_uri");
    }
    let scopes = scopes_of(request);
    if scopes.is_empty() || !scopes.iter().all(|scope| scope.starts_with("Zoho")) {
        return Err("invalid_scope");
    }
    match request.param("code_challenge_method") {
        None | Some("S256") => Ok(()),
        Some(_) => Err("invalid_code_challenge_method"),
    }
}

/// A loopback address, as a desktop application registers it.
fn is_registered(redirect_uri: &str) -> bool {
    Url::parse(redirect_uri).is_ok_and(|url| {
        url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "localhost"))
    })
}

fn decide(state: &mut State, request: &Request, accepted: bool) -> Answer {
    let redirect_uri = request.param("redirect_uri").unwrap_or_default();
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return Answer::html(400, "<p id=\"error\">invalid_redirect_uri</p>");
    };
    if accepted {
        let code = state.sign_in.make_code(Code {
            grant: Grant {
                agent: state.signed_in,
                scopes: scopes_of(request),
            },
            redirect_uri: Some(redirect_uri.to_owned()),
            challenge: request.param("code_challenge").map(str::to_owned),
            made_at: state.clock.now(),
        });
        url.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("location", "eu")
            .append_pair("accounts-server", &state.base_url);
    } else {
        url.query_pairs_mut().append_pair("error", "access_denied");
    }
    if let Some(value) = request.param("state") {
        url.query_pairs_mut().append_pair("state", value);
    }
    Answer::redirect(url.into())
}

fn consent_page(state: &State, request: &Request) -> String {
    let agent = state.current_user();
    let hidden: String = request
        .query
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                escape(name),
                escape(value)
            )
        })
        .collect();
    let scopes: String = scopes_of(request)
        .iter()
        .map(|scope| format!("<li>{}</li>", escape(scope)))
        .collect();
    format!(
        "<!doctype html><meta charset=\"utf-8\"><title>Sandbox Zoho</title>\
         <h1>Sandbox Zoho</h1><p>{} ({}) allows an application to:</p><ul>{scopes}</ul>\
         <form method=\"post\" action=\"/oauth/v2/auth\">{hidden}\
         <button id=\"accept\" name=\"decision\" value=\"accept\">Accept</button> \
         <button id=\"reject\" name=\"decision\" value=\"reject\">Reject</button></form>",
        escape(&agent.full_name()),
        escape(agent.email),
    )
}

fn token(state: &mut State, request: &Request) -> Answer {
    let client = check_client(state, request);
    match request.param("grant_type") {
        Some("authorization_code") => match client {
            Ok(proof) => exchange_code(state, request, proof),
            Err(word) => error(word),
        },
        Some("refresh_token") => match client {
            Ok(proof) if proof == Proof::Nothing && state.sign_in.requires_secret => {
                error("invalid_client_secret")
            }
            Ok(_) => refresh(state, request.param("refresh_token").unwrap_or_default()),
            Err(word) => error(word),
        },
        _ => error("unsupported_grant_type"),
    }
}

/// What a client showed beside its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    Secret,
    Nothing,
}

fn check_client(state: &State, request: &Request) -> Result<Proof, &'static str> {
    if request.param("client_id") != Some(&state.sign_in.client_id) {
        return Err("invalid_client");
    }
    match request.param("client_secret") {
        Some(secret) if secret == state.sign_in.client_secret => Ok(Proof::Secret),
        Some(_) => Err("invalid_client_secret"),
        None => Ok(Proof::Nothing),
    }
}

fn exchange_code(state: &mut State, request: &Request, proof: Proof) -> Answer {
    let now = state.clock.now();
    let name = request.param("code").unwrap_or_default();
    let may_lack_secret = !state.sign_in.requires_secret;
    // An assumption, not seen at Zoho: the secret is asked for before the code is looked at, so that
    // the same code is good for a second try with the secret.
    if proof == Proof::Nothing && !may_lack_secret {
        return error("invalid_client_secret");
    }
    let Some(code) = state.sign_in.take_code(name, now) else {
        return error("invalid_code");
    };
    if let Some(word) = why_code_does_not_fit(&code, request, proof) {
        return error(word);
    }
    let token = state.sign_in.make_refresh_token(code.grant);
    let mut answer = match access_token(state, &token) {
        Ok(answer) => answer,
        Err(reason) => return refused(reason),
    };
    answer["refresh_token"] = token.into();
    Answer::json(200, &answer)
}

fn why_code_does_not_fit(code: &Code, request: &Request, proof: Proof) -> Option<&'static str> {
    if let Some(redirect_uri) = &code.redirect_uri
        && request.param("redirect_uri") != Some(redirect_uri)
    {
        return Some("invalid_redirect_uri");
    }
    match (&code.challenge, request.param("code_verifier")) {
        (Some(challenge), Some(verifier)) if challenge_of(verifier) == *challenge => None,
        (Some(_), _) => Some("invalid_code"),
        // Without PKCE only the secret proves who asks; a Self Client always has one.
        (None, _) if proof == Proof::Nothing => Some("invalid_client_secret"),
        (None, _) => None,
    }
}

fn refresh(state: &mut State, token: &str) -> Answer {
    match access_token(state, token) {
        Ok(answer) => Answer::json(200, &answer),
        Err(reason) => refused(reason),
    }
}

fn access_token(state: &mut State, refresh: &str) -> Result<Value, NoToken> {
    let now = state.clock.now();
    let (token, grant) = state.sign_in.make_access_token(refresh, now)?;
    Ok(json!({
        "access_token": token,
        "scope": grant.scopes.join(" "),
        "api_domain": state.base_url,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
    }))
}

fn refused(reason: NoToken) -> Answer {
    match reason {
        NoToken::InvalidCode => error("invalid_code"),
        NoToken::TooMany => Answer::json(
            200,
            &json!({
                "error_description": "You have made too many requests continuously. \
                                      Please try again after some time.",
                "error": "Access Denied",
                "status": "failure",
            }),
        ),
    }
}

fn revoke(state: &mut State, request: &Request) -> Answer {
    if state
        .sign_in
        .revoke(request.param("token").unwrap_or_default())
    {
        return Answer::json(200, &json!({ "status": "success" }));
    }
    Answer::html(400, "<html><body><h1>HTTP Status 400</h1></body></html>")
}

fn error(word: &str) -> Answer {
    Answer::json(200, &json!({ "error": word }))
}

fn scopes_of(request: &Request) -> Vec<String> {
    let text = request.param("scope").unwrap_or_default();
    text.split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
