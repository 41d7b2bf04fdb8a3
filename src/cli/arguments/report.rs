//! `--report KIND=FILE`.

use std::path::PathBuf;

use clap::ValueEnum;

/// A report asked for by `--report`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct ReportTarget {
    pub(in crate::cli) kind: ReportKind,
    pub(in crate::cli) file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReportKind {
    Html,
    Json,
    Junit,
    Markdown,
    Tap,
}

/// A text that asks for no report.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ReportTargetError {
    /// There is no `=`, or nothing after it.
    #[error("write KIND=FILE, as in html=report.html")]
    Form,
    /// There is no such kind.
    #[error("`{0}` is no report; there are html, json, junit, markdown and tap")]
    Kind(String),
}

pub(super) fn report_target(text: &str) -> Result<ReportTarget, ReportTargetError> {
    let (kind, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or(ReportTargetError::Form)?;
    let kind = ReportKind::from_str(kind, false).map_err(|_| ReportTargetError::Kind(kind.to_owned()))?;
    Ok(ReportTarget { kind, file: file.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_asked_for_by_kind_and_file() {
        assert_eq!(
            report_target("html=a=b.html"),
            Ok(ReportTarget { kind: ReportKind::Html, file: "a=b.html".into() })
        );
        assert!(report_target("pdf=x").unwrap_err().to_string().contains("html, json, junit, markdown and tap"));
        assert!(report_target("html=").is_err() && report_target("html").is_err());
    }
}
