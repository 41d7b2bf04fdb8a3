//! Installing an app that lives in a host platform, for someone who has not installed it on the host.

use super::attempt::{Attempt, Stop, attempts};
use super::kind::{host, is_below};
use super::not_run::{cut_short, not_started};
use super::view::{At, acts, ended_after, failed_after, pages, place};
use super::way::{first_from_klaviyo, goes_on};
use super::wording::{Told, says_to_retry, told_of_listing};
use super::{Finding, Verdict};
use flowcheck_evidence::{Evidence, HostSetup, Page, PageKind, Purpose, SignInState, Start, clip};

pub(super) fn not_installed_told(evidence: &Evidence) -> Verdict {
    with_host(evidence, |host, attempt| {
        let Some(page) = first_stop(attempt) else { return cut_short(evidence, "the app said what is missing") };
        let expected =
            format!("a message to install the app from {}'s listing and try again, with a link to it", host.name);
        let fail = |saw: String, likely: &str| {
            Verdict::Fail(
                Finding::app(expected.clone(), saw).hops(attempt.hop_lines(page.seq)).likely(likely).at(page.seq),
            )
        };
        let at = place(page.it, evidence);
        if is_below(&page.it.url, &host.listing) {
            return fail(
                format!("the listing itself at {at}, and no message"),
                "the user is sent to the listing without being told why, and that the installation has to be tried again",
            );
        }
        match told_of_listing(page.it, &host.name) {
            Told::Named => {}
            Told::Generic => {
                let saw = format!("a message at {at} that does not say so: \"{}\"", page.it.headline());
                return fail(saw, "that the host knows of no installation is taken for any other failure");
            }
            Told::Raw => {
                let saw = format!("raw output at {at}: \"{}\"", clip(&page.it.text, 80));
                return fail(saw, "the host's answer is printed as it came instead of being put in words");
            }
            Told::Nothing => {
                let saw = Stop::at_rest(page).words(evidence);
                return fail(saw, "the app does not ask the host whether it is installed there");
            }
        }
        if !page.it.controls.iter().any(|control| control.href.as_deref().is_some_and(|to| is_below(to, &host.listing)))
        {
            let saw = format!("no link to {} beside \"{}\"", host.listing, page.it.headline());
            return fail(saw, "the message leaves it to the user to find the listing");
        }
        if !says_to_retry(page.it) {
            let saw = format!("\"{}\", which does not say to try again", page.it.headline());
            return Verdict::Review(Finding::app(expected, saw).at(page.seq));
        }
        Verdict::Pass(format!("{at} says: \"{}\", with a link to the listing", page.it.headline()))
    })
}

pub(super) fn not_installed_resumes(evidence: &Evidence) -> Verdict {
    with_host(evidence, |host, first| {
        let Some(installed) = acts(first.entries).filter(|act| act.it.purpose == Purpose::InstallOnHost).last() else {
            return cut_short(evidence, "the app was installed on the host");
        };
        if let Some(failed) = failed_after(first.entries, installed.seq) {
            return Verdict::not_run(failed.it);
        }
        let on_its_own =
            pages(first.entries).any(|page| page.seq > installed.seq && page.it.kind == PageKind::KlaviyoConsent);
        if on_its_own {
            return Verdict::Pass(format!("once installed on {}, the app went on to Klaviyo by itself", host.name));
        }
        let all = attempts(evidence);
        let retry = all.iter().find(|attempt| {
            attempt.start == Start::Klaviyo && attempt.entries.first().is_some_and(|entry| entry.seq > installed.seq)
        });
        let Some(retry) = retry else { return cut_short(evidence, "the installation was tried again") };
        let expected = format!("Klaviyo's OAuth page now that the app is installed on {}", host.name);
        goes_on(
            retry,
            0,
            &[],
            &expected,
            |_| "the app keeps that it was not installed, instead of asking the host again",
        )
    })
}

fn with_host(evidence: &Evidence, judge: impl Fn(&HostSetup, &Attempt<'_>) -> Verdict) -> Verdict {
    let Some(host) = host(evidence) else {
        return Verdict::NotApplicable("the app lives in no host platform".to_owned());
    };
    if evidence.setup.users.first().map(|user| user.sign_in_state) != Some(SignInState::NotOnHost) {
        return Verdict::not_run("the scenario has another kind of user");
    }
    first_from_klaviyo(evidence).map_or_else(|| not_started(evidence), |attempt| judge(host, &attempt))
}

/// The page at which the first attempt came to its end, before anything was installed on the host.
fn first_stop<'a>(attempt: &Attempt<'a>) -> Option<At<'a, Page>> {
    let end = ended_after(attempt.entries, 0)?.seq;
    pages(attempt.entries).take_while(|page| page.seq < end).last()
}
