//! Right, abstained and wrong, per kind.

use std::fmt;

use flowcheck::browser::Tenants;
use flowcheck::evidence::{Page as Event, PageKind};

use crate::answer::Page;
use crate::reading::Read;

/// Percent of a kind's pages that may be wrong, and that may be left to a person.
const MOST_WRONG: usize = 2;
const MOST_ABSTAINED: usize = 5;

/// Something that is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Kind(PageKind),
    Disconnect,
    Connect,
    Banner,
    Interruption,
    Language,
    DisconnectOption,
    Cause,
    Options,
    Acts,
}

/// Those that a run depends on most, which the corpus has thirty of each.
pub(crate) const MAIN: [Row; 6] = [
    Row::Kind(PageKind::Login),
    Row::Kind(PageKind::SignUp),
    Row::Kind(PageKind::TenantChoice),
    Row::Kind(PageKind::Error),
    Row::Kind(PageKind::Installed),
    Row::Disconnect,
];
const MORE: [Row; 10] = [
    Row::Kind(PageKind::NotInstalled),
    Row::Connect,
    Row::Cause,
    Row::Options,
    Row::Acts,
    Row::Banner,
    Row::Interruption,
    Row::Language,
    Row::DisconnectOption,
    Row::Kind(PageKind::Notice),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Right,
    Abstained,
    Wrong,
}

/// The whole table.
pub(crate) struct Table {
    lines: Vec<Line>,
    misses: Vec<String>,
}

struct Line {
    row: Row,
    /// Counts of right, abstained and wrong: of the written pages, and of the rendered ones.
    written: [usize; 3],
    rendered: [usize; 3],
}

impl Row {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Kind(kind) => serde_json::to_value(kind)
                .ok()
                .and_then(|name| name.as_str().map(|name| name.replace('-', " ")))
                .unwrap_or_default(),
            Self::Disconnect => "disconnect control".to_owned(),
            Self::Connect => "connect control".to_owned(),
            Self::Banner => "cookie banner".to_owned(),
            Self::Interruption => "dialog to be closed".to_owned(),
            Self::Language => "language to be chosen".to_owned(),
            Self::DisconnectOption => "disconnecting by a drop-down".to_owned(),
            Self::Cause => "cause of an error".to_owned(),
            Self::Options => "tenants to choose from".to_owned(),
            Self::Acts => "chosen, or disconnected, by hand".to_owned(),
        }
    }

    /// Whether a page has it.
    pub(crate) fn is_on(self, page: &Page) -> bool {
        let answer = &page.answer;
        match self {
            Self::Kind(kind) => answer.kind == kind,
            Self::Disconnect => answer.disconnect.is_some(),
            Self::Connect => answer.connect.is_some(),
            Self::Banner => answer.banner.is_some(),
            Self::Interruption => answer.closes.is_some(),
            Self::Language => answer.speaks.is_some(),
            Self::DisconnectOption => answer.by_option.is_some(),
            Self::Cause => answer.cause.is_some(),
            Self::Options => !answer.options.is_empty(),
            Self::Acts => answer.then.is_some() || answer.says.is_some(),
        }
    }

    /// What to make of a page; nothing where the page neither has it nor was said to.
    fn mark(self, read: &Read) -> Option<Mark> {
        let (answer, page, parts) = (&read.page.answer, &read.snapshot.page, &read.snapshot.parts);
        let sure = page.certainty >= Event::SURE;
        let control = |wanted: Option<&String>, found: Option<(usize, u8)>| match (wanted, found) {
            (None, None) => None,
            (None, Some((_, certainty))) => (certainty >= Event::SURE).then_some(Mark::Wrong),
            (Some(_), None) => Some(Mark::Abstained),
            (Some(_), Some((_, certainty))) if certainty < Event::SURE => Some(Mark::Abstained),
            (Some(wanted), Some((control, _))) => {
                let control = &page.controls[control];
                let own =
                    control.name.contains("Klaviyo") || control.near.contains("Klaviyo") || control.near.is_empty();
                let alone = page.controls.iter().filter(|other| other.name == control.name).count() == 1;
                Some(if control.name == *wanted && (own || alone) { Mark::Right } else { Mark::Wrong })
            }
        };
        // What is not Klaviyo's is decided by its name alone.
        let named = |wanted: Option<&String>, found: Option<(usize, u8)>| {
            let name = found.map(|(control, _)| &page.controls[control].name);
            control(wanted, found).map(|mark| if mark == Mark::Wrong && name == wanted { Mark::Right } else { mark })
        };
        let found = |part: &Option<flowcheck::browser::Part>| part.as_ref().map(|part| (part.control, part.certainty));
        match self {
            Self::Kind(kind) if answer.kind == kind => Some(match (page.kind == kind, sure) {
                (true, true) => Mark::Right,
                (_, false) => Mark::Abstained,
                (false, true) => Mark::Wrong,
            }),
            Self::Kind(kind) => (page.kind == kind && sure).then_some(Mark::Wrong),
            Self::Disconnect => control(answer.disconnect.as_ref(), found(&parts.disconnect)),
            Self::Connect => match answer.kind {
                // To connect again is offered beside what is connected, and nobody looks for it there.
                PageKind::Installed | PageKind::Error => None,
                _ => control(answer.connect.as_ref(), found(&parts.connect)),
            },
            Self::Banner => named(answer.banner.as_ref(), found(&parts.banner)),
            Self::Interruption => named(answer.closes.as_ref(), found(&parts.interruption)),
            Self::Language => named(answer.speaks.as_ref(), found(&parts.language)),
            Self::DisconnectOption => match (&answer.by_option, &parts.disconnect_option) {
                (None, None) => None,
                (Some(_), None) => Some(Mark::Abstained),
                (wanted, Some((_, option))) => {
                    Some(if wanted.as_ref() == Some(option) { Mark::Right } else { Mark::Wrong })
                }
            },
            Self::Cause => answer.cause.map(|cause| match page.cause {
                Some(read) if read == cause => Mark::Right,
                Some(_) if page.kind == PageKind::Error && sure => Mark::Wrong,
                _ => Mark::Abstained,
            }),
            Self::Options if answer.options.is_empty() => None,
            Self::Options => {
                let offered: Vec<String> = match &parts.tenants {
                    Some(Tenants::Field { field }) => page.fields[*field].options.clone(),
                    Some(Tenants::Controls { options }) => options.iter().map(|(name, _)| name.clone()).collect(),
                    None => return Some(Mark::Abstained),
                };
                // A prompt ("Please choose") may stand before them.
                let all =
                    answer.options.iter().all(|wanted| offered.iter().any(|offer| offer.contains(wanted.as_str())));
                Some(if all && offered.len() <= answer.options.len() + 1 { Mark::Right } else { Mark::Wrong })
            }
            Self::Acts if !self.is_on(&read.page) => None,
            Self::Acts => Some(if read.acts.is_ok() { Mark::Right } else { Mark::Wrong }),
        }
    }
}

impl Table {
    pub(crate) fn of(read: &[Read]) -> Self {
        let mut misses = Vec::new();
        let lines = MAIN
            .into_iter()
            .chain(MORE)
            .map(|row| {
                let mut line = Line { row, written: [0; 3], rendered: [0; 3] };
                for read in read {
                    let Some(mark) = row.mark(read) else { continue };
                    let counts = if read.page.is_rendered() { &mut line.rendered } else { &mut line.written };
                    counts[mark as usize] += 1;
                    if mark != Mark::Right {
                        misses.push(miss(row, mark, read));
                    }
                }
                line
            })
            .collect();
        let silent = read.iter().filter_map(|read| {
            let message = read.page.answer.message.as_ref()?;
            let told = read.snapshot.page.alerts.iter().any(|alert| alert.contains(message.as_str()));
            (!told).then(|| format!("{}: the message \"{message}\" was missed", read.page.name))
        });
        misses.extend(silent);
        Self { lines, misses }
    }

    /// What is worse than it may be.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let mut complaints: Vec<String> = self
            .lines
            .iter()
            .filter_map(|line| {
                let [right, abstained, wrong] = line.counts();
                let pages = right + abstained + wrong;
                let too_many = wrong * 100 > pages * MOST_WRONG || abstained * 100 > pages * MOST_ABSTAINED;
                too_many.then(|| {
                    format!("{}: of {pages}, {wrong} are wrong and {abstained} left to a person", line.row.name())
                })
            })
            .collect();
        complaints.extend(self.misses.iter().filter(|miss| miss.contains("was missed")).cloned());
        complaints
    }
}

impl Line {
    fn counts(&self) -> [usize; 3] {
        [0, 1, 2].map(|mark| self.written[mark] + self.rendered[mark])
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for miss in &self.misses {
            writeln!(out, "{miss}")?;
        }
        writeln!(
            out,
            "\n| | pages | right | abstained | wrong | written: right, abstained, wrong | rendered: right, abstained, wrong |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|---|")?;
        for line in &self.lines {
            let [right, abstained, wrong] = line.counts();
            let part = |counts: [usize; 3]| counts.map(|count| count.to_string()).join(", ");
            writeln!(
                out,
                "| {} | {} | {right} | {abstained} | {wrong} | {} | {} |",
                line.row.name(),
                right + abstained + wrong,
                part(line.written),
                part(line.rendered)
            )?;
        }
        Ok(())
    }
}

fn miss(row: Row, mark: Mark, read: &Read) -> String {
    let (page, parts) = (&read.snapshot.page, &read.snapshot.parts);
    let named = |part: &Option<flowcheck::browser::Part>| {
        part.as_ref().map(|part| format!("\"{}\" {} %", page.controls[part.control].name, part.certainty))
    };
    let more = match row {
        Row::Kind(_) => String::new(),
        Row::Disconnect => format!(" found {:?}", named(&parts.disconnect)),
        Row::Connect => format!(" found {:?}", named(&parts.connect)),
        Row::Banner => format!(" found {:?}", named(&parts.banner)),
        Row::Interruption => format!(" found {:?}", named(&parts.interruption)),
        Row::Language => format!(" found {:?}", named(&parts.language)),
        Row::DisconnectOption => format!(" found {:?}", parts.disconnect_option),
        Row::Cause => format!(" found {:?}", page.cause),
        Row::Options => format!(" found {:?}", parts.tenants),
        Row::Acts => format!(" {:?}", read.acts),
    };
    format!(
        "{:?} {}: {}, read as {:?} ({} %: {}){more}",
        mark,
        row.name(),
        read.page.name,
        page.kind,
        page.certainty,
        page.why.join("; ")
    )
}
