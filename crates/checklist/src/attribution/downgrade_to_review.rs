//! Passes that are left to a person, because the browser treats cookies otherwise than most users' browsers do.

use flowcheck_evidence::{Opens, ThirdPartyCookies};

use crate::flow::Flow;
use crate::items::{Group, Item};
use crate::judging::host_platform::host;
use crate::verdict::{Finding, Value, Verdict, statement};

/// In a browser that sends cookies of framed sites, an app that needs them looks right, so a pass is for a person to look at.
pub(crate) fn downgrade_to_review(verdict: Verdict, item: &Item, flow: &Flow<'_>) -> Verdict {
    let framed = host(flow.setup).filter(|host| host.opens == Opens::Iframe && item.group != Group::Oauth);
    let why = match framed.map(|host| &host.third_party_cookies) {
        None | Some(ThirdPartyCookies::Blocked) => return verdict,
        Some(ThirdPartyCookies::Allowed) => {
            "this browser sends cookies of framed sites, which most people's do not".into()
        }
        Some(ThirdPartyCookies::Unknown(why)) => {
            statement!(
                "whether this browser blocks cookies of framed sites is not known: {why}",
                why = Value::text(why)
            )
        }
    };
    match verdict {
        Verdict::Pass(saw) => {
            Verdict::Review(Finding::app("the same with cookies of framed sites blocked", saw).likely(why).at(0))
        }
        other => other,
    }
}
