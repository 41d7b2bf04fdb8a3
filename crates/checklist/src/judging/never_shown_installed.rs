//! An app that does not show itself as installed when it is: that page proves nothing of what came later.

use flowcheck_evidence::{Page, PageKind, Purpose};

use super::install_state::shows;
use crate::flow::{At, Flow};
use crate::verdict::{Blame, Verdict};

/// The verdict on an item that rests on a page which shows no installation: blocked, where the app showed none to begin with.
pub(crate) fn unless_never_shown(item: &str, verdict: Verdict, flow: &Flow<'_>) -> Verdict {
    let (Verdict::Fail(finding) | Verdict::Review(finding)) = &verdict else { return verdict };
    let (Blame::App, Some(at)) = (finding.blame, finding.at) else { return verdict };
    let rests_on = flow.events.since(at).pages().next().filter(|page| page.seq == at);
    let denies = rests_on.is_some_and(|page| shows(page.it, PageKind::NotInstalled));
    if denies && item != "install.shown" { never_shown(flow, at).unwrap_or(verdict) } else { verdict }
}

/// Blocked, where the app showed itself as not installed right after it was, up to a place on the timeline.
pub(crate) fn never_shown(flow: &Flow<'_>, before: u32) -> Option<Verdict> {
    let installed = flow.attempts.iter().find(|attempt| attempt.issued().is_some_and(|issued| issued.seq < before))?;
    let landing = installed.landing(&Purpose::Allow)?;
    let tells = |page: &At<'_, Page>| shows(page.it, PageKind::Installed) || shows(page.it, PageKind::NotInstalled);
    // Where the installation ended on a page that tells neither, such as an error, the next that does counts. What the user does else
    // meanwhile may be what ended the connection.
    let later = flow.events.since(landing.seq);
    let else_done = later.acts().find(|act| !only_looks(&act.it.purpose)).map_or(u32::MAX, |act| act.seq);
    let first = later.before(else_done.min(before)).pages().find(tells)?;
    let denies = shows(first.it, PageKind::NotInstalled);
    denies.then(|| Verdict::blocked_by("install.shown", "the app did not show itself as installed when it was"))
}

/// Whether an act changes nothing: looking, and looking for a control in vain.
fn only_looks(purpose: &Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Prepare | Purpose::Look(_) | Purpose::Recover(_) | Purpose::Disconnect { control: false, .. }
    )
}
