//! What happened in one scenario, as judges see it.

use flowcheck_evidence::{AppEvent, Event, Purpose, Setup, Start};

use super::address::{foreign_host, is_below};
use super::at::At;
use super::attempt::Attempt;
use super::timeline::{Timeline, Window};

/// What happened in one scenario: its setup, everything that was seen, the attempts at installing, and the app's incidents.
#[derive(Debug)]
pub(crate) struct Flow<'a> {
    /// What was arranged before the first step.
    pub(crate) setup: &'a Setup,
    /// Everything that was seen.
    pub(crate) events: Window<'a>,
    /// All attempts at installing, in order.
    pub(crate) attempts: Vec<Attempt<'a>>,
    /// What the app got into by itself: it ended, hung, called without end, or limited logins.
    pub(crate) incidents: Vec<At<'a, AppEvent>>,
}

impl<'a> Flow<'a> {
    /// Puts together what a timeline tells.
    pub(crate) fn of(timeline: &'a Timeline<'a>) -> Self {
        let setup = &timeline.evidence.setup;
        let events = timeline.whole();
        let starts: Vec<(u32, Start)> = events
            .acts()
            .filter_map(|act| match act.it.purpose {
                Purpose::StartInstall(start) => Some((act.seq, start)),
                _ => None,
            })
            .collect();
        let ends = starts.iter().skip(1).map(|(seq, _)| *seq).chain([u32::MAX]);
        let attempts = starts
            .iter()
            .zip(ends)
            .map(|(&(began, start), end)| Attempt::read(start, began, events.since(began).before(end), setup))
            .collect();
        let incidents = timeline.evidence.timeline.iter().filter_map(|entry| match &entry.event {
            // That another host did not answer is nothing that the app got into.
            Event::App(
                AppEvent::Stalled { url, .. } | AppEvent::BlockedTab { url } | AppEvent::CrashedTab { url, .. },
            ) if is_anothers(url, setup) => None,
            Event::App(event) if event.is_incident() => Some(At { seq: entry.seq, time_ms: entry.at_ms, it: event }),
            _ => None,
        });
        Self { setup, events, attempts, incidents: incidents.collect() }
    }

    /// The first attempt that was started on the app's listing at Klaviyo.
    pub(crate) fn first_from_klaviyo(&self) -> Option<&Attempt<'a>> {
        self.attempts.iter().find(|attempt| attempt.start == Start::Klaviyo)
    }

    /// The first attempt that was started after a position.
    pub(crate) fn attempt_after(&self, seq: u32) -> Option<&Attempt<'a>> {
        self.attempts.iter().find(|attempt| attempt.began > seq)
    }

    /// The attempts up to a position, and those after it.
    pub(crate) fn attempts_around(&self, seq: u32) -> (&[Attempt<'a>], &[Attempt<'a>]) {
        self.attempts.split_at(self.attempts.partition_point(|attempt| attempt.began <= seq))
    }
}

/// Whether an address is of a host that is none of the app's: one elsewhere, or the platform that the app lives in.
fn is_anothers(url: &str, setup: &Setup) -> bool {
    foreign_host(url, setup).is_some() || setup.app.host.as_ref().is_some_and(|host| is_below(url, &host.url))
}
