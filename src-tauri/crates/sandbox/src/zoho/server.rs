//! The wire: takes connections, reads requests whole, sends answers, and breaks them when told to.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Extension, FromRequest, Multipart, Request as HttpRequest, State as Handed};
use axum::http::Response;
use hyper::body::{Frame, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

use super::answer::Answer;
use super::request::{Request, pairs};
use super::state::{Mood, State};
use super::{accounts, clock, crm};

/// No request of the real API is larger.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    cuts: watch::Sender<u64>,
}

impl Shared {
    /// Shares a memory.
    pub fn new(state: State) -> Self {
        Self {
            state: Mutex::new(state),
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
}

/// Takes connections until the task is aborted.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

/// Breaks the one connection it belongs to.
#[derive(Debug, Clone, Default)]
struct Cut(Arc<Notify>);

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let mut cuts = shared.cuts.subscribe();
    let cut = Cut::default();
    let router = Router::new()
        .fallback(handle)
        .layer(Extension(cut.clone()))
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
    Extension(cut): Extension<Cut>,
    request: HttpRequest,
) -> Result<Response<Body>, Infallible> {
    let _busy = Busy::new(&shared);
    let Some(request) = read(request).await else {
        let page = "<h1>Bad request</h1>";
        return Ok(Answer::html(400, page).into_response());
    };
    let (answer, mood, wait) = {
        let mut state = shared.state();
        state.requests.push(request.seen());
        let mood = if must_cut(&mut state, &request) {
            None
        } else {
            Some(state.mood)
        };
        let answer = mood.and_then(|mood| answer(&mut state, &request, mood));
        (answer, mood, state.answers_after)
    };
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    match (answer, mood) {
        (Some(answer), Some(Mood::HalfABody)) => Ok(HalfBody::of(answer)),
        (Some(answer), _) => Ok(answer.into_response()),
        (None, Some(_)) => pending().await,
        (None, None) => {
            cut.0.notify_one();
            pending().await
        }
    }
}

/// The answer to a request; none when the server hangs.
fn answer(state: &mut State, request: &Request, mood: Mood) -> Option<Answer> {
    let answer = match mood {
        Mood::Hangs => return None,
        Mood::Html => Answer::html(
            200,
            "<!doctype html><html><body><h1>We are improving our service</h1></body></html>",
        ),
        _ if request.path.starts_with("/oauth/") => match state.refusals.accounts_status {
            Some(status) => Answer::html(status, "<h1>Internal error</h1>"),
            None => accounts::answer(state, request),
        },
        _ if request.path.starts_with("/crm/") => crm::answer(state, request),
        _ => Answer::html(404, "<h1>Sorry, page not found</h1>"),
    };
    let date = clock::http_date(state.clock.now());
    Some(answer.with("date", date))
}

/// Whether this request is the one at which the connection breaks.
fn must_cut(state: &mut State, request: &Request) -> bool {
    let is_list = request.method == "GET" && request.query("fields").is_some();
    match &mut state.refusals.drop_after_pages {
        Some(0) if is_list => {
            state.refusals.drop_after_pages = None;
            true
        }
        Some(left) if is_list => {
            *left -= 1;
            false
        }
        _ => false,
    }
}

async fn read(request: HttpRequest) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.ok()?;
    let kind = parts
        .headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let form = if kind.starts_with("application/x-www-form-urlencoded") {
        pairs(&body)
    } else if kind.starts_with("multipart/form-data") {
        let again = HttpRequest::from_parts(parts.clone(), Body::from(body.clone()));
        read_multipart(again).await?
    } else {
        Vec::new()
    };
    Some(Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        form,
        headers: parts.headers,
        body: body.to_vec(),
    })
}

async fn read_multipart(request: HttpRequest) -> Option<Vec<(String, String)>> {
    let mut multipart = Multipart::from_request(request, &()).await.ok()?;
    let mut form = Vec::new();
    while let Some(field) = multipart.next_field().await.ok()? {
        let name = field.name()?.to_owned();
        form.push((name, field.text().await.ok()?));
    }
    Some(form)
}

/// Counts how many requests are being answered at once.
struct Busy(Arc<Shared>);

impl Busy {
    fn new(shared: &Arc<Shared>) -> Self {
        let mut state = shared.state();
        state.at_once += 1;
        state.most_at_once = state.most_at_once.max(state.at_once);
        Self(Arc::clone(shared))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.state().at_once -= 1;
    }
}

/// A body that promises its whole length and breaks after half of it.
struct HalfBody {
    first: Option<Bytes>,
    whole: u64,
    paused: bool,
}

impl HalfBody {
    fn of(answer: Answer) -> Response<Body> {
        let whole = answer.body.len().max(2);
        let half = Bytes::copy_from_slice(&answer.body[..answer.body.len() / 2]);
        let (parts, _) = answer.into_response().into_parts();
        let body = Self {
            first: Some(half),
            whole: whole as u64,
            paused: false,
        };
        Response::from_parts(parts, Body::new(body))
    }
}

impl hyper::body::Body for HalfBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(half) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.paused {
            // Lets the first half reach the wire before the connection breaks.
            self.paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let broken = std::io::Error::other("the sandbox breaks off here");
        Poll::Ready(Some(Err(broken)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.whole)
    }
}
