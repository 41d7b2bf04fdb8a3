//! The entries that a timeline keeps: whatever an app sends, their number and size are bounded.
//!
//! Of an app's log the first lines stay and the last. Of what judges read nothing is left out while the scenario goes on: beyond the limit the
//! timeline is flooded, and whoever plays the scenario ends it.

use std::borrow::Cow;
use std::cell::Cell;

use crate::redaction::timeline_texts::{Rewrite, Texts as _};
use crate::{AppEvent, Entry, Event, bounded};

/// What share of the entries that are kept is forgotten together: one in so many.
const FORGOTTEN_AT_ONCE: usize = 8;
/// Lines of the app's log that are kept from its beginning, and as many from its end; between them up to twice as many wait to be left out.
const LOG_LINES: usize = 1_000;
/// Bytes of them.
const LOG_BYTES: usize = 512 * 1_024;
/// Entries that app and browser may cause in a scenario. The longest built-in scenario has some hundreds.
const MOST_ENTRIES: usize = 20_000;
/// Bytes of the texts in them.
const MOST_BYTES: usize = 64 << 20;
/// Bytes of one text.
const LONGEST_TEXT: usize = 64 * 1_024;

/// Entries in order.
#[derive(Debug)]
pub(crate) struct BoundedTimeline {
    entries: Vec<Entry>,
    next: u32,
    /// How many of the newest entries are kept; none where the limits of a scenario hold.
    keep: Option<usize>,
    caused: usize,
    caused_bytes: usize,
    log: Log,
}

/// What the timeline holds of the app's log.
#[derive(Debug, Default)]
struct Log {
    lines: usize,
    bytes: usize,
    /// Where the entry is that says what was left out, once the first lines are complete.
    gap: Option<usize>,
}

/// What became of an entry.
#[derive(Debug)]
pub(crate) struct Pushed {
    pub(crate) seq: u32,
    /// Entries that are kept no more.
    pub(crate) forgotten: Vec<Entry>,
    /// Whether more has come than a scenario keeps.
    pub(crate) flooded: bool,
}

impl BoundedTimeline {
    pub(crate) fn new(keep: Option<usize>) -> Self {
        Self { entries: Vec::new(), next: 0, keep, caused: 0, caused_bytes: 0, log: Log::default() }
    }

    /// The entries from `seq` on.
    pub(crate) fn since(&self, seq: u32) -> &[Entry] {
        &self.entries[self.entries.partition_point(|entry| entry.seq < seq)..]
    }

    /// Adds an event whose texts take so many bytes.
    pub(crate) fn push(&mut self, at_ms: u64, event: Event, bytes: usize) -> Pushed {
        let seq = self.next;
        if self.keep.is_none() && is_caused(&event) {
            if self.caused >= MOST_ENTRIES || self.caused_bytes + bytes > MOST_BYTES {
                return Pushed { seq, forgotten: Vec::new(), flooded: true };
            }
            self.caused += 1;
            self.caused_bytes += bytes;
        }
        self.next += 1;
        let is_log = is_log(&event);
        self.entries.push(Entry { seq, at_ms, event });
        let forgotten = match self.keep {
            Some(keep) if self.entries.len() >= keep + keep.div_ceil(FORGOTTEN_AT_ONCE) => {
                self.entries.drain(..self.entries.len() - keep).collect()
            }
            None if is_log => self.shorten_log(bytes),
            _ => Vec::new(),
        };
        Pushed { seq, forgotten, flooded: false }
    }

    /// Counts the newest entry, a line of the log, and leaves out older ones where there are too many.
    fn shorten_log(&mut self, bytes: usize) -> Vec<Entry> {
        self.log.lines += 1;
        self.log.bytes += bytes;
        let Some(gap) = self.log.gap else {
            if self.log.lines >= LOG_LINES || self.log.bytes >= LOG_BYTES {
                self.log = Log { lines: 0, bytes: 0, gap: Some(self.entries.len()) };
            }
            return Vec::new();
        };
        if self.log.lines < 2 * LOG_LINES && self.log.bytes < 2 * LOG_BYTES {
            return Vec::new();
        }
        let mut out = Vec::new();
        let (mut kept, mut kept_bytes) = (self.log.lines, self.log.bytes);
        for entry in self.entries.split_off(gap) {
            match &entry.event {
                Event::App(AppEvent::Log(line)) if kept > LOG_LINES || kept_bytes > LOG_BYTES => {
                    kept -= 1;
                    kept_bytes -= line.len();
                    out.push(entry);
                }
                _ => self.entries.push(entry),
            }
        }
        self.tell_gap(gap, &out);
        (self.log.lines, self.log.bytes) = (kept, kept_bytes);
        out
    }

    /// Says at the gap that these lines are left out, too.
    fn tell_gap(&mut self, gap: usize, out: &[Entry]) {
        let Some(first) = out.first() else { return };
        let more_lines = out.len() as u64;
        let more_bytes = out.iter().map(|entry| line_of(entry).len() as u64).sum::<u64>();
        if let Some(Event::App(AppEvent::LogLeftOut { lines, bytes })) =
            self.entries.get_mut(gap).map(|entry| &mut entry.event)
        {
            *lines += more_lines;
            *bytes += more_bytes;
            return;
        }
        let event = Event::App(AppEvent::LogLeftOut { lines: more_lines, bytes: more_bytes });
        // The first line that is left out need not be the first entry behind the gap.
        let at = self.entries[gap..]
            .iter()
            .position(|entry| entry.seq > first.seq)
            .map_or(self.entries.len(), |at| gap + at);
        self.entries.insert(at, Entry { seq: first.seq, at_ms: first.at_ms, event });
        self.log.gap = Some(at);
    }
}

/// The size of an event's texts in bytes, each cut to the longest that is kept.
pub(crate) fn measured(event: &mut Event) -> usize {
    let sum = Sum(Cell::new(0));
    event.rewrite(&sum);
    sum.0.get()
}

struct Sum(Cell<usize>);

impl Rewrite for Sum {
    fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let kept = bounded(text, LONGEST_TEXT);
        self.0.set(self.0.get() + kept.len());
        kept
    }
}

/// Whether the app or the browser decides how many of these there are.
fn is_caused(event: &Event) -> bool {
    matches!(
        event,
        Event::Hop(_) | Event::Page(_) | Event::Window(_) | Event::Dialog(_) | Event::Exchange(_) | Event::Mail(_)
    )
}

fn is_log(event: &Event) -> bool {
    matches!(event, Event::App(AppEvent::Log(_)))
}

fn line_of(entry: &Entry) -> &str {
    if let Event::App(AppEvent::Log(line)) = &entry.event { line } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BrowserDialog, DialogKind, HarnessError};

    fn push(timeline: &mut BoundedTimeline, mut event: Event) -> Pushed {
        let bytes = measured(&mut event);
        timeline.push(0, event, bytes)
    }

    fn line(text: impl Into<String>) -> Event {
        Event::App(AppEvent::Log(text.into()))
    }

    fn trouble(what: &str) -> Event {
        Event::HarnessError(HarnessError { what: what.to_owned() })
    }

    fn dialog(text: String) -> Event {
        Event::Dialog(BrowserDialog { user: "user".to_owned(), kind: DialogKind::Alert, text })
    }

    #[test]
    fn a_log_keeps_its_first_lines_and_its_last_and_says_what_is_left_out() {
        let mut timeline = BoundedTimeline::new(None);
        for number in 0..50_000 {
            push(&mut timeline, line(format!("line {number}")));
            if number % 10_000 == 1_500 {
                push(&mut timeline, trouble("between"));
            }
        }
        let kept = timeline.since(0);
        assert!(kept.windows(2).all(|pair| pair[0].seq < pair[1].seq));
        let lines: Vec<&str> = kept.iter().filter(|entry| is_log(&entry.event)).map(line_of).collect();
        assert!(lines.len() < 3 * LOG_LINES, "{}", lines.len());
        assert_eq!((lines[0], lines[999], *lines.last().expect("lines")), ("line 0", "line 999", "line 49999"));
        let gaps: Vec<(usize, u64, u64)> = (kept.iter().enumerate())
            .filter_map(|(at, entry)| match entry.event {
                Event::App(AppEvent::LogLeftOut { lines, bytes }) => Some((at, lines, bytes)),
                _ => None,
            })
            .collect();
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].0, gaps[0].1), (1_000, 50_000 - lines.len() as u64));
        let whole: usize = (0..50_000).map(|number| format!("line {number}").len()).sum();
        let kept_bytes: usize = lines.iter().map(|line| line.len()).sum();
        assert_eq!(gaps[0].2, (whole - kept_bytes) as u64);
        assert_eq!(kept.iter().filter(|entry| matches!(entry.event, Event::HarnessError(_))).count(), 5);
        assert_eq!(timeline.since(50_000).len(), 5);
    }

    #[test]
    fn long_lines_count_by_their_bytes() {
        let mut timeline = BoundedTimeline::new(None);
        for _ in 0..5_000 {
            push(&mut timeline, line("x".repeat(4_096)));
        }
        let bytes: usize = timeline.since(0).iter().map(|entry| line_of(entry).len()).sum();
        assert!(bytes <= 3 * LOG_BYTES + 4_096, "{bytes}");
    }

    #[test]
    fn a_log_as_long_as_most_is_kept_whole() {
        let mut timeline = BoundedTimeline::new(None);
        for number in 0..2_900 {
            push(&mut timeline, line(format!("{number}")));
        }
        assert_eq!(timeline.since(0).len(), 2_900);
    }

    #[test]
    fn one_text_is_cut_and_says_by_how_much() {
        let mut event = dialog("ü".repeat(LONGEST_TEXT));
        assert!(measured(&mut event) < LONGEST_TEXT + 40);
        let Event::Dialog(BrowserDialog { text, .. }) = event else { panic!("it is a dialog") };
        assert!(text.ends_with("ü… (65536 bytes left out)"), "{}", &text[text.len() - 60..]);
        assert_eq!(bounded("short", 5), "short");
    }

    #[test]
    fn what_is_sent_without_end_floods_the_timeline_and_is_not_kept() {
        let mut many = BoundedTimeline::new(None);
        assert!((0..MOST_ENTRIES).all(|_| !push(&mut many, dialog(String::new())).flooded));
        assert!(push(&mut many, dialog(String::new())).flooded);
        assert_eq!(many.since(0).len(), MOST_ENTRIES);
        assert!(!push(&mut many, trouble("the scenario was cut short")).flooded);
        let mut long = BoundedTimeline::new(None);
        let count =
            (0..MOST_ENTRIES).take_while(|_| !push(&mut long, dialog("x".repeat(LONGEST_TEXT))).flooded).count();
        assert_eq!(count, MOST_BYTES / LONGEST_TEXT);
    }

    #[test]
    fn a_timeline_without_end_keeps_its_newest_entries() {
        let mut timeline = BoundedTimeline::new(Some(4));
        for number in 0..50_000 {
            assert_eq!(push(&mut timeline, dialog(String::new())).seq, number);
        }
        assert!(timeline.since(0).len() <= 5 && timeline.since(49_999).len() == 1);
    }
}
