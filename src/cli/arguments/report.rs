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

pub(super) fn report_target(text: &str) -> Result<ReportTarget, String> {
    let (kind, file) =
        text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or("write KIND=FILE, as in html=report.html")?;
    let kind = ReportKind::from_str(kind, false)
        .map_err(|_| format!("`{kind}` is no report; there are html, json, junit, markdown and tap"))?;
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
        assert!(report_target("pdf=x").unwrap_err().contains("html, json, junit, markdown and tap"));
        assert!(report_target("html=").is_err() && report_target("html").is_err());
    }
}
