//! What was asked of the telephone system, and where each answer goes.

use ringcard_core::{CallId, CommandId, LinkTrouble, Moment};

use super::Conversation;
use crate::providers::asterisk::model::Change;
use crate::providers::asterisk::wire::{Action, Block, clean_number};

/// Why an action was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// For the login's key.
    Challenge,
    /// The login.
    Login,
    /// All legs there are.
    Legs,
    /// All extensions' states.
    Hints,
    /// Is anybody there?
    Ping,
    /// May the caller's number be shown?
    Presentation(CallId),
    /// Who diverted the call?
    Diverter(CallId),
    /// Which id has the leg of this name?
    Leg(String),
    /// What is a colleague called? By the first or the second way.
    Name(String, bool),
    /// Does a command's target exist?
    Target(CommandId),
    /// The command itself; the last of its actions says so.
    Command(CommandId, bool),
}

impl Conversation {
    /// A response to one of our actions; any other is not ours.
    pub(super) fn answer(&mut self, block: &Block, now: Moment) {
        let Some(id) = block.get("ActionID") else {
            return;
        };
        let in_pieces = block
            .get("EventList")
            .is_some_and(|list| list.eq_ignore_ascii_case("start"));
        let question = if in_pieces {
            self.questions.get(id).cloned()
        } else {
            self.questions.remove(id)
        };
        let accepted = block.get("Response") == Some("Success");
        let value = block.get("Value").filter(|_| accepted);
        match question {
            Some(Question::Challenge) => self.challenged(block.get("Challenge")),
            Some(Question::Login) => self.signed_in(accepted),
            Some(Question::Legs) if !accepted => self.fail(LinkTrouble::RightsMissing),
            Some(Question::Presentation(call)) => {
                let changes = self.model.presentation(call, value);
                self.changed(changes, now);
            }
            Some(Question::Diverter(call)) => {
                let changes = self.model.diverter(call, value.and_then(clean_number));
                self.changed(changes, now);
            }
            Some(Question::Leg(channel)) => {
                let changes = self.model.leg_known(&channel, value);
                self.changed(changes, now);
            }
            Some(Question::Name(exten, second)) => self.named(&exten, second, value),
            Some(Question::Target(id)) => self.target_known(id, value, now),
            Some(Question::Command(command, last)) => {
                let refused = (!accepted).then(|| block.get("Message").unwrap_or_default());
                self.command_answered(command, last, refused);
                self.remember_origin(id, command, accepted);
                let changes = self.model.refresh();
                self.changed(changes, now);
            }
            Some(Question::Legs | Question::Hints | Question::Ping) | None => {}
        }
    }

    /// The later answer to an asynchronous dial carries the id of the action.
    fn remember_origin(&mut self, id: &str, command: CommandId, accepted: bool) {
        if accepted && self.desk.is_dial(command) {
            self.questions
                .insert(id.to_owned(), Question::Command(command, true));
        }
    }

    pub(super) fn originated(&mut self, action_id: &str, answered: bool) {
        if let Some(Question::Command(command, _)) = self.questions.remove(action_id) {
            self.own_phone_answered(command, answered);
        }
    }

    /// An event that belongs to a list of ours.
    pub(super) fn list_item(&mut self, block: &Block, now: Moment) -> bool {
        let Some(id) = block.get("ActionID") else {
            return false;
        };
        let Some(question) = self.questions.get(id).cloned() else {
            return false;
        };
        let id = id.to_owned();
        match (question, block.value_at(0)) {
            (Question::Legs, Some("Status")) => self.leg_listed(block),
            (Question::Legs, Some("StatusComplete")) => {
                self.questions.remove(&id);
                self.legs_complete(now);
            }
            (Question::Hints, Some("ExtensionStatus")) => self.colleague_listed(block),
            (Question::Hints, Some("ExtensionStateListComplete")) => {
                self.questions.remove(&id);
                self.colleagues_complete();
            }
            _ => return false,
        }
        true
    }

    /// Asks what the model wants to know.
    pub(super) fn look_into(&mut self, ask: Change) {
        let get = |channel: String, variable: &str| {
            Action::new("Getvar")
                .with("Channel", channel)
                .with("Variable", variable)
        };
        match ask {
            Change::AskPresentation {
                call,
                channel,
                variable,
            } => {
                self.ask(Question::Presentation(call), get(channel, variable));
            }
            Change::AskDiverter { call, channel } => {
                self.ask(
                    Question::Diverter(call),
                    get(channel, "REDIRECTING(from-num)"),
                );
            }
            Change::AskLeg { channel } => {
                let asked = Question::Leg(channel.clone());
                self.ask(asked, get(channel, "UNIQUEID"));
            }
            Change::Join { call } => self.join_swapped(call),
            Change::Coming | Change::Call(_) => {}
        }
    }
}
