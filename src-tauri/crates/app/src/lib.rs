//! The application without a window: an event comes in, step answers with effects.
