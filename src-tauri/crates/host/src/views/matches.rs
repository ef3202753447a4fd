//! Matches as cards show them: who it may be, and no more than is known.

use ringcard_app::{State, TrackedCall};
use ringcard_core::{
    Basis, IntegrationId, Match, Matches, Presentation, names_company, same_company_name,
};
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
    let Some(company) = shared_company(&found) else {
        return Who::Several { found };
    };
    let account = only_own_record(&found).map(|at| Box::new(found.remove(at)));
    Who::Company {
        company,
        account,
        people: found,
    }
}

/// The company to which all of them belong.
fn shared_company(found: &[MatchView]) -> Option<String> {
    let first = company_of(found.first()?, found)?;
    let is_it =
        |one: &MatchView| company_of(one, found).is_some_and(|name| same_company_name(name, first));
    found.iter().all(is_it).then(|| first.to_owned())
}

/// A person's company, or a company's own name. A person without a company has none, also where
/// another person has the same name.
fn company_of<'a>(one: &'a MatchView, found: &[MatchView]) -> Option<&'a str> {
    let companies = found.iter().filter_map(|other| other.company.as_deref());
    // What a switchboard or a block names is always a company.
    let is_company =
        one.basis != Basis::Exact || names_company(&one.record.module, &one.name, companies);
    let own_name = is_company.then_some(one.name.as_str());
    one.company.as_deref().or(own_name)
}

/// Where the company's own record stands. Of two none is chosen silently.
fn only_own_record(found: &[MatchView]) -> Option<usize> {
    let mut own = (0..found.len()).filter(|at| found[*at].company.is_none());
    match (own.next(), own.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use ringcard_core::{OptOut, Origin};

    use super::*;

    const BRANDT: &str = "Brandt & Söhne GmbH";

    fn person(id: &str, name: &str, company: Option<&str>) -> MatchView {
        MatchView {
            record: RecordRef {
                integration: "zoho".into(),
                module: "Contacts".into(),
                id: id.into(),
            },
            name: name.into(),
            company: company.map(str::to_owned),
            city: None,
            module_label: "Contact".into(),
            crm: "Zoho".into(),
            owner: None,
            opt_out: OptOut::default(),
            note: None,
            basis: Basis::Exact,
            origin: Origin::Mirror,
            number_kind: None,
            chosen_before: false,
        }
    }

    fn account(id: &str, name: &str) -> MatchView {
        let mut account = person(id, name, None);
        "Accounts".clone_into(&mut account.record.module);
        account
    }

    /// That the company is known, by the ids of its own record and of its people.
    fn assert_company(found: Vec<MatchView>, own_record: Option<&str>, others: &[&str]) {
        let who = put_into_words(found, 5);
        let Who::Company {
            company,
            account,
            people,
        } = who
        else {
            panic!("the company is known");
        };
        assert_eq!(company, BRANDT);
        let account = account.as_ref().map(|account| account.record.id.as_str());
        assert_eq!(account, own_record, "the record of the company's button");
        let people: Vec<&str> = people.iter().map(|one| one.record.id.as_str()).collect();
        assert_eq!(people, others, "everybody else is listed");
    }

    #[test]
    fn people_with_one_name_and_no_company_are_several() {
        let erika = |id| person(id, "Erika Mustermann", None);
        let found = vec![erika("1"), erika("2")];
        let several = Who::Several {
            found: found.clone(),
        };
        assert_eq!(put_into_words(found, 5), several, "a name is no company");
    }

    #[test]
    fn somebody_without_a_company_does_not_belong_to_the_others() {
        let found = vec![
            person("1", "Erika Mustermann", Some(BRANDT)),
            person("2", "Erika Mustermann", None),
        ];
        assert!(matches!(put_into_words(found, 5), Who::Several { .. }));
    }

    #[test]
    fn the_companys_own_record_stands_apart_from_its_people() {
        let erika = || person("1", "Erika Mustermann", Some(BRANDT));
        assert_company(vec![erika(), account("9", BRANDT)], Some("9"), &["1"]);
        let entered_as_a_person = person("9", BRANDT, None);
        assert_company(vec![erika(), entered_as_a_person], Some("9"), &["1"]);
        let typed_otherwise = person("9", "brandt & söhne gmbh ", None);
        assert_company(vec![erika(), typed_otherwise], Some("9"), &["1"]);
    }

    #[test]
    fn of_two_records_of_one_company_none_is_chosen() {
        let found = vec![account("8", BRANDT), account("9", BRANDT)];
        assert_company(found, None, &["8", "9"]);
    }

    #[test]
    fn a_switchboard_names_a_company_whatever_its_record_is() {
        let mut lead = person("7", BRANDT, None);
        "Leads".clone_into(&mut lead.record.module);
        lead.basis = Basis::Stem;
        assert_company(vec![lead], Some("7"), &[]);
    }
}
