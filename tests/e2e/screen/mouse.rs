//! A hand on keyboard and mouse, as the X server sees it.

use std::process::{Command, ExitStatus};

/// Types small letters and digits into whatever has the keyboard.
pub async fn types(text: &str) {
    xdotool(&["type", "--delay", "12", text]).await;
}

/// Presses a key or a combination.
pub async fn presses(key: &str) {
    xdotool(&["key", key]).await;
}

/// Clicks at a point of the screen.
pub async fn clicks(x: i32, y: i32) {
    let (x, y) = (x.to_string(), y.to_string());
    xdotool(&["mousemove", "--sync", &x, &y, "click", "1"]).await;
}

/// Drags from one point of the screen to another, as slowly as a hand does.
pub async fn drags(from: (i32, i32), to: (i32, i32)) {
    const STEPS: i32 = 20;
    let mut script = format!("mousemove --sync {} {} mousedown 1", from.0, from.1);
    for step in 1..=STEPS {
        let x = from.0 + (to.0 - from.0) * step / STEPS;
        let y = from.1 + (to.1 - from.1) * step / STEPS;
        script.push_str(&format!(" mousemove --sync {x} {y} sleep 0.02"));
    }
    script.push_str(" mouseup 1");
    let words: Vec<&str> = script.split(' ').collect();
    xdotool(&words).await;
}

/// Where the visible window with this title is: x, y, width, height.
pub fn window_called(title: &str) -> Option<[i32; 4]> {
    let pattern = format!("^{title}$");
    let search = ["search", "--onlyvisible", "--name", &pattern];
    let found = Command::new("xdotool").args(search).output().ok()?;
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    let id = found.lines().last()?.to_owned();
    let geometry = Command::new("xdotool")
        .args(["getwindowgeometry", "--shell", &id])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&geometry.stdout).into_owned();
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.parse().ok()
    };
    Some([
        value("X=")?,
        value("Y=")?,
        value("WIDTH=")?,
        value("HEIGHT=")?,
    ])
}

async fn xdotool(arguments: &[&str]) {
    let mut command = Command::new("xdotool");
    command.args(arguments);
    let done = tokio::task::spawn_blocking(move || command.status()).await;
    let status: ExitStatus = done.unwrap().unwrap();
    assert!(status.success(), "xdotool could not move keyboard or mouse");
}
