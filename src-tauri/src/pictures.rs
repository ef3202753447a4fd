//! `--screenshot DIR`: a picture of every window with what is on it now, in light and dark, then the end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ringcard_ipc::settings::Theme;
use ringcard_ipc::{Page, Purpose, StatusView};
use tauri::{AppHandle, Emitter, Manager, WebviewWindow};

use crate::shell::shell;
use crate::windows::pages::{self, Name};
use crate::windows::picker;

/// How long a call and the first filling of the mirrors may take. Without them the pictures are taken all the same.
const FOR_A_CALL: Duration = Duration::from_secs(60);

/// How long a page may take to ask, paint and settle, on a very busy machine.
const TO_PAINT: Duration = Duration::from_secs(60);

/// Between two looks at a page.
const PAUSE: Duration = Duration::from_millis(100);

/// From the page's last frame to the screen.
const TO_THE_SCREEN: Duration = Duration::from_millis(300);

/// Takes the pictures and ends the app.
pub async fn take(app: AppHandle, folder: PathBuf) {
    let code = match all(&app, &folder).await {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("ringcard: no picture: {error}");
            1
        }
    };
    shell(&app).handle.clone().quit().await;
    app.exit(code);
}

async fn all(app: &AppHandle, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    wait_for_a_card(app).await;
    for theme in [Theme::Light, Theme::Dark] {
        wear(app, theme)?;
        for name in ["preview", "phone", "picker", "main"] {
            if let Some(window) = opened(app, name) {
                save_painted(&window, theme, &folder.join(file_name(name, theme))).await?;
                close(app, &window);
            }
        }
    }
    Ok(())
}

/// For the windows that are open and those that will be opened; the settings on the disk stay as they are.
fn wear(app: &AppHandle, theme: Theme) -> anyhow::Result<()> {
    let shell = shell(app);
    shell.settings().general.theme = theme;
    app.emit("appearance", &shell.appearance())?;
    Ok(())
}

async fn save_painted(window: &WebviewWindow, theme: Theme, file: &Path) -> anyhow::Result<()> {
    let saving = async {
        loop {
            if has_painted(window, theme).await? {
                tokio::time::sleep(TO_THE_SCREEN).await;
                if save(window, file)? {
                    return Ok(());
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(TO_PAINT, saving)
        .await
        .unwrap_or_else(|_| anyhow::bail!("the window {} stayed empty", window.label()))
}

/// Whether the page shows what it was told, in this theme, and has painted two frames since it was first asked.
async fn has_painted(window: &WebviewWindow, theme: Theme) -> anyhow::Result<bool> {
    let theme = match theme {
        Theme::Dark => "dark",
        Theme::Light | Theme::System => "light",
    };
    let script = format!(
        "(() => {{
            const {{ theme, painted }} = document.documentElement.dataset;
            if (theme !== '{theme}' || painted === undefined) return false;
            const frames = (globalThis.framesPainted ??= {{}});
            if (frames.{theme} === undefined) {{
                frames.{theme} = false;
                requestAnimationFrame(() => requestAnimationFrame(() => (frames.{theme} = true)));
            }}
            return frames.{theme};
        }})()"
    );
    let (sender, answer) = tokio::sync::oneshot::channel();
    let sender = std::sync::Mutex::new(Some(sender));
    window.eval_with_callback(script, move |value| {
        let sender = sender.lock().ok().and_then(|mut sender| sender.take());
        if let Some(sender) = sender {
            let _ = sender.send(value == "true");
        }
    })?;
    Ok(answer.await.unwrap_or(false))
}

async fn wait_for_a_card(app: &AppHandle) {
    let mut events = shell(app).handle.watch();
    let ready = || {
        let shell = shell(app);
        let seen = shell.seen();
        let filled = |status: &StatusView| {
            let mut integrations = status.integrations.iter();
            integrations.all(|one| one.last_success.is_some())
        };
        seen.has_cards && seen.status.as_ref().is_none_or(filled)
    };
    let waiting = async {
        while !ready() {
            if events.recv().await.is_err() {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(FOR_A_CALL, waiting).await;
}

fn opened(app: &AppHandle, name: &str) -> Option<WebviewWindow> {
    match name {
        "phone" => pages::open(app, Name::Phone, None),
        "main" => pages::open(app, Name::Main, Some(Page::Telephony)),
        "picker" => {
            let preview = app.get_webview_window("preview")?;
            picker::open(app, &preview, Purpose::Dial, None);
        }
        _ => {}
    }
    app.get_webview_window(name)
}

fn close(app: &AppHandle, window: &WebviewWindow) {
    match window.label() {
        "preview" => {}
        picker::LABEL => picker::close(app),
        _ => drop(window.destroy()),
    }
}

fn file_name(window: &str, theme: Theme) -> String {
    match theme {
        Theme::Dark => format!("{window}-dark.png"),
        Theme::Light | Theme::System => format!("{window}-light.png"),
    }
}

/// Saves what is on the screen where the window is. Says whether there is more than one colour.
#[cfg(target_os = "linux")]
fn save(window: &WebviewWindow, file: &Path) -> anyhow::Result<bool> {
    use x11rb::connection::Connection;
    use x11rb::protocol::xproto::{ConnectionExt, ImageFormat};

    let at = window.inner_position()?;
    let size = window.inner_size()?;
    let (connection, screen) = x11rb::connect(None)?;
    let root = connection
        .setup()
        .roots
        .get(screen)
        .ok_or_else(|| anyhow::anyhow!("the display has no screen"))?;
    let whole = (
        i32::from(root.width_in_pixels),
        i32::from(root.height_in_pixels),
    );
    let (x, y) = (at.x.clamp(0, whole.0), at.y.clamp(0, whole.1));
    let side = |side: u32, rest: i32| i32::try_from(side).unwrap_or(rest).clamp(1, rest.max(1));
    let width = u16::try_from(side(size.width, whole.0 - x))?;
    let height = u16::try_from(side(size.height, whole.1 - y))?;
    let corner = (i16::try_from(x)?, i16::try_from(y)?);
    let format = ImageFormat::Z_PIXMAP;
    let image = connection
        .get_image(
            format,
            root.root,
            corner.0,
            corner.1,
            width,
            height,
            u32::MAX,
        )?
        .reply()?;
    let colours: Vec<u8> = image
        .data
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
        .collect();
    let out = std::io::BufWriter::new(std::fs::File::create(file)?);
    let mut encoder = png::Encoder::new(out, width.into(), height.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&colours)?;
    let first = colours.get(..3);
    Ok(colours.chunks_exact(3).any(|pixel| Some(pixel) != first))
}

#[cfg(not(target_os = "linux"))]
fn save(_: &WebviewWindow, _: &Path) -> anyhow::Result<bool> {
    anyhow::bail!("pictures are taken on Linux")
}
