//! The actions that do something to a call.

use super::Action;
use crate::providers::asterisk::config::Config;

/// Why a leg is taken down, as the network's causes have it.
pub const NORMAL: &str = "16";
/// The telephone was busy.
pub const BUSY: &str = "17";

/// Takes a leg down, for this cause.
pub fn hang_up(channel: String, cause: &str) -> Action {
    Action::new("Hangup")
        .with("Channel", channel)
        .with("Cause", cause)
}

/// Moves a leg to a place of the dialplan.
pub fn redirect(channel: String, context: &str, exten: &str) -> Action {
    Action::new("Redirect")
        .with("Channel", channel)
        .with("Context", context)
        .with("Exten", exten)
        .with("Priority", "1")
}

/// And another leg in the same moment.
pub fn with_extra(action: Action, channel: String, context: &str, exten: &str) -> Action {
    action
        .with("ExtraChannel", channel)
        .with("ExtraContext", context)
        .with("ExtraExten", exten)
        .with("ExtraPriority", "1")
}

/// Brings two legs together.
pub fn bridge(one: String, two: String) -> Action {
    Action::new("Bridge")
        .with("Channel1", one)
        .with("Channel2", two)
}

/// Presses a key of the telephone.
pub fn notify(channel: String, event: &str) -> Action {
    Action::new("PJSIPNotify")
        .with("Channel", channel)
        .with("Variable", format!("Event={event}"))
}

/// Hands the other side on without asking.
pub fn blind_transfer(channel: String, context: &str, exten: &str) -> Action {
    Action::new("BlindTransfer")
        .with("Channel", channel)
        .with("Context", context)
        .with("Exten", exten)
}

/// Presses the code of the attended transfer, and the number.
pub fn atxfer(channel: String, context: &str, exten: &str) -> Action {
    Action::new("Atxfer")
        .with("Channel", channel)
        .with("Exten", exten)
        .with("Context", context)
}

/// Presses the code that gives an attended transfer up.
pub fn cancel_atxfer(channel: String) -> Action {
    Action::new("CancelAtxfer").with("Channel", channel)
}

/// Leaves a word for the dialplan on a leg.
pub fn set_variable(channel: String, name: &str, value: &str) -> Action {
    Action::new("Setvar")
        .with("Channel", channel)
        .with("Variable", name)
        .with("Value", value)
}

/// Sends a digit to a leg, or as if it came from there.
pub fn press(channel: String, digit: char, from_there: bool) -> Action {
    let action = Action::new("PlayDTMF")
        .with("Channel", channel)
        .with("Digit", digit);
    if from_there {
        action.with("Receive", "true")
    } else {
        action
    }
}

/// Calls the agent's telephone, then the number; `leg` is the id of the telephone's leg.
pub fn originate(config: &Config, exten: &str, leg: String) -> Action {
    let action = Action::new("Originate")
        .with("Channel", config.endpoint())
        .with("Context", config.contexts.dial.clone())
        .with("Exten", exten)
        .with("Priority", "1")
        .with("CallerID", format!("<{}>", config.extension))
        .with("Timeout", format!("{}000", config.limits.own_phone_rings))
        // Without it the whole conversation stands still until the telephone is picked up.
        .with("Async", "true")
        .with("ChannelId", leg);
    if config.auto_off_hook {
        let header = "PJSIP_HEADER(add,Call-Info)=<sip:ringcard.invalid>;answer-after=0";
        return action.with("Variable", header);
    }
    action
}
