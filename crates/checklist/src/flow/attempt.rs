//! An attempt at installing: its path to Klaviyo, what was decided there, and what came of it.

use flowcheck_evidence::{
    Act, AuthorizeCall, DecisionCall, Facts, Hop, Page, PageKind, Purpose, Setup, Start, StepPhase, TokenCall,
    TokenOutcome,
};

use super::address::short;
use super::at::At;
use super::timeline::Window;
use crate::verdict::HopLine;

/// Hops that a failure lists; more would bury the point.
const MOST_HOPS: usize = 10;

/// One attempt at installing: from its start to the start of the next, or to the end.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    /// Where it was started.
    pub(crate) start: Start,
    /// Position of the act that started it.
    pub(crate) began: u32,
    /// Everything that was seen during it.
    pub(crate) events: Window<'a>,
    /// Where it reached Klaviyo's OAuth page, which begins with Klaviyo's own login where needed.
    reached_klaviyo: Option<u32>,
    /// The user's decision as Klaviyo took it.
    decision: Option<At<'a, DecisionCall>>,
    /// The code exchange that gave tokens.
    issued: Option<At<'a, TokenCall>>,
    setup: &'a Setup,
}

impl<'a> Attempt<'a> {
    /// Reads an attempt from what was seen during it.
    pub(super) fn read(start: Start, began: u32, events: Window<'a>, setup: &'a Setup) -> Self {
        let of_klaviyo = |page: &At<'_, Page>| {
            matches!(page.it.kind, PageKind::KlaviyoConsent | PageKind::KlaviyoLogin | PageKind::KlaviyoAccounts)
        };
        let decision = events.exchanges().find_map(|exchange| match &exchange.it.facts {
            Facts::Decision(call) => Some(exchange.part(call)),
            _ => None,
        });
        let issued = |call: &At<'_, TokenCall>| matches!(call.it.outcome, TokenOutcome::Issued { .. });
        Self {
            start,
            began,
            events,
            reached_klaviyo: events.pages().find(of_klaviyo).map(|page| page.seq),
            decision,
            issued: events.code_exchanges().find(issued),
            setup,
        }
    }

    /// Where it was decided: the position of Allow or Deny.
    pub(crate) fn decided(&self, purpose: &Purpose) -> Option<u32> {
        self.events.acts().find(|act| act.it.purpose == *purpose).map(|act| act.seq)
    }

    /// Where it reached Klaviyo's OAuth page, which begins with Klaviyo's own login where needed.
    pub(crate) fn reached_klaviyo(&self) -> Option<u32> {
        self.reached_klaviyo
    }

    /// The path to Klaviyo, up to the next step; the whole path where Klaviyo was not reached.
    pub(crate) fn path_to_klaviyo(&self) -> Window<'a> {
        let end = self.reached_klaviyo.or_else(|| self.events.ended_after(0).map(|mark| mark.seq));
        self.events.before(end.unwrap_or(u32::MAX))
    }

    /// Whether the path to Klaviyo is over: Klaviyo was reached, or the step that should lead there has ended.
    pub(crate) fn path_is_over(&self) -> bool {
        self.reached_klaviyo.is_some() || self.events.ended_after(0).is_some()
    }

    /// Whether it is over: the user's decision and what followed were seen to the end, or a step could not be done.
    pub(crate) fn is_over(&self) -> bool {
        let stuck = |phase: &StepPhase| matches!(phase, StepPhase::Failed(_) | StepPhase::Skipped(_));
        let decided = [Purpose::Allow, Purpose::Deny].iter().filter_map(|purpose| self.decided(purpose)).max();
        decided.is_some_and(|seq| self.events.ended_after(seq).is_some())
            || self.events.steps().any(|mark| stuck(&mark.it.phase))
    }

    /// Acts of a persistent user that the checklist does not foresee.
    pub(crate) fn unforeseen_acts(&self) -> impl Iterator<Item = At<'a, Act>> {
        self.events.acts().filter(|act| matches!(act.it.purpose, Purpose::Recover(_) | Purpose::StartAnew(_)))
    }

    /// The code exchange that gave tokens.
    pub(crate) fn issued(&self) -> Option<At<'a, TokenCall>> {
        self.issued
    }

    /// The page the app showed after the decision, before the user did anything else but getting around.
    pub(crate) fn landing(&self, decision: &Purpose) -> Option<At<'a, Page>> {
        let after = self.events.after(self.decided(decision)?);
        let left = after.acts().find(|act| !matches!(act.it.purpose, Purpose::Recover(_)));
        after.before(left.map_or(u32::MAX, |act| act.seq)).pages().next_back()
    }

    /// The user's decision as Klaviyo took it.
    pub(crate) fn decision(&self) -> Option<At<'a, DecisionCall>> {
        self.decision
    }

    /// The callback's own answer to Klaviyo's redirect after the decision.
    pub(crate) fn callback_answer(&self) -> Option<At<'a, Hop>> {
        let decided = self.decision?.seq;
        self.events.after(decided).hops().find(|hop| is_callback(&hop.it.url, self.setup))
    }

    /// Its authorization requests.
    pub(crate) fn authorize_calls(&self) -> impl DoubleEndedIterator<Item = At<'a, AuthorizeCall>> {
        self.events.authorize_calls()
    }

    /// The hops up to and with a position, as a failure lists them.
    pub(crate) fn hop_lines(&self, until: u32) -> Vec<HopLine> {
        let hops = self.events.before(until.saturating_add(1)).hops();
        let lines: Vec<HopLine> = hops.map(|hop| hop_line(hop.it, self.setup)).collect();
        let surplus = lines.len().saturating_sub(MOST_HOPS);
        lines.into_iter().skip(surplus).collect()
    }
}

/// Whether an address is that of one of the app's redirect URIs, whatever its query.
fn is_callback(url: &str, setup: &Setup) -> bool {
    let path = |url: &str| url.split(['?', '#']).next().unwrap_or(url).to_owned();
    setup.app.redirect_uris.iter().any(|uri| path(uri) == path(url))
}

fn hop_line(hop: &Hop, setup: &Setup) -> HopLine {
    let what = short(&hop.url, setup);
    let method =
        if hop.method.is_empty() || hop.method == "GET" { String::new() } else { format!(" ({})", hop.method) };
    HopLine {
        status: hop.status,
        what: format!("{what}{method}"),
        to: hop.location.as_deref().map(|location| short(location, setup)).or_else(|| hop.error.clone()),
    }
}
