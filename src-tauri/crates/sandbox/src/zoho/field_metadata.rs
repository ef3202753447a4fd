//! One field as `settings/fields` describes it, with all the keys that Zoho's files call required.

use serde_json::{Value, json};

use super::modules::{Field, Module};

/// The description of a field, without its id.
pub(super) fn describe(module: &Module, field: &Field) -> Value {
    let mut described = common(module, field);
    let special = by_type(field);
    if let (Some(described), Value::Object(special)) = (described.as_object_mut(), special) {
        described.extend(special);
    }
    described
}

/// The keys that tell what the field is.
fn common(module: &Module, field: &Field) -> Value {
    let is_system = matches!(
        field.api_name,
        "Created_Time" | "Modified_Time" | "Created_By" | "Modified_By" | "Full_Name"
    );
    let mut described = switches(is_system, module.generated_type == "custom");
    let own = json!({
        "api_name": field.api_name,
        "field_label": field.label,
        "display_label": field.label,
        "data_type": field.data_type,
        "json_type": json_type(field.data_type),
        "length": length(field.data_type),
        "system_mandatory": module.mandatory.contains(&field.api_name),
        "type": "used",
        "created_source": "default",
        "column_name": field.api_name.to_uppercase(),
        "display_field": module.name_field() == field.api_name,
        "quick_sequence_number": "1",
        "pick_list_values": picklist(field),
        "field_read_only": is_system,
        "read_only": is_system,
        "ui_type": 1,
        "display_type": -1,
        "view_type": {
            "view": true, "edit": !is_system, "quick_create": false, "create": !is_system,
        },
        "operation_type": {
            "web_update": !is_system, "api_create": !is_system,
            "web_create": !is_system, "api_update": !is_system,
        },
    });
    if let (Some(described), Value::Object(own)) = (described.as_object_mut(), own) {
        described.extend(own);
    }
    described
}

/// The keys that are the same for all fields of the sandbox.
fn switches(is_system: bool, custom: bool) -> Value {
    json!({
        "webhook": true,
        "colour_code_enabled_by_system": false,
        "enable_colour_code": false,
        "tooltip": null,
        "businesscard_supported": true,
        "filterable": true,
        "searchable": true,
        "sortable": true,
        "visible": true,
        "mass_update": !is_system,
        "separator": false,
        "history_tracking_enabled": false,
        "history_tracking": null,
        "virtual_field": false,
        "public": false,
        "custom_field": custom,
        "association_details": null,
        "external": null,
        "private": null,
        "crypt": null,
        "range": null,
        "unique": {},
        "convert_mapping": {},
        "email_parser": {
            "fields_update_supported": true, "record_operations_supported": true,
        },
        "profiles": [
            {
                "permission_type": "read_write",
                "name": "Administrator",
                "id": "5725767000000026011",
            },
        ],
        "pick_list_values_sorted_lexically": false,
        "blueprint_supported": false,
        "decimal_place": null,
        "additional_column": null,
        "created_time": null,
        "modified_time": null,
    })
}

/// The keys that stand for types: empty where the field is of another type.
fn by_type(field: &Field) -> Value {
    let lookup = if field.data_type == "lookup" {
        let (module, id) = lookup_target(field.api_name);
        json!({
            "display_label": field.label,
            "api_name": field.api_name,
            "module": { "api_name": module, "crypt": false, "id": id },
            "id": id,
            "revalidate_filter_during_edit": false,
        })
    } else {
        json!({})
    };
    json!({
        "lookup": lookup,
        "multi_module_lookup": {},
        "multiselectlookup": {},
        "currency": {},
        "formula": {},
        "auto_number": {},
        "rollup_summary": {},
    })
}

fn lookup_target(field: &str) -> (&'static str, &'static str) {
    match field {
        "Account_Name" | "Converted_Account" | "What_Id" => ("Accounts", "5725767000000002173"),
        _ => ("Contacts", "5725767000000002172"),
    }
}

fn picklist(field: &Field) -> Vec<Value> {
    field
        .choices
        .iter()
        .enumerate()
        .map(|(place, choice)| {
            json!({
                "display_value": choice,
                "actual_value": choice,
                "reference_value": choice,
                "sequence_number": place + 1,
                "id": format!("5725767000000{:06}", 3000 + place),
                "type": "used",
            })
        })
        .collect()
}

fn json_type(data_type: &str) -> &'static str {
    match data_type {
        "ownerlookup" | "lookup" => "jsonobject",
        "boolean" => "boolean",
        "integer" => "integer",
        _ => "string",
    }
}

fn length(data_type: &str) -> u32 {
    match data_type {
        "phone" => 30,
        "email" => 100,
        "textarea" => 32_000,
        "integer" => 9,
        "boolean" => 5,
        "date" | "datetime" | "lookup" | "ownerlookup" => 20,
        "website" => 450,
        _ => 120,
    }
}
