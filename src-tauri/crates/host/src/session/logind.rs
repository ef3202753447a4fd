//! Linux: sleep and the lock of the screen, as logind tells them on the system's bus.

use futures_util::StreamExt;
use tracing::{debug, warn};
use zbus::{Connection, Proxy};

use super::Bell;
use ringcard_app::Session;

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";

/// Listens until the bus goes away. A system without one has no word of sleep; that is said once.
pub async fn watch(bell: Bell) {
    let connection = match Connection::system().await {
        Ok(connection) => connection,
        Err(error) => {
            debug!(%error, "the system's bus cannot be reached");
            warn!("this system does not tell of sleep: lines notice it by themselves, later");
            return;
        }
    };
    let locks = listen_to_locks(connection.clone(), bell.clone());
    let (sleep, ()) = tokio::join!(listen_to_sleep(&connection, &bell), locks);
    if let Err(error) = sleep {
        debug!(%error, "logind cannot be listened to");
        warn!("this system does not tell of sleep: lines notice it by themselves, later");
    }
}

async fn listen_to_sleep(connection: &Connection, bell: &Bell) -> zbus::Result<()> {
    let manager = Proxy::new(connection, LOGIND, "/org/freedesktop/login1", MANAGER).await?;
    let mut signals = manager.receive_signal("PrepareForSleep").await?;
    while let Some(signal) = signals.next().await {
        match signal.body().deserialize::<bool>() {
            Ok(true) => bell.sleeps(),
            Ok(false) => bell.resumes(),
            Err(_) => debug!("a word of logind was not understood"),
        }
    }
    Ok(())
}

/// Programs outside a session, such as a service, have no screen that is locked.
async fn listen_to_locks(connection: Connection, bell: Bell) {
    if let Err(error) = try_listen_to_locks(&connection, &bell).await {
        debug!(%error, "this process has no session whose lock could be heard");
    }
}

async fn try_listen_to_locks(connection: &Connection, bell: &Bell) -> zbus::Result<()> {
    let manager = Proxy::new(connection, LOGIND, "/org/freedesktop/login1", MANAGER).await?;
    let path: zbus::OwnedObjectPath = manager.call("GetSession", &("auto",)).await?;
    let session = Proxy::new(connection, LOGIND, path, SESSION).await?;
    // The signals `Lock` and `Unlock` are wishes that somebody has; desktops say by the hint what is so, and most
    // never send `Unlock` when their user comes back. The first value is the present one.
    let mut hints = session.receive_property_changed::<bool>("LockedHint").await;
    while let Some(hint) = hints.next().await {
        bell.tell(match hint.get().await? {
            true => Session::Lock,
            false => Session::Unlock,
        });
    }
    Ok(())
}
