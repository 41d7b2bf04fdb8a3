//! Whether the app's settings page was where it was looked for.

use flowcheck_evidence::{Declared, Page, PageKind, PagePart, StepPhase, StepProblem};

use super::install_state::shows;
use crate::flow::Flow;
use crate::verdict::{Blame, Finding, Value, Verdict, statement};

/// Whether the page that shows the state is not known: `flowcheck.yaml` does not name it, and no page was found that shows it.
pub(crate) fn is_not_found(flow: &Flow<'_>) -> bool {
    let of_callback = |page: &Page| {
        let bare = |address: &str| address.split(['?', '#']).next().unwrap_or_default().to_owned();
        flow.setup.app.redirect_uris.iter().any(|uri| bare(uri) == bare(&page.url))
    };
    let tells = |page: &Page| shows(page, PageKind::Installed) || shows(page, PageKind::NotInstalled);
    flow.setup.app.settings == Declared::Nothing
        && !flow.events.pages().any(|page| tells(page.it) && !of_callback(page.it))
}

/// A failure of what the settings page should have had; the configuration's, where that page is not known.
pub(crate) fn or_not_found(finding: Finding, flow: &Flow<'_>) -> Finding {
    if !is_not_found(flow) {
        return finding;
    }
    let likely = "flowcheck.yaml does not name the page, and none was found from the app's home: add `pages.settings`, or \
                  `pages: { none: REASON }` where the app has no such page";
    finding.likely(likely).blame(Blame::Config)
}

/// Left to a person, where a control was not found for sure, and the page may have it.
pub(crate) fn unsure_of(flow: &Flow<'_>, wanted: PagePart, expected: &'static str) -> Option<Verdict> {
    let (seq, doubt) = flow.events.steps().find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(StepProblem::PartNotFound { part, doubt: Some(doubt), .. }) if *part == wanted => {
            Some((mark.seq, doubt))
        }
        _ => None,
    })?;
    let saw = statement!("no control that surely is Klaviyo's: {doubt}", doubt = Value::text(doubt));
    let likely = statement!(
        "look at the page by hand; `{part}` in flowcheck.yaml can name the control",
        part = Value::name(wanted.to_string())
    );
    let page = flow.events.before(seq).pages().next_back();
    Some(Verdict::Review(Finding::app(expected, saw).likely(likely).at(page.map_or(seq, |page| page.seq))))
}
