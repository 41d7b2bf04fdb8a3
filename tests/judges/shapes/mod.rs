//! What is right of shapes of apps that no seeded defect has, requirement by requirement.

mod approval_by_mail;
mod challenge;
mod data;
mod deleted_install;
mod left_question;
mod more_after_consent;
mod never_shown;
mod put_off;
mod refused_request;
mod reinstalled;
mod scopes;
mod state;
mod throttled_event;
mod verifier;
