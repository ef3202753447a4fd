//! The wire: takes connections, reads requests whole, sends answers, and breaks them when told to.

use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Extension, Request as HttpRequest, State as Handed};
use axum::http::Response;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

use super::answer::{Answer, not_found};
use super::request::{Request, Root, SeenRequest, pairs, place};
use super::state::State;
use super::{XsiOptions, actions, events};
use crate::pbx::{Sight, Switch};

/// No request of this interface comes near it.
const MOST_BYTES: usize = 1024 * 1024;

/// What all connections share.
pub(super) struct Shared {
    state: Mutex<State>,
    pub switch: Switch,
    pub options: XsiOptions,
    cuts: watch::Sender<u64>,
}

impl Shared {
    pub fn new(state: State, switch: Switch, options: XsiOptions) -> Self {
        Self {
            state: Mutex::new(state),
            switch,
            options,
            cuts: watch::Sender::new(0),
        }
    }

    /// The memory, also after a panic elsewhere: a test wants the first failure, not the second.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Breaks every connection.
    pub fn cut_all(&self) {
        self.cuts.send_modify(|count| *count += 1);
    }

    /// Takes in what is seen of the telephones, and tells it.
    pub fn look(&self, sight: &Sight) {
        let mut state = self.state();
        for (line, told) in state.book.take(sight, now()) {
            state.tell(line, &told);
        }
        state.end_small_conferences();
    }
}

/// Milliseconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Breaks the one connection it belongs to.
#[derive(Debug, Clone, Default)]
pub(super) struct Cut(Arc<Notify>);

impl Cut {
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// The connection that a request came over.
#[derive(Debug, Clone)]
pub(super) struct At {
    /// Which of the servers behind the address has it.
    pub server: u32,
    pub cut: Cut,
}

/// Takes connections until the task is aborted.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        // Small pieces, sent at once: events must not wait for each other.
        drop(stream.set_nodelay(true));
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let mut cuts = shared.cuts.subscribe();
    let cut = Cut::default();
    let server = shared.state().server;
    let at = At {
        server,
        cut: cut.clone(),
    };
    let router = Router::new()
        .fallback(handle)
        .layer(Extension(at))
        .with_state(Arc::clone(&shared));
    let connection = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::select! {
        _ = connection => {}
        _ = cuts.changed() => {}
        () = cut.0.notified() => {}
    }
}

async fn handle(
    Handed(shared): Handed<Arc<Shared>>,
    Extension(at): Extension<At>,
    request: HttpRequest,
) -> Result<Response<Body>, Infallible> {
    let (silent, status) = {
        let state = shared.state();
        (state.faults.silent, state.faults.status)
    };
    if silent {
        return pending().await;
    }
    if let Some(status) = status {
        return Ok(Answer::page(status).into_response());
    }
    let Some(request) = read(&shared, request).await else {
        return Ok(Answer::page(404).into_response());
    };
    let admitted = shared.state().gate.admits(&request);
    let Some(user) = admitted else {
        let challenge = "Basic realm=\"BroadWorks\"";
        let answer = Answer::page(401).with("www-authenticate", challenge);
        return Ok(answer.into_response());
    };
    let answer = match request.root {
        Root::Channel => return Ok(events::open(&shared, &request, &user, &at)),
        Root::Events => events::answer(&shared, &request, &user, &at),
        Root::Actions => actions::answer(&shared, &request, &user),
    };
    let wait = events::waits(&shared, &request);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    Ok(greeted(answer, &request, &user).into_response())
}

/// A first answer brings a cookie. Sending it back spares the server work, and replaces nothing.
fn greeted(answer: Answer, request: &Request, user: &str) -> Answer {
    if request.headers.contains_key("cookie") {
        return answer;
    }
    answer.with(
        "set-cookie",
        format!("JSESSIONID=sandbox-{user}; Path=/; HttpOnly"),
    )
}

async fn read(shared: &Shared, request: HttpRequest) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.ok()?.to_vec();
    let query = pairs(parts.uri.query().unwrap_or_default());
    shared.state().requests.push(SeenRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: query.iter().cloned().collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    let (root, words) = place(&shared.options.roots, parts.uri.path())?;
    Some(Request {
        root,
        method: parts.method.to_string(),
        words,
        query,
        headers: parts.headers,
        body,
    })
}

/// No such command.
pub(super) fn no_command() -> Answer {
    not_found("Command")
}
