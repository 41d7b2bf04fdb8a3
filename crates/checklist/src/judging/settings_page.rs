//! Whether the app's settings page was where it was looked for.

use flowcheck_evidence::{Declared, Page, PageKind};

use super::install_state::shows;
use crate::flow::Flow;
use crate::verdict::{Blame, Finding};

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
