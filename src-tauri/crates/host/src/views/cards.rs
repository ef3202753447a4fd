//! Calls as cards.

use std::collections::BTreeMap;

use ringcard_app::{State, SyncStage, TrackedCall};
use ringcard_core::{Availability, Call, CallState, IntegrationId, Party, Presentation};
use ringcard_ipc::settings::{IntegrationSettings, Settings, SourceSettings};
use ringcard_ipc::{
    AnswerWay, Card, ConsultRole, Consulting, LastContact, PartyView, Pending, PhoneView,
    PreviewView,
};

use super::matches::who;
use super::status::line_statuses;
use crate::lines::{ListedColleague, answers_here};
use crate::numbers::Numbers;

/// What views need beside the state.
pub struct CardContext<'a> {
    /// The state.
    pub state: &'a State,
    /// The settings in force.
    pub settings: &'a Settings,
    /// How numbers are read and written.
    pub numbers: &'a Numbers,
    /// The administrator's list of colleagues, by extension.
    pub listed: &'a BTreeMap<String, ListedColleague>,
    /// Entries of the journal that wait because the disk is full.
    pub journal_waiting: u32,
}

impl CardContext<'_> {
    /// What people call a module: the singular of its name.
    pub fn module_label(&self, module: &str) -> String {
        module.strip_suffix('s').unwrap_or(module).to_owned()
    }

    /// What an integration is called on buttons: as its CRM, or by its own name where there are
    /// several, which may all be of one CRM.
    pub fn crm_name(&self, id: &IntegrationId) -> String {
        let integrations = &self.settings.integrations;
        let is_it = |one: &&IntegrationSettings| one.id == id.as_str();
        let Some(one) = integrations.iter().find(is_it) else {
            return String::new();
        };
        let own_name = one.name.trim();
        match integrations.len() > 1 && !own_name.is_empty() {
            true => own_name.to_owned(),
            false => crm_name(one),
        }
    }

    /// The extension of the colleague with this e-mail.
    pub fn colleague_by_email(&self, email: Option<&str>) -> Option<String> {
        let email = email?;
        let has_it = |listed: &ListedColleague| {
            listed
                .email
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(email))
        };
        self.listed
            .iter()
            .find(|(_, listed)| has_it(listed))
            .map(|(extension, _)| extension.clone())
    }

    /// Can this extension take a call?
    pub fn availability(&self, extension: &str) -> Availability {
        self.state
            .lines()
            .find_map(|(_, line)| line.colleagues.get(extension))
            .map_or_else(Default::default, |colleague| colleague.availability)
    }
}

/// What a CRM is called.
pub fn crm_name(settings: &IntegrationSettings) -> String {
    match settings.source {
        SourceSettings::Zoho(_) => "Zoho".into(),
    }
}

/// The stack of cards.
pub fn preview(context: &CardContext<'_>, revision: u64) -> PreviewView {
    PreviewView {
        cards: context
            .state
            .preview_cards()
            .into_iter()
            .map(|tracked| card(tracked, context))
            .collect(),
        visible: context.state.preview_visible(),
        revision,
    }
}

/// The phone window.
pub fn phone(context: &CardContext<'_>, revision: u64) -> PhoneView {
    PhoneView {
        cards: running(context),
        lines: line_statuses(context.state, context.settings),
        journal_waiting: context.journal_waiting,
        revision,
    }
}

/// The running calls: the talk before the waiting, the older first within each.
pub fn running(context: &CardContext<'_>) -> Vec<Card> {
    let mut running: Vec<&TrackedCall> = context
        .state
        .calls()
        .filter(|tracked| !tracked.call.state.is_ended())
        .collect();
    running.sort_by_key(|tracked| matches!(tracked.call.state, CallState::Held { .. }));
    running
        .into_iter()
        .map(|tracked| card(tracked, context))
        .collect()
}

fn card(tracked: &TrackedCall, context: &CardContext<'_>) -> Card {
    let call = &tracked.call;
    let state = context.state;
    let integrations = || state.integrations().map(|(_, integration)| integration);
    Card {
        call: call.id.to_string(),
        line: line_name(call, context.settings),
        direction: call.direction,
        state: call.state,
        started_at: call.started_at.0,
        answered_at: call.answered_at.map(|at| at.0),
        state_since: tracked.state_since.0,
        ended_at: call.ended_at.map(|at| at.0),
        party: party_view(&call.remote.party, context.numbers),
        revision: call.remote.revision,
        who: who(tracked, state, context),
        queue: call.queue.as_ref().map(ToString::to_string),
        diverter: call
            .diverter
            .as_ref()
            .and_then(|party| diverter(party, context)),
        last_contact: tracked.last_contact.map(|last| LastContact {
            at: last.at.0,
            direction: last.direction,
            reason: last.reason,
        }),
        data_as_of: tracked
            .matches
            .values()
            .filter_map(|m| m.as_of)
            .min()
            .map(|at| at.0),
        still_filling: integrations().find_map(|one| match &one.stage {
            SyncStage::Running(Some(progress)) if one.last_success.is_none() => {
                Some(progress.percent.unwrap_or(0))
            }
            _ => None,
        }),
        crm_trouble: integrations().find_map(|one| one.reason()),
        can: call.can.iter().copied().collect(),
        answer_way: answer_way(call, context.settings),
        pending: tracked
            .pending
            .and_then(|pending| pending.ability)
            .map(|ability| Pending { ability }),
        trouble: tracked.trouble,
        unconfirmed: tracked.unconfirmed,
        consulting: consulting(call),
        note: tracked.note.clone(),
    }
}

fn line_name(call: &Call, settings: &Settings) -> Option<String> {
    let several = settings.lines.len() > 1;
    let line = settings
        .lines
        .iter()
        .find(|line| line.id == call.line.as_str())?;
    several.then(|| line.name.clone())
}

fn answer_way(call: &Call, settings: &Settings) -> AnswerWay {
    let line = settings
        .lines
        .iter()
        .find(|line| line.id == call.line.as_str());
    match line.is_some_and(answers_here) && call.allows(ringcard_core::Ability::Answer) {
        true => AnswerWay::Here,
        false => AnswerWay::AtTelephone,
    }
}

fn consulting(call: &Call) -> Option<Consulting> {
    let consultation = call.consultation?;
    let (role, other) = match consultation.held == call.id {
        true => (ConsultRole::Held, consultation.consult),
        false => (ConsultRole::Consult, consultation.held),
    };
    Some(Consulting {
        role,
        phase: consultation.phase,
        other: other.to_string(),
    })
}

fn party_view(party: &Party, numbers: &Numbers) -> PartyView {
    let shown = party.presentation == Presentation::Allowed;
    let raw = party.number.as_deref().filter(|_| shown);
    let number = raw.and_then(|raw| numbers.incoming(raw));
    PartyView {
        number: number
            .as_ref()
            .map(|number| numbers.readable(number))
            .or_else(|| raw.map(str::to_owned)),
        dial: number.as_ref().map(|number| number.as_str().to_owned()),
        place: number.as_ref().and_then(|number| numbers.place(number)),
        name: party.name.clone().filter(|_| shown),
        presentation: party.presentation,
    }
}

/// A colleague's name where the number is one of ours, else the number as people read it.
fn diverter(party: &Party, context: &CardContext<'_>) -> Option<String> {
    let raw = party.number_to_look_up()?;
    if let Some(listed) = context.listed.get(raw) {
        return Some(listed.name.clone());
    }
    let readable = context
        .numbers
        .incoming(raw)
        .map(|number| context.numbers.readable(&number));
    party
        .name
        .clone()
        .or(readable)
        .or_else(|| Some(raw.to_owned()))
}
