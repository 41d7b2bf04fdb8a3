//! The network events of a visit, a line for each request: what it was, and how it went.

use std::collections::BTreeMap;

use serde_json::Value;

/// What stands for a request that only an answer told of.
pub(super) const NEVER_SENT: &str = "never sent";

/// What became of each request, in the order in which they were sent.
#[derive(Debug, Default)]
pub(super) struct Lifecycles {
    all: Vec<Lifecycle>,
}

#[derive(Debug)]
struct Lifecycle {
    request: String,
    what: String,
    events: Vec<String>,
}

impl Lifecycles {
    /// Takes in a BiDi event; those of the network count.
    pub(super) fn take(&mut self, method: &str, params: &Value) {
        let Some(event) = method.strip_prefix("network.") else { return };
        let request = format!("{} {}", params["request"]["request"], params["redirectCount"]);
        if event == "beforeRequestSent" {
            let document = if params["navigation"].is_null() { "" } else { "document " };
            let word = |of: &Value| of.as_str().unwrap_or_default().to_owned();
            let url = word(&params["request"]["url"]);
            let url = url.strip_prefix("http://localhost:3000").unwrap_or(&url);
            // What stands behind is another each time.
            let url =
                if url.starts_with("blob:") { url.rsplit_once('/').map_or(url, |(before, _)| before) } else { url };
            let what = format!("{document}{} {url}", word(&params["request"]["method"]));
            // Some drivers tell of an answer first.
            match self.all.iter_mut().find(|lifecycle| lifecycle.request == request && lifecycle.what == NEVER_SENT) {
                Some(lifecycle) => lifecycle.what = what,
                None => self.all.push(Lifecycle { request, what, events: Vec::new() }),
            }
            return;
        }
        let outcome = match event {
            "fetchError" => params["errorText"].as_str().unwrap_or_default().to_owned(),
            "responseStarted" => params["response"]["status"].to_string(),
            "responseCompleted" => "ended".to_owned(),
            _ => return,
        };
        // Whose it is is known by the last one: several sent under one name would be a mistake of the translation's.
        match self.all.iter_mut().rfind(|lifecycle| lifecycle.request == request) {
            Some(lifecycle) => lifecycle.events.push(outcome),
            None => self.all.push(Lifecycle { request, what: NEVER_SENT.to_owned(), events: vec![outcome] }),
        }
    }

    /// A line for each, in alphabetical order, with how many are alike: `GET /text: 200 ended, 2 times`.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut counts = BTreeMap::<String, usize>::new();
        for lifecycle in &self.all {
            *counts.entry(lifecycle.line()).or_default() += 1;
        }
        let times = |count: usize| if count > 1 { format!(", {count} times") } else { String::new() };
        counts.into_iter().map(|(line, count)| format!("{line}{}", times(count))).collect()
    }

    /// A line for each with its end alone: the status of what was answered, or the error. Whether an answer had begun before it
    /// failed is not in it, and in which order that was told.
    pub(super) fn ends(&self) -> Vec<String> {
        let mut lines: Vec<_> =
            self.all.iter().map(|lifecycle| format!("{}: {}", lifecycle.what, lifecycle.end())).collect();
        lines.sort();
        lines
    }

    /// Those that are neither `200 ended`, nor an error, nor an error after an answer began, nor open.
    pub(super) fn out_of_order(&self) -> Vec<String> {
        let is_status = |event: &String| event.parse::<u16>().is_ok();
        let is_end = |event: &String| event == "ended" || event.contains("::") || event.contains(' ');
        let sound = |lifecycle: &&Lifecycle| match lifecycle.events.as_slice() {
            [] => true,
            [one] => is_status(one) || is_end(one) && one != "ended",
            [began, end] => is_status(began) && is_end(end),
            _ => false,
        };
        let wrong = self.all.iter().filter(|lifecycle| !sound(lifecycle) || lifecycle.what == NEVER_SENT);
        wrong.map(Lifecycle::line).collect()
    }
}

impl Lifecycle {
    fn end(&self) -> String {
        let is_status = |event: &&String| event.parse::<u16>().is_ok();
        let status = self.events.iter().find(is_status).cloned();
        let error = self.events.iter().find(|event| !is_status(event) && *event != "ended");
        // No content is an answer, though the page gives it up.
        let has_nothing = matches!(status.as_deref(), Some("204" | "205"));
        match error.filter(|_| !has_nothing) {
            Some(error) => error.clone(),
            None if self.events.iter().any(|event| event == "ended") => status.unwrap_or_else(|| "ended".to_owned()),
            None if has_nothing => status.unwrap_or_default(),
            None => "open".to_owned(),
        }
    }

    fn line(&self) -> String {
        let end = if self.events.is_empty() { "open".to_owned() } else { self.events.join(" ") };
        format!("{}: {end}", self.what)
    }
}
