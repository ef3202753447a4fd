//! What the installed program is connected to: a telephone system and a CRM of our own, on loopback.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::path::Path;
use std::time::Instant;

use ringcard_sandbox::demo::{Addresses, write_home};
use ringcard_sandbox::pbx::{CTI, Pbx, PbxOptions, Phone};
use ringcard_sandbox::zoho::{SCOPES, World, Zoho};
use serde_json::{Value, json};

use crate::pc::{PATIENCE, Pc, seen_from_windows};

/// A desk with both, whose CRM knows Erika Mustermann.
pub struct Desk {
    /// The telephone system.
    pub pbx: Pbx,
    zoho: Zoho,
    folder: tempfile::TempDir,
}

impl Desk {
    /// Both are running, and a home folder for the program is written.
    pub async fn prepare() -> Self {
        let pbx = Pbx::start(PbxOptions::default()).await.unwrap();
        let zoho = Zoho::with(World::empty()).await.unwrap();
        zoho.adds_contact(json!({
            "First_Name": "Erika", "Last_Name": "Mustermann",
            "Account_Name": "Brandt & Söhne GmbH", "Phone": "+49 (0) 231 1234-56",
        }));
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { pbx, zoho, folder };
        let addresses = Addresses {
            manager_port: desk.pbx.port(),
            zoho_url: desk.zoho.url(),
            refresh_token: desk.zoho.gives_refresh_token(SCOPES),
        };
        write_home(&desk.home_here(), &addresses).unwrap();
        desk
    }

    /// The home folder; its name has what trips programs up.
    pub fn home_here(&self) -> std::path::PathBuf {
        self.folder.path().join("Bürö mit Leerzeichen")
    }

    /// The same, as the installed program sees it.
    pub fn home(&self) -> String {
        seen_from_windows(&self.home_here())
    }

    /// A settings file with the line alone, to be taken in by the installer.
    pub fn settings_to_take_in(&self) -> String {
        let text = format!(
            "[general]\nlanguage = \"de\"\n\n[[lines]]\nid = \"desk\"\nname = \"Desk\"\n\
             provider = \"asterisk\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\nextension = \"101\"\n",
            self.pbx.port(),
            CTI.0,
        );
        let file = self.folder.path().join("rollout.toml");
        std::fs::write(&file, text).unwrap();
        seen_from_windows(&file)
    }

    /// A known caller rings at the agent's telephone.
    pub fn erika_rings(&self) -> Phone {
        self.pbx.rings("+4923155501101").from("0231123456").place()
    }
}

/// Asks the program that runs on this PC until its status is as wanted.
pub fn status_is(pc: &Pc, home: &[&str], wanted: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let words: Vec<&str> = ["status", "--json"].iter().chain(home).copied().collect();
        let answer = pc.ringcard(&words);
        let said = serde_json::from_slice::<Value>(&answer.stdout).unwrap_or_default();
        if wanted(&said["body"]) {
            return said;
        }
        assert!(Instant::now() < deadline, "it never came to that: {said}");
    }
}

/// Every line listens.
pub fn listens(status: &Value) -> bool {
    let lines = status["lines"].as_array().cloned().unwrap_or_default();
    !lines.is_empty() && lines.iter().all(|line| line["listening_since"].is_i64())
}

/// Every mirror is filled.
pub fn is_filled(status: &Value) -> bool {
    let all = status["integrations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    !all.is_empty() && all.iter().all(|one| one["last_success"].is_i64())
}

/// The secrets file of a home folder.
pub fn secrets(home: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(home.join("secrets.json")).unwrap()).unwrap()
}
