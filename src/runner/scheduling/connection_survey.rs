//! For whom the app shows itself as connected to Klaviyo, looked at outside of any scenario.

use crate::browser::BrowserError;
use crate::evidence::{Event, Facts, Page, PageKind, Purpose, TokenOutcome};
use crate::runner::world::step_context::StepContext;
use crate::scenario::{Loaded, parse_scenario};

/// The scenario of which such a look is made.
pub(in crate::runner) fn survey() -> Loaded {
    parse_scenario("src/runner/scheduling/survey.yaml", include_str!("survey.yaml"))
        .unwrap_or_else(|mistakes| unreachable!("the survey is a sound scenario: {}", mistakes.render(false)))
}

impl StepContext<'_> {
    /// The person's tenants, by their places in the list; none as the only one, for a person without tenants.
    pub(in crate::runner) fn tenants(&self) -> Vec<Option<usize>> {
        match self.actor.person.tenants.len() {
            0 => vec![None],
            count => (0..count).map(Some).collect(),
        }
    }

    pub(in crate::runner) async fn shown(&mut self, tenant: Option<usize>) -> Result<Shown, BrowserError> {
        let key = tenant.map(|place| self.actor.person.tenants[place].key().to_owned());
        self.actor.person.should_be_installed = false;
        self.open_settings_of(Purpose::Prepare, key.as_deref()).await?;
        let page = &self.actor.seen()?.page;
        Ok(match page.kind {
            PageKind::NotInstalled if page.certainty >= Page::SURE => Shown::Free,
            PageKind::Installed if page.certainty >= Page::SURE => Shown::Connected,
            _ => Shown::Unclear,
        })
    }
}

/// What the app's settings surely show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runner) enum Shown {
    Free,
    Connected,
    Unclear,
}

/// Whether the app got tokens for a code.
pub(in crate::runner) fn is_install(seen: &Event) -> bool {
    let Event::Exchange(exchange) = seen else { return false };
    matches!(&exchange.facts, Facts::Token(call) if matches!(call.outcome, TokenOutcome::Issued { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_survey_is_a_sound_scenario() {
        assert_eq!(survey().script.id.value, "existing-app/survey");
    }
}
