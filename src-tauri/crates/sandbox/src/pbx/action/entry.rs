//! Coming and going: challenge, login, mask, filter, ping, logoff.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::super::account;
use super::super::event::{Class, Event};
use super::super::exchange::Exchange;
use super::super::session::Mask;
use super::{After, Reply, Request};

pub(super) fn challenge(exchange: &mut Exchange, request: &Request) -> Reply {
    if !request
        .get("authtype")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("md5"))
    {
        return Reply::error("Must specify AuthType");
    }
    let number =
        100_000_000 + (exchange.seconds() * 7919 + request.session * 104_729) % 900_000_000;
    let challenge = number.to_string();
    if let Some(session) = exchange.sessions.get(request.session) {
        session.challenge = Some(challenge.clone());
    }
    Reply::new("Success", &[("Challenge", &challenge)])
}

pub(super) fn login(exchange: &mut Exchange, request: &Request) -> Reply {
    let Some(session) = exchange.sessions.get(request.session) else {
        return Reply::error("Permission denied");
    };
    if session.account.is_some() {
        return Reply::success("Already authenticated");
    }
    let account = request.get("username").and_then(account::named);
    let right = account.filter(|account| match (request.get("key"), &session.challenge) {
        (Some(key), Some(challenge)) => {
            key.eq_ignore_ascii_case(&md5_hex(&format!("{challenge}{}", account.secret)))
        }
        _ => request.get("secret") == Some(account.secret),
    });
    let Some(account) = right else {
        return Reply {
            after: After::Closes,
            ..Reply::error("Authentication failed")
        };
    };
    session.account = Some(account);
    if let Some(mask) = request.get("events") {
        session.mask = Mask::parse(mask);
    }
    Reply::success("Authentication accepted")
}

/// What a session hears first after its login.
pub(super) fn welcome(exchange: &mut Exchange, request: &Request) {
    let up = exchange.started.elapsed().as_secs().to_string();
    let booted = Event::new("FullyBooted", Class::System)
        .field("Uptime", &up)
        .field("LastReload", &up)
        .field("Status", "Fully Booted");
    let wants = exchange.sessions.get(request.session).filter(|session| {
        session.mask != Mask::Nothing
            && session
                .account
                .is_some_and(|account| account.may_hear(&booted))
    });
    if let Some(session) = wants {
        session.send(booted.bytes());
    }
    let at = Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%S%.3f+0000")
        .to_string();
    let event = Event::new("SuccessfulAuth", Class::Security)
        .field("EventTV", &at)
        .field("Severity", "Informational")
        .field("Service", "AMI")
        .field("EventVersion", "1")
        .field("AccountID", request.get("username").unwrap_or_default())
        .field("SessionID", &format!("0x{:x}", request.session))
        .field("LocalAddress", "IPV4/TCP/127.0.0.1/5038")
        .field("RemoteAddress", "IPV4/TCP/127.0.0.1/0")
        .field("UsingPassword", "0")
        .field("SessionTV", &at);
    exchange.say(event);
}

pub(super) fn logoff(_: &mut Exchange, _: &Request) -> Reply {
    Reply {
        after: After::Closes,
        ..Reply::new("Goodbye", &[("Message", "Thanks for all the fish.")])
    }
}

pub(super) fn ping(_: &mut Exchange, _: &Request) -> Reply {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let stamp = format!("{}.{:06}", now.as_secs(), now.subsec_micros());
    Reply::new("Success", &[("Ping", "Pong"), ("Timestamp", &stamp)])
}

pub(super) fn events(exchange: &mut Exchange, request: &Request) -> Reply {
    let mask = Mask::parse(request.get("eventmask").unwrap_or("off"));
    let word = if mask == Mask::Nothing { "Off" } else { "On" };
    if let Some(session) = exchange.sessions.get(request.session) {
        session.mask = mask;
    }
    Reply::new("Success", &[("Events", word)])
}

pub(super) fn filter(exchange: &mut Exchange, request: &Request) -> Reply {
    let (Some(_), Some(filter)) = (request.get("operation"), request.get("filter")) else {
        return Reply::error(
            "Filter was formatted incorrectly.  Check the syntax of the filter given.",
        );
    };
    if let Some(session) = exchange.sessions.get(request.session) {
        session.filters.push(filter.to_owned());
    }
    Reply::success("Success")
}

fn md5_hex(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
