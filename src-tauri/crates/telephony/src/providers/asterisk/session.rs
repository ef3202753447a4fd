//! One session on a link: the only place that waits and looks at the clock.

use std::time::Duration;

use ringcard_core::{CommandError, LinkState, LinkTrouble, Outcome};

use super::client::Link;
use super::config::Config;
use super::conversation::Conversation;
use crate::layers::Clock;
use crate::{LineCommand, LineEvent, LineIo, SessionEnd};

/// From the connected link to the snapshot.
const SIGN_IN: Duration = Duration::from_secs(10);
/// More events than this for a slow application are condensed to the newest value of each call.
const MOST_WAITING: usize = 512;

/// Runs a session from connecting to the end of the link.
pub(super) async fn run(
    config: &Config,
    talk: &mut Conversation,
    clock: &Clock,
    io: &mut LineIo,
) -> SessionEnd {
    let lost = |trouble, listened| SessionEnd::Lost { trouble, listened };
    if !config.is_complete() {
        return lost(LinkTrouble::NotConfigured, false);
    }
    if tell(io, LineEvent::Link(LinkState::Connecting))
        .await
        .is_err()
    {
        return SessionEnd::Closed;
    }
    // What was sent before the first session is known before the first snapshot.
    while let Ok(command) = io.commands.try_recv() {
        if let Err(end) = while_down(talk, io, command).await {
            return end;
        }
    }
    let mut link = match connect(config, talk, io).await {
        Ok(link) => link,
        Err(end) => return end,
    };
    talk.begin(clock.now());
    let end = carry(talk, &mut link, clock, io).await;
    let listened = talk.is_listening();
    talk.end();
    while let Some(event) = talk.take_event() {
        if tell(io, event).await.is_err() {
            return SessionEnd::Closed;
        }
    }
    match end {
        SessionEnd::Lost { trouble, .. } => lost(trouble, listened),
        other => other,
    }
}

async fn tell(io: &LineIo, event: LineEvent) -> Result<(), SessionEnd> {
    io.events.send(event).await.map_err(|_| SessionEnd::Closed)
}

/// Connects, and answers commands meanwhile.
async fn connect(
    config: &Config,
    talk: &mut Conversation,
    io: &mut LineIo,
) -> Result<Link, SessionEnd> {
    let connecting = Link::connect(config);
    tokio::pin!(connecting);
    loop {
        tokio::select! {
            link = &mut connecting => {
                return link.map_err(|error| SessionEnd::Lost {
                    trouble: error.trouble(),
                    listened: false,
                });
            }
            command = io.commands.recv() => match command {
                None => return Err(SessionEnd::Closed),
                Some(LineCommand::Reconnect) => return Err(SessionEnd::ReconnectNow),
                Some(command) => while_down(talk, io, command).await?,
            },
        }
    }
}

/// A command before the link is there.
async fn while_down(
    talk: &mut Conversation,
    io: &LineIo,
    command: LineCommand,
) -> Result<(), SessionEnd> {
    match command {
        LineCommand::Adopt(calls) => talk.adopt(calls),
        LineCommand::Call(id, _) => {
            let refused = Outcome::Refused(CommandError::LinkDown);
            tell(io, LineEvent::CommandEnded(id, refused)).await?;
        }
        LineCommand::Reconnect => {}
    }
    Ok(())
}

/// Carries bytes, commands, events and time until the link or the line ends. Reading never waits
/// for the application.
async fn carry(
    talk: &mut Conversation,
    link: &mut Link,
    clock: &Clock,
    io: &mut LineIo,
) -> SessionEnd {
    let sign_in_by = clock.now().monotonic + SIGN_IN;
    loop {
        link.send(&talk.take_outgoing());
        if let Some(trouble) = talk.trouble() {
            return SessionEnd::Lost {
                trouble,
                listened: false,
            };
        }
        talk.condense(MOST_WAITING);
        let mut until = talk.next_deadline().unwrap_or(Duration::from_secs(3600));
        if !talk.is_listening() {
            until = until.min(sign_in_by);
        }
        tokio::select! {
            biased;
            received = link.turn() => match received {
                Ok(bytes) => if !bytes.is_empty() {
                    talk.hear(bytes, clock.now());
                },
                Err(_) => return end_of_link(talk),
            },
            room = io.events.reserve(), if talk.has_events() => match room {
                Ok(room) => if let Some(event) = talk.take_event() {
                    room.send(event);
                },
                Err(_) => return SessionEnd::Closed,
            },
            command = io.commands.recv() => match command {
                None => return SessionEnd::Closed,
                Some(LineCommand::Reconnect) => return SessionEnd::ReconnectNow,
                Some(LineCommand::Adopt(calls)) => talk.adopt(calls),
                Some(LineCommand::Call(id, command)) => talk.command(id, command, clock.now()),
            },
            () = tokio::time::sleep_until(clock.at(until)) => {
                let now = clock.now();
                if !talk.is_listening() && now.monotonic >= sign_in_by {
                    return SessionEnd::Lost { trouble: LinkTrouble::Unreachable, listened: false };
                }
                talk.tick(now);
            }
        }
    }
}

fn end_of_link(talk: &Conversation) -> SessionEnd {
    SessionEnd::Lost {
        trouble: talk.trouble().unwrap_or(LinkTrouble::Lost),
        listened: false,
    }
}
