//! What exists only here: open calls, history, outbox, credit ledger, activity.
