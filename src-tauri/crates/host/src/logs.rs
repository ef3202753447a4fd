//! Logs: a file for each day, and the newest lines in memory for the page "Log".
//!
//! Names, numbers and secrets never reach a log line (they are `Sensitive` or have a silent
//! `Debug`); what is written here needs no further redaction.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ringcard_ipc::{LogEntry, LogView};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::{Registry, reload};

/// Lines kept for the page.
const KEPT: usize = 2_000;

/// Log files kept, one a day.
const FILES: usize = 7;

/// The newest lines, and the switch for details.
#[derive(Clone)]
pub struct Logs {
    lines: Arc<Mutex<VecDeque<LogEntry>>>,
    level: reload::Handle<LevelFilter, Registry>,
}

impl Logs {
    /// Starts logging for the whole process. Only the first call of a process counts; a second one
    /// (in tests) keeps its own, silent lines.
    pub fn start(folder: &Path) -> Self {
        let (filter, level) = reload::Layer::new(LevelFilter::INFO);
        let lines = Arc::new(Mutex::new(VecDeque::new()));
        let file = tracing_appender::rolling::Builder::new()
            .rotation(tracing_appender::rolling::Rotation::DAILY)
            .filename_prefix("ringcard")
            .filename_suffix("log")
            .max_log_files(FILES)
            .build(folder)
            .ok();
        let to_file = file.map(|file| {
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(Mutex::new(file))
        });
        let registry = Registry::default()
            .with(filter)
            .with(InMemory {
                lines: lines.clone(),
            })
            .with(to_file);
        let _ = tracing::subscriber::set_global_default(registry);
        Self { lines, level }
    }

    /// Records lookups and requests in detail, or stops it.
    pub fn set_details(&self, on: bool) {
        let level = if on {
            LevelFilter::DEBUG
        } else {
            LevelFilter::INFO
        };
        let _ = self.level.modify(|filter| *filter = level);
    }

    /// Details are recorded now.
    pub fn details(&self) -> bool {
        self.level
            .with_current(|filter| *filter >= LevelFilter::DEBUG)
            .unwrap_or(false)
    }

    /// The newest lines that contain `find`, in any case.
    pub fn view(&self, find: &str) -> LogView {
        let find = find.to_lowercase();
        let lines = self
            .lines
            .lock()
            .map(|lines| lines.clone())
            .unwrap_or_default();
        let wanted = |entry: &LogEntry| {
            find.is_empty()
                || entry.text.to_lowercase().contains(&find)
                || entry.target.contains(&find)
                || entry.level == find
        };
        LogView {
            entries: lines.into_iter().filter(wanted).collect(),
            details: self.details(),
        }
    }
}

/// Only our own rooms are kept: libraries log addresses and headers.
fn is_ours(target: &str) -> bool {
    target.starts_with("ringcard")
}

struct InMemory {
    lines: Arc<Mutex<VecDeque<LogEntry>>>,
}

impl<S: Subscriber> Layer<S> for InMemory {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        is_ours(metadata.target()) || *metadata.level() <= Level::WARN
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut words = Words::default();
        event.record(&mut words);
        let entry = LogEntry {
            at: jiff::Timestamp::now().as_millisecond(),
            level: event.metadata().level().to_string().to_lowercase(),
            target: event.metadata().target().to_owned(),
            text: words.text,
        };
        if let Ok(mut lines) = self.lines.lock() {
            if lines.len() == KEPT {
                lines.pop_front();
            }
            lines.push_back(entry);
        }
    }
}

#[derive(Default)]
struct Words {
    text: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = match field.name() {
            "message" => write!(self.text, "{value:?}"),
            name => write!(self.text, " {name}={value:?}"),
        };
    }
}
