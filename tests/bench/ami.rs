//! How many events of a real Asterisk are read in a second, beside another client's reader.

use std::path::Path;
use std::time::{Duration, Instant};

use asterisk_rs_ami::{AmiCodec, AmiEvent};
use bytes::BytesMut;
use ringcard_core::{CallId, LineId, Moment, Sensitive, Timestamp};
use ringcard_telephony::providers::asterisk::{Config, Conversation};
use tokio_util::codec::Decoder;

const ROUNDS: u32 = 40;
const PIECE: usize = 16 * 1024;

/// The recordings without their banners, and the events in them.
fn recordings() -> anyhow::Result<(Vec<Vec<u8>>, u32)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/ami");
    let mut all = Vec::new();
    let mut events = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "ami") {
            let bytes = std::fs::read(path)?;
            let start = bytes
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            let text = String::from_utf8_lossy(&bytes[start..]);
            events += u32::try_from(
                text.lines()
                    .filter(|line| line.starts_with("Event: "))
                    .count(),
            )?;
            all.push(bytes[start..].to_vec());
        }
    }
    Ok((all, events))
}

fn rate(events: u32, took: Duration) -> f64 {
    f64::from(events) * f64::from(ROUNDS) / took.as_secs_f64()
}

/// Ours: from bytes to calls, as in the product. Each recording has a conversation of its own: what
/// was said before would otherwise be known to be over.
pub fn ours() -> anyhow::Result<f64> {
    let (recordings, events) = recordings()?;
    let now = Moment {
        wall: Timestamp(0),
        monotonic: Duration::ZERO,
    };
    let mut took = Duration::ZERO;
    let mut heard = 0_usize;
    for _ in 0..ROUNDS {
        for bytes in &recordings {
            let mut talk = listening(now)?;
            let begin = Instant::now();
            for piece in bytes.chunks(PIECE) {
                talk.hear(piece, now);
                talk.take_outgoing();
                while talk.take_event().is_some() {
                    heard += 1;
                }
            }
            took += begin.elapsed();
        }
    }
    anyhow::ensure!(heard > recordings.len(), "the recordings hold calls");
    Ok(rate(events, took))
}

/// A conversation that has signed in and taken its snapshot.
fn listening(now: Moment) -> anyhow::Result<Conversation> {
    let mut config = Config::new("pbx.example", "agent", "101");
    config.secret = Sensitive::new("invented".into());
    config.colleagues = false;
    let mut count = 0_u128;
    let ids = move || {
        count += 1;
        CallId::new(uuid::Uuid::from_u128(count))
    };
    let mut talk = Conversation::new(config, LineId::new("desk"), Box::new(ids));
    talk.begin(now);
    talk.hear(b"Asterisk Call Manager/11\r\n", now);
    let answers = [
        "Challenge: 1\r\n",
        "",
        "EventList: start\r\n\r\nEvent: StatusComplete\r\nActionID: {id}\r\n",
    ];
    for answer in answers {
        let sent = String::from_utf8(talk.take_outgoing())?;
        let id = sent
            .rsplit("ActionID: ")
            .next()
            .and_then(|rest| rest.lines().next());
        let id = id.unwrap_or_default();
        let text = format!("Response: Success\r\nActionID: {id}\r\n{answer}\r\n");
        talk.hear(text.replace("{id}", id).as_bytes(), now);
    }
    anyhow::ensure!(
        talk.is_listening(),
        "the conversation did not get through its sign-in"
    );
    Ok(talk)
}

/// The other client's reader: from bytes to its typed events.
pub fn theirs() -> anyhow::Result<f64> {
    let (recordings, events) = recordings()?;
    let mut took = Duration::ZERO;
    let mut read = 0;
    for _ in 0..ROUNDS {
        for bytes in &recordings {
            let mut codec = AmiCodec::default();
            let mut buffer = BytesMut::from(&b"Asterisk Call Manager/11\r\n"[..]);
            let begin = Instant::now();
            for piece in bytes.chunks(PIECE) {
                buffer.extend_from_slice(piece);
                while let Some(message) = codec.decode(&mut buffer)? {
                    let event = AmiEvent::from_raw(&message);
                    read += u32::from(std::hint::black_box(event).is_some());
                }
            }
            took += begin.elapsed();
        }
    }
    // A block that begins in the middle, as recordings do, is nobody's event.
    anyhow::ensure!(
        read / ROUNDS > events * 99 / 100,
        "the other client gave up: {read} events of {events} in {ROUNDS} rounds"
    );
    Ok(rate(events, took))
}
