//! No keystroke that is meant for another program ever lands in the card: the app under a window manager, another
//! program with the keyboard, calls that come and go while somebody types.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

mod screen;

use ringcard_core::CallState;
use ringcard_ipc::Request;
use screen::desk::{Desk, Line};
use screen::driver::Driven;
use screen::page::Page;
use screen::{Running, mouse, on_a_screen};

/// Calls that come and go during the typing.
const CALLS: usize = 50;

/// Calls in which the red control must be seen to fail.
const CONTROL: usize = 5;

const WORDS: &str = "thequickbrownfoxjumpsoverthelazydog0123456789";

#[test]
fn typing_goes_on_undisturbed_while_fifty_calls_come_and_go() {
    on_a_screen(async {
        let desk = Desk::prepare().await;
        let _app = desk.starts();
        let mut line = desk.line().await;
        line.watch().await;
        let page = Page::open().await;
        let typed = types_during(&desk, &mut line, CALLS).await;
        assert_eq!(
            page.typed(),
            typed,
            "every key arrives where it was meant to"
        );
        assert!(
            !page.lost_the_keyboard(),
            "no other window was active, not for a moment"
        );
    });
}

#[test]
fn a_card_that_may_have_the_focus_is_noticed() {
    on_a_screen(async {
        let desk = Desk::prepare().await;
        let mut command = desk.app();
        command.env("RINGCARD_TEST_FOCUSABLE", "1");
        let _app = Running::start(command);
        let mut line = desk.line().await;
        line.watch().await;
        let page = Page::open().await;
        let typed = types_during(&desk, &mut line, CONTROL).await;
        assert!(
            page.lost_the_keyboard(),
            "this test must be able to see a card that takes the focus"
        );
        assert_ne!(page.typed(), typed, "and that keys are lost to it");
    });
}

#[test]
fn answering_by_a_click_leaves_the_keyboard_where_it_was() {
    on_a_screen(async {
        let desk = Desk::prepare().await;
        let driven = Driven::start(&desk).await;
        let mut line = desk.line().await;
        line.watch().await;
        let page = Page::open().await;
        let _caller = desk.erika_rings();
        line.card("a ringing card", |card| card.state == CallState::Ringing)
            .await;
        driven.goes_to_the_card().await;
        let (x, y) = driven.middle_of("Answer").await;
        mouse::types("before").await;
        let at = screen::until("a card on the screen", async || {
            mouse::window_called("Calls")
        })
        .await;
        #[expect(clippy::cast_possible_truncation, reason = "a point on the screen")]
        mouse::clicks(at[0] + x as i32, at[1] + y as i32).await;
        mouse::types("after").await;
        line.card("a talk", |card| card.state == CallState::Active)
            .await;
        screen::until("all keys", async || {
            (page.typed().len() >= "beforeafter".len()).then_some(())
        })
        .await;
        assert_eq!(
            page.typed(),
            "beforeafter",
            "a click on Answer moves no focus"
        );
        assert!(!page.lost_the_keyboard(), "not for a moment");
        driven.ends().await;
    });
}

/// Where the card is, when it is where somebody can see it.
fn card_on_the_screen() -> Option<[i32; 4]> {
    mouse::window_called("Calls").filter(|[x, y, ..]| *x >= 0 && *y >= 0)
}

/// Somebody types while calls ring, show their card and end. Answers with what was typed.
async fn types_during(desk: &Desk, line: &mut Line, calls: usize) -> String {
    let (done, mut ended) = tokio::sync::watch::channel(false);
    let typing = tokio::spawn(async move {
        let mut typed = String::new();
        while !*ended.borrow_and_update() {
            mouse::types(WORDS).await;
            typed.push_str(WORDS);
        }
        typed
    });
    for _ in 0..calls {
        let caller = desk.erika_rings();
        let card = line
            .card("a ringing card", |card| card.state == CallState::Ringing)
            .await;
        screen::until("a card on the screen", async || card_on_the_screen()).await;
        caller.hang_up();
        let call = card.call;
        line.card("its end", |card| card.call == call && card.state.is_ended())
            .await;
        line.ask(Request::ClosePreview { call }).await;
        screen::until("a screen without the card", async || {
            card_on_the_screen().is_none().then_some(())
        })
        .await;
    }
    done.send(true).unwrap();
    typing.await.unwrap()
}
