//! The built app from ring to record: what the agent sees and presses, through WebDriver, and the tray's menu over D-Bus.

mod screen;

use ringcard_core::CallState;
use ringcard_host::Home;
use ringcard_ipc::settings::{General, Language};
use ringcard_ipc::{Reply, Request};
use screen::desk::{Desk, Line};
use screen::driver::Driven;
use screen::page::Page;
use screen::toasts::Toasts;
use screen::tray::Tray;
use screen::{Running, mouse, on_a_screen, until};

/// The app with everything around it, its line listening.
async fn app() -> (Desk, Driven, Line) {
    let desk = Desk::prepare().await;
    let driven = Driven::start(&desk).await;
    let mut line = desk.line().await;
    line.watch().await;
    (desk, driven, line)
}

/// Saves the settings with a change.
async fn save(line: &mut Line, change: impl FnOnce(&mut General)) {
    let Reply::Settings(view) = line.ask(Request::Settings).await else {
        panic!("no settings");
    };
    let mut settings = Box::new(view.settings);
    change(&mut settings.general);
    let reply = line.ask(Request::SaveSettings { settings }).await;
    assert!(matches!(reply, Reply::Saved(_)), "they are saved");
}

fn rings(card: &ringcard_ipc::Card) -> bool {
    card.state == CallState::Ringing
}

fn talks(card: &ringcard_ipc::Card) -> bool {
    card.state == CallState::Active
}

#[test]
fn a_ring_shows_who_it_is_and_answer_takes_the_call() {
    on_a_screen(async {
        let (desk, driven, mut line) = app().await;
        let caller = desk.erika_rings();
        driven.goes_to_the_card().await;
        driven.says("Erika Mustermann").await;
        driven.says("0231 123456").await;
        let at = until("a card on the screen", async || {
            mouse::window_called("Calls")
        })
        .await;
        assert!(
            at[0] > 1920 / 2 && at[1] > 1080 / 2,
            "it stands at the bottom right: {at:?}"
        );
        driven.presses("Answer").await;
        line.card("a talk", talks).await;
        until("caller and agent in talk", async || {
            caller.is_in_talk().then_some(())
        })
        .await;
        driven.ends().await;
    });
}

#[test]
fn redirect_by_the_picker_sends_the_caller_and_gives_the_keyboard_back() {
    on_a_screen(async {
        let (desk, driven, mut line) = app().await;
        desk.colleague_answers("102");
        let page = Page::open().await;
        let caller = desk.erika_rings();
        line.card("a ringing card", rings).await;
        driven.goes_to_the_card().await;
        driven.presses("Redirect").await;
        driven.goes_to("picker.html").await;
        driven.says("The call goes there unanswered").await;
        driven.enters("input[role=combobox]", "102").await;
        until("caller and colleague in talk", async || {
            caller.is_in_talk().then_some(())
        })
        .await;
        until("the keyboard where it was", async || {
            page.has_the_keyboard().then_some(())
        })
        .await;
        driven.ends().await;
    });
}

#[test]
fn escape_closes_the_picker_and_nothing_is_sent() {
    on_a_screen(async {
        let (desk, driven, mut line) = app().await;
        let page = Page::open().await;
        let _caller = desk.erika_rings();
        line.card("a ringing card", rings).await;
        driven.goes_to_the_card().await;
        driven.presses("Redirect").await;
        until("a picker", async || mouse::window_called("Choose a target")).await;
        until("a picker with the keyboard", async || {
            (!page.has_the_keyboard()).then_some(())
        })
        .await;
        driven.goes_to("picker.html").await;
        driven.says("Esc closes").await;
        mouse::presses("Escape").await;
        until("the keyboard where it was", async || {
            page.has_the_keyboard().then_some(())
        })
        .await;
        let phone = desk.pbx.phone("101");
        let state = phone.calls().first().map(|call| call.state);
        assert_eq!(
            state,
            Some(ringcard_sandbox::pbx::PhoneState::Ringing),
            "the call goes on ringing here"
        );
        driven.ends().await;
    });
}

#[test]
fn consult_cancel_and_complete_lose_no_caller() {
    on_a_screen(async {
        let (desk, driven, mut line) = app().await;
        desk.colleague_answers("102");
        let caller = desk.erika_rings();
        driven.goes_to_the_card().await;
        driven.presses("Answer").await;
        line.card("a talk", talks).await;
        consults(&driven, &mut line).await;
        driven.presses("Cancel").await;
        line.cards("the caller again, alone", |view| {
            view.cards
                .iter()
                .any(|card| talks(card) && card.consulting.is_none())
        })
        .await;
        assert!(caller.is_in_talk(), "the caller is back with the agent");
        consults(&driven, &mut line).await;
        driven.presses("Complete").await;
        line.cards("everything over here", |view| {
            view.cards.iter().all(|card| card.state.is_ended())
        })
        .await;
        until("caller and colleague in talk", async || {
            caller.is_in_talk().then_some(())
        })
        .await;
        let agent = desk.pbx.phone("101");
        assert!(agent.calls().is_empty(), "the agent is out of it");
        driven.ends().await;
    });
}

/// Asks the colleague, and waits until both talk.
async fn consults(driven: &Driven, line: &mut Line) {
    driven.goes_to_the_card().await;
    driven.presses("Consult").await;
    driven.goes_to("picker.html").await;
    driven.enters("input[role=combobox]", "102").await;
    line.cards("a talk with the colleague, the caller waiting", |view| {
        use ringcard_core::ConsultationPhase::Talking;
        let phase = |card: &ringcard_ipc::Card| card.consulting.as_ref().map(|one| one.phase);
        view.cards.iter().any(|card| phase(card) == Some(Talking))
    })
    .await;
    driven.goes_to_the_card().await;
}

#[test]
fn the_record_button_opens_the_record_in_the_browser() {
    on_a_screen(async {
        let (desk, driven, mut line) = app().await;
        let _caller = desk.erika_rings();
        line.card("a ringing card", rings).await;
        driven.goes_to_the_card().await;
        driven.says("Erika Mustermann").await;
        driven.presses("Open Erika Mustermann in Zoho").await;
        let address = until("an opened address", async || {
            std::fs::read_to_string(desk.opened_file()).ok()
        })
        .await;
        assert!(
            address.contains("/tab/Contacts/"),
            "the caller's own record opens: {address}"
        );
        assert_eq!(address.lines().count(), 1, "once");
        driven.ends().await;
    });
}

#[test]
fn a_setting_is_in_force_without_a_restart() {
    on_a_screen(async {
        let tray = Tray::open().await;
        let (desk, driven, _line) = app().await;
        tray.clicks("Configuration").await;
        driven.goes_to("main.html").await;
        driven.presses("General").await;
        driven.chooses("#language", "de").await;
        driven.presses("Save").await;
        driven.says("Allgemein").await;
        until("a German menu", async || {
            tray.menu()
                .await
                .contains(&"Beenden".to_owned())
                .then_some(())
        })
        .await;
        let file = std::fs::read_to_string(desk.folder().join("settings.toml")).unwrap();
        assert!(
            file.contains("language = \"de\""),
            "it is kept for the next start"
        );
        driven.ends().await;
    });
}

#[test]
fn the_tray_shows_the_state_and_its_menu_works() {
    on_a_screen(async {
        let tray = Tray::open().await;
        let desk = Desk::prepare().await;
        let mut app = desk.starts();
        let mut line = desk.line().await;
        line.watch().await;
        let labels = tray.menu().await;
        for label in ["Show calls", "Phone", "Sync now", "Configuration", "Quit"] {
            assert!(
                labels.iter().any(|known| known == label),
                "{label} is in the menu: {labels:?}"
            );
        }
        let quiet = until("an icon", async || {
            Some(tray.icon().await).filter(|file| file.is_file())
        })
        .await;
        let quiet = std::fs::read(quiet).unwrap();
        let caller = desk.erika_rings();
        line.card("a ringing card", rings).await;
        until("another icon while it rings", async || {
            let now = std::fs::read(tray.icon().await).ok()?;
            (now != quiet).then_some(())
        })
        .await;
        caller.hang_up();
        tray.clicks("Phone").await;
        until("the phone window", async || mouse::window_called("Phone")).await;
        tray.clicks("Quit").await;
        let code = until("the end of the app", async || app.0.try_wait().unwrap()).await;
        assert!(code.success(), "it ends as asked");
    });
}

#[test]
fn quit_asks_about_unsaved_changes_and_chosen_again_it_is_meant() {
    on_a_screen(async {
        let tray = Tray::open().await;
        let (desk, driven, mut line) = app().await;
        tray.clicks("Configuration").await;
        driven.goes_to("main.html").await;
        driven.presses("General").await;
        driven.chooses("#language", "de").await;
        driven.says("There are unsaved changes.").await;
        tray.clicks("Quit").await;
        driven.says("Save the changes?").await;
        driven.presses("Keep editing").await;
        driven.says("There are unsaved changes.").await;
        let asked = line.ask(Request::Status).await;
        assert!(matches!(asked, Reply::Status(_)), "it goes on");
        tray.clicks("Quit").await;
        driven.says("Save the changes?").await;
        tray.clicks("Quit").await;
        desk.sees_the_app_go().await;
    });
}

#[test]
fn a_second_start_ends_at_once_and_the_first_goes_on() {
    on_a_screen(async {
        let desk = Desk::prepare().await;
        let mut first = desk.starts();
        let _line = desk.line().await;
        let mut second = desk.starts();
        let code = until("the end of the second", async || {
            second.0.try_wait().unwrap()
        })
        .await;
        assert!(code.success(), "there is nothing wrong with it");
        assert!(
            first.0.try_wait().unwrap().is_none(),
            "the first one goes on"
        );
    });
}

#[test]
fn a_dragged_card_snaps_to_its_quarter_and_stays_there() {
    on_a_screen(async {
        let desk = Desk::prepare().await;
        let _app = desk.starts();
        let mut line = desk.line().await;
        line.watch().await;
        let page = Page::open().await;
        let caller = desk.erika_rings();
        line.card("a ringing card", rings).await;
        let at = until("a card that has measured itself", async || {
            const BEFORE: i32 = 260;
            mouse::window_called("Calls").filter(|at| at[0] > 960 && at[3] != BEFORE)
        })
        .await;
        mouse::drags((at[0] + 40, at[1] + 60), (300, 200)).await;
        until("a card at the top left", async || {
            mouse::window_called("Calls").filter(|at| at[0] < 60 && at[1] < 60)
        })
        .await;
        assert!(!page.lost_the_keyboard(), "dragging moves no focus");
        caller.hang_up();
        let file =
            || std::fs::read_to_string(desk.folder().join("settings.toml")).unwrap_or_default();
        until("a remembered quarter", async || {
            file().contains("quarter = \"top_left\"").then_some(())
        })
        .await;
    });
}

#[test]
fn a_missed_call_is_told_once_and_its_click_opens_the_phone_window() {
    on_a_screen(async {
        let (toasts, tray) = (Toasts::open().await, Tray::open().await);
        let desk = Desk::prepare().await;
        let _app = desk.starts();
        let mut line = desk.line().await;
        line.watch().await;
        tray.menu().await;
        let caller = desk.erika_rings();
        line.card("a known caller", |card| {
            rings(card) && matches!(card.who, ringcard_ipc::Who::Certain { .. })
        })
        .await;
        caller.hang_up();
        let toast = toasts.that_begins("Missed call").await;
        assert_eq!(toast.title, "Missed call: Erika Mustermann", "who it was");
        assert_eq!(toast.body, "", "nothing that a desktop would interpret");
        // The app listens for clicks a moment after the desktop has shown it.
        until("the phone window", async || {
            toasts.clicks(&toast).await;
            mouse::window_called("Phone")
        })
        .await;
        assert_eq!(toasts.all().len(), 1, "one call, one notification");
    });
}

#[test]
fn a_lost_telephone_system_is_told() {
    on_a_screen(async {
        let (toasts, tray) = (Toasts::open().await, Tray::open().await);
        let desk = Desk::prepare().await;
        let _app = desk.starts();
        let _line = desk.line().await;
        tray.menu().await;
        desk.pbx.crashes().await;
        let toast = toasts.that_begins("Desk").await;
        assert!(
            !toast.title.contains("127.0.0.1"),
            "the line's name is enough"
        );
    });
}

#[test]
fn the_keys_answer_and_hang_up_from_another_program() {
    on_a_screen(async {
        let desk = Desk::prepare().await;
        let _app = desk.starts();
        let mut line = desk.line().await;
        line.watch().await;
        let page = Page::open().await;
        let caller = desk.erika_rings();
        line.card("a ringing card", rings).await;
        // The app takes its keys a moment after its line listens.
        until("caller and agent in talk", async || {
            mouse::presses("ctrl+shift+F8").await;
            caller.is_in_talk().then_some(())
        })
        .await;
        line.card("a talk", talks).await;
        mouse::presses("ctrl+shift+F9").await;
        line.card("its end", |card| card.state.is_ended()).await;
        assert!(
            page.has_the_keyboard(),
            "the other program keeps the keyboard"
        );
    });
}

#[test]
fn starting_with_the_session_is_switched_on_and_off() {
    on_a_screen(async {
        let tray = Tray::open().await;
        let desk = Desk::prepare().await;
        let mut command = desk.app();
        command.env("HOME", desk.folder());
        let _app = Running::start(command);
        let mut line = desk.line().await;
        let entries = || {
            let entries = std::fs::read_dir(desk.folder().join(".config/autostart"));
            entries.map_or(0, Iterator::count)
        };
        tray.menu().await;
        assert_eq!(entries(), 0, "nobody asked for it");
        for (wanted, expected) in [(true, 1), (false, 0)] {
            save(&mut line, |general| general.autostart = wanted).await;
            until("the system's entry", async || {
                (entries() == expected).then_some(())
            })
            .await;
        }
    });
}

#[test]
fn a_start_with_the_session_that_others_set_up_stays_until_the_agent_decides() {
    on_a_screen(async {
        let tray = Tray::open().await;
        let desk = Desk::prepare().await;
        let folder = desk.folder().join(".config/autostart");
        let name = Home::in_folder(desk.folder()).hashed_name();
        let entry = folder.join(format!("Ringcard {name}.desktop"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&entry, "[Desktop Entry]\n").unwrap();
        let mut command = desk.app();
        command.env("HOME", desk.folder());
        let _app = Running::start(command);
        let mut line = desk.line().await;
        // The second change is followed when the first one has been carried out whole.
        for (language, quit) in [(Language::De, "Beenden"), (Language::En, "Quit")] {
            save(&mut line, |general| general.language = language).await;
            until("a menu in this language", async || {
                tray.menu().await.contains(&quit.to_owned()).then_some(())
            })
            .await;
        }
        assert!(
            entry.exists(),
            "the settings have said no all the time, and nobody has changed that"
        );
        for wanted in [true, false] {
            save(&mut line, |general| general.autostart = wanted).await;
        }
        until("the entry goes", async || (!entry.exists()).then_some(())).await;
    });
}
