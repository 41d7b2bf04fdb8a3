//! Judges; being written.
use super::Verdict;
use crate::evidence::Evidence;
pub(super) fn authorize_request(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn pkce(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn state_sent(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn redirect_uri(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn client_auth(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
