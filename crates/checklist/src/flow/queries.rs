//! Questions about a stretch of the timeline that several judges ask.

use flowcheck_evidence::{Entry, Event, Page, Place, Purpose, StepMark, StepPhase, StepProblem, TokenCall};

use super::at::At;
use super::timeline::Window;

impl<'a> Window<'a> {
    /// The first end of a step after a position. Only with it does it mean something that more was not seen.
    pub(crate) fn ended_after(self, seq: u32) -> Option<At<'a, StepMark>> {
        self.after(seq).steps().find(|mark| mark.it.phase != StepPhase::Began)
    }

    /// What was seen from a position to the end of the step it is in, and whether that end was seen.
    pub(crate) fn rest_of_step(self, seq: u32) -> (Self, bool) {
        let rest = self.after(seq);
        match self.ended_after(seq) {
            Some(end) => (rest.before(end.seq), true),
            None => (rest, false),
        }
    }

    /// The first step after a position that could not be done, with the reason.
    pub(crate) fn failed_after(self, seq: u32) -> Option<At<'a, StepProblem>> {
        self.after(seq).steps().find_map(|mark| match &mark.it.phase {
            StepPhase::Failed(why) => Some(mark.part(why)),
            _ => None,
        })
    }

    /// Where the step began in which something happened; 0 where none had begun.
    pub(crate) fn step_began(self, seq: u32) -> u32 {
        let began = self.before(seq.saturating_add(1)).steps().rfind(|mark| mark.it.phase == StepPhase::Began);
        began.map_or(0, |mark| mark.seq)
    }

    /// Its parts, cut where a step begins and where the user acts: each gives the app something to do.
    pub(crate) fn split_at_acts(self) -> impl Iterator<Item = Self> {
        let gives_work = |entry: &&Entry| match &entry.event {
            Event::Step(mark) => mark.phase == StepPhase::Began,
            event => matches!(event, Event::Act(_)),
        };
        let began: Vec<u32> = self.entries().iter().filter(gives_work).map(|entry| entry.seq).collect();
        let ends = began.clone().into_iter().chain([u32::MAX]);
        [0].into_iter().chain(began).zip(ends).map(move |(from, to)| self.since(from).before(to))
    }

    /// The token requests that show a code.
    pub(crate) fn code_exchanges(self) -> impl DoubleEndedIterator<Item = At<'a, TokenCall>> {
        self.token_calls().filter(|call| call.it.grant_type.as_deref() == Some("authorization_code"))
    }

    /// Where the next installation is started.
    pub(crate) fn next_start(self) -> Option<u32> {
        self.acts().find(|act| matches!(act.it.purpose, Purpose::StartInstall(_))).map(|act| act.seq)
    }

    /// The pages that the user went to see at a place: for each look, the last page of its step, or before the next look.
    pub(crate) fn looks(self, at: impl Fn(&Place) -> bool) -> Vec<At<'a, Page>> {
        self.acts()
            .filter(|act| matches!(&act.it.purpose, Purpose::Look(place) if at(place)))
            .filter_map(|look| {
                let ended = self.ended_after(look.seq).map(|mark| mark.seq);
                let mut later = self.after(look.seq).acts();
                let next = later.find(|act| matches!(act.it.purpose, Purpose::Look(_))).map(|act| act.seq);
                // Until the look is over, the page in front of the user may be one on the way there, such as a login form.
                let over = [ended, next].into_iter().flatten().min()?;
                self.after(look.seq).before(over).pages().next_back()
            })
            .collect()
    }
}
