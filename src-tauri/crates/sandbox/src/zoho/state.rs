//! Everything the sandbox remembers while it runs: world, tokens, budget, moods, what was asked.

use std::collections::BTreeSet;
use std::time::Duration;

use super::budget::Budget;
use super::clock::Clock;
use super::paging::PageTokens;
use super::request::SeenRequest;
use super::sign_in::SignIn;
use super::world::{AGENTS, Agent, World};

/// What the consent page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Consent {
    /// Shows a page with two buttons.
    #[default]
    Asked,
    /// Sends the browser back with a code.
    AtOnce,
    /// Sends the browser back with `access_denied`.
    Refused,
}

/// What the whole server does instead of answering rightly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mood {
    #[default]
    Well,
    /// Takes every request and answers none.
    Hangs,
    /// Answers with a page, as a proxy or a maintenance page does.
    Html,
    /// Promises a whole body and closes after half of it.
    HalfABody,
    /// Answers every API call with this status.
    Status(u16),
}

/// Refusals that a test has asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusals {
    pub modules: BTreeSet<String>,
    pub api: bool,
    pub trial_ended: bool,
    pub no_account: bool,
    /// Fields that the user's profile hides, by module and name.
    pub fields: BTreeSet<(String, String)>,
    /// Modules for which the field list answers 204.
    pub field_lists: BTreeSet<String>,
    /// Breaks the connection when so many list pages were answered.
    pub drop_after_pages: Option<u32>,
    /// The accounts server answers this status.
    pub accounts_status: Option<u16>,
}

/// The sandbox's memory. One lock guards it; every call is quick.
#[derive(Debug)]
pub(super) struct State {
    pub base_url: String,
    pub clock: Clock,
    pub world: World,
    pub sign_in: SignIn,
    pub consent: Consent,
    /// Which agent signs in with the browser.
    pub signed_in: usize,
    pub budget: Budget,
    pub mood: Mood,
    pub refusals: Refusals,
    pub page_tokens: PageTokens,
    /// New and changed records stay unknown to the search.
    pub search_lags: bool,
    pub organisation: u64,
    pub answers_after: Duration,
    pub requests: Vec<SeenRequest>,
    pub at_once: usize,
    pub most_at_once: usize,
}

impl State {
    /// The memory of a server that has just started.
    pub fn new(base_url: String, world: World) -> Self {
        Self {
            base_url,
            clock: Clock::default(),
            world,
            sign_in: SignIn::default(),
            consent: Consent::default(),
            signed_in: 0,
            budget: Budget::default(),
            mood: Mood::default(),
            refusals: Refusals::default(),
            page_tokens: PageTokens::default(),
            search_lags: false,
            organisation: FIRST_ORGANISATION,
            answers_after: Duration::ZERO,
            requests: Vec::new(),
            at_once: 0,
            most_at_once: 0,
        }
    }

    /// The agent who signs in now.
    pub fn current_user(&self) -> &'static Agent {
        &AGENTS[self.signed_in]
    }
}

/// The `zgid` that every sandbox begins with.
pub(super) const FIRST_ORGANISATION: u64 = 20_099_000_111;
