//! docs/corpus.md: what flowcheck said of each shape, and how often it was right of each item.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use time::OffsetDateTime;
use time::macros::format_description;

use crate::Outcome;
use crate::expected::Verdict;
use crate::score::Score;

/// How many verdicts were right, undecided, false passes, false fails.
#[derive(Clone, Copy, Default)]
struct Sum {
    right: u32,
    undecided: u32,
    false_pass: u32,
    false_fail: u32,
}

impl Sum {
    fn add(&mut self, score: Score) {
        match score {
            Score::Right => self.right += 1,
            Score::Undecided => self.undecided += 1,
            Score::FalsePass => self.false_pass += 1,
            Score::FalseFail => self.false_fail += 1,
        }
    }

    fn cells(self) -> String {
        format!("{} | {} | {} | {}", self.right, self.undecided, self.false_pass, self.false_fail)
    }

    fn all(self) -> u32 {
        self.right + self.undecided + self.false_pass + self.false_fail
    }
}

/// Writes the page from these results.
pub(crate) fn write(mut outcomes: Vec<Outcome>) {
    outcomes.sort_by_key(|outcome| (outcome.shape.expected.kind, outcome.shape.name.clone()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/corpus.md");
    std::fs::write(&path, page(&outcomes)).expect("docs/corpus.md can be written");
}

fn page(outcomes: &[Outcome]) -> String {
    let mut by_item: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut in_all = Sum::default();
    for (item, right, seen, score) in outcomes.iter().flat_map(Outcome::scores) {
        // What no app of the corpus has says nothing of the verdicts.
        if seen == Verdict::NotApplicable && right == [Verdict::NotApplicable] {
            continue;
        }
        by_item.entry(item).or_default().add(score);
        in_all.add(score);
    }
    let honest = outcomes.iter().filter(|outcome| outcome.shape.expected.honest).count();
    let day = OffsetDateTime::now_utc().format(format_description!("[year]-[month]-[day]")).expect("a date");
    let share = f64::from(in_all.undecided) * 100.0 / f64::from(in_all.all().max(1));
    let mut page = format!(
        "# The corpus\n\n\
        Small apps, each of a shape that real partner apps have ([fixtures/apps](../fixtures/apps)). The right verdict on every item was\n\
        written down for each before flowcheck was made to reach it. `make apps` plays all of them and writes this page.\n\n\
        {day}: {} runs, {honest} of them of honest apps. Verdicts where the item applies: {} right, {} undecided ({share:.1} %), \
        {} false passes, {} false fails.\n\n\
        - *undecided*: review, not run or blamed on the wrong party, though the evidence decides;\n\
        - *false pass*: let through, though it is not met, or is for a person to decide;\n\
        - *false fail*: the app was blamed for what is not its fault.\n\n\
        ## Shapes\n\n\
        | shape | part of the flow | imitates | exit | seconds | not as it should be |\n|---|---|---|---|---|---|\n",
        outcomes.len(),
        in_all.right,
        in_all.undecided,
        in_all.false_pass,
        in_all.false_fail,
    );
    for outcome in outcomes {
        let expected = &outcome.shape.expected;
        let exit = if outcome.played.exit == expected.exit {
            format!("{}", expected.exit)
        } else {
            format!("{}, not {}", outcome.played.exit, expected.exit)
        };
        let wrong: Vec<String> = outcome
            .scores()
            .filter(|(.., score)| *score != Score::Right)
            .map(|(item, _, seen, _)| format!("`{item}` {}", seen.name()))
            .collect();
        let _ = writeln!(
            page,
            "| {}{} | {} | {} | {exit} | {} | {} |",
            outcome.shape.name,
            if expected.honest { " (honest)" } else { "" },
            expected.kind.name(),
            expected.imitates.replace('|', "\\|"),
            outcome.played.took.as_secs(),
            wrong.join(", "),
        );
    }
    page.push_str("\n## Items\n\n| item | right | undecided | false pass | false fail |\n|---|---|---|---|---|\n");
    for (item, sum) in by_item {
        let _ = writeln!(page, "| `{item}` | {} |", sum.cells());
    }
    let _ = writeln!(page, "| all | {} |", in_all.cells());
    page
}
