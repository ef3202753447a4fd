//! Composition without windows: settings, secrets, databases, providers, sources, socket, run loop.
