//! The local copy of the CRM: schema, lookup and search. May be deleted at any moment.
