//! One session on a link: the only place that waits and looks at the clock.

use std::time::Duration;

use reqwest::Response;
use ringcard_core::{CommandError, LinkState, LinkTrouble, Outcome};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::client::Client;
use super::config::Config;
use super::conversation::{Conversation, Purpose};
use super::wire::answer::Answer;
use super::wire::request::Request;
use crate::layers::Clock;
use crate::{Error, LineCommand, LineEvent, LineIo, SessionEnd};

/// From the open channel to the snapshot.
const SIGN_IN: Duration = Duration::from_secs(15);
/// Saying goodbye; the server forgets us by itself, but later.
const SIGN_OFF: Duration = Duration::from_secs(1);

/// A finished request.
type Answered = (Purpose, Result<Answer, Error>);

/// Runs a session from connecting to the end of the link.
pub(super) async fn run(
    config: &Config,
    talk: &mut Conversation,
    clock: &Clock,
    io: &mut LineIo,
) -> SessionEnd {
    if !config.is_complete() {
        return lost(LinkTrouble::NotConfigured);
    }
    if let Err(end) = tell(io, LineEvent::Link(LinkState::Connecting)).await {
        return end;
    }
    // What was sent before the first session is known before the first snapshot.
    while let Ok(command) = io.commands.try_recv() {
        if let Err(end) = while_down(talk, io, command).await {
            return end;
        }
    }
    let opening = talk.begin(clock.now());
    let (client, mut channel) = match connect(config, &opening, talk, io).await {
        Ok(link) => link,
        Err(end) => return end,
    };
    let end = carry(talk, (&client, &mut channel), clock, io).await;
    let sound = talk.is_sound();
    let goodbye = talk.end();
    while let Some(event) = talk.take_event() {
        // A closed line signs off all the same.
        if tell(io, event).await.is_err() {
            break;
        }
    }
    sign_off(&client, goodbye).await;
    match end {
        SessionEnd::Lost { trouble, .. } => SessionEnd::Lost {
            trouble,
            listened: sound,
        },
        other => other,
    }
}

fn lost(trouble: LinkTrouble) -> SessionEnd {
    SessionEnd::Lost {
        trouble,
        listened: false,
    }
}

async fn tell(io: &LineIo, event: LineEvent) -> Result<(), SessionEnd> {
    io.events.send(event).await.map_err(|_| SessionEnd::Closed)
}

/// Connects and opens the channel, and answers commands meanwhile.
async fn connect(
    config: &Config,
    opening: &Request,
    talk: &mut Conversation,
    io: &mut LineIo,
) -> Result<(Client, Response), SessionEnd> {
    let connecting = async {
        let client = Client::connect(config).await?;
        let channel = client.open(opening).await?;
        Ok::<_, Error>((client, channel))
    };
    tokio::pin!(connecting);
    loop {
        tokio::select! {
            link = &mut connecting => {
                return link.map_err(|error| {
                    talk.refused(error.trouble());
                    lost(talk.trouble().unwrap_or(LinkTrouble::Lost))
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

/// Carries the channel, answers, commands, events and time until the link or the line ends.
/// Reading never waits for the application.
async fn carry(
    talk: &mut Conversation,
    (client, channel): (&Client, &mut Response),
    clock: &Clock,
    io: &mut LineIo,
) -> SessionEnd {
    let sign_in_by = clock.now().monotonic + SIGN_IN;
    let mut requests: JoinSet<Answered> = JoinSet::new();
    loop {
        for (purpose, request) in talk.take_requests() {
            let client = client.clone();
            requests.spawn(async move { (purpose, client.ask(&request).await) });
        }
        if let Some(trouble) = talk.trouble() {
            return lost(trouble);
        }
        let until = talk.next_deadline().unwrap_or(sign_in_by);
        let until = match talk.is_listening() {
            true => until,
            false => until.min(sign_in_by),
        };
        tokio::select! {
            biased;
            piece = channel.chunk() => match piece {
                Ok(Some(bytes)) => talk.hear(&bytes, clock.now()),
                Ok(None) | Err(_) => return lost(LinkTrouble::Lost),
            },
            Some(done) = requests.join_next() => if let Ok((purpose, answer)) = done {
                let answer = answer.map_err(|error| error.trouble());
                talk.answered(&purpose, answer, clock.now());
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
                    return lost(LinkTrouble::Unreachable);
                }
                talk.tick(now);
            }
        }
    }
}

/// Ends subscription and channel, so that they do not count against the account.
async fn sign_off(client: &Client, goodbye: Vec<Request>) {
    let saying = async {
        for request in goodbye {
            if client.ask(&request).await.is_err() {
                return;
            }
        }
    };
    // Whether it is heard changes nothing.
    let _ = timeout(SIGN_OFF, saying).await;
}

#[cfg(test)]
mod tests;
