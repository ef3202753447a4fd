//! The home folder of an app that is connected to the demo: settings, colleagues, secrets.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::Addresses;
use crate::pbx::CTI;
use crate::zoho::{AGENTS, Agent, CLIENT_ID, CLIENT_SECRET};

/// Writes the home folder of an app that is connected to both: its settings, and its secrets for this user only.
pub fn write_home(dir: &Path, addresses: &Addresses) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let colleagues = dir.join("colleagues.csv");
    fs::write(&colleagues, list_of_colleagues())?;
    fs::write(dir.join("settings.toml"), settings(addresses, &colleagues))?;
    let tokens = json!({
        "data_centre": {"custom": {"accounts": addresses.zoho_url, "api": addresses.zoho_url}},
        "environment": "production",
        "client_secret": CLIENT_SECRET,
        "refresh": addresses.refresh_token,
        "access": null,
    });
    let secrets_file = dir.join("secrets.json");
    // An earlier demo's database key stays: without it the databases of this folder could not be opened.
    let kept = fs::read(&secrets_file)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut secrets: serde_json::Map<String, Value> = kept.unwrap_or_default();
    secrets.insert("line.desk.secret".into(), CTI.1.into());
    secrets.insert("integration.zoho.tokens".into(), tokens.to_string().into());
    write_private(&secrets_file, &Value::Object(secrets).to_string())
}

/// The PBX knows extensions only; who sits there, and whose customers are whose, is in a list as a company keeps it.
fn list_of_colleagues() -> String {
    let line = |agent: &Agent| {
        let name = agent.full_name();
        format!("{};{name};{}\n", agent.extension, agent.email)
    };
    AGENTS.iter().map(line).collect()
}

fn settings(addresses: &Addresses, colleagues: &Path) -> String {
    format!(
        r#"[dialing]
country = "DE"
area_code = "231"

[[lines]]
id = "desk"
name = "Desk"
provider = "asterisk"
host = "127.0.0.1"
port = {port}
user = "{user}"
extension = "101"
hold_context = "cti-hold"
answer_context = "cti-answer"
answer = "talk_notify"
asks_presentation = true
colleagues_file = '{colleagues}'

[[integrations]]
id = "zoho"
name = "Zoho CRM"
source = "zoho"
data_centre = "custom"
custom_address = "{url}"
client_id = "{CLIENT_ID}"
"#,
        colleagues = colleagues.display(),
        port = addresses.manager_port,
        user = CTI.0,
        url = addresses.zoho_url,
    )
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_folder_keeps_what_an_earlier_demo_left_there() {
        let dir = std::env::temp_dir().join(format!("ringcard-demo-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("a folder");
        fs::write(dir.join("secrets.json"), r#"{"database":"kept"}"#).expect("a file");
        let addresses = Addresses {
            manager_port: 5038,
            zoho_url: "http://127.0.0.1:1".into(),
            refresh_token: "r".into(),
        };
        write_home(&dir, &addresses).expect("writable");
        let secrets = fs::read_to_string(dir.join("secrets.json")).expect("written");
        assert!(
            secrets.contains("kept") && secrets.contains("line.desk.secret"),
            "both: {secrets}"
        );
        let colleagues = fs::read_to_string(dir.join("colleagues.csv")).expect("written");
        assert!(
            colleagues.contains("102;Jens Bergmann;jens.bergmann@example.com"),
            "extension, name, e-mail"
        );
        fs::remove_dir_all(&dir).expect("our own folder");
    }
}
