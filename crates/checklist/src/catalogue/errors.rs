//! Errors while installing.

use super::sources::FLOW;
use crate::{Group, Item, Source, Tier, errors};

const ERRORS: Source = Source { document: FLOW, place: "Installation errors" };

pub(super) static ITEMS: &[Item] = &[
    Item {
        id: "error.denied.message",
        group: Group::Errors,
        requirement: "A user who denies permissions is told that the installation failed because of it",
        judged: "Visible text names the denial; none, a generic one or raw output fails",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::denied_message,
    },
    Item {
        id: "error.denied.dismiss",
        group: Group::Errors,
        requirement: "That message can be dismissed",
        judged: "A button, link or close control leads back to a working page",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::denied_dismiss,
    },
    Item {
        id: "error.denied.retry",
        group: Group::Errors,
        requirement: "After a denial, installing can be attempted again",
        judged: "The same user then installs",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::denied_retry,
    },
    Item {
        id: "error.expired.message",
        group: Group::Errors,
        requirement: "A user who comes back after the code has expired is told that the session is no longer valid",
        judged: "Visible text names the expiry; none, a generic one or raw output fails",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::expired_message,
    },
    Item {
        id: "error.expired.link",
        group: Group::Errors,
        requirement: "That message leads to re-attempting the installation",
        judged: "A link or button of it reaches consent again",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::expired_link,
    },
    Item {
        id: "error.expired.retry",
        group: Group::Errors,
        requirement: "The second attempt works",
        judged: "The installation completes",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::expired_retry,
    },
    Item {
        id: "error.abandoned.return",
        group: Group::Errors,
        requirement: "Leaving the consent page undecided and coming back within five minutes works",
        judged: "The installation completes",
        source: ERRORS,
        tier: Tier::Gate,
        judge: errors::abandoned_return,
    },
];
