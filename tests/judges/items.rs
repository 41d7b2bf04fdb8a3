//! Each item against the recordings: what passes it, what fails it, and how the failure reads.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flowcheck::checklist::{Blame, Finding, Group, Verdict, VerdictKind, catalogue};

use crate::embedded::EMBEDDED;
use crate::recordings::{HONEST, Recorded, honest, recorded};
use crate::table::TABLE;

/// Two lines of a report at eighty columns, less its indent.
const TWO_LINES: usize = 136;

#[test]
fn every_item_is_passed_by_the_honest_app_and_by_nothing_less() {
    let shelf = honest();
    for item in catalogue() {
        let judging: Vec<&Recorded> = shelf.iter().filter(|one| one.expects(item.id)).collect();
        assert!(!judging.is_empty(), "no recorded scenario is there to judge {}", item.id);
        for one in judging {
            let verdict = one.verdict(item.id);
            assert_eq!(verdict.kind(), VerdictKind::Pass, "{} in {}: {verdict:?}", item.id, one.scenario);
        }
    }
}

#[test]
fn each_defect_fails_its_items_and_no_others() {
    let shelf = recorded();
    for row in TABLE.iter().chain(EMBEDDED.iter().map(|embedded| &embedded.row)) {
        let mut seen = BTreeSet::new();
        let of_row = |one: &&Recorded| one.defect == row.defect && row.touches.contains(&one.scenario.as_str());
        for one in shelf.iter().filter(of_row) {
            for (id, verdict) in one.verdicts() {
                if let Verdict::Fail(finding) | Verdict::Warn(finding) | Verdict::Review(finding) = &verdict {
                    assert_eq!(finding.blame, Blame::App, "{} {id}", row.defect);
                    seen.insert(id);
                } else {
                    let fine = matches!(verdict.kind(), VerdictKind::Pass | VerdictKind::NotRun);
                    assert!(fine, "{} {id}: {verdict:?}", row.defect);
                }
            }
        }
        assert_eq!(seen, row.fails.iter().copied().collect(), "{}", row.defect);
    }
}

#[test]
fn every_item_is_failed_by_some_recording() {
    let shelf = recorded();
    for item in catalogue() {
        // Best practice warns.
        let fails = |one: &&Recorded| {
            let kind = one.verdict(item.id).kind();
            one.expects(item.id) && matches!(kind, VerdictKind::Fail | VerdictKind::Warn | VerdictKind::Review)
        };
        assert!(shelf.iter().any(|one| fails(&one)), "nothing recorded fails {}", item.id);
    }
}

#[test]
fn what_blocks_an_item_has_itself_not_passed() {
    for one in recorded() {
        for item in catalogue() {
            if let Verdict::NotRun { blocked_by: Some(blocker), .. } = one.verdict(item.id) {
                let kind = one.verdict(blocker.as_str()).kind();
                assert_ne!(kind, VerdictKind::Pass, "{}/{}: {} by {blocker}", one.defect, one.scenario, item.id);
            }
        }
    }
}

#[test]
fn nothing_is_blocked_for_the_honest_app() {
    for one in honest() {
        for item in catalogue() {
            let verdict = one.verdict(item.id);
            let blocked = matches!(verdict, Verdict::NotRun { blocked_by: Some(_), .. });
            assert!(!blocked, "{} {}: {verdict:?}", one.scenario, item.id);
        }
    }
}

#[test]
fn a_failure_is_told_in_two_lines_names_a_cause_and_points_at_the_evidence() {
    for one in recorded() {
        for (id, finding) in failures(&one) {
            let name = format!("{} {id}", one.defect);
            for text in [&finding.expected, &finding.saw] {
                let text = text.to_string();
                let length = text.chars().count();
                assert!((3..=TWO_LINES).contains(&length), "{name}: {length} characters: {text}");
            }
            assert!(
                finding.likely.as_ref().is_some_and(|likely| !likely.to_string().is_empty()),
                "{name}: no likely cause"
            );
            let at = finding.at.expect("it points at an entry") as usize;
            assert!(at > 0 && at < one.evidence.timeline.len(), "{name}: entry {at}");
        }
    }
}

#[test]
fn failures_read_well() {
    for group in [
        Group::Install,
        Group::Embedded,
        Group::User,
        Group::Errors,
        Group::Uninstall,
        Group::Rate,
        Group::Scopes,
        Group::Oauth,
        Group::Api,
        Group::Data,
    ] {
        insta::assert_snapshot!(group.title().replace(' ', "_").to_lowercase(), told(group));
    }
}

/// Every failure of a group's items, as a partner reads it.
fn told(group: Group) -> String {
    let shelf = recorded();
    let failed: Vec<_> = shelf.iter().map(|one| (one, failures(one))).collect();
    let mut text = String::new();
    for item in catalogue().iter().filter(|item| item.group == group) {
        writeln!(text, "# {}: {}\n", item.id, item.requirement).expect("text takes all");
        for (one, failures) in &failed {
            for (_, finding) in failures.iter().filter(|(id, _)| *id == item.id) {
                writeln!(text, "{} in {}\n{}", one.defect, one.scenario, in_words(finding, one))
                    .expect("text takes all");
            }
        }
    }
    text
}

fn failures(one: &Recorded) -> Vec<(&'static str, Finding)> {
    let judged = one.verdicts().into_iter().filter(|_| one.defect != HONEST);
    judged.filter_map(|(id, verdict)| verdict.finding().map(|finding| (id, finding.clone()))).collect()
}

fn in_words(finding: &Finding, one: &Recorded) -> String {
    let mut text = format!("  Expected  {}\n  Saw       {}\n", finding.expected, finding.saw);
    for hop in &finding.hops {
        let status = hop.status.map_or_else(|| "---".to_owned(), |status| status.to_string());
        let to = hop.to.as_ref().map(|to| format!(" → {to}")).unwrap_or_default();
        writeln!(text, "    {status}  {}{to}", hop.what).expect("text takes all");
    }
    if let Some(likely) = &finding.likely {
        writeln!(text, "  Likely    {likely}").expect("text takes all");
    }
    if let Some(remedy) = &finding.remedy {
        writeln!(text, "  Remedy    {remedy}").expect("text takes all");
    }
    // Ids of accounts are others in each recording.
    let accounts = one.evidence.setup.accounts.iter().enumerate();
    accounts.fold(text, |text, (number, account)| text.replace(&account.id, &format!("‹account {number}›")))
}
