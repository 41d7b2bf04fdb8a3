//! The entries of a timeline by kind, and stretches of them.

use flowcheck_evidence::{
    Act, AuthorizeCall, Entry, Event, Evidence, Exchange, Facts, Hop, Mail, Page, Probe, Search, StepMark, TokenCall,
};

use super::api_request::ApiRequest;
use super::at::At;

/// All entries of one timeline, and each kind of them by itself, in order.
#[derive(Debug)]
pub(crate) struct Timeline<'a> {
    /// What was recorded.
    pub(crate) evidence: &'a Evidence,
    acts: Vec<At<'a, Act>>,
    pages: Vec<At<'a, Page>>,
    hops: Vec<At<'a, Hop>>,
    steps: Vec<At<'a, StepMark>>,
    probes: Vec<At<'a, Probe>>,
    searches: Vec<At<'a, Search>>,
    exchanges: Vec<At<'a, Exchange>>,
    authorize_calls: Vec<At<'a, AuthorizeCall>>,
    token_calls: Vec<At<'a, TokenCall>>,
    api_calls: Vec<ApiRequest<'a>>,
}

impl<'a> Timeline<'a> {
    /// Reads a timeline.
    pub(crate) fn read(evidence: &'a Evidence) -> Self {
        let mut timeline = Self {
            evidence,
            acts: Vec::new(),
            pages: Vec::new(),
            hops: Vec::new(),
            steps: Vec::new(),
            probes: Vec::new(),
            searches: Vec::new(),
            exchanges: Vec::new(),
            authorize_calls: Vec::new(),
            token_calls: Vec::new(),
            api_calls: Vec::new(),
        };
        for Entry { seq, at_ms, event } in &evidence.timeline {
            let (seq, at_ms) = (*seq, *at_ms);
            match event {
                Event::Act(it) => timeline.acts.push(At { seq, time_ms: at_ms, it }),
                Event::Page(page) => timeline.pages.push(At { seq, time_ms: at_ms, it: page.as_ref() }),
                Event::Hop(it) => timeline.hops.push(At { seq, time_ms: at_ms, it }),
                Event::Step(it) => timeline.steps.push(At { seq, time_ms: at_ms, it }),
                Event::Probe(it) => timeline.probes.push(At { seq, time_ms: at_ms, it }),
                Event::Search(it) => timeline.searches.push(At { seq, time_ms: at_ms, it }),
                Event::Exchange(exchange) => timeline.add_exchange(At { seq, time_ms: at_ms, it: exchange.as_ref() }),
                _ => {}
            }
        }
        timeline
    }

    fn add_exchange(&mut self, exchange: At<'a, Exchange>) {
        self.exchanges.push(exchange);
        match &exchange.it.facts {
            Facts::Authorize(call) => self.authorize_calls.push(exchange.part(call)),
            Facts::Token(call) => self.token_calls.push(exchange.part(call)),
            Facts::Api(facts) => {
                let At { seq, time_ms: at_ms, it: exchange } = exchange;
                self.api_calls.push(ApiRequest { seq, at_ms, exchange, facts });
            }
            _ => {}
        }
    }

    /// The whole timeline.
    pub(crate) fn whole(&self) -> Window<'_> {
        Window { timeline: self, from: 0, to: u32::MAX }
    }
}

/// A stretch of a timeline.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    timeline: &'a Timeline<'a>,
    /// The first position in it.
    from: u32,
    /// The first position after it.
    to: u32,
}

impl<'a> Window<'a> {
    /// The part of it from a position on, with that position.
    pub(crate) fn since(self, seq: u32) -> Self {
        Self { from: self.from.max(seq), ..self }
    }

    /// The part of it after a position.
    pub(crate) fn after(self, seq: u32) -> Self {
        self.since(seq.saturating_add(1))
    }

    /// The part of it before a position.
    pub(crate) fn before(self, seq: u32) -> Self {
        Self { to: self.to.min(seq), ..self }
    }

    /// Its entries, of every kind.
    pub(crate) fn entries(self) -> &'a [Entry] {
        self.part(&self.timeline.evidence.timeline, |entry| entry.seq)
    }

    /// What the user did.
    pub(crate) fn acts(self) -> impl DoubleEndedIterator<Item = At<'a, Act>> {
        self.part(&self.timeline.acts, |act| act.seq).iter().copied()
    }

    /// The pages that the user saw.
    pub(crate) fn pages(self) -> impl DoubleEndedIterator<Item = At<'a, Page>> {
        self.part(&self.timeline.pages, |page| page.seq).iter().copied()
    }

    /// The mails that the app sent, each with its place on the timeline.
    pub(crate) fn mails(self) -> impl DoubleEndedIterator<Item = (u32, &'a Mail)> {
        self.entries().iter().filter_map(|entry| match &entry.event {
            Event::Mail(mail) => Some((entry.seq, mail.as_ref())),
            _ => None,
        })
    }

    /// The documents that the browser asked for.
    pub(crate) fn hops(self) -> impl DoubleEndedIterator<Item = At<'a, Hop>> {
        self.part(&self.timeline.hops, |hop| hop.seq).iter().copied()
    }

    /// The beginnings and ends of steps.
    pub(crate) fn steps(self) -> impl DoubleEndedIterator<Item = At<'a, StepMark>> {
        self.part(&self.timeline.steps, |mark| mark.seq).iter().copied()
    }

    /// The hostile inputs that the callback was given.
    pub(crate) fn probes(self) -> impl DoubleEndedIterator<Item = At<'a, Probe>> {
        self.part(&self.timeline.probes, |probe| probe.seq).iter().copied()
    }

    /// The searches of the browser for secrets.
    pub(crate) fn searches(self) -> impl DoubleEndedIterator<Item = At<'a, Search>> {
        self.part(&self.timeline.searches, |search| search.seq).iter().copied()
    }

    /// The exchanges with Klaviyo.
    pub(crate) fn exchanges(self) -> impl DoubleEndedIterator<Item = At<'a, Exchange>> {
        self.part(&self.timeline.exchanges, |exchange| exchange.seq).iter().copied()
    }

    /// The authorization requests.
    pub(crate) fn authorize_calls(self) -> impl DoubleEndedIterator<Item = At<'a, AuthorizeCall>> {
        self.part(&self.timeline.authorize_calls, |call| call.seq).iter().copied()
    }

    /// The token requests.
    pub(crate) fn token_calls(self) -> impl DoubleEndedIterator<Item = At<'a, TokenCall>> {
        self.part(&self.timeline.token_calls, |call| call.seq).iter().copied()
    }

    /// The calls of the API.
    pub(crate) fn api_calls(self) -> impl DoubleEndedIterator<Item = ApiRequest<'a>> {
        self.part(&self.timeline.api_calls, |call| call.seq).iter().copied()
    }

    fn part<T>(self, all: &'a [T], seq: impl Fn(&T) -> u32) -> &'a [T] {
        let from = all.partition_point(|one| seq(one) < self.from);
        let to = all.partition_point(|one| seq(one) < self.to);
        all.get(from..to).unwrap_or_default()
    }
}
