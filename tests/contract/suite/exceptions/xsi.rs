//! What a line at an Xsi server has no word for, or says otherwise than the manager interface.

use super::Exception;

pub const CANNOT: &[Exception] = &[
    Exception {
        scenarios: &[
            "answered_leg_has_one_dial_end",
            "picked_up_leg_has_no_dial_end",
            "originated_leg_that_nobody_answers_has_no_dial_end",
            "leg_of_an_abandoned_queue_call_has_two_dial_ends",
            "own_originate_looks_like_a_call_that_comes_in",
            "withheld_number_stands_in_every_event_and_only_getvar_tells",
            "names_are_escaped",
            "line_ends_in_an_address_break_the_lines_of_the_manager",
            "wrong_secret_is_refused_and_ends_the_session",
            "account_without_the_right_is_denied_in_the_words_for_a_stranger",
            "account_with_the_least_rights_hears_calls_and_no_noise",
            "originate_that_waits_silences_its_session",
            "park_is_answered_with_a_blank_line_too_many",
            "crash_ends_the_session_without_a_word_about_the_call",
            "stop_is_announced_before_it_ends_the_session",
            "slow_reader_is_closed_without_a_word",
            "moving_the_agents_ringing_leg_says_success_and_loses_the_caller",
            "moving_the_caller_to_nobody_says_success_and_loses_the_caller",
            "blind_transfer_to_nobody_says_success_twice_and_loses_the_caller",
            "second_consultation_completes_the_first",
            "telephone_that_does_not_know_the_dialogue_loses_the_call_by_notify",
            "held_by_command_into_music_and_fetched_back",
            "two_legs_keep_the_caller_of_a_colleague_who_hangs_up",
            "caller_whose_address_tears_the_events_is_shown_and_redirected",
        ],
        reason: "it is about the lines of the manager interface",
    },
    Exception {
        scenarios: &[
            "tls_is_trusted_by_the_fingerprint_of_its_certificate",
            "tls_with_another_certificate_is_refused_for_good",
        ],
        reason: "it is trusted by the authorities of the PC alone",
    },
    Exception {
        scenarios: &[
            "rights_for_calls_and_agents_are_enough",
            "notify_without_the_right_leaves_the_caller_ringing",
            "check_tells_what_the_account_may_and_what_is_there",
        ],
        reason: "an agent has one account, and no rights or dialplan to be chosen",
    },
    Exception {
        scenarios: &[
            "answered_from_here_by_redial",
            "answer_is_not_offered_where_no_way_was_proved",
        ],
        reason: "the telephone says with each call whether it answers by command; there are no ways to choose from",
    },
    Exception {
        scenarios: &[
            "redirect_to_nobody_is_refused_and_the_caller_rings_on",
            "blind_transfer_to_nobody_keeps_the_caller",
            "consultation_of_nobody_is_refused_and_the_caller_stays",
            "two_legs_to_a_number_that_only_their_context_takes_are_refused",
        ],
        reason: "whether a number exists cannot be asked: the agent is asked about the caller, and a colleague is tried",
    },
    Exception {
        scenarios: &[
            "redirect_to_a_busy_colleague_asks_first",
            "two_legs_are_completed",
            "blind_transfer_to_a_telephone_that_is_away_asks_first",
        ],
        reason: "a colleague's telephone is asked about when somebody is to go there, and not told of before",
    },
    Exception {
        scenarios: &[
            "consultation_is_completed_while_the_colleague_rings",
            "caller_whom_nobody_took_comes_back",
        ],
        reason: "that a colleague who rings can be joined, no operator's server has confirmed",
    },
    Exception {
        scenarios: &["consultation_by_keys_at_the_telephone_is_told_and_completed"],
        reason: "keys are the PBX's affair; a server of the kind sees two calls, and not that they belong together",
    },
    Exception {
        scenarios: &[
            "parked_call_that_nobody_fetched_comes_back_as_the_same",
            "parked_call_is_fetched_here_as_the_same",
        ],
        reason: "where a call is parked is read from the manager interface",
    },
    Exception {
        scenarios: &[
            "group_call_answered_elsewhere",
            "ringing_call_is_picked_up_by_a_colleague",
            "ringing_call_is_picked_up_by_the_number_of_its_telephone",
        ],
        reason: "the sandbox's server names no cause to whom somebody else was faster: the call counts as missed",
    },
    Exception {
        scenarios: &[
            "dialled_colleague_is_busy",
            "two_legs_by_a_context_of_their_own_come_back_from_a_busy_colleague",
            "busy_colleague_leaves_the_caller_reachable",
        ],
        reason: "it tells of a busy tone as of a talk that ends; what an operator's server tells is not known",
    },
    Exception {
        scenarios: &[
            "colleague_who_declines_leaves_the_caller_reachable",
            "colleague_who_hangs_up_leaves_the_caller_reachable",
            "swapped_caller_who_hangs_up_leaves_the_colleague_waiting",
        ],
        reason: "who waits at the telephone waits on until the agent fetches him back",
    },
    Exception {
        scenarios: &["refused_as_busy_at_the_telephone"],
        reason: "a telephone that refuses is told of as the agent's refusal, whichever its word",
    },
    Exception {
        scenarios: &[
            "queue_caller_refused_here_is_not_missed",
            "queue_caller_who_gives_up_is_missed_once",
            "queue_caller_whom_a_colleague_takes_was_not_missed",
            "queue_is_still_known_after_the_link_was_lost",
            "queue_that_rings_again_gives_one_call",
        ],
        reason: "a caller who waits for somebody else is no call of the agent any more",
    },
    Exception {
        scenarios: &["dial_is_cancelled_before_anything_rings"],
        reason: "a call has no name to hang up by until the server has answered the dial",
    },
];
