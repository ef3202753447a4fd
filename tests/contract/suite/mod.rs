//! The contract of a telephone system: the same scenarios on the sandbox PBX and on a real Asterisk.
//!
//! What is driven is the product's own provider, from outside as the application does it. `contract!` makes a test of
//! every scenario; what one of the two cannot do stands in [`exceptions`] with its reason.

pub mod agent;
pub mod arriving;
pub mod consulting;
pub mod desk;
pub mod dialing;
pub mod exceptions;
pub mod linking;
pub mod listening;
pub mod parking;
pub mod queueing;
pub mod sending;
pub mod strangers;
pub mod swapping;
pub mod telling;
pub mod unkind;
pub mod wire;

use ringcard_tests::pbx::Options;

use exceptions::Peer;

/// Runs a scenario on a telephone system of its own, unless that one cannot do it.
pub fn take<P: Peer>(name: &str, scenario: impl AsyncFnOnce(&P) + Send) {
    if let Some(reason) = exceptions::reason(P::CANNOT, name) {
        println!("not on {}: {reason}", P::NAME);
        return;
    }
    P::run(options(name), scenario);
}

/// What the telephone system of a scenario is like.
pub fn options(scenario: &str) -> Options {
    Options {
        tls: scenario.starts_with("tls_"),
        ..Options::default()
    }
}

/// Every scenario as a test on this telephone system.
macro_rules! contract {
    ($pbx:ty) => {
        contract! { $pbx:
            arriving:
                answered_at_the_telephone_and_hung_up_by_the_caller,
                hung_up_from_here,
                answered_from_here_by_notify,
                caller_who_gives_up_is_missed,
                refused_as_busy_at_the_telephone,
                declined_on_the_card,
                queue_call_names_its_queue,
                group_call_answered_elsewhere,
                answered_from_here_by_redial,
                ringing_call_is_picked_up_by_a_colleague,
                ringing_call_is_picked_up_by_the_number_of_its_telephone,
                colleagues_call_is_picked_up_here,
                two_calls_at_once_stay_two,
                call_through_a_local_channel_is_one_call,
                queue_with_a_local_member_gives_one_call,
                telephone_that_deflects_redirects_the_call,
                answer_is_not_offered_where_no_way_was_proved;
            sending:
                redirected_caller_talks_with_the_colleague,
                redirect_to_nobody_is_refused_and_the_caller_rings_on,
                redirect_to_a_busy_colleague_asks_first,
                redirect_to_a_number_of_which_nothing_is_seen_asks_first,
                blind_transfer_hands_the_caller_on,
                blind_transfer_to_nobody_keeps_the_caller,
                blind_transfer_to_a_telephone_that_is_away_asks_first,
                call_handed_to_me_shows_the_customer;
            consulting:
                consultation_is_completed,
                consultation_is_completed_while_the_colleague_rings,
                consultation_is_cancelled_while_the_colleague_rings,
                consultation_is_cancelled_in_talk,
                another_colleague_is_asked_right_after_a_cancel,
                busy_colleague_leaves_the_caller_reachable,
                colleague_who_declines_leaves_the_caller_reachable,
                consultation_of_nobody_is_refused_and_the_caller_stays,
                colleague_who_hangs_up_leaves_the_caller_reachable,
                second_press_completes_nothing,
                caller_whom_nobody_took_comes_back,
                caller_who_leaves_ends_the_waiting_call,
                consultation_by_keys_at_the_telephone_is_told_and_completed,
                two_legs_are_completed,
                two_legs_are_cancelled_while_the_colleague_rings,
                two_legs_are_cancelled_in_talk,
                two_legs_keep_the_caller_of_a_colleague_who_hangs_up,
                two_legs_by_a_context_of_their_own_come_back_from_a_busy_colleague,
                two_legs_by_a_context_of_their_own_are_completed,
                two_legs_to_a_number_that_only_their_context_takes_are_refused,
                call_without_feature_codes_is_consulted_by_two_legs;
            swapping:
                two_legs_are_swapped_to_and_fro_and_completed,
                swapped_consultation_is_completed,
                swapped_consultation_is_cancelled,
                swapped_colleague_who_hangs_up_leaves_the_caller,
                swapped_caller_who_hangs_up_leaves_the_colleague_waiting;
            queueing:
                queue_that_rings_again_gives_one_call,
                queue_is_still_known_after_the_link_was_lost,
                queue_call_found_at_the_start_names_its_queue,
                queue_caller_whom_a_colleague_takes_was_not_missed,
                queue_caller_who_gives_up_is_missed_once,
                queue_caller_refused_here_is_not_missed;
            dialing:
                dialled_number_is_called_after_the_own_telephone,
                dial_is_cancelled_before_anything_rings,
                dial_is_cancelled_that_nothing_comes_of,
                dial_is_cancelled_while_the_own_telephone_rings,
                dial_is_cancelled_while_the_target_rings,
                dialled_colleague_is_busy,
                call_dialled_at_the_telephone_is_shown,
                held_and_resumed_at_the_telephone,
                held_by_command_into_music_and_fetched_back,
                resumed_as_soon_as_it_is_offered,
                held_by_command_at_a_telephone_that_obeys;
            parking:
                parked_call_that_nobody_fetched_comes_back_as_the_same,
                parked_call_is_fetched_here_as_the_same;
            linking:
                wrong_password_is_not_tried_again,
                closed_link_comes_back_with_the_same_calls,
                silent_link_is_noticed_and_an_ended_call_is_gone,
                link_lost_for_a_minute_comes_back_with_what_is_there,
                restart_ends_the_call_and_the_link_comes_back,
                crash_ends_the_call_and_the_link_comes_back,
                rights_for_calls_and_agents_are_enough,
                check_tells_what_the_account_may_and_what_is_there,
                notify_without_the_right_leaves_the_caller_ringing,
                tls_is_trusted_by_the_fingerprint_of_its_certificate,
                tls_with_another_certificate_is_refused_for_good;
            strangers:
                name_from_the_network_is_shown_as_it_is,
                caller_without_a_name_has_none,
                asserted_number_of_a_withheld_caller_is_never_told,
                anonymous_caller_has_no_number,
                number_that_was_still_asked_for_is_asked_for_after_a_restart,
                lines_in_a_callers_address_have_no_effect,
                events_in_a_callers_address_have_no_effect,
                caller_whose_address_tears_the_events_is_shown_and_redirected,
                calls_of_others_are_not_told;
            unkind:
                moving_the_agents_ringing_leg_says_success_and_loses_the_caller,
                moving_the_caller_to_nobody_says_success_and_loses_the_caller,
                blind_transfer_to_nobody_says_success_twice_and_loses_the_caller,
                second_consultation_completes_the_first,
                telephone_that_does_not_know_the_dialogue_loses_the_call_by_notify;
            telling:
                answered_leg_has_one_dial_end,
                picked_up_leg_has_no_dial_end,
                originated_leg_that_nobody_answers_has_no_dial_end,
                leg_of_an_abandoned_queue_call_has_two_dial_ends,
                own_originate_looks_like_a_call_that_comes_in,
                withheld_number_stands_in_every_event_and_only_getvar_tells,
                names_are_escaped,
                line_ends_in_an_address_break_the_lines_of_the_manager;
            listening:
                wrong_secret_is_refused_and_ends_the_session,
                account_without_the_right_is_denied_in_the_words_for_a_stranger,
                account_with_the_least_rights_hears_calls_and_no_noise,
                originate_that_waits_silences_its_session,
                park_is_answered_with_a_blank_line_too_many,
                crash_ends_the_session_without_a_word_about_the_call,
                stop_is_announced_before_it_ends_the_session,
                slow_reader_is_closed_without_a_word;
        }
    };
    ($pbx:ty: $($room:ident: $($scenario:ident),+;)+) => {
        const SCENARIOS: &[&str] = &[$($(stringify!($scenario)),+),+];

        $($(
            #[test]
            fn $scenario() {
                suite::take::<$pbx>(stringify!($scenario), suite::$room::$scenario::<$pbx>);
            }
        )+)+

        #[test]
        fn exceptions_name_scenarios_of_the_contract() {
            suite::exceptions::name_scenarios::<$pbx>(SCENARIOS);
        }
    };
}
