//! The voice of a test telephone: silence in both directions, and the keys that are pressed during a call (RFC 4733).
//!
//! Silence is sent all the time, as by a real telephone, because a PBX accepts keys only on a stream it has learnt.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot, watch};

const FRAME: Duration = Duration::from_millis(20);
const SAMPLES: u32 = 160;
const SILENCE: u8 = 0xd5;
const VOICE: u8 = 8;
const KEYS: u8 = 101;

/// The audio side of one call. Ends with the last clone of it.
#[derive(Debug, Clone)]
pub(super) struct Media {
    here: SocketAddr,
    orders: mpsc::UnboundedSender<Order>,
    heard: watch::Receiver<bool>,
}

#[derive(Debug)]
enum Order {
    SendTo(SocketAddr),
    Press(String, oneshot::Sender<()>),
}

/// Which way the voice may go, seen from the telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Both,
    /// The telephone holds the other side.
    Holding,
    /// The other side holds the telephone.
    Held,
}

impl Media {
    pub(super) async fn open(ip: IpAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind((ip, 0)).await?;
        let here = socket.local_addr()?;
        let (orders, mailbox) = mpsc::unbounded_channel();
        let (hears, heard) = watch::channel(false);
        tokio::spawn(speak(socket, mailbox, hears));
        Ok(Self {
            here,
            orders,
            heard,
        })
    }

    /// Our description of the call, `version` counting up with every one in a dialog.
    pub(super) fn describe(&self, version: u32, flow: Flow) -> String {
        let (ip, port) = (self.here.ip(), self.here.port());
        let direction = match flow {
            Flow::Both => "sendrecv",
            Flow::Holding => "sendonly",
            Flow::Held => "recvonly",
        };
        format!(
            "v=0\r\no=phone {port} {version} IN IP4 {ip}\r\ns=call\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
             m=audio {port} RTP/AVP {VOICE} {KEYS}\r\na=rtpmap:{VOICE} PCMA/8000\r\n\
             a=rtpmap:{KEYS} telephone-event/8000\r\na=fmtp:{KEYS} 0-16\r\na=ptime:20\r\na={direction}\r\n"
        )
    }

    /// Takes over where the other side wants its voice; says nothing about descriptions without audio.
    pub(super) fn follow(&self, sdp: &str) {
        if let Some(target) = target(sdp) {
            let _ = self.orders.send(Order::SendTo(target));
        }
    }

    /// Becomes true with the first voice from the other side.
    pub(super) fn heard(&self) -> watch::Receiver<bool> {
        self.heard.clone()
    }

    /// Presses the keys one after the other; the receiver hears of it when the last was let go.
    pub(super) fn press(&self, digits: &str) -> oneshot::Receiver<()> {
        let (done, pressed) = oneshot::channel();
        let _ = self.orders.send(Order::Press(digits.to_owned(), done));
        pressed
    }
}

/// Whether a description asks us to be silent, because the other side holds.
pub(super) fn asks_for_silence(sdp: &str) -> bool {
    sdp.contains("a=sendonly") || sdp.contains("a=inactive")
}

fn target(sdp: &str) -> Option<SocketAddr> {
    let line = |start| sdp.lines().find_map(|line: &str| line.strip_prefix(start));
    let ip: IpAddr = line("c=IN IP4 ")?.trim().parse().ok()?;
    let port = line("m=audio ")?.split(' ').next()?.parse().ok()?;
    (port != 0).then(|| SocketAddr::new(ip, port))
}

#[derive(Debug, Clone, Copy)]
enum Frame {
    Silence,
    Key {
        event: u8,
        first: bool,
        last: bool,
        duration: u16,
    },
}

struct Stream {
    sequence: u16,
    stamp: u32,
    key_stamp: u32,
    source: u32,
}

impl Stream {
    fn packet(&mut self, frame: Frame) -> Vec<u8> {
        let (kind, stamp) = match frame {
            Frame::Silence => (VOICE, self.stamp),
            Frame::Key { first, .. } => {
                if first {
                    self.key_stamp = self.stamp;
                }
                (KEYS | if first { 0x80 } else { 0 }, self.key_stamp)
            }
        };
        let mut packet = vec![0x80, kind];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(stamp.to_be_bytes());
        packet.extend(self.source.to_be_bytes());
        match frame {
            Frame::Silence => packet.extend([SILENCE; SAMPLES as usize]),
            Frame::Key {
                event,
                last,
                duration,
                ..
            } => {
                packet.extend([event, if last { 0x8a } else { 0x0a }]);
                packet.extend(duration.to_be_bytes());
            }
        }
        self.sequence = self.sequence.wrapping_add(1);
        self.stamp = self.stamp.wrapping_add(SAMPLES);
        packet
    }
}

async fn speak(
    socket: UdpSocket,
    mut mailbox: mpsc::UnboundedReceiver<Order>,
    hears: watch::Sender<bool>,
) {
    let mut stream = Stream {
        sequence: rand::random(),
        stamp: rand::random(),
        key_stamp: 0,
        source: rand::random(),
    };
    let mut frames = VecDeque::new();
    let mut waiting: Vec<oneshot::Sender<()>> = Vec::new();
    let mut target = None;
    let mut pulse = tokio::time::interval(FRAME);
    let mut heard = [0; 2048];
    loop {
        tokio::select! {
            order = mailbox.recv() => match order {
                None => return,
                Some(Order::SendTo(address)) => target = Some(address),
                Some(Order::Press(digits, done)) => {
                    frames.extend(digits.chars().filter_map(event).flat_map(key_frames));
                    waiting.push(done);
                }
            },
            // What the PBX plays is taken off the socket; only that it plays is of interest.
            _ = socket.recv_from(&mut heard) => {
                hears.send_if_modified(|heard| !std::mem::replace(heard, true));
            }
            _ = pulse.tick() => {
                let Some(address) = target else { continue };
                let packet = stream.packet(frames.pop_front().unwrap_or(Frame::Silence));
                let _ = socket.send_to(&packet, address).await;
                if frames.is_empty() {
                    for done in waiting.drain(..) {
                        let _: Result<(), ()> = done.send(());
                    }
                }
            }
        }
    }
}

/// A key pressed for 100 ms, its end said three times, then 100 ms of silence.
fn key_frames(event: u8) -> impl Iterator<Item = Frame> {
    let pressed = (1..=5).map(move |step| Frame::Key {
        event,
        first: step == 1,
        last: false,
        duration: step * 160,
    });
    let released = (0..3).map(move |_| Frame::Key {
        event,
        first: false,
        last: true,
        duration: 800,
    });
    pressed
        .chain(released)
        .chain((0..5).map(|_| Frame::Silence))
}

fn event(digit: char) -> Option<u8> {
    "0123456789*#"
        .find(digit)
        .and_then(|place| u8::try_from(place).ok())
}
