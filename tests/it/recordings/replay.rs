//! The telephone system's side of a replay: answers the sign-in, then says what was recorded.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use ringcard_core::{
    Call, CallCommand, CallId, CallState, CommandId, Direction, HeldBy, LineId, Moment, Party,
    PhoneNumber, Presentation, Sensitive, Target, Timestamp,
};
use ringcard_telephony::LineEvent;
use ringcard_telephony::providers::asterisk::{AnswerMethod, Config, ConsultMethod, Conversation};
use uuid::Uuid;

use crate::expectation::Expectation;

/// In which pieces the recorded bytes arrive.
#[derive(Clone, Copy)]
pub enum Portions {
    /// Block by block, at the recorded times.
    Blocks,
    /// So many bytes at once.
    Bytes(usize),
    /// Each stretch between two actions in two pieces.
    SplitAt(usize),
}

/// Replays a recording and writes down what came of it.
pub fn replay(folder: &Path, expected: &Expectation, portions: Portions) -> Vec<String> {
    let mut replay = Replay::new(folder, expected);
    replay.sign_in();
    if replay.talk.trouble().is_some() {
        return replay.write_down();
    }
    let (actions, bytes) = (replay.actions.clone(), replay.bytes.clone());
    let greeting = bytes
        .iter()
        .position(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    let mut at = greeting;
    for (number, action) in actions.iter().enumerate() {
        let until = action.at.clamp(at, bytes.len());
        replay.hear(at, until, portions);
        at = until;
        replay.issue(number, action);
    }
    replay.hear(at, bytes.len(), portions);
    replay.write_down()
}

/// One recorded action.
#[derive(Clone)]
struct Action {
    at: usize,
    time: Duration,
    headers: HashMap<String, String>,
}

struct Replay<'a> {
    expected: &'a Expectation,
    talk: Conversation,
    bytes: Vec<u8>,
    actions: Vec<Action>,
    /// The key with which the recorded client signed in, if it was challenged.
    key: Option<String>,
    times: Vec<(usize, Duration)>,
    now: Duration,
    calls: Vec<(CallId, Vec<CallState>, Call)>,
    ended: Vec<String>,
    /// Recorded action ids and ours.
    ids: HashMap<String, String>,
}

fn id(number: u128) -> CallId {
    CallId::new(Uuid::from_u128(number))
}

fn config(expected: &Expectation) -> Config {
    let mut config = Config::new("pbx.invalid", "cti", expected.agent.clone());
    config.secret = Sensitive::new("cti-secret".into());
    config.colleagues = false;
    for (key, value) in &expected.settings {
        match key.as_str() {
            "consult" => config.consult = ConsultMethod::TwoLegs,
            "hold" => config.contexts.hold = Some(value.clone()),
            "dial" => config.contexts.dial = value.clone(),
            "talk" => config.answer = AnswerMethod::TalkNotify,
            "redial" => {
                config.answer = AnswerMethod::RedialAutoAnswer;
                config.contexts.answer = Some(value.clone());
            }
            "trusted" => config.trusted_presentation = true,
            "sign_in" => {}
            other => panic!("unknown setting {other}"),
        }
    }
    config
}

impl<'a> Replay<'a> {
    fn new(folder: &Path, expected: &'a Expectation) -> Self {
        let file = |ending: &str| folder.join(format!("{}.{ending}", expected.scenario));
        let mut count = 0;
        let ids = Box::new(move || {
            count += 1;
            id(count)
        });
        let text = |ending: &str| {
            String::from_utf8_lossy(&std::fs::read(file(ending)).unwrap_or_default()).into_owned()
        };
        Self {
            expected,
            talk: Conversation::new(config(expected), LineId::new("line"), ids),
            bytes: std::fs::read(file("ami")).expect("the recording"),
            actions: read_actions(&text("actions")),
            key: text("actions")
                .lines()
                .find_map(|line| line.strip_prefix("Key: ").map(str::to_owned)),
            times: read_times(&text("times")),
            now: Duration::ZERO,
            calls: Vec::new(),
            ended: Vec::new(),
            ids: HashMap::new(),
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            wall: Timestamp(1_000_000 + i64::try_from(self.now.as_millis()).expect("short")),
            monotonic: self.now,
        }
    }

    fn sign_in(&mut self) {
        let now = self.moment();
        self.talk.begin(now);
        self.talk.hear(b"Asterisk Call Manager/11.0.0\r\n", now);
        self.serve(None);
        let refused = self.talk.trouble().is_some();
        assert!(
            self.talk.is_listening() != refused,
            "the sign-in leads to a snapshot, or says why not"
        );
    }

    /// Answers everything that the conversation asks by itself; what it sends for the command
    /// issued at `recorded` is compared with the recording instead.
    fn serve(&mut self, recorded: Option<&Action>) {
        loop {
            let out = String::from_utf8(self.talk.take_outgoing()).expect("text");
            if out.is_empty() {
                break;
            }
            for sent in out.split_terminator("\r\n\r\n").map(headers) {
                let answer = self.answer(&sent, recorded);
                let now = self.moment();
                self.talk.hear(answer.as_bytes(), now);
            }
        }
        self.gather();
    }

    fn answer(&mut self, sent: &HashMap<String, String>, recorded: Option<&Action>) -> String {
        let id = &sent["ActionID"];
        let ok = format!("Response: Success\r\nActionID: {id}\r\n");
        match sent["Action"].as_str() {
            "Challenge" | "Login" if self.recorded_sign_in() => self.sign_in_answer(sent, &ok),
            "Challenge" => format!("{ok}Challenge: 1\r\n\r\n"),
            "Login" | "Setvar" => format!("{ok}Message: ok\r\n\r\n"),
            "Status" => format!(
                "{ok}EventList: start\r\n\r\nEvent: StatusComplete\r\nActionID: {id}\r\n\r\n"
            ),
            "Getvar" => self.variable(&sent["Variable"], &ok),
            _ => {
                if let Some(recorded) = recorded {
                    self.compare(sent, &recorded.headers);
                    for key in ["ActionID", "ChannelId"] {
                        if let (Some(theirs), Some(ours)) =
                            (recorded.headers.get(key), sent.get(key))
                        {
                            self.ids.insert(theirs.clone(), ours.clone());
                        }
                    }
                }
                String::new()
            }
        }
    }

    fn recorded_sign_in(&self) -> bool {
        let settings = &self.expected.settings;
        settings.iter().any(|(key, _)| key == "sign_in")
    }

    /// The recorded answer to a challenge or a login. Where the recorded client was challenged too,
    /// ours must have proved the same secret by the same key.
    fn sign_in_answer(&self, sent: &HashMap<String, String>, ok: &str) -> String {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        let blocks: Vec<_> = text.split("\r\n\r\n").map(headers).collect();
        let challenge = blocks.iter().find_map(|block| block.get("Challenge"));
        let challenge = challenge.filter(|number| number.parse::<u64>().is_ok());
        if sent["Action"] == "Challenge" {
            let number = challenge.map_or("1", String::as_str);
            return format!("{ok}Challenge: {number}\r\n\r\n");
        }
        if challenge.is_some() {
            assert_eq!(
                sent.get("Key"),
                self.key.as_ref(),
                "the secret is proved as it was recorded"
            );
        }
        let said = |block: &&HashMap<String, String>| {
            let message = block.get("Message");
            message.is_some_and(|message| message.starts_with("Authentication"))
        };
        let answer = blocks.iter().find(said).expect("a login was answered");
        let (response, id) = (&answer["Response"], &sent["ActionID"]);
        let message = &answer["Message"];
        format!("Response: {response}\r\nActionID: {id}\r\nMessage: {message}\r\n\r\n")
    }

    fn variable(&self, variable: &str, ok: &str) -> String {
        let known = self
            .expected
            .answers
            .iter()
            .find(|(name, _)| name == variable);
        match known {
            Some((_, value)) => format!("{ok}Value: {value}\r\n\r\n"),
            None if variable.starts_with("DIALPLAN_EXISTS") => format!("{ok}Value: 1\r\n\r\n"),
            None => format!("{ok}Value: \r\n\r\n"),
        }
    }

    /// The recorded client did by hand what a command must do by itself.
    fn compare(&self, sent: &HashMap<String, String>, recorded: &HashMap<String, String>) {
        let keys = [
            "Action",
            "Channel",
            "Channel1",
            "Channel2",
            "Context",
            "Exten",
            "Priority",
            "ExtraChannel",
            "ExtraContext",
            "ExtraExten",
            "Async",
        ];
        for key in keys {
            assert_eq!(
                sent.get(key),
                recorded.get(key),
                "{key} as in {}",
                self.expected.scenario
            );
        }
    }

    fn hear(&mut self, from: usize, until: usize, portions: Portions) {
        let ends: Vec<usize> = match portions {
            Portions::Blocks => self.times.iter().map(|(at, _)| *at).collect(),
            Portions::Bytes(size) => (from..until).step_by(size).collect(),
            Portions::SplitAt(at) => vec![from + at],
        };
        let ends = ends.into_iter().filter(|end| *end > from && *end < until);
        let mut start = from;
        for end in ends.chain([until]) {
            let time = self.times.iter().rev().find(|(at, _)| *at <= start);
            self.now = time.map_or(self.now, |(_, time)| self.now.max(*time));
            let now = self.moment();
            self.talk.tick(now);
            let bytes = self.with_our_ids(start, end);
            self.talk.hear(&bytes, now);
            self.serve(None);
            start = end;
        }
    }

    fn with_our_ids(&self, start: usize, end: usize) -> Vec<u8> {
        let piece = &self.bytes[start..end];
        if self.ids.is_empty() {
            return piece.to_vec();
        }
        let mut text = String::from_utf8_lossy(piece).into_owned();
        for (recorded, ours) in &self.ids {
            let line = |id: &str| format!(": {id}\r\n");
            text = text.replace(&line(recorded), &line(ours));
        }
        text.into_bytes()
    }

    fn issue(&mut self, number: usize, action: &Action) {
        let commands = &self.expected.commands;
        let Some((_, command)) = commands.iter().find(|(at, _)| *at == number) else {
            return;
        };
        let command = self.command(command, action);
        self.now = self.now.max(action.time);
        let now = self.moment();
        let id = CommandId::new(Uuid::from_u128(
            1000 + u128::try_from(number).expect("small"),
        ));
        self.talk.command(id, command, now);
        self.serve(Some(action));
    }

    fn command(&self, text: &str, action: &Action) -> CallCommand {
        let (word, number) = text.split_once(' ').unwrap_or((text, ""));
        let target = Target {
            number: if number.starts_with('+') {
                PhoneNumber::Global(number.into())
            } else {
                PhoneNumber::Internal(number.into())
            },
            confirmed: true,
        };
        let open = |call: &&(CallId, Vec<CallState>, Call)| !call.2.state.is_ended();
        let call = self.calls.iter().find(open).map_or(id(0), |call| call.0);
        match word {
            "answer" => CallCommand::Answer { call },
            "decline" => CallCommand::Decline { call },
            "hang-up" => CallCommand::HangUp { call },
            "hold" => CallCommand::Hold { call },
            "resume" => CallCommand::Resume { call },
            "redirect" => CallCommand::Redirect { call, target },
            "consult" => CallCommand::Consult { call, target },
            "complete" => CallCommand::CompleteTransfer { call },
            "cancel" => CallCommand::CancelConsult { call },
            "transfer" => CallCommand::BlindTransfer { call, target },
            "dial" => CallCommand::Dial {
                call: id(77),
                target,
            },
            other => panic!("unknown command {other} at {}", action.at),
        }
    }

    fn gather(&mut self) {
        while let Some(event) = self.talk.take_event() {
            match event {
                LineEvent::Call(call) => self.saw(*call),
                LineEvent::CommandEnded(id, outcome) => {
                    let number = id.uuid().as_u128() - 1000;
                    let outcome = format!("{outcome:?}").to_lowercase();
                    self.ended.push(format!("ended {number} {outcome}"));
                }
                _ => {}
            }
        }
    }

    fn saw(&mut self, call: Call) {
        match self.calls.iter_mut().find(|known| known.0 == call.id) {
            Some((_, states, known)) => {
                assert!(!known.state.is_ended(), "nothing comes after the end");
                if states.last() != Some(&call.state) {
                    states.push(call.state);
                }
                *known = call;
            }
            None => self.calls.push((call.id, vec![call.state], call)),
        }
    }

    fn write_down(mut self) -> Vec<String> {
        self.now += Duration::from_secs(120);
        let now = self.moment();
        self.talk.tick(now);
        self.gather();
        let mut lines: Vec<String> = self
            .calls
            .iter()
            .map(|(_, states, call)| describe(states, call))
            .collect();
        lines.append(&mut self.ended);
        if self.recorded_sign_in() {
            let link = match self.talk.trouble() {
                Some(trouble) => format!("{trouble:?}"),
                None => "Listening".into(),
            };
            lines.push(format!("link{}", snake(&link)));
        }
        lines
    }
}

fn describe(states: &[CallState], call: &Call) -> String {
    let direction = match call.direction {
        Direction::Incoming => "incoming",
        Direction::Outgoing => "outgoing",
    };
    let states: Vec<String> = states.iter().map(|state| word(*state)).collect();
    let mut line = format!("call {direction}: {}", states.join(", "));
    line += &format!("; remote {}", person(&call.remote.party));
    if let Some(dialled) = &call.dialled {
        line += &format!("; dialled {dialled}");
    }
    if let Some(queue) = &call.queue {
        line += &format!("; queue {queue}");
    }
    if let Some(diverter) = &call.diverter {
        line += &format!("; via {}", person(diverter));
    }
    if call.parties.len() > 1 {
        let met: Vec<&str> = call
            .parties
            .iter()
            .map(|party| party.number.as_deref().unwrap_or("-"))
            .collect();
        line += &format!("; met {}", met.join(" "));
    }
    line
}

fn person(party: &Party) -> String {
    if party.presentation == Presentation::Withheld {
        return "withheld".into();
    }
    let number = party.number.as_deref().unwrap_or("-");
    match &party.name {
        Some(name) => format!("{number} {name}"),
        None => number.into(),
    }
}

fn word(state: CallState) -> String {
    match state {
        CallState::CallingOwnPhone => "calling_own_phone".into(),
        CallState::Dialing => "dialing".into(),
        CallState::Ringing => "ringing".into(),
        CallState::Active => "active".into(),
        CallState::Held { by: HeldBy::Us } => "held".into(),
        CallState::Held { by: HeldBy::Remote } => "held_by_remote".into(),
        CallState::Parked => "parked".into(),
        CallState::Queued => "queued".into(),
        CallState::Ended { reason } => {
            format!("ended{}", snake(&format!("{reason:?}")))
        }
    }
}

/// A name of ours as the expectations write it, behind a blank.
fn snake(name: &str) -> String {
    let mut word = String::from(" ");
    for c in name.chars() {
        if c.is_uppercase() && !word.ends_with(' ') {
            word.push('_');
        }
        word.extend(c.to_lowercase());
    }
    word
}

fn headers(block: &str) -> HashMap<String, String> {
    let mut headers = HashMap::new();
    for line in block.lines() {
        if let Some((key, value)) = line.split_once(": ") {
            headers
                .entry(key.to_owned())
                .or_insert_with(|| value.trim().to_owned());
        }
    }
    headers
}

fn read_actions(text: &str) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    for part in text
        .split("# ")
        .filter(|part| part.contains("after .ami byte"))
    {
        let (head, body) = part.split_once('\n').expect("a head and the bytes");
        let at = head.rsplit("byte").next().map(str::trim).expect("a place");
        let time = head
            .split(" t=")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let seconds: f64 = time.and_then(|time| time.parse().ok()).expect("a time");
        actions.push(Action {
            time: Duration::from_secs_f64(seconds),
            at: at.parse().expect("a number of bytes"),
            headers: headers(body),
        });
    }
    actions
}

fn read_times(text: &str) -> Vec<(usize, Duration)> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let at = words.next()?.parse().ok()?;
        let seconds: f64 = words.nth(1)?.parse().ok()?;
        Some((at, Duration::from_secs_f64(seconds.max(0.0))))
    };
    text.lines().filter_map(line).collect()
}
