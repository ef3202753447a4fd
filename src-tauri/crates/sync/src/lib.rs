//! From a CRM source to the mirror: plan, apply, cursor, schedule.
