//! A whole session with a server on this PC: channel, subscription, snapshot, a call, a command, goodbye.

use std::sync::Arc;

use ringcard_core::{Call, CallCommand, CallState, CommandId, EndReason, LineId, Sensitive};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use super::*;
use crate::layers::run_line;
use crate::providers::broadworks::BroadWorks;

const PATIENCE: Duration = Duration::from_secs(10);
const CHANNEL: &str =
    "<Channel xmlns='n'><channelId>k1</channelId><expires>3600</expires></Channel>";
const USER: &str = "user/agent@house.example";

/// What the channel is to say, in the pieces given.
type Pieces = Arc<Mutex<mpsc::UnboundedReceiver<String>>>;

/// A server that answers each request by its path and says in the channel what it is told.
struct Server {
    host: String,
    asked: mpsc::UnboundedReceiver<String>,
    channel: mpsc::UnboundedSender<String>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let (ask, asked) = mpsc::unbounded_channel();
        let (channel, pieces) = mpsc::unbounded_channel();
        let pieces: Pieces = Arc::new(Mutex::new(pieces));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, ask.clone(), Arc::clone(&pieces)));
            }
        });
        Self {
            host: format!("http://127.0.0.1:{port}"),
            asked,
            channel,
        }
    }

    fn says(&self, piece: &str) {
        self.channel.send(piece.into()).expect("the channel lives");
    }

    async fn is_asked(&mut self, wanted: &str) {
        let asked = async {
            while let Some(asked) = self.asked.recv().await {
                if asked == wanted {
                    return true;
                }
            }
            false
        };
        let asked = timeout(PATIENCE, asked).await;
        assert_eq!(asked, Ok(true), "{wanted}");
    }
}

/// Serves one connection until it is closed.
async fn serve(stream: TcpStream, ask: mpsc::UnboundedSender<String>, pieces: Pieces) {
    let mut stream = BufReader::new(stream);
    while let Some((verb, path)) = request(&mut stream).await {
        let streams = path.starts_with("/com.broadsoft.async/");
        if ask.send(format!("{verb} {path}")).is_err() {
            return;
        }
        let head = match streams {
            true => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
            false => whole_answer(&path),
        };
        if stream.write_all(head.as_bytes()).await.is_err() {
            return;
        }
        if streams {
            return speak(&mut stream, &pieces).await;
        }
    }
}

/// Says the channel's pieces as they come.
async fn speak(stream: &mut BufReader<TcpStream>, pieces: &Pieces) {
    let mut pieces = pieces.lock().await;
    while let Some(piece) = pieces.recv().await {
        let chunk = format!("{:x}\r\n{piece}\r\n", piece.len());
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Verb and path of the next request; its body is read and left.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let mut words = line.split(' ').map(str::to_owned);
    let (verb, path) = (words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((verb, path))
}

fn whole_answer(path: &str) -> String {
    let (status, body) = if path.ends_with(&format!("xsi-events/v2.0/{USER}")) {
        let subscribed = "<Subscription><subscriptionId>s1</subscriptionId></Subscription>";
        ("200 OK", subscribed)
    } else if path.ends_with("/calls") {
        ("200 OK", "<Calls/>")
    } else if path.contains("/directories/") {
        ("403 Forbidden", "<ErrorInfo/>")
    } else {
        ("200 OK", "")
    };
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn event(number: u64, kind: &str, state: &str) -> String {
    format!(
        "<Event x:type='x:SubscriptionEvent'><eventID>e{number}</eventID><sequenceNumber>{number}</sequenceNumber>\
         <subscriptionId>s1</subscriptionId><eventData x:type='x:{kind}'><call><callId>c1</callId>\
         <personality>Terminator</personality><state>{state}</state><endpoint/></call></eventData></Event>"
    )
}

/// A line at the server.
struct Line {
    commands: mpsc::Sender<LineCommand>,
    events: mpsc::Receiver<LineEvent>,
}

impl Line {
    fn at(host: &str) -> Self {
        let mut config = Config::new(host, "agent@house.example", "101");
        config.secret = Sensitive::new("invented".into());
        let (commands, from_app) = mpsc::channel(4);
        let (to_app, events) = mpsc::channel(64);
        let provider = BroadWorks::new(config, LineId::new("desk"));
        let io = LineIo {
            commands: from_app,
            events: to_app,
        };
        tokio::spawn(run_line(Box::new(provider), io));
        Self { commands, events }
    }

    async fn next(&mut self) -> LineEvent {
        let next = timeout(PATIENCE, self.events.recv()).await;
        next.expect("in time").expect("the line lives")
    }

    async fn call(&mut self) -> Call {
        loop {
            if let LineEvent::Call(call) = self.next().await {
                return *call;
            }
        }
    }
}

#[tokio::test]
async fn session_hears_a_call_refuses_it_and_says_goodbye() {
    let mut server = Server::start().await;
    let mut line = Line::at(&server.host);
    let connecting = LineEvent::Link(LinkState::Connecting);
    assert_eq!(line.next().await, connecting);
    let (one, two) = CHANNEL.split_at(20);
    server.says(one);
    server.says(two);
    assert_eq!(line.next().await, LineEvent::Snapshot(Vec::new()));
    let listening = line.next().await;
    assert!(matches!(
        listening,
        LineEvent::Link(LinkState::Listening { .. })
    ));
    server.says(&event(1, "CallReceivedEvent", "Alerting"));
    let call = line.call().await;
    assert_eq!(call.state, CallState::Ringing);
    server
        .is_asked("POST /com.broadsoft.xsi-events/v2.0/channel/eventresponse")
        .await;
    let id = CommandId::new(Uuid::from_u128(1));
    let decline = CallCommand::Decline { call: call.id };
    let sent = line.commands.send(LineCommand::Call(id, decline)).await;
    sent.expect("the line lives");
    let refusal = format!("DELETE /com.broadsoft.xsi-actions/v2.0/{USER}/calls/c1?decline=true");
    server.is_asked(&refusal).await;
    server.says(&event(2, "CallReleasedEvent", "Released"));
    let ended = CallState::Ended {
        reason: EndReason::Declined,
    };
    assert_eq!(line.call().await.state, ended);
    let confirmed = LineEvent::CommandEnded(id, Outcome::Confirmed);
    assert_eq!(line.next().await, confirmed);
    drop(line);
    server
        .is_asked("DELETE /com.broadsoft.xsi-events/v2.0/channel/k1")
        .await;
}

#[tokio::test]
async fn server_that_nobody_runs_is_unreachable_and_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    let mut line = Line::at(&format!("http://127.0.0.1:{port}"));
    line.next().await;
    let down = line.next().await;
    let LineEvent::Link(LinkState::Down { trouble, retry_at }) = down else {
        panic!("nobody is there");
    };
    assert_eq!(trouble, LinkTrouble::Unreachable);
    assert!(retry_at.is_some(), "it may come back");
}
