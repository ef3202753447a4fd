//! The hand-written expectations: one section for each replay.
//!
//! `== scenario as agent`, then settings, commands and calls, each on a line of its own:
//! `set consult two_legs`, `answer REDIRECTING(from-num) +49...`, `at 2 redirect 102`,
//! `call incoming: ringing, ended missed; remote 0231; dialled 101`, `ended 2 confirmed`.

/// One replay.
pub struct Expectation {
    /// The recording's name.
    pub scenario: String,
    /// With whose eyes.
    pub agent: String,
    /// `set` lines: key and value.
    pub settings: Vec<(String, String)>,
    /// `answer` lines: variable and value.
    pub answers: Vec<(String, String)>,
    /// `at` lines: number of the recorded action, and the command issued there.
    pub commands: Vec<(usize, String)>,
    /// `call` and `ended` lines, in order.
    pub lines: Vec<String>,
}

/// Reads a file of expectations.
pub fn read(text: &str) -> Vec<Expectation> {
    let mut all: Vec<Expectation> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(head) = line.strip_prefix("== ") {
            let (scenario, agent) = head.split_once(" as ").expect("scenario as agent");
            all.push(Expectation {
                scenario: scenario.into(),
                agent: agent.into(),
                settings: Vec::new(),
                answers: Vec::new(),
                commands: Vec::new(),
                lines: Vec::new(),
            });
            continue;
        }
        let present = all.last_mut().expect("a section before its lines");
        let (word, rest) = line.split_once(' ').expect("a word and its value");
        match word {
            "set" => present.settings.push(pair(rest)),
            "answer" => present.answers.push(pair(rest)),
            "at" => {
                let (number, command) = pair(rest);
                let number = number.parse().expect("the number of a recorded action");
                present.commands.push((number, command));
            }
            "call" | "ended" | "link" => present.lines.push(line.to_owned()),
            other => panic!("unknown word {other} in an expectation"),
        }
    }
    all
}

fn pair(text: &str) -> (String, String) {
    let (key, value) = text.split_once(' ').unwrap_or((text, ""));
    (key.into(), value.into())
}
