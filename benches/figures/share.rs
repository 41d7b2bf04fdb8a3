//! What a run's processor time and memory go to: the browser, its driver, the app, flowcheck. Read off `/proc`, so Linux alone.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::checklist;
use super::page::tell;

/// Processes that live shorter than this are missed, and so is what a process did after the last look at it.
const LOOK_AGAIN: Duration = Duration::from_millis(25);
/// The kernel's unit for processor time towards programs.
const TICKS_PER_S: f64 = 100.0;
const KINDS: [&str; 4] = ["browser", "driver", "app", "flowcheck"];

pub(crate) fn measure() {
    let mut peaks = Vec::new();
    for jobs in [1_u32, 2, 4] {
        let (wall, seen) = watched(&jobs.to_string());
        let cpu = |kind: &str| seen.cpu.values().filter(|(of, _)| *of == kind).map(|(_, s)| s).sum::<f64>();
        let whole: f64 = KINDS.iter().map(|kind| cpu(kind)).sum();
        let shares = KINDS.map(|kind| format!("{kind} {:.1} %", 100.0 * cpu(kind) / whole)).join(", ");
        let took = format!("{whole:.1} s in {:.1} s: {shares}", wall.as_secs_f64());
        tell(format!("whole standalone checklist, -j {jobs}: processor time"), took);
        tell(format!("memory at most, -j {jobs}"), format!("{:.0} MiB, shared pages counted once", seen.memory));
        peaks.push((jobs, seen.memory));
    }
    if let [(_, one), .., (most, all)] = peaks[..] {
        let each = (all - one) / f64::from(most - 1);
        tell("one more worker: its browser and worlds", format!("{each:.0} MiB"));
    }
    commands();
}

/// How often the browser is asked for something, which no other load on the machine changes.
fn commands() {
    let output = tempfile::tempdir().expect("there is room");
    let ran = checklist::command("1", output.path())
        .arg("install/signed-in")
        .env("FLOWCHECK_LOG", "flowcheck::browser=trace")
        .output()
        .expect("flowcheck starts");
    let said = String::from_utf8_lossy(&ran.stderr);
    let mut counted: HashMap<&str, usize> = HashMap::new();
    for line in said.lines().filter_map(|line| line.split_once(" asked the browser: ")) {
        let what = line.1.split(" \"").next().unwrap_or(line.1);
        *counted.entry(what.split(" http").next().unwrap_or(what)).or_default() += 1;
    }
    let mut counted: Vec<_> = counted.into_iter().collect();
    counted.sort_by_key(|(what, count)| (std::cmp::Reverse(*count), *what));
    let list: Vec<String> = counted.iter().map(|(what, count)| format!("{what} {count}")).collect();
    let all: usize = counted.iter().map(|(_, count)| count).sum();
    tell("what install/signed-in asks the browser for", format!("{all} times: {}", list.join(", ")));
}

/// What was seen of a run's processes.
#[derive(Default)]
struct Event {
    /// Kind and processor seconds, by process and when it began.
    cpu: HashMap<(u32, String), (&'static str, f64)>,
    /// The most that all had together, in MiB.
    memory: f64,
}

fn watched(jobs: &str) -> (Duration, Event) {
    let output = tempfile::tempdir().expect("there is room");
    let began = Instant::now();
    let mut run = checklist::command(jobs, output.path()).stdout(Stdio::null()).spawn().expect("flowcheck starts");
    let mut seen = Event::default();
    let mut looks = 0_u32;
    while !ended(&mut run) {
        // Counting pages is dear, and slows down whose they are.
        seen.look(run.id(), looks.is_multiple_of(40));
        looks += 1;
        sleep(LOOK_AGAIN);
    }
    (began.elapsed(), seen)
}

fn ended(run: &mut Child) -> bool {
    let status = run.try_wait().expect("it can be asked");
    assert!(status.is_none_or(|status| status.success()), "the honest app passes");
    status.is_some()
}

impl Event {
    fn look(&mut self, root: u32, with_memory: bool) {
        let processes: HashMap<u32, Process> = Process::all();
        let mut memory = 0.0;
        for (id, process) in &processes {
            if *id != root && !descends(*id, root, &processes) {
                continue;
            }
            let seen = self.cpu.entry((*id, process.began.clone())).or_insert(("browser", 0.0));
            seen.1 = process.cpu;
            // What has ended does not say any more what it was.
            if let Some(kind) = if *id == root { Some("flowcheck") } else { kind_of(*id) } {
                seen.0 = kind;
            }
            if with_memory {
                memory += memory_of(*id);
            }
        }
        self.memory = self.memory.max(memory);
    }
}

struct Process {
    parent: u32,
    began: String,
    cpu: f64,
}

impl Process {
    fn all() -> HashMap<u32, Self> {
        let folders = std::fs::read_dir("/proc").expect("Linux").flatten();
        let ids = folders.filter_map(|folder| folder.file_name().to_str()?.parse().ok());
        ids.filter_map(|id| Some((id, Self::read(id)?))).collect()
    }

    fn read(id: u32) -> Option<Self> {
        let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
        let cpu = (ticks(11)? + ticks(12)?) / TICKS_PER_S;
        Some(Self { parent: fields.get(1)?.parse().ok()?, began: (*fields.get(19)?).to_owned(), cpu })
    }
}

fn descends(id: u32, from: u32, processes: &HashMap<u32, Process>) -> bool {
    let mut at = id;
    while let Some(process) = processes.get(&at) {
        if process.parent == from {
            return true;
        }
        at = process.parent;
    }
    false
}

fn kind_of(id: u32) -> Option<&'static str> {
    let program = std::fs::read_link(format!("/proc/{id}/exe")).ok()?;
    Some(match program.file_name()?.to_str()? {
        "partner" => "app",
        "chromedriver" | "geckodriver" => "driver",
        _ => "browser",
    })
}

/// Resident memory in MiB, with pages that several share counted in parts.
fn memory_of(id: u32) -> f64 {
    let text =
        std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0
}
