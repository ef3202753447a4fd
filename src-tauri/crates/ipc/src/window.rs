//! What windows and the shell say to each other about the windows themselves.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a chosen target is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Send a ringing call elsewhere.
    Redirect,
    /// Ask a colleague while the caller waits.
    Consult,
    /// Hand the caller on without asking.
    Transfer,
    /// Call somebody.
    Dial,
}

/// Why the target picker is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PickerContext {
    /// What for.
    pub purpose: Purpose,
    /// The call that is to be sent; none for dialling.
    pub call: Option<String>,
    /// Who is at the other end, for the title; a name or a readable number.
    pub about: Option<String>,
}

/// How windows look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Appearance {
    /// `en`, `de` or `ru`: already decided from the setting and the system.
    pub language: String,
    /// `light` or `dark`, or `system`: the window follows the system.
    pub theme: crate::settings::Theme,
}

/// A step of moving the card with the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DragPhase {
    /// The pointer went down.
    Start,
    /// The pointer moved.
    Move,
    /// The pointer went up: snap to the nearest quarter.
    End,
}

/// A page of the main window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Page {
    /// Configuration, General.
    General,
    /// Configuration, Telephony.
    Telephony,
    /// Configuration, Dialing.
    Dialing,
    /// Configuration, Hotkeys.
    Hotkeys,
    /// Configuration, Integration.
    Integration,
    /// Configuration, Log.
    Log,
    /// Configuration, Help.
    Help,
}
