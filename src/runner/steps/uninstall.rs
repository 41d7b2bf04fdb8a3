//! Uninstalling, from either side.

use crate::browser::{BrowserError, PageSnapshot, backs_out, confirms, matches_disconnect};
use crate::evidence::{Control, FieldKind, PageKind, PagePart, Purpose, StepPhase, StepProblem, UserChange};
use crate::runner::steps::on_heap::on_heap;
use crate::runner::world::config_mismatch::doubt;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;

/// Clicks after which even a persistent user gives up looking for a way to disconnect.
const MOST_CLICKS: u32 = 4;
/// Questions that an app asks before it disconnects.
const MOST_QUESTIONS: u32 = 3;

/// What the app disconnects with.
enum DisconnectWith {
    /// A button or link.
    Control(usize),
    /// An option of a field, as of a list of statuses.
    Option { field: usize, option: String },
}

impl StepContext<'_> {
    /// Finds the app's disconnect control, from its settings and then from its home, and uses it; confirms where the app asks.
    pub(in crate::runner) async fn disconnect(&mut self) -> Result<StepPhase, StepError> {
        self.open_settings(Purpose::Prepare).await?;
        let snapshot = self.actor.seen()?;
        let doubt = doubt(snapshot, snapshot.parts.disconnect.as_ref());
        let settings = snapshot.page.url.clone();
        if self.disconnect_from_here().await? {
            return Ok(StepPhase::Done);
        }
        let home = self.world.address(Some(self.world.file.home_page()), None);
        let path =
            |address: &str| address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_owned();
        if path(&settings) != path(&home) {
            let shown = self.shows_state();
            self.open_signed_in(Purpose::Prepare, &home, shown).await?;
            if self.disconnect_from_here().await? {
                return Ok(StepPhase::Done);
            }
        }
        Err(self.lacking(PagePart::Disconnect, None, doubt))
    }

    /// Looks for the control that disconnects on the page in front of the user and behind its menus, tabs and links; uses it. Whether
    /// there was one.
    async fn disconnect_from_here(&mut self) -> Result<bool, BrowserError> {
        let mut tried: Vec<(String, String)> = Vec::new();
        for clicks in 1..=MOST_CLICKS {
            let snapshot = self.actor.seen()?.clone();
            if let Some(control) = disconnect_control(&snapshot).or_else(|| appeared(&snapshot, &tried)) {
                if wants_answers(&snapshot) {
                    self.answer_confirmation().await?;
                }
                let snapshot = self.actor.seen()?.clone();
                let control = disconnect_control(&snapshot).or_else(|| appeared(&snapshot, &tried)).unwrap_or(control);
                on_heap(|| self.use_disconnect(clicks, snapshot, DisconnectWith::Control(control))).await?;
                return Ok(true);
            }
            if let Some((field, option)) = snapshot.parts.disconnect_option.clone() {
                on_heap(|| self.use_disconnect(clicks, snapshot, DisconnectWith::Option { field, option })).await?;
                return Ok(true);
            }
            let new = |control: &usize| !tried.contains(&named(&snapshot, *control));
            let Some(control) = snapshot.parts.ways.to_disconnect.iter().copied().find(new) else { break };
            tried.push(named(&snapshot, control));
            self.click(Purpose::Disconnect { clicks, control: false }, control).await?;
            self.await_page(|snapshot| disconnect_control(snapshot).is_some()).await?;
        }
        Ok(false)
    }

    /// Uses a way to disconnect, and does what the app still wants of the user for it: answers, and a link that it mails.
    async fn use_disconnect(
        &mut self,
        clicks: u32,
        before: PageSnapshot,
        with: DisconnectWith,
    ) -> Result<(), BrowserError> {
        self.world.mails_before = self.world.mail.count();
        let purpose = Purpose::Disconnect { clicks, control: true };
        match with {
            DisconnectWith::Control(control) => self.click(purpose, control).await?,
            DisconnectWith::Option { field, option } => self.choose_and_send(purpose, field, &option).await?,
        }
        self.actor.person.should_be_installed = false;
        let clicks = self.confirm_disconnect(clicks, before).await?;
        let page = self.actor.seen()?.clone();
        let approved = page.page.kind != PageKind::NotInstalled
            && self.open_approval_link(Purpose::Disconnect { clicks: clicks + 1, control: true }).await?;
        if approved {
            self.confirm_disconnect(clicks + 1, page).await?;
        }
        Ok(())
    }

    /// Says yes as long as the app asks: a dialog, a page of its own, a form with a reason, a password or a phrase to type, or what the
    /// last click revealed on the page where it was made. How many clicks it has been by then.
    async fn confirm_disconnect(&mut self, mut clicks: u32, mut before: PageSnapshot) -> Result<u32, BrowserError> {
        for _ in 0..MOST_QUESTIONS {
            let done =
                self.await_page(|now| now.page.kind == PageKind::NotInstalled || asks_now(&before, now)).await?.kind;
            if done == PageKind::NotInstalled {
                break;
            }
            let control = if self.actor.seen()?.parts.confirmation.is_some() {
                self.answer_confirmation().await?;
                yes_control(self.actor.seen()?)
            } else if self.actor.seen()?.parts.asks_once_more || done != PageKind::Installed {
                disconnect_control(self.actor.seen()?)
            } else {
                // Still installed after its own control was used: clicking that again would only repeat it.
                revealed_yes(&before.page.controls, &self.actor.seen()?.page.controls)
            };
            let Some(control) = control else { break };
            clicks += 1;
            before = self.actor.seen()?.clone();
            self.click(Purpose::Disconnect { clicks, control: true }, control).await?;
        }
        Ok(clicks)
    }

    /// Changes the place of the current user's own user at Klaviyo in the account.
    pub(in crate::runner) fn change_klaviyo_user(&mut self, change: UserChange) -> Result<StepPhase, StepError> {
        let (user, account) =
            (self.actor.person.klaviyo.email.clone(), self.world.accounts.chosen().id.as_str().into());
        if let Err(error) = self.world.klaviyo.change_user(&user, &account, change) {
            return Err(StepProblem::NotArranged(error.to_string()).into());
        }
        self.actor.person.should_be_installed = false;
        Ok(StepPhase::Done)
    }

    /// Uninstalls the app on Klaviyo's integrations page.
    pub(in crate::runner) async fn uninstall_in_klaviyo(&mut self) -> Result<StepPhase, StepError> {
        self.open_integrations(Purpose::KlaviyoUninstall).await?;
        // The page asks once more, so two clicks; a third would be another app's.
        for click in 0..2 {
            let Some(control) = self.actor.seen()?.control(|control| control.name.starts_with("Uninstall")) else {
                if click == 0 {
                    return Err(StepProblem::NotListedInKlaviyo.into());
                }
                break;
            };
            self.click(Purpose::KlaviyoUninstall, control).await?;
            self.await_page(|snapshot| snapshot.page.kind == PageKind::KlaviyoIntegrations).await?;
        }
        self.actor.person.should_be_installed = false;
        Ok(StepPhase::Done)
    }
}

/// The control that surely disconnects Klaviyo, or says yes where the page asks once more.
fn disconnect_control(snapshot: &PageSnapshot) -> Option<usize> {
    snapshot.parts.disconnect.as_ref().filter(|part| part.is_sure()).map(|part| part.control)
}

/// A control that disconnects, in a menu that was opened: the last way led there, so it is Klaviyo's as that was.
fn appeared(snapshot: &PageSnapshot, tried: &[(String, String)]) -> Option<usize> {
    if tried.is_empty() || snapshot.is_missing(PagePart::Disconnect) {
        return None;
    }
    let mut found = snapshot.page.controls.iter().enumerate().filter(|(_, control)| matches_disconnect(&control.name));
    let (first, _) = found.next()?;
    // Which of several is Klaviyo's is not known.
    found.next().is_none().then_some(first)
}

/// Whether a click brought a question on the page where it was made: there is no more to wait for. Another document may still be at work.
fn asks_now(before: &PageSnapshot, now: &PageSnapshot) -> bool {
    let asks = now.parts.asks_once_more && !before.parts.asks_once_more
        || revealed_yes(&before.page.controls, &now.page.controls).is_some();
    now.page.url == before.page.url && asks
}

/// A control that says yes to disconnecting, and that the page had not before its disconnect control was used: what that revealed
/// (a popover, a row that opened, a button in its place) is about Klaviyo as it was.
fn revealed_yes(before: &[Control], now: &[Control]) -> Option<usize> {
    let names = |controls: &[Control], name: &str| controls.iter().filter(|control| control.name == name).count();
    let yes = now.iter().find(|control| {
        let verb = control.name.trim_end_matches(['?', '？', ' ']);
        confirms(verb) && names(now, &control.name) > names(before, &control.name)
    })?;
    // Of two with the same name the first is the one that was used.
    now.iter().rposition(|control| control.name == yes.name)
}

/// Whether the form around a control that is yet to be used has to be filled in first: a password, a phrase, a choice left open.
fn wants_answers(snapshot: &PageSnapshot) -> bool {
    let Some(form) = &snapshot.parts.confirmation else { return false };
    let left_open = |at: &usize| match snapshot.page.fields[*at].kind {
        FieldKind::Password => true,
        FieldKind::Select => snapshot.is_empty(*at),
        _ => false,
    };
    form.phrase.is_some() || form.fields.iter().any(left_open)
}

/// The control that says yes to the form that is filled in: its own submit, else the control that disconnects.
fn yes_control(snapshot: &PageSnapshot) -> Option<usize> {
    let confirmed = snapshot.part(PagePart::Confirm, |_| None);
    let submit = snapshot.parts.confirmation.as_ref().and_then(|form| snapshot.submit_of(*form.fields.first()?));
    // Where the form's own button cannot be used, its other one leaves everything as it is.
    let submit = submit.filter(|control| !backs_out(&snapshot.page.controls[*control].name));
    confirmed.or(submit).or_else(|| disconnect_control(snapshot))
}

fn named(snapshot: &PageSnapshot, control: usize) -> (String, String) {
    snapshot
        .page
        .controls
        .get(control)
        .map_or_else(Default::default, |control| (control.name.clone(), control.near.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::ControlRole;

    fn controls(names: &[&str]) -> Vec<Control> {
        let control = |name: &&str| Control {
            role: ControlRole::Button,
            name: (*name).to_owned(),
            href: None,
            near: String::new(),
            in_navigation: false,
        };
        names.iter().map(control).collect()
    }

    fn revealed<'a>(before: &[&str], now: &[&'a str]) -> Option<&'a str> {
        revealed_yes(&controls(before), &controls(now)).map(|at| now[at])
    }

    #[test]
    fn what_says_yes_and_was_not_there_before_is_what_the_click_revealed() {
        for (before, now, yes) in [
            (
                &["Disconnect Klaviyo…"][..],
                &["Disconnect Klaviyo…", "Yes, disconnect", "No, keep it"][..],
                "Yes, disconnect",
            ),
            (&["Disconnect"], &["Disconnect", "Cancel", "Confirm"], "Confirm"),
            (&["Disconnect"], &["Really disconnect?", "Keep"], "Really disconnect?"),
            (&["Disconnect"], &["Disconnect", "Cancel", "Disconnect"], "Disconnect"),
            (&["Trennen"], &["Trennen", "Abbrechen", "Ja, trennen"], "Ja, trennen"),
            (&["Remove", "OK"], &["Remove", "OK", "OK"], "OK"),
        ] {
            assert_eq!(revealed(before, now), Some(yes), "{before:?} {now:?}");
        }
    }

    #[test]
    fn what_was_there_before_or_says_something_else_is_not() {
        for (before, now) in [
            (&["Disconnect", "Save"][..], &["Disconnect", "Save"][..]),
            (&["Disconnect", "OK"], &["Disconnect", "OK"]),
            (&["Disconnect"], &["Disconnect", "Cancel", "No, keep it"]),
            (&["Disconnect"], &["Disconnecting…", "Help"]),
            (&["Disconnect"], &["Disconnect", "Undo", "×"]),
            (&["Disconnect", "Sign out"], &["Disconnect", "Sign out", "Learn more"]),
        ] {
            assert_eq!(revealed(before, now), None, "{before:?} {now:?}");
        }
    }
}
