//! Matches as cards show them: who it may be, and no more than is known.

use ringcard_app::{State, TrackedCall};
use ringcard_core::{Basis, IntegrationId, Match, Matches, Presentation};
use ringcard_ipc::{LookupView, MatchView, OwnerView, RecordRef, Who};

use super::CardContext;

/// Who is at the other end of a call.
pub fn who(tracked: &TrackedCall, state: &State, context: &CardContext<'_>) -> Who {
    let party = &tracked.call.remote.party;
    match party.presentation {
        Presentation::Withheld => return Who::Withheld,
        Presentation::Pending => return Who::LookingUp,
        Presentation::Allowed => {}
    }
    if state.setup().integrations.is_empty() {
        return Who::NoCrm;
    }
    let found = all_found(tracked, state, context);
    // A look again after a refresh does not take back what was said.
    let unheard = |id: &IntegrationId| !tracked.matches.contains_key(id);
    if found.is_empty() && tracked.looking.iter().any(unheard) {
        return Who::LookingUp;
    }
    let among = tracked.matches.values().map(|matches| matches.among).sum();
    put_into_words(found, among)
}

fn put_into_words(mut found: Vec<MatchView>, among: u64) -> Who {
    if found.is_empty() {
        return Who::Unknown { among };
    }
    let certain = found.len() == 1 && found[0].basis == Basis::Exact;
    if certain {
        return Who::Certain {
            found: Box::new(found.remove(0)),
        };
    }
    match shared_company(&found) {
        Some(company) => {
            let is_company = |one: &MatchView| one.company.is_none() && one.name == company;
            let account = found
                .iter()
                .position(is_company)
                .map(|at| Box::new(found.remove(at)));
            Who::Company {
                company,
                account,
                people: found,
            }
        }
        None => Who::Several { found },
    }
}

/// The company to which all of them belong: a person's company, or an account's own name.
fn shared_company(found: &[MatchView]) -> Option<String> {
    let company = |one: &MatchView| one.company.clone().unwrap_or_else(|| one.name.clone());
    let first = company(found.first()?);
    found
        .iter()
        .all(|one| company(one) == first)
        .then_some(first)
}

fn all_found(tracked: &TrackedCall, state: &State, context: &CardContext<'_>) -> Vec<MatchView> {
    let in_order = state.setup().integrations.iter();
    in_order
        .filter_map(|setup| tracked.matches.get_key_value(&setup.id))
        .flat_map(|(id, matches)| matches.found.iter().map(move |one| (id, one)))
        .map(|(id, one)| match_view(id, one, context))
        .collect()
}

/// One match as windows show it.
pub fn match_view(id: &IntegrationId, found: &Match, context: &CardContext<'_>) -> MatchView {
    let contact = &found.contact;
    MatchView {
        record: RecordRef {
            integration: id.to_string(),
            module: contact.record.module.clone(),
            id: contact.record.id.clone(),
        },
        name: contact.name.clone(),
        company: contact.company.clone(),
        city: contact.city.clone(),
        module_label: context.module_label(&contact.record.module),
        crm: context.crm_name(id),
        owner: contact.owner.as_ref().map(|owner| {
            let colleague = context.colleague_by_email(owner.email.as_deref());
            OwnerView {
                name: owner.name.clone(),
                availability: colleague
                    .as_deref()
                    .map_or_else(Default::default, |extension| {
                        context.availability(extension)
                    }),
                extension: colleague,
            }
        }),
        opt_out: contact.opt_out,
        note: contact.note.clone(),
        basis: found.basis,
        origin: found.origin,
        number_kind: found.number_kind,
        chosen_before: found.chosen_before,
    }
}

/// The answer of the test box and of `ringcard lookup`.
pub fn lookup(
    number: String,
    answers: &[(IntegrationId, Matches)],
    took_us: u64,
    context: &CardContext<'_>,
) -> LookupView {
    let all = answers
        .iter()
        .flat_map(|(id, matches)| matches.found.iter().map(move |m| (id, m)));
    LookupView {
        number,
        found: all
            .map(|(id, found)| match_view(id, found, context))
            .collect(),
        among: answers.iter().map(|(_, matches)| matches.among).sum(),
        as_of: answers
            .iter()
            .filter_map(|(_, matches)| matches.as_of)
            .min()
            .map(|at| at.0),
        took_us,
    }
}
