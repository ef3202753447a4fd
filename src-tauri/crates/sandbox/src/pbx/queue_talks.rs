//! What queues say of their members: called, not answered, connected, done.

use std::time::Instant;

use super::dial::Dial;
use super::event::{Class, Event};
use super::exchange::Exchange;
use super::hangup::Ending;
use super::house::{self, Member};
use super::leg::LegId;
use super::queue::{Talk, seconds_now};

impl Exchange {
    pub(super) fn agent_did_not_answer(&mut self, caller: Option<LegId>, agent: LegId) {
        let Some(caller) = caller else { return };
        let Some(member) = self.member_at(agent, caller) else {
            return;
        };
        let rang = self
            .queues
            .waiting
            .iter()
            .find(|waiting| waiting.leg == caller)
            .map(|waiting| waiting.called_at);
        let milliseconds = rang.map_or(0, |at| at.elapsed().as_secs() * 1000);
        self.tell_agent(
            "AgentRingNoAnswer",
            (caller, agent, &member),
            &[("RingTime", &milliseconds.to_string())],
        );
    }

    pub(super) fn queue_answered(&mut self, dial: &Dial, agent: LegId) {
        let Some(caller) = dial.caller else { return };
        for other in &dial.open {
            self.tell_dial(
                "DialEnd",
                (Some(caller), *other),
                &[("DialStatus", "CANCEL")],
            );
            self.drop_target(*other, Ending::new(26));
        }
        self.tell_dial(
            "DialEnd",
            (Some(caller), agent),
            &[("DialStatus", "ANSWER")],
        );
        let party = self
            .legs
            .get(&agent)
            .map(|leg| leg.caller.clone())
            .unwrap_or_default();
        self.show(caller, &party);
        self.music_stops(caller);
        let member = self.member_at(agent, caller);
        let Some(index) = self
            .queues
            .waiting
            .iter()
            .position(|waiting| waiting.leg == caller)
        else {
            return;
        };
        let position = self
            .queues
            .position(caller, self.queues.waiting[index].queue);
        let waiting = self.queues.waiting.remove(index);
        self.tell_left(caller, waiting.queue, position);
        let (held, rang) = (
            waiting.since.elapsed().as_secs(),
            waiting.called_at.elapsed().as_secs(),
        );
        if let Some(member) = member {
            let times = [
                ("HoldTime", held.to_string()),
                ("RingTime", rang.to_string()),
            ];
            let times: Vec<(&str, &str)> = times
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            self.tell_agent("AgentConnect", (caller, agent, &member), &times);
            self.queues.talks.push(Talk {
                caller,
                agent,
                member,
                held_for: held,
                since: Instant::now(),
            });
        }
        self.connect(agent, caller, true);
    }

    /// A talk that came from a queue ends because of this leg.
    pub(super) fn agent_completes(&mut self, leg: LegId) {
        self.ends_queue_talk(leg, None);
    }

    /// The caller was sent on.
    pub(super) fn queue_talk_transferred(&mut self, leg: LegId) {
        self.ends_queue_talk(leg, Some("transfer"));
    }

    fn ends_queue_talk(&mut self, leg: LegId, reason: Option<&str>) {
        let talks = &mut self.queues.talks;
        let Some(index) = talks
            .iter()
            .position(|talk| talk.caller == leg || talk.agent == leg)
        else {
            return;
        };
        let talk = talks.remove(index);
        self.queues
            .taken
            .push((talk.member.interface, seconds_now()));
        let reason = reason.unwrap_or(if leg == talk.caller {
            "caller"
        } else {
            "agent"
        });
        self.tell_agent(
            "AgentComplete",
            (talk.caller, talk.agent, &talk.member),
            &[
                ("HoldTime", &talk.held_for.to_string()),
                ("TalkTime", &talk.since.elapsed().as_secs().to_string()),
                ("Reason", reason),
            ],
        );
    }

    pub(super) fn talks_in_queue(&self, leg: LegId) -> bool {
        self.queues.talks.iter().any(|talk| talk.caller == leg)
    }

    fn member_at(&self, agent: LegId, caller: LegId) -> Option<Member> {
        let queue = self
            .queues
            .waiting
            .iter()
            .find(|waiting| waiting.leg == caller)?
            .queue;
        let name = &self.legs.get(&agent)?.name;
        house::MEMBERS.into_iter().find(|member| {
            member.queue == queue && name.starts_with(member.interface.trim_end_matches("/n"))
        })
    }

    pub(super) fn tell_agent(
        &mut self,
        name: &'static str,
        (caller, agent, member): (LegId, LegId, &Member),
        more: &[(&str, &str)],
    ) {
        let (Some(caller), Some(agent)) = (self.legs.get(&caller), self.legs.get(&agent)) else {
            return;
        };
        let mut event = Event::new(name, Class::Agent)
            .leg("", caller)
            .leg("Dest", agent)
            .field("Queue", member.queue)
            .field("Interface", member.interface)
            .field("MemberName", member.name);
        for (key, value) in more {
            event = event.field(key, value);
        }
        self.say(event);
    }
}
