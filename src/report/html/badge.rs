//! The badge of a verdict: a symbol, a word and a shape of its own, so that nothing depends on colour.

use askama::Template;

use crate::checklist::VerdictKind;
use crate::evidence::StepPhase;
use crate::report::text::style::symbol;

/// A symbol and a word, in the shape of their kind.
#[derive(Debug, Clone, Copy, Template)]
#[template(
    ext = "html",
    source = r#"<span class="badge {{ class }}"><span aria-hidden="true">{{ symbol }}</span> {{ word }}</span>"#
)]
pub(super) struct Badge {
    pub(super) class: &'static str,
    pub(super) symbol: &'static str,
    pub(super) word: &'static str,
}

impl Badge {
    /// The badge of a verdict.
    pub(super) fn of(kind: VerdictKind) -> Self {
        Self { class: class(kind), symbol: symbol(kind), word: kind.word() }
    }

    /// The badge of a step's end; none for its beginning.
    pub(super) fn of_step(phase: &StepPhase) -> Option<Self> {
        let (kind, word) = match phase {
            StepPhase::Began => return None,
            StepPhase::Done => (VerdictKind::Pass, "done"),
            StepPhase::Strayed(_) => (VerdictKind::Warn, "strayed"),
            StepPhase::Failed(_) => (VerdictKind::Fail, "failed"),
            StepPhase::Skipped(_) => (VerdictKind::NotRun, "left out"),
        };
        Some(Self { word, ..Self::of(kind) })
    }
}

/// The class of a verdict in the style sheet.
pub(super) fn class(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Pass => "pass",
        VerdictKind::Fail => "fail",
        VerdictKind::Warn => "warn",
        VerdictKind::Review => "review",
        VerdictKind::NotRun => "not-run",
        VerdictKind::NotApplicable => "n-a",
    }
}
