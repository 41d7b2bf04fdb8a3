//! Items that are not for the app's kind.

use flowcheck_evidence::Installs;

use crate::flow::Flow;
use crate::items::{Group, Item};
use crate::judging::host_platform::host;
use crate::verdict::Verdict;

/// Why an item is not for the app's kind, where it is not.
pub(crate) fn not_for_kind(item: &Item, flow: &Flow<'_>) -> Option<Verdict> {
    if item.group == Group::User && flow.setup.app.installs == Installs::PerAccount {
        return Some(Verdict::NotApplicable("accounts install the app, not each of their users".into()));
    }
    let why = match host(flow.setup) {
        None if item.group == Group::Embedded => "the app lives in no host platform",
        Some(_) if item.twin.is_some() => "the app lives in a host platform; the same is asked of it there",
        _ => return None,
    };
    Some(Verdict::NotApplicable(why.into()))
}
