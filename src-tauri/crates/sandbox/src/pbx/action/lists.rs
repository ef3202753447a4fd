//! Lists of what the house consists of: hints, devices, queues, contacts, settings.

use super::super::event::{Class, Event};
use super::super::exchange::Exchange;
use super::super::house;
use super::{Reply, Request};

pub(super) fn extension_state(exchange: &mut Exchange, request: &Request) -> Reply {
    let Some(exten) = request.get("exten") else {
        return Reply::error("Extension not specified");
    };
    let context = request.get("context").unwrap_or("default");
    let known = house::name_of(exten).is_some() && matches!(context, "ext" | "from-internal");
    let (status, text) = if known {
        exchange.usage(exten).hint()
    } else {
        (-1, "Unknown")
    };
    let hint = if known {
        format!("PJSIP/{exten}")
    } else {
        String::new()
    };
    Reply::new(
        "Success",
        &[
            ("Message", "Extension Status"),
            ("Exten", exten),
            ("Context", context),
            ("Hint", &hint),
            ("Status", &status.to_string()),
            ("StatusText", text),
        ],
    )
}

pub(super) fn extension_states(exchange: &mut Exchange, request: &Request) -> Reply {
    let items: Vec<Event> = house::PHONES
        .iter()
        .map(|(exten, _)| {
            exchange.describe_hint(
                request.tag(Event::new("ExtensionStatus", Class::Answer)),
                exten,
            )
        })
        .collect();
    Reply::list(
        request,
        "Extension Statuses will follow",
        &items,
        "ExtensionStateListComplete",
    )
}

pub(super) fn device_states(exchange: &mut Exchange, request: &Request) -> Reply {
    let items: Vec<Event> = exchange
        .devices
        .keys()
        .map(|endpoint| {
            request
                .tag(Event::new("DeviceStateChange", Class::Answer))
                .field("Device", &format!("PJSIP/{endpoint}"))
                .field("State", exchange.usage(endpoint).device_state())
        })
        .collect();
    Reply::list(
        request,
        "Device State Changes will follow",
        &items,
        "DeviceStateListComplete",
    )
}

pub(super) fn queue_status(exchange: &mut Exchange, request: &Request) -> Reply {
    let mut items = Vec::new();
    for queue in queues(request) {
        let calls = exchange.queues.waiting_in(queue).to_string();
        let params = Event::new("QueueParams", Class::Answer)
            .field("Queue", queue)
            .field("Max", "0")
            .field("Strategy", "ringall")
            .field("Calls", &calls)
            .field("Holdtime", "0")
            .field("TalkTime", "0")
            .field("Completed", "0")
            .field("Abandoned", &exchange.queues.abandoned.to_string())
            .field("ServiceLevel", "0")
            .field("ServicelevelPerf", "0.0")
            .field("ServicelevelPerf2", "0.0")
            .field("Weight", "0");
        items.push(request.tag(params));
        for member in house::MEMBERS.iter().filter(|member| member.queue == queue) {
            let event = Event::new("QueueMember", Class::Answer)
                .field("Queue", queue)
                .field("Name", member.name)
                .field("Location", member.interface);
            items.push(
                request.tag(
                    exchange
                        .member_numbers(event, member)
                        .field("Wrapuptime", "0"),
                ),
            );
        }
    }
    Reply::list(
        request,
        "Queue status will follow",
        &items,
        "QueueStatusComplete",
    )
}

pub(super) fn queue_summary(exchange: &mut Exchange, request: &Request) -> Reply {
    let items: Vec<Event> = queues(request)
        .into_iter()
        .map(|queue| {
            let members = house::MEMBERS
                .iter()
                .filter(|member| member.queue == queue)
                .count()
                .to_string();
            let summary = Event::new("QueueSummary", Class::Answer)
                .field("Queue", queue)
                .field("LoggedIn", &members)
                .field("Available", &members)
                .field("Callers", &exchange.queues.waiting_in(queue).to_string())
                .field("HoldTime", "0")
                .field("TalkTime", "0")
                .field("LongestHoldTime", "0");
            request.tag(summary)
        })
        .collect();
    Reply::list(
        request,
        "Queue summary will follow",
        &items,
        "QueueSummaryComplete",
    )
}

fn queues(request: &Request) -> Vec<&'static str> {
    let wanted = request.get("queue");
    ["sales", "saleslocal"]
        .into_iter()
        .filter(|queue| wanted.is_none_or(|wanted| wanted == *queue))
        .collect()
}

pub(super) fn pjsip_contacts(exchange: &mut Exchange, request: &Request) -> Reply {
    let registered = exchange
        .devices
        .iter()
        .filter(|(endpoint, device)| device.registered && endpoint.as_str() != "trunk");
    let items: Vec<Event> = registered
        .map(|(endpoint, device)| {
            request
                .tag(Event::new("ContactList", Class::Answer))
                .field("ObjectType", "contact")
                .field("ObjectName", &format!("{endpoint};@0000"))
                .field("Uri", &format!("sip:{endpoint}@127.0.0.1"))
                .field("UserAgent", &device.user_agent)
                .field("Endpoint", endpoint)
                .field("Status", "NonQualified")
        })
        .collect();
    Reply::list(
        request,
        "A listing of Contacts follows, presented as ContactList events",
        &items,
        "ContactListComplete",
    )
}

pub(super) fn core_settings(_: &mut Exchange, _: &Request) -> Reply {
    Reply::new(
        "Success",
        &[
            ("AMIversion", "11.0.0"),
            ("AsteriskVersion", "22.10.1"),
            ("SystemName", ""),
            ("CoreMaxCalls", "0"),
            ("CoreMaxLoadAvg", "0.000000"),
            ("CoreRunUser", "asterisk"),
            ("CoreRunGroup", "asterisk"),
            ("CoreMaxFilehandles", "0"),
            ("CoreRealTimeEnabled", "No"),
            ("CoreCDRenabled", "Yes"),
            ("CoreHTTPenabled", "No"),
            ("SoundsSearchCustomDir", "No"),
        ],
    )
}
