//! A place where the path to Klaviyo stopped and the user had to do something.

use flowcheck_evidence::{Act, Page, PageKind, Purpose, Setup, TokenOutcome};

use super::not_run::cut_short;
use crate::attribution::callback_fault::CallbackAnswer;
use crate::flow::{At, Attempt, Flow, foreign_host, place};
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// A place where the path stopped and the user had to do something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop<'a> {
    /// The page in front of the user.
    pub(crate) page: Option<At<'a, Page>>,
    /// What the user did there; none where nothing could be done.
    pub(crate) act: Option<At<'a, Act>>,
}

impl<'a> Stop<'a> {
    /// A page at which the user could only stop.
    pub(crate) fn at_rest(page: At<'a, Page>) -> Self {
        Self { page: Some(page), act: None }
    }

    /// The last page of an attempt; with an act that the user should not have needed, the last before it.
    pub(crate) fn last_page(attempt: &Attempt<'a>, before: Option<At<'_, Act>>) -> Self {
        let seen = attempt.events.before(before.map_or(u32::MAX, |act| act.seq));
        Self { page: seen.pages().next_back(), act: None }
    }

    /// Status of the page's document.
    pub(crate) fn status(&self) -> Option<u16> {
        self.page.and_then(|page| page.it.status)
    }

    /// What the page is.
    pub(crate) fn kind(&self) -> Option<PageKind> {
        self.page.map(|page| page.it.kind)
    }

    /// Where it was, in words.
    pub(crate) fn words(&self, setup: &Setup) -> Statement {
        let Some(page) = self.page else { return "no page at all".into() };
        let place = place(page.it, setup);
        match page.it.kind {
            PageKind::BrowserError if page.it.frame.is_some() => {
                statement!("a frame at {place} whose page the browser refuses to show", place)
            }
            PageKind::BrowserError => {
                if let Some(host) = foreign_host(&page.it.url, setup) {
                    let host = Value::name(host);
                    statement!("the browser's error page at {place}: {host} could not be reached", place, host)
                } else {
                    statement!("the browser's error page at {place}: the app did not answer", place)
                }
            }
            PageKind::Login => statement!("a login form at {place}", place),
            PageKind::Error => {
                statement!("an error at {place}: \"{headline}\"", place, headline = Value::text(page.it.headline()))
            }
            PageKind::KlaviyoConsent => "Klaviyo's consent page".into(),
            PageKind::KlaviyoLogin => "Klaviyo's login page".into(),
            PageKind::KlaviyoAccounts => "Klaviyo's choice of accounts".into(),
            PageKind::KlaviyoError => {
                statement!("Klaviyo's error page: \"{headline}\"", headline = Value::text(page.it.headline()))
            }
            _ => statement!(
                "stopped at {place} (\"{headline}\"), which waits for the user",
                place,
                headline = Value::text(page.it.headline())
            ),
        }
    }

    /// Its position on the timeline.
    pub(crate) fn seq(&self) -> u32 {
        self.page.map_or_else(|| self.act.map_or(0, |act| act.seq), |page| page.seq)
    }
}

/// The first place on the path after a position where the user did something that is not allowed, or was stuck. An error with
/// the verdict, where the evidence ends before it shows whether there is such a place.
pub(crate) fn first_stop<'a>(
    flow: &Flow<'_>,
    attempt: &Attempt<'a>,
    after: u32,
    allowed: impl Fn(&Purpose) -> bool,
) -> Result<Option<Stop<'a>>, Verdict> {
    let path = attempt.path_to_klaviyo();
    let undue = path.after(after).acts().find(|act| !allowed(&act.it.purpose));
    match undue {
        Some(act) => Ok(Some(Stop { page: path.before(act.seq).pages().next_back(), act: Some(act) })),
        None if attempt.reached_klaviyo().is_some() => Ok(None),
        None if attempt.path_is_over() => Ok(Some(Stop { page: path.pages().next_back(), act: None })),
        None => Err(cut_short(flow, "the way to Klaviyo's OAuth page was seen to its end")),
    }
}

/// What counts against an attempt that was allowed and got no tokens.
pub(crate) fn no_tokens(attempt: &Attempt<'_>, setup: &Setup) -> Finding {
    let refused = attempt.events.token_calls().find_map(|call| match &call.it.outcome {
        TokenOutcome::Refused { error, reason } => Some((call.seq, error, reason)),
        TokenOutcome::Issued { .. } => None,
    });
    let landing = attempt.landing(&Purpose::Allow).map_or(0, |page| page.seq);
    let (seq, saw, likely) = if let Some((seq, error, reason)) = refused {
        (
            seq,
            statement!("the token request refused with {error}", error = Value::name(error)),
            statement!("Klaviyo's reason: {reason}", reason = Value::text(reason)),
        )
    } else {
        let answer = attempt.callback_answer().and_then(|hop| CallbackAnswer::of(hop.it, setup));
        let saw = match answer {
            Some(answer) => statement!("the callback {answer}, without a token request", answer = answer.words()),
            None => "no token request after the user allowed".into(),
        };
        (landing, saw, "the callback stops before it exchanges the code".into())
    };
    Finding::app("the code exchanged for tokens", saw).hops(attempt.hop_lines(landing.max(seq))).likely(likely).at(seq)
}
