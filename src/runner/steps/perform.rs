//! Playing a script's steps, one after the other, as far as the app lets them be played.

use std::time::Duration;

use crate::app::AppActionError;
use crate::browser::BrowserError;
use crate::evidence::{
    AppEvent, Declaration, Event, KlaviyoSession, PageKind, PageRef, Purpose, SignInState, StepKind, StepMark,
    StepPhase, StepProblem,
};
use crate::runner::Moment;
use crate::runner::steps::on_heap::on_heap;
use crate::runner::world::incidents::storm;
use crate::runner::world::setup::scenario_run::ScenarioRun;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::runner::world::world::World;
use crate::scenario::{Accounts, AppAction, CallbackWith, Script, Spanned, Step};

/// What passes in Klaviyo between two steps, as it would with a person at the browser. Without it flowcheck's own haste would
/// use up quotas of one call a second, and the app would be throttled for what no user does.
pub(in crate::runner) const A_MOMENT: Duration = Duration::from_secs(2);

/// What came of signing in those who begin signed in.
enum Prepared {
    Ready,
    /// `flowcheck.yaml` does not fit the app.
    Misfit(StepProblem),
    /// The app itself broke down, as its incident on the record says.
    Broken,
}

impl ScenarioRun {
    /// Brings everybody to where the script wants them, then plays its steps.
    pub(in crate::runner) async fn perform(
        &mut self,
        script: &Script,
        mut on_step: impl FnMut(&str),
    ) -> Result<(), StepError> {
        let network = self.context().actor.browser()?.network_process().await.unwrap_or_default();
        let prepared = self.prepare_app().await?;
        self.context().keeps_network(network).await?;
        match prepared {
            Prepared::Ready => {}
            Prepared::Misfit(why) => return Err(why.into()),
            Prepared::Broken => return Ok(()),
        }
        for (index, step) in script.steps.iter().enumerate() {
            let title = StepKind::from(&step.value).to_string();
            on_step(&title);
            self.ask_before(script, index, &title).await;
            self.world.mark(index, step, StepPhase::Began);
            self.world.let_pass(A_MOMENT).await;
            let phase = match self.context().missing_for(&step.value) {
                Some(why) => StepPhase::Skipped(why),
                None => match self.play_unless_stormed(&step.value, script.given.klaviyo).await {
                    Ok(phase) => phase,
                    Err(error) => StepPhase::Failed(self.context().page_fault(error).await?),
                },
            };
            self.context().note_incidents().await?;
            self.context().keeps_network(network).await?;
            self.world.mark(index, step, phase);
            if let Some(why) = self.world.config_mismatch.take() {
                return Err(why.into());
            }
            if self.world.ended.take().is_some() && !self.world.start_again().await {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Waits for who wants to be asked before each step.
    async fn ask_before(&mut self, script: &Script, index: usize, title: &str) {
        let Some(interactive) = &self.world.interactive else { return };
        let page = self
            .actors
            .actor_and_other(self.acting)
            .0
            .snapshot
            .as_ref()
            .map(|snapshot| PageRef::of(&snapshot.page).to_string());
        let page = page.map(|page| self.world.recorder.redact(&page));
        let (scenario, title) = (script.id.value.clone(), title.to_owned());
        interactive.ask(Moment::Step { scenario, number: index + 1, of: script.steps.len(), title, page }).await;
    }

    /// Signs in to the app those who begin signed in. Where the app itself breaks down over it, it is tried once more: what ended is started
    /// again, and what hung may answer now. Then it is only slower than `timing.page` allows, and nothing of it could be judged.
    async fn prepare_app(&mut self) -> Result<Prepared, BrowserError> {
        let first = self.world.recorder.next_seq();
        let hung = |event: &Event| matches!(event, Event::App(AppEvent::Stalled { begun: false, .. }));
        for tried in 0.. {
            let began = self.world.recorder.next_seq();
            let storm = storm(&self.world.recorder);
            let prepared = tokio::select! {
                prepared = self.prepare() => prepared,
                event = storm => {
                    self.world.recorder.record(Event::App(event));
                    self.world.app.kill();
                    return Ok(Prepared::Broken);
                }
            };
            let why = match prepared {
                Ok(()) if tried > 0 && self.world.has_seen(first, hung) => return Ok(Prepared::Broken),
                Ok(()) => return Ok(Prepared::Ready),
                Err(StepError::Problem(why)) => why,
                Err(StepError::Browser(error)) => self.context().page_fault(error).await?,
            };
            self.context().note_incidents().await?;
            if !self.world.has_broken_down(began) {
                self.context().note_no_page();
            }
            if !self.world.has_broken_down(began) {
                return Ok(Prepared::Misfit(why));
            }
            let is_up = self.world.ended.take().is_none() || self.world.start_again().await;
            if tried > 0 || !is_up || !self.world.may_get_over_it(began) {
                break;
            }
            self.world.config_mismatch = None;
        }
        Ok(Prepared::Broken)
    }

    /// Signs in to the app those who begin signed in. What stands in the way is the configuration's fault.
    async fn prepare(&mut self) -> Result<(), StepError> {
        for index in 0..self.actors.count() {
            self.acting = index;
            let mut context = self.context();
            if context.actor.person.signs_up {
                context.sign_up_to_app().await?;
            } else if context.world.file.accounts == Accounts::Own
                && matches!(context.actor.person.sign_in_state, SignInState::SignedIn | SignInState::NotOnHost)
            {
                context.sign_in_to_app(Purpose::Prepare).await?;
            }
        }
        self.acting = 0;
        Ok(())
    }

    /// Plays a step, and breaks it off where the app calls Klaviyo without end: it would never be over.
    async fn play_unless_stormed(&mut self, step: &Step, klaviyo: KlaviyoSession) -> Result<StepPhase, BrowserError> {
        let storm = storm(&self.world.recorder);
        let event = tokio::select! {
            played = on_heap(|| self.play(step, klaviyo)) => return played.or_else(|error| error.problem().map(StepPhase::Failed)),
            event = storm => event,
        };
        self.world.recorder.record(Event::App(event));
        let how = "ended by flowcheck, because it called Klaviyo without end".to_owned();
        self.world.app.kill();
        self.world.ended = Some(how);
        Ok(StepPhase::Failed(StepProblem::EndedForRequestStorm))
    }

    async fn play(&mut self, step: &Step, klaviyo: KlaviyoSession) -> Result<StepPhase, StepError> {
        let mut context = self.context();
        match step {
            Step::Install(from) => {
                let installed = on_heap(|| context.install(*from, klaviyo)).await;
                context.note_attempt();
                installed
            }
            Step::Allow => on_heap(|| context.allow()).await,
            Step::Deny => on_heap(|| context.deny()).await,
            Step::Leave(span) => on_heap(|| context.leave(*span)).await,
            Step::Return => on_heap(|| context.come_back()).await,
            Step::Wait(span) => {
                context.world.let_pass(span.duration()).await;
                Ok(StepPhase::Done)
            }
            Step::Look(at) => on_heap(|| context.look(*at)).await,
            Step::InstallOnHost => on_heap(|| context.install_on_host()).await,
            Step::Dismiss => on_heap(|| context.dismiss()).await,
            Step::Disconnect => on_heap(|| context.disconnect()).await,
            Step::UninstallInKlaviyo => on_heap(|| context.uninstall_in_klaviyo()).await,
            Step::ChangeKlaviyoUser(change) => context.change_klaviyo_user(*change),
            Step::UpdateScopes => context.world.update_scopes().await,
            Step::UseFeature => on_heap(|| context.use_feature()).await,
            Step::RevokeOutdated => on_heap(|| context.revoke_outdated()).await,
            Step::Throttle => context.world.throttle(),
            Step::WaitOut => Ok(context.world.wait_out().await),
            Step::Trigger => on_heap(|| context.world.trigger()).await,
            Step::SignInAgain => on_heap(|| context.sign_in_again()).await,
            Step::SignOut => {
                on_heap(|| context.sign_out(Purpose::SignOut)).await?;
                Ok(StepPhase::Done)
            }
            Step::SwitchAccount => {
                context.world.accounts.switch();
                Ok(StepPhase::Done)
            }
            Step::Callback(CallbackWith::Hostile) => on_heap(|| context.send_hostile_inputs()).await,
            Step::Callback(with) => on_heap(|| context.open_callback(*with)).await,
            Step::Revisit(by) => on_heap(|| context.revisit(*by)).await,
            Step::Fault(fault) => context.world.set_fault(Some(*fault)),
            Step::NoFaults => context.world.set_fault(None),
            Step::Rush(times) => on_heap(|| context.rush(*times)).await,
            Step::NewTab => {
                context.actor.user()?.open_tab().await?;
                context.actor.snapshot = None;
                Ok(StepPhase::Done)
            }
            Step::SwitchTab => {
                context.actor.user()?.switch_tab()?;
                // What is open there is known as soon as it is read.
                context.await_page(|_| true).await?;
                Ok(StepPhase::Done)
            }
            Step::SwitchUser => {
                self.acting = (self.acting + 1) % self.actors.count();
                self.context().actor.snapshot = None;
                Ok(StepPhase::Done)
            }
        }
    }
}

impl StepContext<'_> {
    /// What a step needs and the page in front of the user is not.
    fn missing_for(&self, step: &Step) -> Option<StepProblem> {
        let kind = self.actor.snapshot.as_ref().map(|snapshot| snapshot.page.kind);
        match step {
            Step::Allow | Step::Deny | Step::Leave(_) if kind != Some(PageKind::KlaviyoConsent) => {
                Some(StepProblem::ConsentNotOpen)
            }
            Step::Dismiss if kind.is_none() => Some(StepProblem::NoPageOpen),
            _ => None,
        }
    }
}

impl World {
    /// Whether what the app got into since then may not happen again. A page does what it does each time.
    fn may_get_over_it(&self, began: u32) -> bool {
        self.has_seen(began, |event| matches!(event, Event::App(AppEvent::Stalled { .. } | AppEvent::Exited(_))))
    }

    fn has_seen(&self, since: u32, is_it: impl Fn(&Event) -> bool) -> bool {
        self.recorder.scan(since, |entries| entries.iter().any(|entry| is_it(&entry.event)))
    }

    /// Whether the app got into something since then that flowcheck.yaml cannot help.
    fn has_broken_down(&self, began: u32) -> bool {
        self.has_seen(began, |event| match event {
            // How many logins it takes is a matter of its settings.
            Event::App(AppEvent::LimitedLogin(_)) => false,
            Event::App(AppEvent::Stalled { url, .. }) => self.is_of_the_app(url),
            Event::App(event) => event.is_incident(),
            _ => false,
        })
    }

    async fn trigger(&mut self) -> Result<StepPhase, StepError> {
        let Some(trigger) = self.file.trigger.clone() else {
            return Ok(StepPhase::Skipped(StepProblem::NotDeclared(Declaration::Trigger)));
        };
        let began = self.recorder.next_seq();
        self.run_trigger(&trigger).await?;
        // An app that only reads met no limit: what it does call is throttled, and it is made to call again.
        if self.throttle_reads(began) {
            self.run_trigger(&trigger).await?;
        }
        Ok(StepPhase::Done)
    }

    /// Makes the app do what an action of `flowcheck.yaml` says; why not, where it does not.
    pub(in crate::runner) async fn run_trigger(&mut self, action: &AppAction) -> Result<(), StepProblem> {
        let began = self.recorder.next_seq();
        match self.app.trigger(action).await {
            Ok(outcome) => {
                self.wait_for_queued_work(began, &outcome).await;
                Ok(())
            }
            Err(error) => Err(self.trigger_problem(error).await),
        }
    }

    /// What an action that failed means for its step: the file is at fault, or the app ended over it.
    pub(in crate::runner) async fn trigger_problem(&mut self, error: AppActionError) -> StepProblem {
        if error.is_cut_off() {
            self.ended = self.app.ended().await;
            if self.ended.is_some() {
                return StepProblem::EndedByTrigger(error.to_string());
            }
        }
        match error {
            AppActionError::Status { request, status, to } => {
                StepProblem::TriggerAnswered { request, status, to: to.map(|to| self.recorder.redact(&to)) }
            }
            error => StepProblem::ActionFailed(error.to_string()),
        }
    }

    fn mark(&self, index: usize, step: &Spanned<Step>, phase: StepPhase) {
        self.recorder.record(Event::Step(Box::new(StepMark {
            index,
            step: (&step.value).into(),
            line: step.line,
            phase,
        })));
    }
}
