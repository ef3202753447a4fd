//! What a test can make the sandbox do, and what it can ask it afterwards.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;

use super::sign_in::{Code, Grant};
use super::state::{Consent, Mood, Refusals};
use super::world::AGENTS;
use super::{SeenRequest, Zoho, modules, server, write};

/// The network and the machine.
impl Zoho {
    /// Refuses new connections and breaks those that are open.
    pub async fn goes_offline(&self) {
        if let Some(accepting) = self.accepting.lock().await.take() {
            accepting.abort();
            // The listener is closed when the task has ended, which is what this waits for.
            let _ = accepting.await;
        }
        self.shared.cut_all();
    }

    /// Listens again where it listened before.
    pub async fn comes_back(&self) -> io::Result<()> {
        let mut accepting = self.accepting.lock().await;
        if accepting.is_none() {
            let address: SocketAddr = self.address;
            let listener = TcpListener::bind(address).await?;
            *accepting = Some(tokio::spawn(server::accept(
                listener,
                Arc::clone(&self.shared),
            )));
        }
        Ok(())
    }

    /// Takes requests and never answers.
    pub fn hangs(&self) {
        self.state().mood = Mood::Hangs;
    }

    /// Answers everything with a page and HTTP 200, as a proxy's sign-in page does.
    pub fn answers_html(&self) {
        self.state().mood = Mood::Html;
    }

    /// Breaks every answer off after half of its body.
    pub fn half_a_body(&self) {
        self.state().mood = Mood::HalfABody;
    }

    /// Answers every API call with a status; 403 comes with a page instead of JSON.
    pub fn answers_status(&self, status: u16) {
        self.state().mood = Mood::Status(status);
    }

    /// The accounts server answers every call with a status and a page.
    pub fn sign_in_answers_status(&self, status: u16) {
        self.state().refusals.accounts_status = Some(status);
    }

    /// Waits before each answer.
    pub fn answers_after(&self, wait: Duration) {
        self.state().answers_after = wait;
    }

    /// Answers `pages` requests for a list, breaks the connection at the next, and is well again.
    pub fn drops_connection_after_page(&self, pages: u32) {
        self.state().refusals.drop_after_pages = Some(pages);
    }

    /// Ends every fault and refusal of the server, and throttling; records and tokens stay.
    pub fn behaves(&self) {
        let mut state = self.state();
        state.mood = Mood::Well;
        state.refusals = Refusals::default();
        state.answers_after = Duration::ZERO;
        state.budget.refuse_next = 0;
        state.search_lags = false;
    }

    /// Moves the server's clock against the machine's, for `Date` and every time it writes.
    pub fn clock_skew(&self, seconds: i64) {
        self.state().clock.move_by(seconds);
    }

    /// Lets time pass at the server: tokens run out, throttling windows close.
    pub fn time_passes(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        self.state().clock.move_by(seconds);
    }
}

/// Signing in.
impl Zoho {
    /// The agent who signs in with the browser from now on, by extension.
    pub fn signs_in_as(&self, extension: &str) {
        let place = AGENTS
            .iter()
            .position(|agent| agent.extension == extension)
            .expect("the agents of the sandbox are 101 to 105");
        self.state().signed_in = place;
    }

    /// Sends the browser back with a code at once, as if somebody had pressed Accept.
    pub fn consents_at_once(&self) {
        self.state().consent = Consent::AtOnce;
    }

    /// Sends the browser back with `access_denied`.
    pub fn refuses_consent(&self) {
        self.state().consent = Consent::Refused;
    }

    /// Shows the consent page with its two buttons, which is how it begins.
    pub fn asks_for_consent(&self) {
        self.state().consent = Consent::Asked;
    }

    /// A code as the API console makes it for a Self Client.
    pub fn self_client_code(&self, scopes: &str) -> String {
        let mut state = self.state();
        let code = Code {
            grant: Grant {
                agent: state.signed_in,
                scopes: scopes.split(',').map(str::to_owned).collect(),
            },
            redirect_uri: None,
            challenge: None,
            made_at: state.clock.now(),
        };
        state.sign_in.make_code(code)
    }

    /// A refresh token as if somebody had signed in already.
    pub fn gives_refresh_token(&self, scopes: &str) -> String {
        let mut state = self.state();
        let grant = Grant {
            agent: state.signed_in,
            scopes: scopes.split(',').map(str::to_owned).collect(),
        };
        state.sign_in.make_refresh_token(grant)
    }

    /// Whether the token call needs the client's secret even with PKCE.
    pub fn requires_secret(&self, requires: bool) {
        self.state().sign_in.requires_secret = requires;
    }

    /// Revokes every sign-in, as the user can in his Zoho account.
    pub fn revokes_tokens(&self) {
        self.state().sign_in.revoke_all();
    }

    /// Lets every access token run out now.
    pub fn expires_access_tokens(&self) {
        self.state().sign_in.expire_access_tokens();
    }

    /// How many sign-ins are alive.
    pub fn sign_ins(&self) -> usize {
        self.state().sign_in.sign_ins()
    }
}

/// Rights and limits.
impl Zoho {
    /// The user may not see this module.
    pub fn forbids_module(&self, module: &str) {
        self.state().refusals.modules.insert(module.to_owned());
    }

    /// The user's profile may not use the API at all.
    pub fn forbids_api(&self) {
        self.state().refusals.api = true;
    }

    /// The user's profile hides a field: absent from metadata and rows.
    pub fn hides_field(&self, module: &str, field: &str) {
        let key = (module.to_owned(), field.to_owned());
        self.state().refusals.fields.insert(key);
    }

    /// The field list of this module answers 204.
    pub fn withholds_field_list(&self, module: &str) {
        self.state().refusals.field_lists.insert(module.to_owned());
    }

    /// The trial is over: `/org` says so, everything else is refused.
    pub fn trial_ended(&self) {
        self.state().refusals.trial_ended = true;
    }

    /// The user has no CRM: `/org` and `/users` answer 204.
    pub fn has_no_account(&self) {
        self.state().refusals.no_account = true;
    }

    /// Another organisation answers from now on.
    pub fn switches_organisation(&self) {
        self.state().organisation += 111_111;
    }

    /// Gives the organisation so many credits for the day, none of them used.
    pub fn limits_credits(&self, credits: u64) {
        let mut state = self.state();
        state.budget.allowance = credits;
        state.budget.used = 0;
    }

    /// Refuses every call for too many at once, until it `behaves()`.
    pub fn throttles_concurrency(&self) {
        self.throttles_next(u64::MAX);
    }

    /// Refuses the next `calls` for too many at once.
    pub fn throttles_next(&self, calls: u64) {
        self.state().budget.refuse_next = calls;
    }

    /// Sends `Retry-After` with its 429s; without this verb it sends none.
    pub fn sends_retry_after(&self, seconds: u64) {
        self.state().budget.retry_after = Some(seconds);
    }

    /// Lets every page token run out.
    pub fn expires_page_tokens(&self) {
        self.state().page_tokens.expire();
    }

    /// Ends every walk by page tokens after so many rows instead of 100,000.
    pub fn limits_walk(&self, rows: usize) {
        self.state().page_tokens.walk_rows = rows;
    }

    /// Keeps new and changed records from the search until `search_catches_up()`.
    pub fn search_lags(&self) {
        self.state().search_lags = true;
    }

    /// Shows the search everything.
    pub fn search_catches_up(&self) {
        let mut state = self.state();
        state.search_lags = false;
        for record in state
            .world
            .records
            .values_mut()
            .flat_map(|m| m.values_mut())
        {
            record.unindexed = false;
        }
    }
}

/// Records.
impl Zoho {
    /// Adds a contact and says its id. `Account_Name` may be a name: its account is found or made.
    pub fn adds_contact(&self, fields: Value) -> String {
        self.adds("Contacts", fields)
    }

    /// Adds a lead and says its id.
    pub fn adds_lead(&self, fields: Value) -> String {
        self.adds("Leads", fields)
    }

    /// Adds a record to a module and says its id.
    pub fn adds(&self, module: &str, fields: Value) -> String {
        let module = modules::find(module).expect("a module of the sandbox");
        write::insert(&mut self.state(), module, &fields).to_string()
    }

    /// Changes fields of a record, now. `false` when there is no such record.
    pub fn changes(&self, id: &str, fields: Value) -> bool {
        self.with_id(id, |state, id| write::change(state, id, &fields))
    }

    /// Deletes a record: into the recycle bin, or for good.
    pub fn deletes(&self, id: &str, permanent: bool) -> bool {
        self.with_id(id, |state, id| {
            let now = state.clock.now();
            state.world.delete(id, permanent, now)
        })
    }

    /// Converts a lead into a contact of an account, and says the contact's id.
    pub fn converts_lead(&self, id: &str) -> Option<String> {
        let id = id.parse().ok()?;
        write::convert(&mut self.state(), id).map(|contact| contact.to_string())
    }

    /// Hides a record from the user: gone from every list, and never among the deleted.
    pub fn hides_record(&self, id: &str) -> bool {
        self.sets_hidden(id, true)
    }

    /// Shows a hidden record again, with its old times.
    pub fn shows_record(&self, id: &str) -> bool {
        self.sets_hidden(id, false)
    }

    /// The whole record, as a test may want to compare it.
    pub fn record(&self, id: &str) -> Option<Value> {
        let id = id.parse().ok()?;
        let mut state = self.state();
        let (module, record) = state.world.find(id)?;
        Some(record.whole(modules::find(module)?))
    }

    /// The ids of a module's records that a full mirror should hold, converted leads among them.
    pub fn ids(&self, module: &str) -> Vec<String> {
        let Some(module) = modules::find(module) else {
            return Vec::new();
        };
        let state = self.state();
        let visible = state.world.records(module).filter(|record| !record.hidden);
        visible.map(|record| record.id.to_string()).collect()
    }

    fn sets_hidden(&self, id: &str, hidden: bool) -> bool {
        self.with_id(id, |state, id| match state.world.find(id) {
            Some((_, record)) => {
                record.hidden = hidden;
                true
            }
            None => false,
        })
    }

    fn with_id(&self, id: &str, act: impl FnOnce(&mut super::State, u64) -> bool) -> bool {
        id.parse().is_ok_and(|id| act(&mut self.state(), id))
    }
}

/// What happened.
impl Zoho {
    /// How many API calls were made, refused ones among them; the accounts server is not counted.
    pub fn calls_made(&self) -> u64 {
        self.state().budget.calls
    }

    /// How many credits they cost.
    pub fn credits_used(&self) -> u64 {
        self.state().budget.used
    }

    /// Every request since the start or the last `forgets_requests()`, without secrets.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.state().requests.clone()
    }

    /// Begins the list of requests anew.
    pub fn forgets_requests(&self) {
        self.state().requests.clear();
    }

    /// The most requests that were ever being answered at once.
    pub fn most_at_once(&self) -> usize {
        self.state().most_at_once
    }
}
