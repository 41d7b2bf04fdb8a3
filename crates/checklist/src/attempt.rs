//! An attempt at installing: its way, where it stopped, what was decided, what came of it.

use super::kind::twin;
use super::not_run::cut_short;
use super::view::{
    At, acts, authorize_calls, ended_after, exchanges, has_ended, pages, place, short, steps, token_calls,
};
use super::{Finding, HopLine, Verdict};
use flowcheck_evidence::{
    Act, AuthorizeCall, DecisionCall, Entry, Event, Evidence, Facts, FaultTarget, Hop, KlaviyoEvent, Page, PageKind,
    Purpose, SignInState, Start, StepMark, StepPhase, TokenCall, TokenOutcome, UninstalledBy,
};

/// Hops that a failure lists; more would bury the point.
const MOST_HOPS: usize = 10;

/// One attempt at installing: from its start to the start of the next, or to the end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) start: Start,
    pub(super) entries: &'a [Entry],
    pub(super) evidence: &'a Evidence,
}

/// A place where the way stopped and the user had to do something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop<'a> {
    pub(super) page: Option<At<'a, Page>>,
    /// What the user did there; none where nothing could be done.
    pub(super) act: Option<At<'a, Act>>,
}

/// All attempts, in order.
pub(super) fn attempts(evidence: &Evidence) -> Vec<Attempt<'_>> {
    let timeline = &evidence.timeline;
    let starts: Vec<(usize, Start)> = timeline
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| match &entry.event {
            Event::Act(Act { purpose: Purpose::StartInstall(start), .. }) => Some((index, *start)),
            _ => None,
        })
        .collect();
    let ends = starts.iter().skip(1).map(|(index, _)| *index).chain([timeline.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&(from, start), to)| Attempt { start, entries: &timeline[from..to], evidence })
        .collect()
}

impl<'a> Attempt<'a> {
    /// Where it was decided: the seq of Allow or Deny.
    pub(super) fn decided(&self, purpose: &Purpose) -> Option<u32> {
        acts(self.entries).find(|act| act.it.purpose == *purpose).map(|act| act.seq)
    }

    /// Where it reached Klaviyo's OAuth page, which begins with Klaviyo's own login where needed.
    pub(super) fn reached_klaviyo(&self) -> Option<u32> {
        pages(self.entries)
            .find(|page| {
                matches!(page.it.kind, PageKind::KlaviyoConsent | PageKind::KlaviyoLogin | PageKind::KlaviyoAccounts)
            })
            .map(|page| page.seq)
    }

    /// The entries on the way to Klaviyo; all that there are where it never got there, up to the next step.
    pub(super) fn way(&self) -> &'a [Entry] {
        let end = self.reached_klaviyo().map_or_else(
            || self.entries.iter().position(|entry| matches!(&entry.event, Event::Step(mark) if has_ended(mark))),
            |seq| self.entries.iter().position(|entry| entry.seq == seq),
        );
        &self.entries[..end.unwrap_or(self.entries.len())]
    }

    /// Whether the way to Klaviyo is over: it was reached, or the step that went there has ended without.
    pub(super) fn way_is_over(&self) -> bool {
        self.reached_klaviyo().is_some() || ended_after(self.entries, 0).is_some()
    }

    /// Whether nothing more is to come of it: the user's decision and what followed were seen to the end, or a step could not
    /// be done.
    pub(super) fn is_over(&self) -> bool {
        let stuck = |mark: &StepMark| matches!(mark.phase, StepPhase::Failed(_) | StepPhase::Skipped(_));
        let decided = [Purpose::Allow, Purpose::Deny].iter().filter_map(|purpose| self.decided(purpose)).max();
        decided.is_some_and(|seq| ended_after(self.entries, seq).is_some())
            || steps(self.entries).any(|mark| stuck(mark.it))
    }

    /// The first place on the way, from `after` on, where the user did something that `allowed` does not allow, or was stuck.
    /// The verdict instead, where the evidence ends before it shows whether there is such a place.
    pub(super) fn first_stop(
        &self,
        after: u32,
        allowed: impl Fn(&Purpose) -> bool,
    ) -> Result<Option<Stop<'a>>, Verdict> {
        let way = self.way();
        let undue = acts(way).find(|act| act.seq > after && !allowed(&act.it.purpose));
        match undue {
            Some(act) => {
                let page = pages(way).take_while(|page| page.seq < act.seq).last();
                Ok(Some(Stop { page, act: Some(act) }))
            }
            None if self.reached_klaviyo().is_some() => Ok(None),
            None if self.way_is_over() => Ok(Some(Stop { page: pages(way).last(), act: None })),
            None => Err(cut_short(self.evidence, "the way to Klaviyo's OAuth page was seen to its end")),
        }
    }

    /// Not run, because nothing was decided on the consent page: it was not reached, or the evidence ends before.
    pub(super) fn undecided(&self) -> Verdict {
        if self.way_is_over() && self.reached_klaviyo().is_none() {
            if self.waits_for_host() {
                return Verdict::not_run("the app was yet to be installed on the host platform");
            }
            Verdict::blocked_by(self.blocker(), "the consent page was not reached")
        } else {
            cut_short(self.evidence, "the user decided on the consent page")
        }
    }

    /// Whether it was made before the user installed the app on the host platform, as told to.
    fn waits_for_host(&self) -> bool {
        let first = self.entries.first().map_or(0, |entry| entry.seq);
        let user = self.evidence.setup.users.first();
        user.is_some_and(|user| user.sign_in_state == SignInState::NotOnHost)
            && !acts(&self.evidence.timeline).any(|act| act.seq < first && act.it.purpose == Purpose::InstallOnHost)
    }

    /// Acts of a persistent user that the checklist does not foresee.
    pub(super) fn ways_around(&self) -> impl Iterator<Item = At<'a, Act>> {
        acts(self.entries).filter(|act| matches!(act.it.purpose, Purpose::Recover(_) | Purpose::StartAnew(_)))
    }

    /// The code exchange that gave tokens.
    pub(super) fn issued(&self) -> Option<At<'a, TokenCall>> {
        token_calls(self.entries).find(|call| {
            call.it.grant_type.as_deref() == Some("authorization_code")
                && matches!(call.it.outcome, TokenOutcome::Issued { .. })
        })
    }

    /// The page the app showed after the decision, before the user did anything else but getting around.
    pub(super) fn landing(&self, decision: &Purpose) -> Option<At<'a, Page>> {
        let decided = self.decided(decision)?;
        let left = acts(self.entries)
            .find(|act| act.seq > decided && !matches!(act.it.purpose, Purpose::Recover(_)))
            .map_or(u32::MAX, |act| act.seq);
        pages(self.entries).filter(|page| page.seq > decided && page.seq < left).last()
    }

    /// The user's decision as Klaviyo took it.
    pub(super) fn decision(&self) -> Option<At<'a, DecisionCall>> {
        exchanges(self.entries).find_map(|(exchange, _)| match &exchange.it.facts {
            Facts::Decision(call) => Some(At { seq: exchange.seq, it: call }),
            _ => None,
        })
    }

    /// Its authorization requests.
    pub(super) fn authorize_calls(&self) -> impl Iterator<Item = At<'a, AuthorizeCall>> {
        authorize_calls(self.entries)
    }

    /// The hops up to and with a place on the timeline, as a failure lists them.
    pub(super) fn hop_lines(&self, until: u32) -> Vec<HopLine> {
        let hops = self.entries.iter().filter(|entry| entry.seq <= until).filter_map(|entry| match &entry.event {
            Event::Hop(hop) => Some(hop),
            _ => None,
        });
        let lines: Vec<HopLine> = hops.map(|hop| hop_line(hop, self.evidence)).collect();
        let surplus = lines.len().saturating_sub(MOST_HOPS);
        lines.into_iter().skip(surplus).collect()
    }

    /// The item that has failed when this attempt did not reach consent.
    pub(super) fn blocker(&self) -> &'static str {
        let user = self.evidence.setup.users.first();
        if let Some(item) = self.again() {
            return item;
        }
        let item = match (self.start, user.map(|user| user.sign_in_state)) {
            (_, Some(SignInState::NotOnHost)) => "embedded.not-installed.resumes",
            (Start::App, _) => "install.from-app",
            (Start::Message, _) => "error.expired.link",
            (Start::Notice, _) => "scope.forbidden.link",
            (Start::KlaviyoSubdomain, _) => "install.any-klaviyo-host",
            _ if user.is_some_and(|user| user.tenants.len() > 1) => "install.tenant.resumes",
            (_, Some(SignInState::SignedOut)) => "install.signed-out.resumes",
            (_, Some(SignInState::NoAccount)) => "install.no-account.resumes",
            (_, Some(SignInState::SignedIn) | None) => "install.signed-in.direct",
        };
        twin(self.evidence, item)
    }

    /// The item that an attempt after an earlier one is there for, by what became of that one.
    fn again(&self) -> Option<&'static str> {
        let first = self.entries.first()?.seq;
        let before = self.evidence.timeline.iter().take_while(|entry| entry.seq < first);
        before
            .filter_map(|entry| match &entry.event {
                Event::Klaviyo(KlaviyoEvent::Uninstalled { by: UninstalledBy::Klaviyo, .. }) => {
                    Some("uninstall.klaviyo.reinstall")
                }
                Event::Act(Act { purpose: Purpose::Disconnect { control: true, .. }, .. }) => {
                    Some("uninstall.app.reinstall")
                }
                Event::Act(Act { purpose: Purpose::Deny, .. }) => Some("error.denied.retry"),
                Event::Act(Act { purpose: Purpose::Callback(_), .. }) => Some("oauth.state.checked"),
                Event::Klaviyo(KlaviyoEvent::FaultApplied(fault)) if fault.on == FaultTarget::Token => {
                    Some("oauth.unavailable")
                }
                Event::Exchange(exchange) => match &exchange.facts {
                    Facts::Decision(call) if call.code_expired => Some("error.expired.retry"),
                    _ => None,
                },
                _ => None,
            })
            .last()
    }
}

impl<'a> Stop<'a> {
    /// A page at which the user could only stop.
    pub(super) fn at_rest(page: At<'a, Page>) -> Self {
        Self { page: Some(page), act: None }
    }

    /// Status of the page's document.
    pub(super) fn status(&self) -> Option<u16> {
        self.page.and_then(|page| page.it.status)
    }

    /// What the page is.
    pub(super) fn kind(&self) -> Option<PageKind> {
        self.page.map(|page| page.it.kind)
    }

    /// Where it was, in words.
    pub(super) fn words(&self, evidence: &Evidence) -> String {
        let Some(page) = self.page else { return "no page at all".to_owned() };
        let place = place(page.it, evidence);
        match page.it.kind {
            PageKind::BrowserError if page.it.frame.is_some() => {
                format!("a frame at {place} whose page the browser refuses to show")
            }
            PageKind::BrowserError => format!("the browser's error page at {place}: the app did not answer"),
            PageKind::Login => format!("a login form at {place}"),
            PageKind::Error => format!("an error at {place}: \"{}\"", page.it.headline()),
            PageKind::KlaviyoConsent => "Klaviyo's consent page".to_owned(),
            PageKind::KlaviyoLogin => "Klaviyo's login page".to_owned(),
            PageKind::KlaviyoAccounts => "Klaviyo's choice of accounts".to_owned(),
            PageKind::KlaviyoError => format!("Klaviyo's error page: \"{}\"", page.it.headline()),
            _ => format!("stopped at {place} (\"{}\"), which waits for the user", page.it.headline()),
        }
    }

    pub(super) fn seq(&self) -> u32 {
        self.page.map_or_else(|| self.act.map_or(0, |act| act.seq), |page| page.seq)
    }
}

/// What stands against an attempt that was allowed and got no tokens.
pub(super) fn no_tokens(attempt: &Attempt<'_>) -> Finding {
    let refused = token_calls(attempt.entries).find_map(|call| match &call.it.outcome {
        TokenOutcome::Refused { error, reason } => Some((call.seq, error, reason)),
        TokenOutcome::Issued { .. } => None,
    });
    let landing = attempt.landing(&Purpose::Allow).map_or(0, |page| page.seq);
    let (seq, saw, likely) = match refused {
        Some((seq, error, reason)) => {
            (seq, format!("the token request refused with {error}"), format!("Klaviyo's reason: {reason}"))
        }
        None => (
            landing,
            "no token request after the user allowed".to_owned(),
            "the callback stops before it exchanges the code".to_owned(),
        ),
    };
    Finding::app("the code exchanged for tokens", saw).hops(attempt.hop_lines(landing.max(seq))).likely(likely).at(seq)
}

fn hop_line(hop: &Hop, evidence: &Evidence) -> HopLine {
    let what = short(&hop.url, evidence);
    let method =
        if hop.method.is_empty() || hop.method == "GET" { String::new() } else { format!(" ({})", hop.method) };
    HopLine {
        status: hop.status,
        what: format!("{what}{method}"),
        to: hop.location.as_deref().map(|location| short(location, evidence)).or_else(|| hop.error.clone()),
    }
}
