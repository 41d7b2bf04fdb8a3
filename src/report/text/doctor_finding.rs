//! A finding of `flowcheck doctor` as text.

use std::fmt::Write as _;

use crate::doctor::{Finding, State};
use crate::report::text::layout::{printable, wrap};
use crate::report::text::style::{Ink, Style};

/// Columns for the names.
const NAMES: usize = 20;

/// A finding, with a line break at its end. A failure is followed by its remedy.
pub fn finding(finding: &Finding, style: Style, width: usize) -> String {
    let not_applicable;
    let (symbol, ink, lines) = match &finding.state {
        State::Holds(saw) => ("✓", Ink::Good, vec![saw.as_str()]),
        State::Unknown(why) => ("·", Ink::Faint, vec![why.as_str()]),
        State::NotApplicable(why) => {
            not_applicable = format!("not applicable, because {why}");
            ("–", Ink::Faint, vec![not_applicable.as_str()])
        }
        State::Fails { saw, remedy, .. } => ("✗", Ink::Bad, vec![saw.as_str(), remedy.as_str()]),
    };
    let mut out = String::new();
    let indent = NAMES + 4;
    for (index, text) in lines.into_iter().flat_map(str::lines).enumerate() {
        for (row, line) in wrap(&printable(text), width.saturating_sub(indent)).iter().enumerate() {
            if index == 0 && row == 0 {
                let name = format!("{:NAMES$}", finding.name);
                let _ = writeln!(out, "{} {name}  {line}", style.paint(ink, symbol));
            } else {
                let _ = writeln!(out, "{:indent$}{line}", "");
            }
        }
    }
    out
}
