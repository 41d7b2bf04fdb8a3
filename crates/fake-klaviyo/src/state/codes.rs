//! Authorization codes.

use std::collections::VecDeque;

use foldhash::HashMap;

use crate::model::account::AccountId;
use crate::model::authorization_code::Code;
use crate::model::random_id;
use crate::state::attempts::Attempt;
use crate::store::change::Change;
use crate::store::change_log::ChangeLog;

/// Codes that are kept; older ones are forgotten, as attempts are.
const KEPT: usize = 10_000;

/// What a user has allowed.
#[derive(Debug)]
pub(crate) struct Consent {
    /// For which account.
    pub(crate) account: AccountId,
    /// Who allowed it, by e-mail address in lower case.
    pub(crate) user: String,
    /// The granted scopes.
    pub(crate) scopes: Vec<String>,
}

/// The codes, by their text.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    by_text: HashMap<String, Code>,
    /// Their texts, oldest first.
    order: VecDeque<String>,
    change_log: ChangeLog,
}

impl Codes {
    /// An empty table, whose changes are logged.
    pub(crate) fn new(change_log: ChangeLog) -> Self {
        Self { change_log, ..Self::default() }
    }

    /// The codes of a snapshot; changes are logged.
    pub(crate) fn restored(by_text: HashMap<String, Code>, change_log: ChangeLog) -> Self {
        let mut order: Vec<(i64, String)> =
            by_text.iter().map(|(text, code)| (code.expires_ms, text.clone())).collect();
        order.sort_unstable();
        Self { by_text, order: order.into_iter().map(|(_, text)| text).collect(), change_log }
    }

    /// Issues a code for an attempt. It expires when the attempt's time is over, even if that has passed already.
    pub(crate) fn issue(&mut self, attempt: &Attempt, consent: Consent, life_s: u32) -> (String, &Code) {
        let code = Code {
            attempt: attempt.id.clone(),
            client_id: attempt.request.client_id.clone(),
            redirect_uri: attempt.request.redirect_uri.clone(),
            challenge: attempt.request.challenge.clone(),
            account: consent.account,
            user: consent.user,
            scopes: consent.scopes,
            expires_ms: attempt.started_ms + i64::from(life_s) * 1_000,
            used_for: None,
        };
        while self.order.len() >= KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_text.remove(&oldest);
            self.change_log.note(|| Change::ForgetCode(oldest));
        }
        let text = random_id::alphanumeric(43);
        self.order.push_back(text.clone());
        self.change_log.note(|| Change::Code(text.clone(), code.clone()));
        let kept = self.by_text.entry(text.clone()).or_insert(code);
        (text, kept)
    }

    /// The code with this text.
    pub(crate) fn get(&self, text: &str) -> Option<&Code> {
        self.by_text.get(text)
    }

    /// The code that was exchanged for an attempt.
    pub(crate) fn used_of(&self, attempt: &str) -> Option<&str> {
        let mut codes = self.by_text.iter();
        codes.find(|(_, code)| code.attempt == attempt && code.used_for.is_some()).map(|(text, _)| text.as_str())
    }

    /// Marks a code as exchanged for this install.
    pub(crate) fn mark_used(&mut self, text: &str, install: &str) {
        if let Some(code) = self.by_text.get_mut(text) {
            code.used_for = Some(install.to_owned());
            self.change_log.note(|| Change::Code(text.to_owned(), code.clone()));
        }
    }

    /// How many codes can still be exchanged.
    pub(crate) fn unused(&self, now_ms: i64) -> usize {
        self.by_text.values().filter(|code| code.used_for.is_none() && code.expires_ms > now_ms).count()
    }

    /// Expires every unused code, and returns how many there were.
    pub(crate) fn expire_all(&mut self, now_ms: i64) -> usize {
        let live = self.by_text.iter_mut().filter(|(_, code)| code.used_for.is_none() && code.expires_ms > now_ms);
        live.map(|(text, code)| {
            code.expires_ms = now_ms;
            self.change_log.note(|| Change::Code(text.clone(), code.clone()));
        })
        .count()
    }
}
