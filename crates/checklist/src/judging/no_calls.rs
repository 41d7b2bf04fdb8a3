//! An app that called Klaviyo at nothing that it was asked to do.

use flowcheck_evidence::Declared;

use crate::flow::Flow;
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// The verdict on an item that is judged by calls which the app did not make: its trigger was to make them, `flowcheck.yaml` does not
/// say what makes them, or that nothing does.
pub(crate) fn no_calls(flow: &Flow<'_>, expected: impl Into<Statement>, saw: &'static str, at: u32) -> Verdict {
    match &flow.setup.app.trigger {
        Declared::Given => Verdict::Review(Finding::app(expected, saw).at(at)),
        Declared::Nothing => Verdict::not_run(statement!(
            "{saw}: add `trigger` to flowcheck.yaml, or `trigger: {{ none: REASON }}` where nothing makes the app call Klaviyo",
            saw
        )),
        Declared::Absent(why) => Verdict::NotApplicable(statement!("{why}", why = Value::text(why))),
    }
}
