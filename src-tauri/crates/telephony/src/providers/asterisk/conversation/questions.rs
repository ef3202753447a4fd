//! What was asked of the telephone system, and where each answer goes.

use ringcard_core::{CallId, CommandId, LinkTrouble, Moment};

use super::Conversation;
use crate::providers::asterisk::model::Change;
use crate::providers::asterisk::wire::{Block, Listed, clean_number, inquiry, request};

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
    /// Nothing: a leg that was left alone is to go.
    Release,
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
        let Some(id) = block.action_id() else {
            return;
        };
        let question = if block.opens_list() {
            self.questions.get(id).cloned()
        } else {
            self.questions.remove(id)
        };
        let (accepted, value) = (block.is_accepted(), block.value());
        match question {
            Some(Question::Challenge) => self.challenged(block.challenge()),
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
                let refused = (!accepted).then(|| block.refusal());
                self.command_answered(command, last, refused);
                self.remember_origin(id, command, accepted);
                let changes = self.model.refresh();
                self.changed(changes, now);
            }
            Some(Question::Legs | Question::Hints | Question::Ping | Question::Release) | None => {}
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
        let Some(id) = block.action_id() else {
            return false;
        };
        let Some(question) = self.questions.get(id).cloned() else {
            return false;
        };
        let id = id.to_owned();
        match (question, block.listed()) {
            (Question::Legs, Some(Listed::Leg)) => self.leg_listed(block),
            (Question::Legs, Some(Listed::LegsEnd)) => {
                self.questions.remove(&id);
                self.legs_complete(now);
            }
            (Question::Hints, Some(Listed::Hint)) => self.colleague_listed(block),
            (Question::Hints, Some(Listed::HintsEnd)) => {
                self.questions.remove(&id);
                self.colleagues_complete();
            }
            _ => return false,
        }
        true
    }

    /// Asks what the model wants to know.
    pub(super) fn look_into(&mut self, ask: Change) {
        match ask {
            Change::AskPresentation {
                call,
                channel,
                of_caller,
            } => {
                let asked = match of_caller {
                    true => inquiry::presentation_of_caller(channel),
                    false => inquiry::presentation_of_connected(channel),
                };
                self.ask(Question::Presentation(call), asked);
            }
            Change::AskDiverter { call, channel } => {
                self.ask(Question::Diverter(call), inquiry::diverter(channel));
            }
            Change::AskLeg { channel } => {
                let asked = Question::Leg(channel.clone());
                self.ask(asked, inquiry::id_of_leg(channel));
            }
            Change::Join { call } => self.join_swapped(call),
            Change::Release { channel } => {
                self.ask(
                    Question::Release,
                    request::hang_up(channel, request::NORMAL),
                );
            }
            Change::Coming | Change::Call(_) => {}
        }
    }
}
