//! Actions that do something to calls.

use std::time::Duration;

use super::super::event::{Class, Event};
use super::super::exchange::Exchange;
use super::super::hangup::Ending;
use super::super::house;
use super::super::leg::{LegId, Party, Place};
use super::super::originate::{Originating, Then};
use super::{After, Reply, Request};

/// The leg named by a header, or the answer that says why there is none.
fn leg(exchange: &Exchange, request: &Request, key: &str, missing: &str) -> Result<LegId, Reply> {
    let name = request
        .get(key)
        .ok_or_else(|| Reply::error("Channel not specified"))?;
    exchange
        .leg_named(name)
        .ok_or_else(|| Reply::error(&missing.replace("{}", name)))
}

fn place(request: &Request, prefix: &str) -> Option<Place> {
    let get = |name: &str| request.get(&format!("{prefix}{name}"));
    let priority = get("Priority")
        .and_then(|priority| priority.parse().ok())
        .unwrap_or(1);
    Some(Place::new(get("Context")?, get("Exten")?, priority))
}

pub(super) fn redirect(exchange: &mut Exchange, request: &Request) -> Reply {
    let id = match leg(exchange, request, "channel", "Channel does not exist: {}") {
        Ok(id) => id,
        Err(reply) => return reply,
    };
    let Some(target) = place(request, "") else {
        return Reply::error("Extension not specified");
    };
    if request.get("extrachannel").is_none() {
        // The answer goes out first, whatever becomes of the call.
        exchange.after(Duration::ZERO, move |exchange| {
            exchange.redirect(id, target)
        });
        return Reply::success("Redirect successful");
    }
    let extra = match leg(
        exchange,
        request,
        "extrachannel",
        "ExtraChannel does not exist: {}",
    ) {
        Ok(extra) => extra,
        Err(reply) => return reply,
    };
    let second = place(request, "Extra").unwrap_or_else(|| target.clone());
    exchange.after(Duration::ZERO, move |exchange| {
        exchange.redirect_both((id, target), (extra, second))
    });
    Reply::success("Dual Redirect successful")
}

pub(super) fn hangup(exchange: &mut Exchange, request: &Request) -> Reply {
    let cause = request.get("cause").and_then(|cause| cause.parse().ok());
    if let Some(pattern) = request
        .get("channel")
        .and_then(|name| name.strip_prefix('/')?.strip_suffix('/'))
    {
        return hangup_all(exchange, request, pattern);
    }
    let id = match leg(exchange, request, "channel", "No such channel") {
        Ok(id) => id,
        Err(reply) => return reply,
    };
    let ringing = exchange
        .legs
        .get(&id)
        .is_some_and(|leg| leg.dialled_by.is_some());
    let ending = match (cause, ringing) {
        (Some(17), true) => Ending::with_tech(17, 486),
        (Some(cause), _) => Ending::new(cause),
        (None, _) => Ending::new(16),
    };
    exchange.after(Duration::ZERO, move |exchange| exchange.hang_up(id, ending));
    Reply::success("Channel Hungup")
}

/// The form with a pattern between slashes; the sandbox knows `.*` and `.+` and the anchors.
fn hangup_all(exchange: &mut Exchange, request: &Request, pattern: &str) -> Reply {
    let literal = pattern.trim_start_matches('^').trim_end_matches('$');
    let (start, open) = match literal
        .strip_suffix(".*")
        .or_else(|| literal.strip_suffix(".+"))
    {
        Some(start) => (start, true),
        None => (literal, false),
    };
    let matches = |name: &str| {
        if open {
            name.starts_with(start)
        } else {
            name == start
        }
    };
    let hit: Vec<(LegId, String)> = exchange
        .legs
        .values()
        .filter(|leg| matches(&leg.name))
        .map(|leg| (leg.id, leg.name.clone()))
        .collect();
    let items: Vec<Event> = hit
        .iter()
        .map(|(_, name)| {
            request.tag(Event::new("ChannelHungup", Class::Answer).field("Channel", name))
        })
        .collect();
    exchange.after(Duration::ZERO, move |exchange| {
        for (id, _) in hit {
            exchange.hang_up(id, Ending::new(16));
        }
    });
    Reply::list(
        request,
        "Channels hung up will follow",
        &items,
        "ChannelsHungupListComplete",
    )
}

pub(super) fn atxfer(exchange: &mut Exchange, request: &Request) -> Reply {
    if request.get("channel").is_none() {
        return Reply::error("No channel specified");
    }
    let Some(exten) = request.get("exten") else {
        return Reply::error("No extension specified");
    };
    let id = match leg(
        exchange,
        request,
        "channel",
        "Channel specified does not exist",
    ) {
        Ok(id) => id,
        Err(reply) => return reply,
    };
    if let Some(context) = request.get("context") {
        exchange.set_variable(id, "TRANSFER_CONTEXT", context);
    }
    exchange.press(id, &format!("*2{exten}"));
    Reply::success("Atxfer successfully queued")
}

pub(super) fn cancel_atxfer(exchange: &mut Exchange, request: &Request) -> Reply {
    match leg(
        exchange,
        request,
        "channel",
        "Channel specified does not exist",
    ) {
        Ok(id) => {
            exchange.press(id, "*1");
            Reply::success("CancelAtxfer successfully queued")
        }
        Err(reply) => reply,
    }
}

pub(super) fn blind_transfer(exchange: &mut Exchange, request: &Request) -> Reply {
    let Some(exten) = request.get("exten") else {
        return Reply::error("No extension specified");
    };
    let id = match leg(
        exchange,
        request,
        "channel",
        "Channel specified does not exist",
    ) {
        Ok(id) => id,
        Err(reply) => return reply,
    };
    let own = exchange
        .legs
        .get(&id)
        .map(|leg| leg.place.context.clone())
        .unwrap_or_default();
    let context = request.get("context").unwrap_or(&own);
    if exchange.blind_transfer(id, context, exten) {
        Reply::success("Transfer succeeded")
    } else {
        Reply::error("Transfer invalid")
    }
}

pub(super) fn bridge(exchange: &mut Exchange, request: &Request) -> Reply {
    let pair = leg(
        exchange,
        request,
        "channel1",
        "Channel1 does not exists: {}",
    )
    .and_then(|first| {
        Ok((
            first,
            leg(
                exchange,
                request,
                "channel2",
                "Channel2 does not exists: {}",
            )?,
        ))
    });
    let (first, second) = match pair {
        Ok(pair) => pair,
        Err(reply) => return reply,
    };
    if exchange.bridge_by_hand(first, second) {
        Reply::success("Channels have been bridged")
    } else {
        Reply::error(&format!(
            "Unable to add Channel2 to bridge: {}",
            request.get("channel2").unwrap_or_default()
        ))
    }
}

pub(super) fn park(exchange: &mut Exchange, request: &Request) -> Reply {
    let id = match leg(exchange, request, "channel", "Channel does not exist: {}") {
        Ok(id) => id,
        Err(reply) => return reply,
    };
    let parker = request
        .get("timeoutchannel")
        .and_then(|name| name.rsplit_once('-'))
        .map(|(endpoint, _)| endpoint);
    let parker = parker.unwrap_or("PJSIP/101").to_owned();
    let timeout = request
        .get("timeout")
        .and_then(|text| text.parse().ok())
        .map_or(Duration::from_secs(45), Duration::from_millis);
    exchange.after(Duration::ZERO, move |exchange| {
        exchange.park(id, &parker, timeout)
    });
    // The real one sends a blank line too many here.
    Reply {
        behind: b"\r\n".to_vec(),
        ..Reply::success("Park successful")
    }
}

pub(super) fn play_dtmf(exchange: &mut Exchange, request: &Request) -> Reply {
    let id = match leg(exchange, request, "channel", "Channel not found") {
        Ok(id) => id,
        Err(reply) => return reply,
    };
    let Some(digit) = request.get("digit").and_then(|digit| digit.chars().next()) else {
        return Reply::error("No digit specified");
    };
    if request
        .get("receive")
        .is_some_and(|receive| ["true", "yes", "1", "on"].contains(&receive))
    {
        exchange.press(id, &digit.to_string());
    } else {
        exchange.tone(id, digit);
    }
    Reply::success("DTMF successfully queued")
}

pub(super) fn pjsip_notify(exchange: &mut Exchange, request: &Request) -> Reply {
    let event = request
        .all("variable")
        .find_map(|line| line.split_once('='))
        .filter(|(name, _)| *name == "Event");
    let event = event.map(|(_, value)| value.to_owned());
    let legs = match (request.get("channel"), request.get("endpoint")) {
        (Some(name), _) => match exchange.leg_named(name) {
            Some(id) => vec![id],
            None => return Reply::error("Channel not found"),
        },
        (None, Some(endpoint)) => {
            if !exchange.devices.contains_key(endpoint) {
                return Reply::error(&format!("Unable to retrieve endpoint {endpoint}"));
            }
            exchange
                .legs
                .values()
                .filter(|leg| leg.endpoint() == Some(endpoint))
                .map(|leg| leg.id)
                .collect()
        }
        (None, None) => {
            return Reply::error(
                "PJSIPNotify requires either an endpoint name, a SIP URI, or a channel.",
            );
        }
    };
    // `Option: talk` with a channel is accepted and sends a NOTIFY without an event, which no telephone honours.
    if let Some(event) = event {
        for id in legs {
            let event = event.clone();
            exchange.after(Duration::ZERO, move |exchange| exchange.notify(id, &event));
        }
    }
    Reply::success("NOTIFY sent")
}

const FORBIDDEN: [&str; 6] = ["System", "TrySystem", "Exec", "ExecIf", "AGI", "EAGI"];

pub(super) fn originate(exchange: &mut Exchange, request: &Request) -> Reply {
    let Some(channel) = request.get("channel") else {
        return Reply::error("Channel not specified");
    };
    let then = match (request.get("application"), place(request, "")) {
        (Some(application), _)
            if FORBIDDEN
                .iter()
                .any(|name| name.eq_ignore_ascii_case(application)) =>
        {
            return Reply::error("Originate Access Forbidden: app or data blacklisted");
        }
        (Some(application), _) => Then::Application(
            application.to_owned(),
            request.get("data").unwrap_or_default().to_owned(),
        ),
        (None, Some(place)) if house::find(&place.context, &place.exten).is_some() => {
            Then::Run(place)
        }
        (None, Some(_)) => return Reply::error("Extension does not exist."),
        (None, None) => {
            return Reply::error("Originate with 'Exten' requires 'Context' and 'Priority'");
        }
    };
    let wanted = request.get("channelid");
    if wanted.is_some_and(|id| exchange.legs.values().any(|leg| leg.uniqueid == id)) {
        return Reply::error("Originate failed");
    }
    let async_ = request.get("async").is_some_and(|word| {
        ["true", "yes", "1", "on"].contains(&word.to_ascii_lowercase().as_str())
    });
    let originating = Originating {
        channel: channel.to_owned(),
        then,
        action_id: request.action_id().map(str::to_owned),
        party: caller_id(request.get("callerid").unwrap_or_default()),
        timeout: request
            .get("timeout")
            .and_then(|text| text.parse().ok())
            .map_or(Duration::from_secs(30), Duration::from_millis),
        channel_id: request.get("channelid").map(str::to_owned),
        variables: variables(request),
        blocks: (!async_).then_some(request.session),
    };
    let reply = if async_ {
        Reply::success("Originate successfully queued")
    } else {
        let done = exchange.sessions.block(request.session);
        Reply {
            silent: true,
            after: After::Waits(done),
            ..Reply::success("")
        }
    };
    exchange.after(Duration::ZERO, move |exchange| {
        exchange.originate(originating)
    });
    reply
}

fn variables(request: &Request) -> Vec<(String, String)> {
    let pairs = request
        .all("variable")
        .filter_map(|line| line.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// `"Name" <number>`, `<number>`, or one word that is a number when it looks like one.
fn caller_id(text: &str) -> Party {
    if let Some((name, number)) = text.split_once('<') {
        let name = name.trim().trim_matches('"').trim();
        let name = if name.is_empty() { None } else { Some(name) };
        return Party::new(number.trim_end_matches('>').trim(), name);
    }
    let number = !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_ascii_digit() || "+*#".contains(letter));
    match (text.is_empty(), number) {
        (true, _) => Party::default(),
        (false, true) => Party::new(text, None),
        (false, false) => Party::new("", Some(text)),
    }
}
