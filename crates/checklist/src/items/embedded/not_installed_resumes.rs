//! Once it is installed there, the user reaches Klaviyo's OAuth page.

use flowcheck_evidence::{PageKind, Purpose, Start};

use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::reaches_klaviyo;
use crate::judging::scenario_user::with_host;
use crate::verdict::{Value, Verdict, statement};

/// `embedded.not-installed.resumes`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.not-installed.resumes",
    group: Group::Embedded,
    requirement: "Once it is installed there, the user reaches Klaviyo's OAuth page",
    judged: "Installing on the host and trying again reaches consent without another click",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED_NOT_INSTALLED,
    guidance: Topic::Embedded,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    with_host(flow, |host, first| {
        let Some(installed) = first.events.acts().rfind(|act| act.it.purpose == Purpose::InstallOnHost) else {
            return cut_short(flow, "the app was installed on the host");
        };
        if let Some(failed) = first.events.failed_after(installed.seq) {
            return Verdict::not_run(failed.it);
        }
        let on_its_own =
            first.events.pages().any(|page| page.seq > installed.seq && page.it.kind == PageKind::KlaviyoConsent);
        if on_its_own {
            return Verdict::Pass(statement!(
                "once installed on {host}, the app went on to Klaviyo by itself",
                host = Value::name(&host.name)
            ));
        }
        let all = &flow.attempts;
        let retry = all.iter().find(|attempt| attempt.start == Start::Klaviyo && attempt.began > installed.seq);
        let Some(retry) = retry else { return cut_short(flow, "the installation was tried again") };
        let expected =
            statement!("Klaviyo's OAuth page now that the app is installed on {host}", host = Value::name(&host.name));
        reaches_klaviyo(
            flow,
            retry,
            0,
            &[],
            expected,
            |_| "the app keeps that it was not installed, instead of asking the host again",
        )
    })
}
