//! Judges; being written.
use super::Verdict;
use crate::evidence::Evidence;
pub(super) fn signed_in_direct(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn signed_out_login(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn signed_out_resumes(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn no_account_sign_up(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn no_account_resumes(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn tenant_chosen(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn tenant_resumes(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn tenant_isolated(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn completes(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn shown(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn no_detour(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn no_manual_steps(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn from_app(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn any_klaviyo_host(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn any_klaviyo_session(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
