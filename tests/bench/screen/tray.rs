//! The session's tray: it hears when an icon registers itself.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::{Connection, interface};

const NAME: &str = "org.kde.StatusNotifierWatcher";
const PATIENCE: Duration = Duration::from_secs(60);

/// The tray, for as long as this lives.
pub struct Tray {
    icons: UnboundedReceiver<Instant>,
    _connection: Connection,
}

struct Watcher {
    icons: UnboundedSender<Instant>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, _item: String) {
        // Nobody listens any more only when the measuring is over.
        let _ = self.icons.send(Instant::now());
    }

    fn register_status_notifier_host(&self, _host: String) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Tray {
    /// Takes the session's tray. To be there before the app.
    pub async fn open() -> anyhow::Result<Self> {
        let (sender, icons) = unbounded_channel();
        let connection = zbus::connection::Builder::session()
            .name(NAME)
            .serve_at("/StatusNotifierWatcher", Watcher { icons: sender })
            .build()
            .await?;
        Ok(Self {
            icons,
            _connection: connection,
        })
    }

    /// Forgets icons that came so far.
    pub fn forget(&mut self) {
        while self.icons.try_recv().is_ok() {}
    }

    /// When the next icon came.
    pub async fn next_icon(&mut self) -> anyhow::Result<Instant> {
        let icon = tokio::time::timeout(PATIENCE, self.icons.recv()).await;
        icon.context("no icon came into the tray")?
            .context("the tray is gone")
    }
}
