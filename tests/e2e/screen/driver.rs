//! The pages of the app's windows, by WebDriver.
//!
//! The driver starts the app itself. A window is chosen by its page before anything else: what is asked of a
//! hidden one may never be answered, so that every question has a limit.

use std::net::TcpListener;
use std::process::Command;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use super::desk::Desk;
use super::{PATIENCE, Running, until};

/// The app under a driver.
pub struct Driven {
    client: Client,
    _driver: Running,
}

impl Driven {
    /// Starts driver and app.
    pub async fn start(desk: &Desk) -> Self {
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}"));
        command.env("TAURI_AUTOMATION", "true");
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        desk.lend(&mut command);
        let driver = Running::start(command);
        until("a driver", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .ok()
        })
        .await;
        let binary = std::env::var("RINGCARD_APP").unwrap();
        let folder = desk.folder().to_string_lossy().into_owned();
        let options = json!({"binary": binary, "args": ["--home", folder]});
        let wanted = json!({"webkitgtk:browserOptions": options});
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted.as_object().unwrap().clone());
        let address = format!("http://127.0.0.1:{port}");
        let connecting = tokio::time::timeout(PATIENCE, builder.connect(&address));
        let client = connecting.await.expect("the app starts in time").unwrap();
        Self {
            client,
            _driver: driver,
        }
    }

    /// Goes to the window with this page, once it is there.
    pub async fn goes_to(&self, page: &str) {
        until(page, async || {
            for handle in self.client.windows().await.ok()? {
                self.client.switch_to_window(handle).await.ok()?;
                let at = self.client.current_url().await.ok()?;
                if at.path().ends_with(page) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// Goes to the card, once its window has grown around all of it: a press beside the window is none.
    pub async fn goes_to_the_card(&self) {
        const WHOLE: &str = "const card = document.querySelector('article')?.getBoundingClientRect();\
                             return card !== undefined && card.bottom <= window.innerHeight";
        self.goes_to("preview.html").await;
        until("a whole card", async || {
            let whole = self.client.execute(WHOLE, Vec::new()).await.ok()?;
            (whole == true).then_some(())
        })
        .await;
    }

    /// The first element that a CSS selector finds, once it is there.
    pub async fn element(&self, selector: &str) -> Element {
        until(selector, async || {
            self.client.find(Locator::Css(selector)).await.ok()
        })
        .await
    }

    /// The button with this text or name.
    pub async fn button(&self, name: &str) -> Element {
        let path = format!(
            "//button[not(@disabled)][normalize-space(.)='{name}' or @aria-label='{name}' or .//span[text()='{name}']]"
        );
        until(name, async || {
            self.client.find(Locator::XPath(&path)).await.ok()
        })
        .await
    }

    /// Presses the button with this text or name.
    pub async fn presses(&self, name: &str) {
        // A window that paints anew between finding and pressing has a new button: it is looked for again.
        until(name, async || {
            let button = self.button(name).await;
            button.click().await.ok()
        })
        .await;
    }

    /// Waits until the page of the chosen window says this somewhere.
    pub async fn says(&self, text: &str) {
        let mut said = String::new();
        let looking = until(text, async || {
            let body = self.client.find(Locator::Css("body")).await.ok()?;
            said = body.text().await.ok()?;
            said.contains(text).then_some(())
        });
        let found = tokio::time::timeout(PATIENCE / 2, looking).await;
        assert!(
            found.is_ok(),
            "the window does not say {text:?} but {said:?}"
        );
    }

    /// Types into a field and ends with Enter.
    pub async fn enters(&self, selector: &str, text: &str) {
        let field = self.element(selector).await;
        field.send_keys(text).await.unwrap();
        // Enter waits for the list that belongs to the text, as it does for a person.
        field.send_keys("\u{e007}").await.unwrap();
    }

    /// Chooses a value of a list.
    pub async fn chooses(&self, selector: &str, value: &str) {
        let list = self.element(selector).await;
        list.select_by_value(value).await.unwrap();
    }

    /// Where the middle of a button is in its window.
    pub async fn middle_of(&self, name: &str) -> (f64, f64) {
        let button = self.button(name).await;
        let (x, y, width, height) = button.rectangle().await.unwrap();
        (x + width / 2.0, y + height / 2.0)
    }

    /// Ends the session, and the app with it.
    pub async fn ends(self) {
        let _ = tokio::time::timeout(PATIENCE, self.client.close()).await;
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}
