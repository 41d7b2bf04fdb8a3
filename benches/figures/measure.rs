//! Medians, and how they are printed.

use std::time::Duration;

use super::page::tell;

/// The middle one.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints the median of some times with their range, and returns it in seconds.
pub(crate) fn print(what: &str, times: &[Duration]) -> f64 {
    let mut seconds: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
    let median = median(&mut seconds);
    let (least, most) = (seconds[0], seconds[seconds.len() - 1]);
    tell(what, format!("{median:.3} s, the median of {} ({least:.3} to {most:.3})", seconds.len()));
    median
}

/// Resident memory of a process, in MiB, where the system tells.
pub(crate) fn resident(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u32 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(f64::from(kibibytes) / 1024.0)
}
