//! What a command prints and how it ends, against a serving end of the test's own.

use super::*;

use crate::arguments::{Parsed, parse};

/// How a command went.
#[derive(Debug)]
struct Told {
    exit: Exit,
    out: String,
    err: String,
}

async fn typed(line: &str, address: &str, input: &str) -> Told {
    let words = std::iter::once("ringcard").chain(line.split_whitespace());
    let Ok(Parsed::Command(command)) = parse(words.map(str::to_owned).collect::<Vec<_>>()) else {
        panic!("{line} is a command");
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        input: &mut input.as_bytes(),
        out: &mut out,
        err: &mut err,
    };
    let config = |extension: &str, flavour: PbxFlavour| match extension.parse::<u32>() {
        Ok(number) => format!("[ringcard{number}] {flavour:?}\n"),
        Err(_) => String::new(),
    };
    let lent = Lent {
        address: &|_| address.to_owned(),
        asterisk_config: &config,
    };
    let exit = run_with(command, &lent, &mut streams).await;
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Told {
        exit,
        out: text(out),
        err: text(err),
    }
}

#[tokio::test]
async fn not_running_is_said_with_its_own_code() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let nowhere = folder.path().join("none");
    let address = nowhere.to_string_lossy();
    let told = typed("status", &address, "").await;
    assert_eq!(told.exit, Exit::NotRunning);
    assert!(told.out.is_empty() && told.err.contains("No Ringcard runs"));
    let told = typed("status --json", &address, "").await;
    assert_eq!(told.exit, Exit::NotRunning);
    assert_eq!(told.out, "{\"reply\":\"not_running\"}\n");
}

#[tokio::test]
async fn configuration_needs_no_running_ringcard() {
    let told = typed("pbx asterisk-config 101 --freepbx", "nowhere", "").await;
    assert_eq!(
        (told.exit, told.out.as_str()),
        (Exit::Done, "[ringcard101] FreePbx\n")
    );
    let told = typed("pbx asterisk-config abc", "nowhere", "").await;
    assert_eq!(told.exit, Exit::Usage, "an empty text would be copied");
}

#[tokio::test]
async fn version_needs_no_running_ringcard() {
    let told = typed("version", "nowhere", "").await;
    assert_eq!(told.exit, Exit::Done);
    assert!(told.out.starts_with("ringcard 0."), "{}", told.out);
}

#[cfg(unix)]
mod served {
    use super::*;
    use ringcard_ipc::socket::{Ask, Told as Line, VERSION};
    use ringcard_ipc::{AppEvent, CommandError, Ended, Notice};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::UnixListener;

    /// A command against a Ringcard that gives this answer, tells these changes and ends.
    async fn answered(
        line: &str,
        input: &str,
        reply: Reply,
        events: &[AppEvent],
    ) -> (Told, Request) {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).expect("a fresh path");
        let events = events.to_vec();
        let serving = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("one client");
            let mut stream = BufReader::new(stream);
            let mut text = String::new();
            stream.read_line(&mut text).await.expect("a line");
            let ask: Option<Ask> = serde_json::from_str(&text).ok();
            let id = ask.as_ref().map_or(0, |ask| ask.id);
            let answer = std::iter::once(Line::Answer {
                version: VERSION,
                id,
                reply,
            });
            let events = events.into_iter().map(|event| Line::Event {
                version: VERSION,
                event,
            });
            for line in answer.chain(events) {
                let line = serde_json::to_string(&line).expect("JSON") + "\n";
                // A command that refuses by itself asks nothing and reads nothing.
                let _ = stream.get_mut().write_all(line.as_bytes()).await;
            }
            ask.map_or(Request::Quit, |ask| ask.request)
        });
        let told = typed(line, &path.to_string_lossy(), input).await;
        (told, serving.await.expect("the serving end"))
    }

    fn ended(confirmed: bool) -> Reply {
        Reply::Ended(Ended {
            call: "0197-invented".into(),
            confirmed,
        })
    }

    #[tokio::test]
    async fn accepted_is_not_told_as_done() {
        let (told, request) = answered("hang-up", "", ended(false), &[]).await;
        assert_eq!(request, Request::HangUp { call: None });
        assert_eq!(told.exit, Exit::Unconfirmed);
        assert!(told.out.contains("nothing proved it"), "{}", told.out);
    }

    #[tokio::test]
    async fn question_names_the_switch() {
        let busy = CommandError::TargetBusy;
        let reply = Reply::Failed(Failure::new(
            ErrorCode::NeedsConfirmation(busy),
            busy.to_string(),
        ));
        let (told, _) = answered("redirect 102", "", reply, &[]).await;
        assert_eq!(told.exit, Exit::NeedsConfirmation);
        assert!(told.out.is_empty(), "nothing was done");
        assert!(told.err.contains("--anyway"), "{}", told.err);
    }

    #[tokio::test]
    async fn json_is_the_answer_as_it_crossed() {
        let (told, _) = answered("answer --json", "", ended(true), &[]).await;
        assert_eq!(told.exit, Exit::Done);
        let reply: Reply = serde_json::from_str(&told.out).expect("one JSON line");
        assert_eq!(reply, ended(true));
    }

    #[tokio::test]
    async fn secret_goes_from_the_input_to_ringcard_and_nowhere_else() {
        let line = "secret set line.desk.secret";
        let (told, request) = answered(line, "inv ented\n", Reply::Done, &[]).await;
        let expected = Request::SetSecret {
            name: "line.desk.secret".into(),
            value: "inv ented".into(),
        };
        assert_eq!((told.exit, request), (Exit::Done, expected));
        assert!(!(told.out + &told.err).contains("inv ented"));
    }

    #[tokio::test]
    async fn empty_input_does_not_delete_a_secret() {
        let line = "secret set line.desk.secret";
        let (told, request) = answered(line, "", Reply::Done, &[]).await;
        assert_eq!(told.exit, Exit::Usage);
        assert_eq!(request, Request::Quit, "nothing was asked at all");
    }

    #[tokio::test]
    async fn watch_tells_changes_until_ringcard_ends() {
        let events = [
            AppEvent::Phone(Box::default()),
            AppEvent::Phone(Box::default()),
            AppEvent::Notice(Notice::LineDown {
                name: "Desk".into(),
            }),
        ];
        let (told, _) = answered("watch", "", Reply::Done, &events).await;
        assert_eq!(told.exit, Exit::NotRunning, "it has ended");
        assert_eq!(
            told.out, "No calls.\nDesk: the line is down\n",
            "the same is not said twice"
        );
        let (told, _) = answered("watch --json", "", Reply::Done, &events).await;
        assert_eq!(
            told.out.lines().count(),
            4,
            "each change is a line, and so is the end"
        );
        assert!(
            told.out.ends_with("{\"reply\":\"ended\"}\n"),
            "{}",
            told.out
        );
    }
}
