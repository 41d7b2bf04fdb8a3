//! What a scenario runs against: a fake Klaviyo, an instance of the app, the servers that they need.

use std::sync::Arc;
use std::time::Duration;

use crate::app::Instance;
use crate::browser::{Remote, Timeouts};
use crate::evidence::{Act, Event, Gesture, Hermetic, Purpose, Recorder, StepProblem};
use crate::gateway::{Gateway, NetworkNamespace};
use crate::klaviyo;
use crate::mail::Sink;
use crate::runner::Interactive;
use crate::runner::world::klaviyo_accounts::KlaviyoAccounts;
use crate::runner::world::screenshots::Screenshots;
use crate::runner::world::time::Time;
use crate::scenario::AppFile;

/// One scenario's world.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub(in crate::runner) struct World {
    pub(in crate::runner) recorder: Recorder,
    pub(in crate::runner) klaviyo: klaviyo::Server,
    /// Where the app and the browser are led to Klaviyo; none where the app is told its base URLs.
    pub(super) gateway: Option<Gateway>,
    /// Where browsers come from, when it is not this machine.
    pub(super) remote: Option<Remote>,
    /// Whether the app is led by the gateway, too.
    pub(super) leads_app: bool,
    /// The app's own network, in a hermetic run; goes after the app.
    pub(super) network_namespace: Option<NetworkNamespace>,
    pub(super) hermetic: Option<Hermetic>,
    pub(in crate::runner) app: Instance,
    /// The platform that an embedded app lives in.
    pub(super) host: Option<Instance>,
    pub(in crate::runner) mail: Sink,
    pub(in crate::runner) file: Arc<AppFile>,
    pub(in crate::runner) accounts: KlaviyoAccounts,
    pub(in crate::runner) timeouts: Timeouts,
    /// Whether the browser's answers are looked through in the end.
    pub(super) keeps_answers: bool,
    /// How the app has ended by itself, once it has.
    pub(in crate::runner) ended: Option<String>,
    /// How often it was started again since.
    pub(in crate::runner) started_again: usize,
    pub(super) shots: Screenshots,
    /// Whether the last act only arranged something: its page is no evidence, and needs no picture.
    pub(in crate::runner) preparing: bool,
    /// Whether anything was decided at Klaviyo, of which a message may tell.
    pub(super) has_decided: bool,
    pub(super) slow_mo: Duration,
    pub(in crate::runner) interactive: Option<Interactive>,
    pub(in crate::runner) time: Time,
    /// `flowcheck.yaml`, as the user named it.
    pub(in crate::runner) config: String,
    /// Hosts beside the app's own at which passwords of its users may be typed; anywhere, when left out.
    pub(in crate::runner) passwords_to: Option<Vec<String>>,
    /// Mails that had come when the last form was sent.
    pub(in crate::runner) mails_before: usize,
    /// Where that file does not fit the app, once that is seen.
    pub(in crate::runner) config_mismatch: Option<StepProblem>,
}

impl World {
    /// An address of the app, with the tenant named where the address asks for one.
    pub(in crate::runner) fn address(&self, page: Option<&str>, tenant: Option<&str>) -> String {
        self.app.placeholders().fill_for(tenant, page.unwrap_or(&self.file.url.value))
    }

    /// Records what a user does.
    pub(in crate::runner) fn note_act(&self, user: &str, purpose: Purpose, gesture: Gesture) {
        let gesture = gesture.redacted(|text| self.recorder.redact(text));
        self.recorder.record(Event::Act(Act { user: user.to_owned(), purpose, gesture }));
    }
}
