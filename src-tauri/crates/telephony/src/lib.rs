//! Telephone systems: the provider trait, its layers, and the providers.
