//! A server that says one thing for the accounts and one for the API, whatever is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What it answers: everything behind `HTTP/1.1 `, whole.
pub struct Liar {
    pub url: String,
    pub token_calls: Arc<AtomicUsize>,
    pub api_calls: Arc<AtomicUsize>,
}

impl Liar {
    /// Starts with an answer for `/oauth` and one for everything else.
    pub async fn saying(token: String, api: String) -> Self {
        let socket = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let url = format!("http://{}", socket.local_addr().expect("bound"));
        let liar = Self {
            url,
            token_calls: Arc::default(),
            api_calls: Arc::default(),
        };
        let counts = (Arc::clone(&liar.token_calls), Arc::clone(&liar.api_calls));
        let answers = Arc::new((token, api));
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answers), counts.clone()));
            }
        });
        liar
    }
}

/// An answer with a JSON body.
pub fn json(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A token answer that names this API domain.
pub fn token(api: &str) -> String {
    json(
        "200 OK",
        &format!(
            r#"{{"access_token":"1000.aa.bb","refresh_token":"1000.cc.dd","api_domain":"{api}","token_type":"Bearer","expires_in":3600}}"#
        ),
    )
}

type Counts = (Arc<AtomicUsize>, Arc<AtomicUsize>);

async fn serve(mut stream: TcpStream, answers: Arc<(String, String)>, counts: Counts) {
    let mut head = vec![0; 16 * 1024];
    let count = stream.read(&mut head).await.unwrap_or(0);
    let is_token = head[..count].starts_with(b"POST /oauth");
    let (answer, counter) = if is_token {
        (&answers.0, &counts.0)
    } else {
        (&answers.1, &counts.1)
    };
    counter.fetch_add(1, Ordering::SeqCst);
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}
