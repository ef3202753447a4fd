//! Which program opens telephone links, people choose in a dialog of Windows. Here is the way there.
//!
//! What Ringcard may be chosen for, the installer registers.

use tracing::warn;

/// Ringcard is among the programs that can be chosen.
pub fn offers_ringcard() -> bool {
    system::list().is_some()
}

/// Opens the dialog, at Ringcard where it is there.
pub fn open() {
    let opened = cfg!(windows) && open::that_detached(address(system::list())).is_ok();
    if !opened {
        warn!("the system's dialog for default apps could not be opened");
    }
}

/// Windows before version 11 passes over the words behind the question mark.
fn address(list: Option<&str>) -> String {
    let place = list.map_or_else(String::new, |list| format!("?{list}=Ringcard"));
    format!("ms-settings:defaultapps{place}")
}

#[cfg(not(windows))]
mod system {
    /// Other systems have no such list.
    pub fn list() -> Option<&'static str> {
        None
    }
}

#[cfg(windows)]
mod system {
    use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

    /// The list that has Ringcard, as the dialog calls it: this user's, or that of the PC.
    pub fn list() -> Option<&'static str> {
        let lists = [
            (CURRENT_USER, "registeredAppUser"),
            (LOCAL_MACHINE, "registeredAppMachine"),
        ];
        let found = lists.into_iter().find(|(hive, _)| has_ringcard(hive));
        found.map(|(_, list)| list)
    }

    fn has_ringcard(hive: &Key) -> bool {
        let list = hive.open(r"Software\RegisteredApplications");
        list.and_then(|list| list.get_type("Ringcard")).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialog_opens_at_ringcard_where_it_is_registered() {
        assert_eq!(
            address(Some("registeredAppUser")),
            "ms-settings:defaultapps?registeredAppUser=Ringcard"
        );
        assert_eq!(address(None), "ms-settings:defaultapps", "at its beginning");
    }

    #[cfg(not(windows))]
    #[test]
    fn a_system_without_such_a_list_offers_nothing() {
        assert!(!offers_ringcard(), "no button leads there");
    }
}
