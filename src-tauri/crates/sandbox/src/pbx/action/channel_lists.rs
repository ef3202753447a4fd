//! Lists of what is going on: legs, bridges, parked calls.

use super::super::event::{Class, Event};
use super::super::exchange::Exchange;
use super::super::leg::Leg;
use super::{Reply, Request};

pub(super) fn status(exchange: &mut Exchange, request: &Request) -> Reply {
    let wanted = request.get("channel");
    if wanted.is_some_and(|name| exchange.leg_named(name).is_none()) {
        return Reply::error("No such channel");
    }
    let legs = exchange
        .legs
        .values()
        .rev()
        .filter(|leg| wanted.is_none_or(|name| leg.name.eq_ignore_ascii_case(name)));
    let items: Vec<Event> = legs
        .map(|leg| request.tag(status_of(exchange, leg)))
        .collect();
    let mut reply = Reply::list(
        request,
        "Channel status will follow",
        &items,
        "StatusComplete",
    );
    // This list alone counts its items a second time.
    reply.behind.truncate(reply.behind.len() - 2);
    reply
        .behind
        .extend(format!("Items: {}\r\n\r\n", items.len()).into_bytes());
    reply
}

fn status_of(exchange: &Exchange, leg: &Leg) -> Event {
    let (application, data) = leg.application();
    let bridge = leg.bridge.and_then(|bridge| exchange.bridges.get(&bridge));
    let event = Event::new("Status", Class::Answer)
        .field("Privilege", "Call")
        .leg("", leg);
    let unknown = || "<unknown>".to_owned();
    event
        .field("Type", if leg.is_local() { "Local" } else { "PJSIP" })
        .field("DNID", &leg.dnid)
        .field(
            "EffectiveConnectedLineNum",
            &leg.connected.number.clone().unwrap_or_else(unknown),
        )
        .field(
            "EffectiveConnectedLineName",
            &leg.connected.name.clone().unwrap_or_else(unknown),
        )
        .field("TimeToHangup", "0")
        .field(
            "BridgeID",
            bridge.map_or("", |bridge| bridge.uniqueid.as_str()),
        )
        .field("Application", application)
        .field("Data", &data)
        .field("Nativeformats", "(alaw|ulaw)")
        .field("Readformat", "alaw")
        .field("Readtrans", "")
        .field("Writeformat", "alaw")
        .field("Writetrans", "")
        .field("Callgroup", "2")
        .field("Pickupgroup", "2")
        .field("Seconds", &leg.since.elapsed().as_secs().to_string())
}

pub(super) fn core_show_channels(exchange: &mut Exchange, request: &Request) -> Reply {
    let items: Vec<Event> = exchange
        .legs
        .values()
        .rev()
        .map(|leg| {
            let (application, data) = leg.application();
            let bridge = leg.bridge.and_then(|bridge| exchange.bridges.get(&bridge));
            let seconds = leg.since.elapsed().as_secs();
            let duration = format!(
                "{:02}:{:02}:{:02}",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            );
            request
                .tag(Event::new("CoreShowChannel", Class::Answer))
                .leg("", leg)
                .field(
                    "BridgeId",
                    bridge.map_or("", |bridge| bridge.uniqueid.as_str()),
                )
                .field("Application", application)
                .field("ApplicationData", &data)
                .field("Duration", &duration)
        })
        .collect();
    Reply::list(
        request,
        "Channels will follow",
        &items,
        "CoreShowChannelsComplete",
    )
}

pub(super) fn bridges(exchange: &mut Exchange, request: &Request) -> Reply {
    let items: Vec<Event> = exchange
        .bridges
        .values()
        .map(|bridge| bridge.describe(request.tag(Event::new("BridgeListItem", Class::Answer)), ""))
        .collect();
    Reply::list(
        request,
        "Bridge listing will follow",
        &items,
        "BridgeListComplete",
    )
}

pub(super) fn parked_calls(exchange: &mut Exchange, request: &Request) -> Reply {
    let items: Vec<Event> = exchange
        .parked
        .keys()
        .map(|slot| {
            request.tag(exchange.describe_parked(
                Event::new("ParkedCall", Class::Answer),
                *slot,
                None,
            ))
        })
        .collect();
    let mut reply = Reply::list(
        request,
        "Parked calls will follow",
        &items,
        "ParkedCallsComplete",
    );
    reply.behind.truncate(reply.behind.len() - 2);
    reply
        .behind
        .extend(format!("Total: {}\r\n\r\n", items.len()).into_bytes());
    reply
}
