//! Tells Tauri which commands exist, so that each window's capability can name just its own.

/// Every command of the shell. A command that is missing here can be called by no window.
const COMMANDS: &[&str] = &[
    "appearance",
    "ask_main",
    "ask_phone",
    "ask_picker",
    "ask_preview",
    "close_picker",
    "close_window",
    "has_licences",
    "offers_links",
    "open_default_apps",
    "open_help",
    "open_picker",
    "open_window",
    "picker_context",
    "preview_drag",
    "preview_size",
    "stay_open",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
        .expect("tauri.conf.json or a capability file is wrong; the message says where");
}
