//! Filling in a form of the app, as an ordinary user who reads what it asks for.

use time::OffsetDateTime;

use super::form_answers::{Newcomer, given, texts};
use crate::browser::{BrowserError, PageSnapshot};
use crate::evidence::{Field, FieldKind};
use crate::lexicon::{Key, says};
use crate::runner::world::step_context::StepContext;

/// How much of a form is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runner) enum Filling {
    /// What it asks for: what may stay empty does.
    Required,
    /// Everything, after it was refused so.
    Everything,
}

impl StepContext<'_> {
    /// Fills in fields of a page, and those that appear meanwhile. What is in front of the user then is the page to send.
    pub(in crate::runner) async fn fill_in(
        &mut self,
        fields: impl Fn(&Field) -> bool,
        filling: Filling,
    ) -> Result<(), BrowserError> {
        let mut snapshot = self.actor.seen()?.clone();
        let mut filled: Vec<Field> = Vec::new();
        for _ in 0..MOST_PASSES {
            let open = |field: &Field| fields(field) && !filled.contains(field);
            let says_required = (0..snapshot.page.fields.len())
                .any(|at| fields(&snapshot.page.fields[at]) && is_required(&snapshot, at));
            let all = filling == Filling::Everything || !says_required;
            let asked: Vec<usize> =
                (0..snapshot.page.fields.len()).filter(|at| open(&snapshot.page.fields[*at])).collect();
            if asked.is_empty() {
                break;
            }
            for at in asked {
                filled.push(snapshot.page.fields[at].clone());
                if all || self.is_asked_for(&snapshot, at) {
                    self.fill_field(&snapshot, at, filling).await?;
                }
            }
            // The button may have been shut until now, and an answer may bring up further questions.
            let Ok(now) = self.actor.user()?.peek().await else { break };
            if now.page.fields.is_empty() {
                break;
            }
            self.take(now.clone());
            snapshot = now;
        }
        Ok(())
    }

    fn is_asked_for(&self, snapshot: &PageSnapshot, at: usize) -> bool {
        let field = &snapshot.page.fields[at];
        let is_ours = matches!(field.kind, FieldKind::Email | FieldKind::Password | FieldKind::NewPassword);
        is_ours
            || is_required(snapshot, at)
            || field.kind == FieldKind::Radio
            || field.kind == FieldKind::Checkbox && says(&field.label, Key::Terms)
            || given(field, &self.world.file.newcomer.answers).is_some()
    }

    /// Fills in one field, with what its type, its constraints and its label ask for.
    pub(in crate::runner) async fn fill_field(
        &mut self,
        snapshot: &PageSnapshot,
        at: usize,
        filling: Filling,
    ) -> Result<(), BrowserError> {
        let field = &snapshot.page.fields[at];
        match field.kind {
            // There is none yet.
            FieldKind::Code => Ok(()),
            FieldKind::Checkbox => {
                let wanted =
                    filling == Filling::Everything || is_required(snapshot, at) || says(&field.label, Key::Terms);
                if wanted { self.actor.user()?.tick(snapshot, at).await } else { Ok(()) }
            }
            FieldKind::Select | FieldKind::Radio | FieldKind::Combobox => self.choose_any(snapshot, at).await,
            _ => {
                let constraints = snapshot.constraints(at).cloned().unwrap_or_default();
                let person = &self.actor.person;
                let newcomer = Newcomer {
                    login: &person.login,
                    password: &person.password,
                    answers: &self.world.file.newcomer.answers,
                    today: OffsetDateTime::now_utc().date(),
                };
                let texts = texts(field, &constraints, &newcomer);
                let user = self.actor.user()?;
                let fitting = user.first_fitting(snapshot, at, &texts).await?.unwrap_or(0);
                let Some(text) = texts.get(fitting) else { return Ok(()) };
                user.fill(snapshot, at, text).await?;
                let sets = matches!(field.kind, FieldKind::Password | FieldKind::NewPassword);
                if sets && *text != self.actor.person.password {
                    // The form takes no longer one; it is the one to log in with from now on.
                    self.world.recorder.secret("password", text);
                    self.actor.person.password.clone_from(text);
                }
                Ok(())
            }
        }
    }

    /// Makes a choice where any will do; one that is made already stays.
    async fn choose_any(&mut self, snapshot: &PageSnapshot, at: usize) -> Result<(), BrowserError> {
        let field = &snapshot.page.fields[at];
        let answer = given(field, &self.world.file.newcomer.answers).map(str::to_owned);
        let named = answer.and_then(|answer| field.options.iter().find(|option| option.contains(&answer)).cloned());
        let option = match (named, field.kind) {
            (Some(named), _) => Some(named),
            (None, FieldKind::Select) if !snapshot.is_empty(at) => None,
            (None, FieldKind::Select) => {
                let first = snapshot.constraints(at).and_then(|constraints| constraints.choice.clone());
                // The first choice is often a prompt ("Please choose").
                first.or_else(|| field.options.get(1).or(field.options.first()).cloned())
            }
            // A list that is closed says nothing yet of what is in it: its first entry.
            (None, FieldKind::Combobox) => Some(field.options.first().cloned().unwrap_or_default()),
            (None, _) => field.options.first().cloned(),
        };
        match option {
            Some(option) => self.actor.user()?.choose(snapshot, at, &option).await,
            None => Ok(()),
        }
    }
}

/// Times that a form is looked at for further questions.
const MOST_PASSES: usize = 3;

fn is_required(snapshot: &PageSnapshot, at: usize) -> bool {
    snapshot.constraints(at).is_some_and(|constraints| constraints.required)
}
