//! The contract on a real Asterisk 22.
#![cfg(target_os = "linux")]

#[macro_use]
#[path = "suite/mod.rs"]
mod suite;

contract!(ringcard_tests::asterisk::Asterisk);

/// The same on an Asterisk of which account, dialplan, features and TLS are what `ringcard pbx asterisk-config 101`
/// prints.
mod printed {
    use ringcard_tests::asterisk::Asterisk;

    use super::suite;

    macro_rules! scenarios {
        ($($room:ident: $($scenario:ident),+;)+) => {
            $($(
                #[test]
                fn $scenario() {
                    suite::take_printed::<Asterisk>(stringify!($scenario), suite::$room::$scenario);
                }
            )+)+
        };
    }

    scenarios! {
        arriving:
            answered_from_here_by_redial,
            queue_call_names_its_queue;
        sending:
            redirected_caller_talks_with_the_colleague;
        consulting:
            consultation_is_completed,
            consultation_is_cancelled_while_the_colleague_rings,
            caller_whom_nobody_took_comes_back,
            two_legs_are_cancelled_in_talk,
            two_legs_by_a_context_of_their_own_are_completed,
            two_legs_by_a_context_of_their_own_come_back_from_a_busy_colleague;
        dialing:
            dialled_number_is_called_after_the_own_telephone,
            held_by_command_into_music_and_fetched_back,
            held_caller_who_waits_for_long_rings_at_the_telephone_again;
        linking:
            rights_for_calls_and_agents_are_enough,
            what_is_printed_passes_the_check,
            tls_is_trusted_by_the_fingerprint_of_its_certificate;
        strangers:
            asserted_number_of_a_withheld_caller_is_never_told;
    }
}
