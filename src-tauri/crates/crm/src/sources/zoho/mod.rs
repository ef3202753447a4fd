//! Zoho CRM.
