//! What the administrator puts into the telephone system for one agent, as text to copy.

use std::fmt::Write as _;

/// Which kind of Asterisk it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Files written by hand.
    Plain,
    /// FreePBX and its relatives: own files beside the generated ones.
    FreePbx,
}

impl Flavour {
    fn manager_file(self) -> &'static str {
        match self {
            Self::Plain => "/etc/asterisk/manager.conf",
            Self::FreePbx => "/etc/asterisk/manager_custom.conf",
        }
    }

    fn dialplan_file(self) -> &'static str {
        match self {
            Self::Plain => "/etc/asterisk/extensions.conf",
            Self::FreePbx => "/etc/asterisk/extensions_custom.conf",
        }
    }
}

/// The account with the least rights for the agent at `extension`, and the dialplan's snippets.
/// Anything but a number for an extension gives an empty text.
pub fn asterisk_config(extension: &str, flavour: Flavour) -> String {
    let is_number = !extension.is_empty()
        && extension.len() <= 20
        && extension.bytes().all(|b| b.is_ascii_digit());
    if !is_number {
        return String::new();
    }
    let mut text = String::new();
    account(&mut text, extension, flavour);
    encryption(&mut text, flavour);
    dialplan(&mut text, flavour);
    features(&mut text, flavour);
    text
}

fn account(text: &mut String, extension: &str, flavour: Flavour) {
    let _ = write!(
        text,
        "; ---- {file}: one account for each agent, with the least rights ----
[ringcard{extension}]
secret = CHANGE-ME-{extension}           ; a long random one; Ringcard keeps it in the keychain
deny = 0.0.0.0/0.0.0.0
permit = 192.0.2.10/255.255.255.255   ; the address of this agent's PC, or the office network
read = call,agent
write = call,originate
eventfilter = !Event: DeviceStateChange
eventfilter = !Event: QueueMemberStatus
eventfilter = !Event: DialState
writetimeout = 5000
; Only where telephones are answered by notification (Snom, Yealink, Polycom; try it first):
; write = call,originate,system

",
        file = flavour.manager_file(),
    );
}

fn encryption(text: &mut String, flavour: Flavour) {
    let file = match flavour {
        Flavour::Plain => "[general] of /etc/asterisk/manager.conf",
        // Written so, it adds to the generated part.
        Flavour::FreePbx => "[general](+) of /etc/asterisk/manager_custom.conf",
    };
    let _ = write!(
        text,
        "; ---- {file}: the link with TLS ----
; enabled = yes
; tlsenable = yes
; tlsbindaddr = 0.0.0.0:5039
; tlscertfile = /etc/asterisk/keys/asterisk.pem
; The fingerprint for Ringcard's settings:
;   openssl x509 -in /etc/asterisk/keys/asterisk.pem -noout -fingerprint -sha256

"
    );
}

fn dialplan(text: &mut String, flavour: Flavour) {
    let _ = write!(
        text,
        "; ---- {file}: needed only for what is named ----
; Hold, and consulting without feature codes (hold_context): the caller hears music. When the agent
; does not come back within five minutes, the agent's telephone rings with the caller; whoever is
; not taken then hears music again. Nobody who waits is hung up. Nothing may follow WaitExten: whoever
; is fetched back and talks leaves here for good.
[ringcard-hold]
exten => s,1,Answer()
 same => n(music),WaitExten(300,m(default))
exten => t,1,GotoIf($[\"${{RINGCARD_AGENT}}\" = \"\"]?s,music)
 same => n,Dial(${{RINGCARD_AGENT}},30)
 same => n,GotoIf($[\"${{DIALSTATUS}}\" = \"ANSWER\"]?end:s,music)
 same => n(end),Hangup()
exten => _[0-9*#],1,Goto(s,music)
exten => i,1,Goto(s,music)

; Consulting by two legs (consult_context): a colleague who is busy, away or does not pick up brings
; the agent back to the caller. {dials} is the context in which telephones dial here.
[ringcard-consult]
exten => _[0-9*#+].,1,Set(TIMEOUT(absolute)=0)
 same => n,Dial(Local/${{EXTEN}}@{dials},25)
 same => n,GotoIf($[\"${{RINGCARD_HELD}}\" = \"\"]?end)
 same => n,Bridge(${{RINGCARD_HELD}})
 same => n(end),Hangup()

; Answering with a click by calling the telephone again (answer_context); not for queue calls.
[ringcard-answer]
exten => _X.,1,Dial(PJSIP/${{EXTEN}},25,tTb(ringcard-autoanswer^s^1))
 same => n,Hangup()
[ringcard-autoanswer]
exten => s,1,Set(PJSIP_HEADER(add,Call-Info)=<sip:ringcard.invalid>\\;answer-after=0)
 same => n,Set(PJSIP_HEADER(add,Alert-Info)=<http://ringcard.invalid>\\;info=alert-autoanswer)
 same => n,Return()

",
        file = flavour.dialplan_file(),
        dials = match flavour {
            Flavour::Plain => "default",
            Flavour::FreePbx => "from-internal",
        },
    );
}

fn features(text: &mut String, flavour: Flavour) {
    let place = match flavour {
        Flavour::Plain => {
            "/etc/asterisk/features.conf, and tT in the options of Dial() and Queue()"
        }
        Flavour::FreePbx => {
            "Admin, Feature Codes (In-Call Asterisk Attended Transfer); Dial Options with tT"
        }
    };
    let general = match flavour {
        Flavour::Plain => "/etc/asterisk/features.conf",
        Flavour::FreePbx => "/etc/asterisk/features_general_custom.conf",
    };
    // FreePBX's file is read inside of the generated section.
    let header = match flavour {
        Flavour::Plain => "; [general]\n",
        Flavour::FreePbx => "",
    };
    let _ = write!(
        text,
        "; ---- {place} ----
; Consulting by the telephone system's own attended transfer (the default) needs its feature code
; on the call: t where the agent is called, T where the agent calls.
; [featuremap]
; atxfer => *2
; A transfer that failed comes back to the agent ({general}):
{header}; atxferdropcall = no
; atxfernoanswertimeout = 15
; atxfercallbackretries = 2
"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_has_the_least_rights() {
        let text = asterisk_config("101", Flavour::Plain);
        assert!(
            text.contains("[ringcard101]"),
            "an account of the agent's own"
        );
        assert!(
            text.contains("\nread = call,agent\nwrite = call,originate\n"),
            "and no more"
        );
        assert!(!text.contains("read = all"), "never everything");
    }

    #[test]
    fn freepbx_keeps_its_generated_files() {
        let text = asterisk_config("101", Flavour::FreePbx);
        assert!(
            text.contains("manager_custom.conf"),
            "generated files are overwritten"
        );
        assert!(
            text.contains("extensions_custom.conf"),
            "the same for the dialplan"
        );
    }

    #[test]
    fn contexts_are_named_as_the_settings_name_them() {
        let text = asterisk_config("101", Flavour::Plain);
        for setting in ["hold_context", "consult_context", "answer_context"] {
            assert!(text.contains(setting), "{setting} is what is typed in");
        }
    }

    #[test]
    fn caller_in_the_hold_music_is_never_hung_up() {
        let text = asterisk_config("101", Flavour::Plain);
        let hold = text.split("[ringcard-hold]").nth(1).unwrap_or_default();
        let hold = hold.split("\n\n").next().unwrap_or_default();
        assert!(
            hold.contains("?s,music)") && hold.contains("?end:s,music)"),
            "{hold}"
        );
    }

    #[test]
    fn extension_cannot_write_configuration() {
        assert_eq!(
            asterisk_config("101]\nwrite = all", Flavour::Plain),
            "",
            "the text is copied by an administrator"
        );
    }
}
