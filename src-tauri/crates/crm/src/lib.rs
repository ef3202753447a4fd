//! CRM systems: the source trait, its layers, and the sources.
