//! Hostile inputs to the app's callback, from a table, by the user's own browser.

use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::browser::BrowserError;
use crate::evidence::{Event, Gesture, Probe, Purpose, StepPhase, StepProblem, Tampering};
use crate::klaviyo::{AccountId, Callback};
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;

/// The table.
const TABLE: &str = include_str!("hostile_inputs.yaml");
/// How long one answer may take, at most.
const PATIENCE: Duration = Duration::from_secs(10);
/// Inputs that may stay without an answer before the rest is left out: it would only wait.
const MOST_SILENT: usize = 2;

/// One input.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    name: String,
    query: String,
    #[serde(default)]
    method: Method,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Method {
    #[default]
    Get,
    Post,
}

impl StepContext<'_> {
    /// Sends every input of the table to the callback, one after the other, and records what came of each.
    pub(in crate::runner) async fn send_hostile_inputs(&mut self) -> Result<StepPhase, StepError> {
        let inputs = match inputs() {
            Ok(inputs) => inputs,
            Err(error) => {
                let why = format!("the table of hostile inputs cannot be read: {error}");
                return Err(StepProblem::NotArranged(why).into());
            }
        };
        let Some(mut pending) = self.pending_callback(None).await? else {
            return Err(StepProblem::NoAttempt.into());
        };
        let gesture = Gesture::SentHostileInputs { inputs: inputs.len(), redirect_uri: pending.redirect_uri.clone() };
        self.act(Purpose::Callback(Tampering::Hostile), gesture).await;
        let mut used = false;
        let mut silent = 0;
        for input in inputs {
            if input.query.contains("{state}") {
                if used && let Some(fresh) = self.pending_callback(pending.state.as_deref()).await? {
                    pending = fresh;
                }
                used = true;
            }
            let query = filled(&input.query, &pending);
            let probe = self.send_one(&input, &pending.redirect_uri, &query).await?;
            let answered = probe.status.is_some();
            self.world.recorder.record(Event::Probe(probe));
            silent += usize::from(!answered);
            if !answered && self.world.app.exited().is_some() {
                return Err(StepProblem::EndedByHostileInput.into());
            }
            if silent >= MOST_SILENT {
                return Err(StepProblem::HostileInputsUnanswered(silent).into());
            }
        }
        Ok(StepPhase::Done)
    }

    async fn send_one(&mut self, input: &Input, redirect_uri: &str, query: &str) -> Result<Probe, BrowserError> {
        let began = Instant::now();
        let limit = self.world.timeouts.page.min(PATIENCE);
        let user = self.actor.user()?;
        let answer = match input.method {
            Method::Get if query.is_empty() => user.probe(redirect_uri, limit).await?,
            Method::Get => {
                let separator = if redirect_uri.contains('?') { '&' } else { '?' };
                user.probe(&format!("{redirect_uri}{separator}{query}"), limit).await?
            }
            Method::Post => user.probe_by_form(redirect_uri, query, limit).await?,
        };
        Ok(Probe {
            user: user.label().to_owned(),
            input: input.name.clone(),
            method: if input.method == Method::Get { "GET" } else { "POST" }.to_owned(),
            status: answer.status,
            error: answer.error,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// The callback of an attempt that is pending; another one than that of the `used` state, which is begun first.
    async fn pending_callback(&mut self, used: Option<&str>) -> Result<Option<Callback>, BrowserError> {
        if used.is_some() {
            let install = self.world.address(Some(self.world.file.klaviyo.install_url.value.as_str()), None);
            let limit = self.world.timeouts.page.min(PATIENCE);
            self.actor.user()?.probe(&install, limit).await?;
            self.actor.attempt = self.world.klaviyo.latest_attempt();
        }
        let account = AccountId::from(self.world.accounts.chosen().id.as_str());
        let attempt = self.actor.attempt.clone();
        Ok(attempt.and_then(|attempt| self.world.klaviyo.callback_of(&attempt, &account)))
    }
}

fn inputs() -> Result<Vec<Input>, serde_yaml::Error> {
    serde_yaml::from_str(TABLE)
}

/// A query with its placeholders and repetitions filled in.
fn filled(query: &str, callback: &Callback) -> String {
    let query =
        query.replace("{code}", &callback.code).replace("{state}", callback.state.as_deref().unwrap_or_default());
    let mut out = String::with_capacity(query.len());
    let mut remaining = query.as_str();
    while let Some(open) = remaining.find('{') {
        let (before, from) = remaining.split_at(open);
        out.push_str(before);
        let repeated = from[1..].split_once('}').and_then(|(inside, after)| {
            let (text, times) = inside.rsplit_once('*')?;
            Some((text.repeat(times.parse().ok()?), after))
        });
        if let Some((text, after)) = repeated {
            out.push_str(&text);
            remaining = after;
        } else {
            out.push('{');
            remaining = &from[1..];
        }
    }
    out + remaining
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn callback() -> Callback {
        Callback { redirect_uri: String::new(), code: "good".to_owned(), state: Some("mine".to_owned()) }
    }

    #[test]
    fn the_table_has_sixty_inputs_and_more_each_with_a_name_of_its_own() {
        let inputs = inputs().unwrap();
        let names: BTreeSet<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        assert!(names.len() >= 60 && names.len() == inputs.len(), "{}", names.len());
    }

    #[test]
    fn placeholders_and_repetitions_are_filled_in() {
        assert_eq!(filled("code={code}&state={state}", &callback()), "code=good&state=mine");
        assert_eq!(filled("a{&p=1*3}z", &callback()), "a&p=1&p=1&p=1z");
        assert_eq!(filled("a={no}&b={", &callback()), "a={no}&b={");
    }
}
