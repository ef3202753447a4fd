//! The modules of the invented organisation, as the metadata calls tell them.

use super::fields::{ACCOUNTS, CALLS, CONTACTS, DEALS, LEADS, NOTES, PROPERTIES, TASKS, VENDORS};

/// A field of a module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub api_name: &'static str,
    pub label: &'static str,
    pub data_type: &'static str,
    /// The values of a picklist; empty for every other type.
    pub choices: &'static [&'static str],
}

/// A module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Module {
    pub api_name: &'static str,
    pub singular: &'static str,
    pub plural: &'static str,
    /// The internal name, which is the one in a record's URL.
    pub module_name: &'static str,
    pub generated_type: &'static str,
    pub api_supported: bool,
    pub fields: &'static [Field],
    /// The fields without which a record is refused.
    pub mandatory: &'static [&'static str],
}

impl Module {
    /// The field of this API name.
    pub fn field(&self, api_name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.api_name == api_name)
    }

    /// The field that names a record of this module to a person.
    pub fn name_field(&self) -> &'static str {
        match self.api_name {
            "Accounts" => "Account_Name",
            "Vendors" => "Vendor_Name",
            "Deals" => "Deal_Name",
            "Calls" | "Tasks" => "Subject",
            "Notes" => "Note_Title",
            "Properties" => "Name",
            _ => "Full_Name",
        }
    }
}

/// The module of this API name, when the API knows it.
pub(super) fn find(api_name: &str) -> Option<&'static Module> {
    MODULES
        .iter()
        .find(|module| module.api_name == api_name && module.api_supported)
}

/// The organisation's modules, also those that the API cannot read.
pub(super) const MODULES: &[Module] = &[
    Module {
        api_name: "Leads",
        singular: "Lead",
        plural: "Leads",
        module_name: "Leads",
        generated_type: "default",
        api_supported: true,
        fields: LEADS,
        mandatory: &["Last_Name"],
    },
    Module {
        api_name: "Contacts",
        singular: "Kontakt",
        plural: "Kontakte",
        module_name: "Contacts",
        generated_type: "default",
        api_supported: true,
        fields: CONTACTS,
        mandatory: &["Last_Name"],
    },
    Module {
        api_name: "Accounts",
        singular: "Firma",
        plural: "Firmen",
        module_name: "Accounts",
        generated_type: "default",
        api_supported: true,
        fields: ACCOUNTS,
        mandatory: &["Account_Name"],
    },
    Module {
        api_name: "Vendors",
        singular: "Lieferant",
        plural: "Lieferanten",
        module_name: "Vendors",
        generated_type: "default",
        api_supported: true,
        fields: VENDORS,
        mandatory: &["Vendor_Name"],
    },
    Module {
        api_name: "Deals",
        singular: "Deal",
        plural: "Deals",
        module_name: "Potentials",
        generated_type: "default",
        api_supported: true,
        fields: DEALS,
        mandatory: &["Deal_Name", "Stage"],
    },
    Module {
        api_name: "Properties",
        singular: "Objekt",
        plural: "Objekte",
        module_name: "CustomModule1",
        generated_type: "custom",
        api_supported: true,
        fields: PROPERTIES,
        mandatory: &["Name"],
    },
    Module {
        api_name: "Calls",
        singular: "Anruf",
        plural: "Anrufe",
        module_name: "Calls",
        generated_type: "default",
        api_supported: true,
        fields: CALLS,
        mandatory: &["Subject", "Call_Type", "Call_Start_Time"],
    },
    Module {
        api_name: "Tasks",
        singular: "Aufgabe",
        plural: "Aufgaben",
        module_name: "Tasks",
        generated_type: "default",
        api_supported: true,
        fields: TASKS,
        mandatory: &["Subject"],
    },
    Module {
        api_name: "Notes",
        singular: "Notiz",
        plural: "Notizen",
        module_name: "Notes",
        generated_type: "default",
        api_supported: true,
        fields: NOTES,
        mandatory: &["Note_Content", "Parent_Id"],
    },
    Module {
        api_name: "Weather",
        singular: "Weather",
        plural: "Weather",
        module_name: "LinkingModule7",
        generated_type: "web",
        api_supported: false,
        fields: &[],
        mandatory: &[],
    },
];
