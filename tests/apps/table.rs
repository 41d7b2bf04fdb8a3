//! docs/corpus.md: what flowcheck said of each shape when it was last played, and how often it was right of each item.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use flowcheck::checklist::catalogue;

use crate::expected::Verdict;
use crate::results::Row;
use crate::score::{Score, score};
use crate::shape::Shape;

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

/// Writes the page from these rows.
pub(crate) fn write(shapes: &[impl AsRef<Shape>], rows: &BTreeMap<String, Row>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/corpus.md");
    let mut shapes: Vec<&Shape> = shapes.iter().map(AsRef::as_ref).collect();
    shapes.sort_by_key(|shape| (shape.expected.kind, &shape.name));
    std::fs::write(&path, page(&shapes, rows)).expect("docs/corpus.md can be written");
}

fn page(shapes: &[&Shape], rows: &BTreeMap<String, Row>) -> String {
    let mut by_item: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut in_all = Sum::default();
    let played: Vec<(&Shape, &Row)> =
        shapes.iter().filter_map(|shape| Some((*shape, rows.get(&shape.name)?))).collect();
    for (shape, row) in &played {
        for item in catalogue() {
            let right = shape.expected.of(item.id);
            let wrong = row.wrong.get(item.id);
            // What the app does not have, or was not asked for then, says nothing of the verdicts.
            let was_judged = !row.lacks.iter().any(|lacking| lacking == item.id);
            if wrong.is_none() && (right == [Verdict::NotApplicable] || !was_judged) {
                continue;
            }
            let score = wrong.map_or(Score::Right, |seen| score(&right, *seen));
            by_item.entry(item.id).or_default().add(score);
            in_all.add(score);
        }
    }
    let honest = played.iter().filter(|(shape, _)| shape.expected.honest).count();
    let share = f64::from(in_all.undecided) * 100.0 / f64::from(in_all.all().max(1));
    let mut page = format!(
        "# The corpus\n\n\
        Small apps, each of a shape that real partner apps have ([fixtures/apps](../fixtures/apps)). The right verdict on every item was\n\
        written down for each before flowcheck was made to reach it. `make apps` plays all of them and writes this page.\n\n\
        {} of {} runs played, {honest} of them of honest apps, each when its row says. Verdicts where the item applies: {} right,\n\
        {} undecided ({share:.1} %), {} false passes, {} false fails.\n\n\
        - *undecided*: review, not run or blamed on the wrong party, though the evidence decides;\n\
        - *false pass*: let through, though it is not met, or is for a person to decide;\n\
        - *false fail*: the app was blamed for what is not its fault.\n\n\
        ## Shapes\n\n\
        | shape | part of the flow | imitates | exit | seconds | played | not as it should be |\n|---|---|---|---|---|---|---|\n",
        played.len(),
        shapes.len(),
        in_all.right,
        in_all.undecided,
        in_all.false_pass,
        in_all.false_fail,
    );
    for shape in shapes {
        let expected = &shape.expected;
        let honest = if expected.honest { " (honest)" } else { "" };
        let imitates = expected.imitates.replace('|', "\\|");
        let _ = write!(page, "| {}{honest} | {} | {imitates} | ", shape.name, expected.kind.name());
        let Some(row) = rows.get(&shape.name) else {
            page.push_str("| | not yet | |\n");
            continue;
        };
        let exit = if row.exit == expected.exit {
            format!("{}", expected.exit)
        } else {
            format!("{}, not {}", row.exit, expected.exit)
        };
        let verdicts = row.wrong.iter().map(|(item, seen)| format!("`{item}` {}", seen.name()));
        let words = row.wrong_words.iter().map(|item| format!("words of `{item}`"));
        let wrong: Vec<String> = verdicts.chain(words).collect();
        let _ = writeln!(page, "{exit} | {} | {}, {} | {} |", row.seconds, row.day, row.commit, wrong.join(", "));
    }
    page.push_str("\n## Items\n\n| item | right | undecided | false pass | false fail |\n|---|---|---|---|---|\n");
    for (item, sum) in by_item {
        let _ = writeln!(page, "| `{item}` | {} |", sum.cells());
    }
    let _ = writeln!(page, "| all | {} |", in_all.cells());
    page
}
