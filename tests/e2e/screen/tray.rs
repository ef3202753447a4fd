//! The desktop's tray: a watcher of our own, with which the app registers its icon, and a hand on its menu.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use zbus::{Connection, Proxy, interface};
use zbus::{OwnedVariant, Structure, Variant};

use super::until;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const MENU: &str = "com.canonical.dbusmenu";

/// The tray of this session.
pub struct Tray {
    connection: Connection,
    items: Arc<Mutex<Vec<(String, String)>>>,
}

struct Watcher {
    items: Arc<Mutex<Vec<(String, String)>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(
        &self,
        item: String,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // Either a path at the sender, or a name with the usual path.
        let at = match item.starts_with('/') {
            true => (sender, item),
            false => (item, "/StatusNotifierItem".to_owned()),
        };
        self.items.lock().unwrap().push(at);
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
    pub async fn open() -> Self {
        let items = Arc::<Mutex<Vec<_>>>::default();
        let watcher = Watcher {
            items: items.clone(),
        };
        let connection = zbus::connection::Builder::session()
            .name(WATCHER)
            .serve_at("/StatusNotifierWatcher", watcher)
            .build()
            .await
            .unwrap();
        Self { connection, items }
    }

    /// The texts of the menu, from top to bottom.
    pub async fn menu(&self) -> Vec<String> {
        let entries = self.entries().await;
        entries.into_iter().map(|(_, label)| label).collect()
    }

    /// Clicks an entry of the menu.
    pub async fn clicks(&self, label: &str) {
        let (id, _) = until(label, async || {
            let entries = self.entries().await;
            entries.into_iter().find(|(_, text)| text == label)
        })
        .await;
        let menu = self.proxy("/Menu", MENU).await;
        let nothing = Variant::from(0i32);
        let click = (id, "clicked", nothing, 0u32);
        menu.call_method("Event", &click).await.unwrap();
    }

    /// The file of the icon that is shown now.
    pub async fn icon(&self) -> PathBuf {
        let item = self.proxy("", "org.kde.StatusNotifierItem").await;
        let folder: String = item.get_property("IconThemePath").await.unwrap();
        let name: String = item.get_property("IconName").await.unwrap();
        let file = PathBuf::from(folder).join(name);
        match file.extension() {
            Some(_) => file,
            None => file.with_extension("png"),
        }
    }

    async fn entries(&self) -> Vec<(i32, String)> {
        let menu = self.proxy("/Menu", MENU).await;
        let wanted = (0i32, -1i32, Vec::<&str>::new());
        type Layout = (u32, (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>));
        let answer = menu.call_method("GetLayout", &wanted).await.unwrap();
        let (_, (_, _, children)): Layout = answer.body().deserialize().unwrap();
        children.iter().filter_map(entry).collect()
    }

    async fn proxy(&self, under: &str, interface: &'static str) -> Proxy<'_> {
        let (name, path) = until("an icon in the tray", async || {
            self.items.lock().unwrap().last().cloned()
        })
        .await;
        let builder = zbus::proxy::Builder::new(&self.connection)
            .destination(name)
            .path(format!("{path}{under}"))
            .interface(interface)
            .cache_properties(zbus::proxy::CacheProperties::No);
        builder.build().await.unwrap()
    }
}

fn entry(child: &OwnedVariant) -> Option<(i32, String)> {
    let entry = child.downcast_ref::<Structure<'_>>().ok()?;
    let id = entry.fields().first()?.downcast_ref::<i32>().ok()?;
    let properties = entry.fields().get(1)?.try_clone().ok()?;
    let properties: HashMap<String, OwnedVariant> = properties.try_into().ok()?;
    let label = properties.get("label")?.downcast_ref::<String>().ok()?;
    Some((id, label.replace('_', "")))
}
