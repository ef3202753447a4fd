//! Getvar and Setvar: channel variables and the functions a call card needs.

use super::super::exchange::Exchange;
use super::super::house;
use super::super::leg::{Leg, Party};
use super::{Reply, Request};

pub(super) fn getvar(exchange: &mut Exchange, request: &Request) -> Reply {
    let Some(variable) = request.get("variable") else {
        return Reply::error("No variable specified");
    };
    let leg = match request.get("channel") {
        Some(name) => match exchange.leg_named(name) {
            Some(id) => exchange.legs.get(&id),
            None => return Reply::error("No such channel"),
        },
        None => None,
    };
    let value = leg
        .and_then(|leg| of_leg(leg, variable))
        .or_else(|| global(exchange, variable));
    Reply::new(
        "Success",
        &[
            ("Variable", variable),
            ("Value", &value.unwrap_or_default()),
        ],
    )
}

pub(super) fn setvar(exchange: &mut Exchange, request: &Request) -> Reply {
    let Some(variable) = request.get("variable") else {
        return Reply::error("No variable specified");
    };
    let value = request.get("value").unwrap_or_default();
    match request.get("channel").map(|name| exchange.leg_named(name)) {
        Some(None) => return Reply::error("No such channel"),
        Some(Some(id)) => exchange.set_variable(id, variable, value),
        None => {}
    }
    Reply::success("Variable Set")
}

/// `NAME(argument)` in its two parts.
fn call(variable: &str) -> Option<(&str, &str)> {
    let (name, argument) = variable.split_once('(')?;
    Some((name, argument.strip_suffix(')')?))
}

fn of_leg(leg: &Leg, variable: &str) -> Option<String> {
    match call(variable) {
        Some(("CALLERID", what)) => party(&leg.caller, what, leg.withheld),
        Some(("CONNECTEDLINE", what)) => party(&leg.connected, what, leg.withheld),
        Some(("REDIRECTING", "from-num")) => leg.diverted_by.clone(),
        Some(("CHANNEL", what)) => channel(leg, what),
        Some(("PJSIP_HEADER", "read,Privacy")) => leg.withheld.then(|| "id".to_owned()),
        Some(_) => None,
        None => match variable {
            "UNIQUEID" => Some(leg.uniqueid.clone()),
            "CHANNEL" => Some(leg.name.clone()),
            "EXTEN" => Some(leg.place.exten.clone()),
            "CONTEXT" => Some(leg.place.context.clone()),
            name => leg.variables.get(name).cloned(),
        },
    }
}

fn party(party: &Party, what: &str, withheld: bool) -> Option<String> {
    let presentation = if withheld {
        "prohib_not_screened"
    } else {
        "allowed_not_screened"
    };
    match what {
        "num" | "number" => party.number.clone(),
        "name" => party.name.clone(),
        "pres" | "num-pres" | "name-pres" => Some(presentation.to_owned()),
        "all" => {
            let (name, number) = (
                party.name.clone().unwrap_or_default(),
                party.number.clone().unwrap_or_default(),
            );
            Some(format!("\"{name}\" <{number}>"))
        }
        _ => None,
    }
}

fn channel(leg: &Leg, what: &str) -> Option<String> {
    match what {
        "endpoint" => leg.endpoint().map(str::to_owned),
        "name" => Some(leg.name.clone()),
        "state" => Some(leg.state.word().to_owned()),
        "uniqueid" => Some(leg.uniqueid.clone()),
        "linkedid" => Some(leg.linkedid.clone()),
        _ => None,
    }
}

/// The few lines of the configuration files that a check asks for.
fn configured(place: &[&str]) -> Option<&'static str> {
    match place {
        ["manager.conf", "cti", "read"] => Some("all"),
        ["manager.conf", "ctimin" | "agent101", "read"] => Some("call,agent"),
        ["features.conf", "featuremap", "atxfer"] => Some("*2"),
        _ => None,
    }
}

fn global(exchange: &Exchange, variable: &str) -> Option<String> {
    match call(variable)? {
        ("DIALPLAN_EXISTS", arguments) => {
            let mut parts = arguments.split(',');
            let (context, exten) = (parts.next()?, parts.next().unwrap_or("s"));
            Some(u8::from(house::find(context, exten).is_some()).to_string())
        }
        ("AST_CONFIG", arguments) => {
            let parts: Vec<&str> = arguments.split(',').collect();
            configured(&parts).map(str::to_owned)
        }
        ("DEVICE_STATE", device) => {
            let endpoint = device.strip_prefix("PJSIP/")?;
            Some(exchange.usage(endpoint).device_state().to_owned())
        }
        ("EXTENSION_STATE", hint) => {
            let extension = hint.split('@').next()?;
            Some(
                house::name_of(extension)
                    .map_or("UNKNOWN", |_| exchange.usage(extension).device_state())
                    .to_owned(),
            )
        }
        _ => None,
    }
}
