//! The calls about the organisation itself: who it is, its users, modules and fields.

use serde_json::{Value, json};

use super::answer::{Answer, invalid_data, invalid_module, param_missing};
use super::clock;
use super::modules::{self, Field, MODULES, Module};
use super::request::Request;
use super::sign_in::Grant;
use super::state::State;
use super::world::{AGENTS, Agent};

const ADMIN_PROFILE: (&str, &str) = ("Administrator", "5725767000000026011");
const AGENT_PROFILE: (&str, &str) = ("Standard", "5725767000000026014");
const DAY: i64 = 24 * 3600;

/// `GET /org`. A user without a CRM gets 204, which is assumed: Zoho documents nothing for it.
pub(super) fn organisation(state: &State) -> Answer {
    if state.refusals.no_account {
        return Answer::empty(204);
    }
    let zgid = state.organisation.to_string();
    let now = state.clock.now();
    let org = json!({
        "id": format!("57257670000000{}", state.organisation % 100_000),
        "zgid": zgid,
        "domain_name": format!("org{zgid}"),
        "company_name": "Ringcard Sandbox GmbH",
        "alias": null,
        "type": "production",
        "primary_email": AGENTS[0].email,
        "primary_zuid": "20099000101",
        "phone": "030 23125 000",
        "mobile": null,
        "fax": null,
        "website": null,
        "street": "Beispielweg 1",
        "city": "Berlin",
        "state": null,
        "zip": "10115",
        "country": "Deutschland",
        "country_code": "DE",
        "time_zone": "Europe/Berlin",
        "currency": "Euro - EUR",
        "currency_symbol": "€",
        "currency_locale": "de_DE",
        "iso_code": "EUR",
        "employee_count": null,
        "photo_id": null,
        "created_time": clock::iso(now - 400 * DAY),
        "mc_status": false,
        "gapps_enabled": false,
        "translation_enabled": false,
        "deletable_org_account": true,
        "privacy_settings": true,
        "hipaa_compliance_enabled": false,
        "lite_users_enabled": false,
        "zia_portal_id": null,
        "hierarchy_preferences": { "type": "Role_Hierarchy", "strictly_reporting": null },
        "license_details": licence(state),
    });
    Answer::json(200, &json!({ "org": [org] }))
}

fn licence(state: &State) -> Value {
    let now = state.clock.now();
    let ended = state.refusals.trial_ended;
    json!({
        "paid": !ended,
        "paid_type": if ended { "free" } else { "enterprise" },
        "paid_expiry": if ended { None } else { Some(clock::iso(now + 200 * DAY)) },
        "trial_type": if ended { Some("enterprise") } else { None },
        "trial_expiry": if ended { Some(clock::iso(now - DAY)) } else { None },
        "users_license_purchased": 50,
        "portal_users_license_purchased": 0,
    })
}

/// `GET /users`. Who asks for the current user gets the one that signed in.
pub(super) fn users(state: &State, request: &Request, grant: &Grant) -> Answer {
    if state.refusals.no_account {
        return Answer::empty(204);
    }
    let shown: Vec<Value> = match request.query("type").unwrap_or("AllUsers") {
        "CurrentUser" => vec![user(grant.agent)],
        "AllUsers" | "ActiveUsers" | "ActiveConfirmedUsers" => {
            (0..AGENTS.len()).map(user).collect()
        }
        "AdminUsers" | "ActiveConfirmedAdmins" => vec![user(0)],
        "NotConfirmedUsers" | "DeletedUsers" | "DeactiveUsers" => return Answer::empty(204),
        _ => return invalid_data("type").flat(),
    };
    let info = json!({
        "per_page": 200,
        "count": shown.len(),
        "page": 1,
        "more_records": false,
    });
    Answer::json(200, &json!({ "users": shown, "info": info }))
}

fn user(place: usize) -> Value {
    let agent: &Agent = &AGENTS[place];
    let (profile, profile_id) = if place == 0 {
        ADMIN_PROFILE
    } else {
        AGENT_PROFILE
    };
    json!({
        "id": agent.id.to_string(),
        "zuid": format!("20099000{}", agent.extension),
        "email": agent.email,
        "full_name": agent.full_name(),
        "first_name": agent.first_name,
        "last_name": agent.last_name,
        "alias": null,
        "status": "active",
        "status_reason__s": null,
        "type__s": "Regular User",
        "confirm": true,
        "role": { "name": "Vertrieb", "id": "5725767000000026005" },
        "profile": { "name": profile, "id": profile_id },
        "locale": "de_DE",
        "country_locale": "de_DE",
        "date_format": "dd.MM.yyyy",
        "time_format": "HH:mm",
        "time_zone": "Europe/Berlin",
        "decimal_separator": "Comma",
        "number_separator": "Period",
        "phone": null,
        "mobile": null,
        "created_time": "2025-03-01T09:00:00+01:00",
        "Modified_Time": "2026-06-01T09:00:00+02:00",
        "sandboxDeveloper": false,
        "microsoft": false,
    })
}

/// `GET /settings/modules`, without pages.
pub(super) fn modules(state: &State, request: &Request) -> Answer {
    let wanted = request.query("status").unwrap_or("visible");
    if !wanted.split(',').any(|status| status == "visible") {
        return Answer::empty(204);
    }
    let rows: Vec<Value> = MODULES
        .iter()
        .enumerate()
        .map(|(place, module)| show_module(state, place, module))
        .collect();
    Answer::json(200, &json!({ "modules": rows }))
}

fn show_module(state: &State, place: usize, module: &Module) -> Value {
    let may_view = !state.refusals.modules.contains(module.api_name);
    let api = module.api_supported;
    let mut shown = module_switches(api);
    let own = json!({
        "api_name": module.api_name,
        "module_name": module.module_name,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "actual_singular_label": module.singular,
        "actual_plural_label": module.plural,
        "generated_type": module.generated_type,
        "module_type": "ENTITIES",
        "access_type": "org_based",
        "id": format!("57257670000000021{:02}", 71 + place),
        "api_supported": api,
        "viewable": api && may_view,
        "creatable": api && may_view,
        "editable": api && may_view,
        "deletable": api && may_view,
        "convertable": module.api_name == "Leads",
        "status": "visible",
        "sequence_number": place + 1,
        "profiles": [
            { "name": ADMIN_PROFILE.0, "id": ADMIN_PROFILE.1 },
            { "name": AGENT_PROFILE.0, "id": AGENT_PROFILE.1 },
        ],
        "profile_count": 2,
        "web_link": if api { None } else { Some("https://weather.example.com") },
    });
    if let (Some(shown), Value::Object(own)) = (shown.as_object_mut(), own) {
        shown.extend(own);
    }
    shown
}

/// What is the same for all modules that the API supports, and for all that it does not.
fn module_switches(api: bool) -> Value {
    json!({
        "description": null,
        "visibility": 1,
        "show_as_tab": true,
        "modified_time": null,
        "modified_by": null,
        "has_more_profiles": false,
        "global_search_supported": api,
        "public_fields_configured": false,
        "recycle_bin_on_delete": api,
        "sub_menu_available": false,
        "presence_sub_menu": false,
        "triggers_supported": api,
        "quick_create": false,
        "filter_supported": api,
        "feeds_required": false,
        "scoring_supported": false,
        "webform_supported": false,
        "email_parser_supported": false,
        "emailTemplate_support": false,
        "inventory_template_supported": false,
        "isBlueprintSupported": false,
        "business_card_field_limit": 5,
        "track_current_data": false,
        "arguments": [],
    })
}

/// `GET /settings/fields?module=`, which for some modules answers 204.
pub(super) fn fields(state: &State, request: &Request) -> Answer {
    let Some(name) = request.query("module") else {
        return param_missing("module").flat();
    };
    if MODULES
        .iter()
        .any(|module| module.api_name == name && !module.api_supported)
    {
        return Answer::empty(204);
    }
    let Some(module) = modules::find(name) else {
        return invalid_module().flat();
    };
    if state.refusals.field_lists.contains(name) {
        return Answer::empty(204);
    }
    let rows: Vec<Value> = module
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !super::list::is_hidden(state, module, field.api_name))
        .map(|(place, field)| show_field(module, place, field))
        .collect();
    Answer::json(200, &json!({ "fields": rows }))
}

fn show_field(module: &Module, place: usize, field: &Field) -> Value {
    let mut shown = super::field_metadata::describe(module, field);
    shown["id"] = json!(format!("5725767000000{:06}", module_number(module) + place));
    shown
}

fn module_number(module: &Module) -> usize {
    let place = MODULES
        .iter()
        .position(|known| known.api_name == module.api_name);
    2000 + 100 * place.unwrap_or_default()
}
