//! The fields of each module of the invented organisation.

use super::modules::Field;

const OWNER: Field = field("Owner", "Owner", "ownerlookup");
const CREATED_TIME: Field = field("Created_Time", "Created Time", "datetime");
const MODIFIED_TIME: Field = field("Modified_Time", "Modified Time", "datetime");
const CREATED_BY: Field = field("Created_By", "Created By", "ownerlookup");
const MODIFIED_BY: Field = field("Modified_By", "Modified By", "ownerlookup");
const DESCRIPTION: Field = field("Description", "Description", "textarea");
const EMAIL: Field = field("Email", "Email", "email");
const PHONE: Field = field("Phone", "Phone", "phone");
const MOBILE: Field = field("Mobile", "Mobile", "phone");
const FAX: Field = field("Fax", "Fax", "phone");
const OPT_OUT: Field = field("Email_Opt_Out", "Email Opt Out", "boolean");
/// Zoho has none of its own; companies add one under this name.
const NO_CALLS: Field = field("Do_Not_Call", "Do Not Call", "boolean");
const SALUTATION: Field = picklist(
    "Salutation",
    "Salutation",
    &["-None-", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof."],
);

/// The fields of Leads.
pub(super) const LEADS: &[Field] = &[
    OWNER,
    field("Company", "Company", "text"),
    field("First_Name", "First Name", "text"),
    field("Last_Name", "Last Name", "text"),
    field("Full_Name", "Full Name", "text"),
    SALUTATION,
    EMAIL,
    PHONE,
    MOBILE,
    FAX,
    picklist(
        "Lead_Status",
        "Lead Status",
        &[
            "-None-",
            "Not Contacted",
            "Contacted",
            "Attempted to Contact",
        ],
    ),
    OPT_OUT,
    NO_CALLS,
    field("City", "City", "text"),
    field("Country", "Country", "text"),
    field("Converted__s", "Is Converted", "boolean"),
    field("Converted_Contact", "Converted Contact", "lookup"),
    field("Converted_Account", "Converted Account", "lookup"),
    DESCRIPTION,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Contacts.
pub(super) const CONTACTS: &[Field] = &[
    OWNER,
    field("First_Name", "First Name", "text"),
    field("Last_Name", "Last Name", "text"),
    field("Full_Name", "Full Name", "text"),
    SALUTATION,
    field("Account_Name", "Account Name", "lookup"),
    EMAIL,
    PHONE,
    MOBILE,
    field("Home_Phone", "Home Phone", "phone"),
    field("Other_Phone", "Other Phone", "phone"),
    field("Asst_Phone", "Asst Phone", "phone"),
    FAX,
    field("Title", "Title", "text"),
    field("Date_of_Birth", "Date of Birth", "date"),
    OPT_OUT,
    NO_CALLS,
    field("Mailing_Street", "Mailing Street", "text"),
    field("Mailing_City", "Mailing City", "text"),
    field("Mailing_State", "Mailing State", "text"),
    field("Mailing_Zip", "Mailing Zip", "text"),
    field("Mailing_Country", "Mailing Country", "text"),
    DESCRIPTION,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Accounts.
pub(super) const ACCOUNTS: &[Field] = &[
    OWNER,
    field("Account_Name", "Account Name", "text"),
    field("Account_Number", "Account Number", "text"),
    PHONE,
    FAX,
    field("Website", "Website", "website"),
    field("Billing_Street", "Billing Street", "text"),
    field("Billing_City", "Billing City", "text"),
    field("Billing_Code", "Billing Code", "text"),
    field("Billing_Country", "Billing Country", "text"),
    DESCRIPTION,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Vendors.
pub(super) const VENDORS: &[Field] = &[
    OWNER,
    field("Vendor_Name", "Vendor Name", "text"),
    EMAIL,
    PHONE,
    field("City", "City", "text"),
    field("Country", "Country", "text"),
    DESCRIPTION,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Deals.
pub(super) const DEALS: &[Field] = &[
    OWNER,
    field("Deal_Name", "Deal Name", "text"),
    field("Account_Name", "Account Name", "lookup"),
    field("Contact_Name", "Contact Name", "lookup"),
    picklist(
        "Stage",
        "Stage",
        &["-None-", "Qualification", "Closed Won", "Closed Lost"],
    ),
    field("Closing_Date", "Closing Date", "date"),
    DESCRIPTION,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Properties.
pub(super) const PROPERTIES: &[Field] = &[
    OWNER,
    field("Name", "Objekt Name", "text"),
    field("Caretaker_Phone", "Hausmeister Telefon", "phone"),
    field("Tenant", "Mieter", "lookup"),
    EMAIL,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Calls.
pub(super) const CALLS: &[Field] = &[
    OWNER,
    field("Subject", "Subject", "text"),
    picklist("Call_Type", "Call Type", &["Outbound", "Inbound", "Missed"]),
    picklist(
        "Call_Purpose",
        "Call Purpose",
        &[
            "-None-",
            "Prospecting",
            "Administrative",
            "Negotiation",
            "Demo",
            "Project",
            "Desk",
        ],
    ),
    field("Call_Start_Time", "Call Start Time", "datetime"),
    field("Call_Duration", "Call Duration", "text"),
    field(
        "Call_Duration_in_seconds",
        "Call Duration (in seconds)",
        "integer",
    ),
    picklist(
        "Outgoing_Call_Status",
        "Outgoing Call Status",
        &["Scheduled", "Completed", "Overdue", "Cancelled"],
    ),
    picklist(
        "Call_Result",
        "Call Result",
        &[
            "-None-",
            "Interested",
            "Not interested",
            "No response/Busy",
            "Requested more info",
            "Requested call back",
            "Invalid number",
        ],
    ),
    field("Who_Id", "Contact Name", "lookup"),
    field("What_Id", "Related To", "lookup"),
    field("Tag", "Tag", "text"),
    DESCRIPTION,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Tasks.
pub(super) const TASKS: &[Field] = &[
    OWNER,
    field("Subject", "Subject", "text"),
    field("Due_Date", "Due Date", "date"),
    field("Who_Id", "Contact Name", "lookup"),
    field("What_Id", "Related To", "lookup"),
    picklist(
        "Status",
        "Status",
        &[
            "Not Started",
            "Deferred",
            "In Progress",
            "Completed",
            "Waiting for input",
        ],
    ),
    picklist(
        "Priority",
        "Priority",
        &["High", "Highest", "Low", "Lowest", "Normal"],
    ),
    DESCRIPTION,
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

/// The fields of Notes.
pub(super) const NOTES: &[Field] = &[
    OWNER,
    field("Note_Title", "Note Title", "text"),
    field("Note_Content", "Note Content", "textarea"),
    field("Parent_Id", "Parent ID", "lookup"),
    CREATED_TIME,
    MODIFIED_TIME,
    CREATED_BY,
    MODIFIED_BY,
];

const fn field(api_name: &'static str, label: &'static str, data_type: &'static str) -> Field {
    Field {
        api_name,
        label,
        data_type,
        choices: &[],
    }
}

const fn picklist(
    api_name: &'static str,
    label: &'static str,
    choices: &'static [&'static str],
) -> Field {
    Field {
        api_name,
        label,
        data_type: "picklist",
        choices,
    }
}
