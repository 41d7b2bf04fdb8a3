//! What may make the app call Klaviyo, according to its folder: routes that its source names, and commands.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Something that may make the app call Klaviyo, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// How `trigger` says it.
    pub(in crate::init) call: JobCall,
    /// The file that says so, with the line where it has many.
    pub(in crate::init) found_in: String,
}

/// How a job is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::init) enum JobCall {
    /// By a GET of a path.
    Get(String),
    /// By a POST to a path.
    Post(String),
    /// By a command.
    Run(String),
}

/// Words of a path, or of a command's name, that is begun by a schedule and by no person.
const WORDS: [&str; 9] = ["sync", "job", "jobs", "cron", "task", "tasks", "schedule", "scheduled", "scheduler"];
/// Ends of the names of files that have routes.
const SOURCES: [&str; 14] = ["js", "mjs", "cjs", "ts", "mts", "py", "rb", "php", "go", "java", "kt", "cs", "rs", "ex"];
/// Folders of other people's code, of what is built, and of tests.
const NOT_THE_APPS: [&str; 14] = [
    "node_modules",
    "vendor",
    "venv",
    "dist",
    "build",
    "target",
    "test",
    "tests",
    "spec",
    "__tests__",
    "migrations",
    "coverage",
    "tmp",
    "site-packages",
];
/// Files and folders that are looked at, and bytes of a file.
const MOST_FILES: usize = 2_000;
const LONGEST: u64 = 256 * 1024;
/// What a line has that says that its route is a POST's: the method itself, or a router's function for it.
const POST: &str = "post";
/// Where Django has its commands.
const COMMANDS: &str = "management/commands";
/// Jobs that are told.
const MOST_JOBS: usize = 3;

/// What the folder says may make the app call Klaviyo, the likeliest first.
pub fn jobs(folder: &Path) -> Vec<Job> {
    let mut found = routes(folder);
    found.extend(commands(folder));
    found.truncate(MOST_JOBS);
    found
}

/// Whether one of the words that a text has between its signs is a job's.
fn names_job(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.any(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()))
}

/// Routes that the source names.
fn routes(folder: &Path) -> Vec<Job> {
    let mut found: Vec<Job> = Vec::new();
    for file in sources(folder) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
        for (index, line) in text.lines().enumerate() {
            let Some(call) = route(line) else { continue };
            if !found.iter().any(|job| job.call == call) {
                found.push(Job { call, found_in: format!("{name}:{}", index + 1) });
            }
        }
    }
    found
}

/// The files of the app's own source, each folder's in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut ahead = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(next) = ahead.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        let mut entries: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        entries.sort_unstable();
        for path in entries {
            seen += 1;
            if seen > MOST_FILES {
                return found;
            }
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // A link may lead out of the folder, or round in it.
            let Ok(about) = path.symlink_metadata() else { continue };
            if about.is_dir() && !name.starts_with('.') && !NOT_THE_APPS.contains(&name) {
                ahead.push(path);
            } else if about.is_file() && about.len() <= LONGEST {
                let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
                let is_test = name.contains(".test.") || name.contains(".spec.") || name.starts_with("test_");
                if SOURCES.contains(&end) && !is_test {
                    found.push(path);
                }
            }
        }
    }
    found
}

/// The route of a job that a line of source names.
fn route(line: &str) -> Option<JobCall> {
    let trimmed = line.trim_start();
    let is_import = ["import ", "from ", "require ", "use "].iter().any(|word| trimmed.starts_with(word));
    let is_comment = ["//", "#", "*", "/*"].iter().any(|sign| trimmed.starts_with(sign));
    if is_import || is_comment || line.contains("require(") || line.contains("import(") || line.contains("://") {
        return None;
    }
    let path = quoted(line).find_map(|text| {
        // Routers of some frameworks name the method with the path: "POST /jobs/sync".
        let path = text.rsplit(' ').next().unwrap_or(text);
        is_path(path).then_some(path)
    })?;
    let path = format!("/{}", path.trim_start_matches('/'));
    Some(if line.to_ascii_lowercase().contains(POST) { JobCall::Post(path) } else { JobCall::Get(path) })
}

/// Whether it is a job's path without placeholders.
fn is_path(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/_-".contains(letter);
    text.contains('/') && text.chars().all(plain) && names_job(text)
}

/// The texts between quotes of one kind in a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    ['"', '\'', '`'].into_iter().flat_map(move |quote| line.split(quote).skip(1).step_by(2))
}

/// Commands that do a job and end: scripts of `package.json`, and Django's commands.
fn commands(folder: &Path) -> Vec<Job> {
    let mut found = Vec::new();
    if let Some(package) = fs::read_to_string(folder.join("package.json")).ok().filter(|text| text.len() < 1 << 20)
        && let Ok(package) = serde_json::from_str::<Value>(&package)
        && let Some(scripts) = package.get("scripts").and_then(Value::as_object)
    {
        let named = scripts.keys().filter(|name| names_job(name));
        found.extend(
            named
                .map(|name| Job { call: JobCall::Run(format!("npm run {name}")), found_in: "package.json".to_owned() }),
        );
    }
    if folder.join("manage.py").is_file() {
        for file in sources(folder) {
            let name = file.strip_prefix(folder).unwrap_or(&file);
            let is_command = name.parent().is_some_and(|parent| parent.ends_with(COMMANDS));
            if let Some(command) =
                name.file_stem().and_then(|stem| stem.to_str()).filter(|stem| is_command && names_job(stem))
            {
                let call = JobCall::Run(format!("python manage.py {command}"));
                found.push(Job { call, found_in: name.display().to_string() });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(JobCall, String)> {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("there is room for a folder");
            fs::write(path, text).expect("the file can be written");
        }
        jobs(folder.path()).into_iter().map(|job| (job.call, job.found_in)).collect()
    }

    #[test]
    fn a_route_that_a_schedule_calls_is_found_in_each_languages_source() {
        let get = |path: &str| Some(JobCall::Get(path.to_owned()));
        let post = |path: &str| Some(JobCall::Post(path.to_owned()));
        for (line, expected) in [
            ("app.get('/jobs/sync', async (request, response) => {", get("/jobs/sync")),
            ("@app.route(\"/tasks/klaviyo\", methods=[\"POST\"])", post("/tasks/klaviyo")),
            ("    path('tasks/sync', views.sync),", get("/tasks/sync")),
            ("  post 'cron/klaviyo_sync', to: 'cron#run'", post("/cron/klaviyo_sync")),
            ("@PostMapping(\"/internal/jobs/bookings\")", post("/internal/jobs/bookings")),
            ("case 'GET /jobs/sync': foreach ($db as $who) {", get("/jobs/sync")),
            ("mux.HandleFunc(\"/internal/cron\", run)", get("/internal/cron")),
            ("Route::get('/sync', SyncController::class);", get("/sync")),
        ] {
            assert_eq!(route(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_route_of_a_job_is_left_out() {
        for line in [
            "const sync = require('./jobs/sync');",
            "import { run } from '../tasks/run';",
            "from 'app/jobs/sync'",
            "// app.get('/jobs/sync')",
            "# path('tasks/sync')",
            "app.get('/jobs/:id', show);",
            "path('tasks/<int:id>', views.task)",
            "await fetch('https://example.com/jobs/sync')",
            "log('the job is done and/or failed')",
            "app.get('/settings', show);",
            "const mode = 'sync';",
            "app.get('/synchronous/asynchronous')",
        ] {
            assert_eq!(route(line), None, "{line}");
        }
    }

    #[test]
    fn only_the_apps_own_source_is_read_and_each_route_is_told_once() {
        let route = "app.get('/jobs/sync', run);\n";
        let files = [
            ("node_modules/other/index.js", "app.get('/jobs/other', run);"),
            ("tests/app.js", "app.get('/jobs/test', run);"),
            ("src/app.test.js", "app.get('/jobs/test', run);"),
            ("src/a.js", route),
            ("src/b.js", route),
            ("README.md", route),
        ];
        assert_eq!(found(&files), [(JobCall::Get("/jobs/sync".to_owned()), "src/a.js:1".to_owned())]);
    }

    #[test]
    fn commands_that_do_a_job_are_found_and_those_that_serve_are_not() {
        let run = |command: &str| JobCall::Run(command.to_owned());
        let package =
            "{\"scripts\": {\"start\": \"node a\", \"sync\": \"node sync\", \"sync:klaviyo\": \"x\", \"dev\": \"x\"}}";
        let scripts: Vec<JobCall> = found(&[("package.json", package)]).into_iter().map(|(call, _)| call).collect();
        assert_eq!(scripts, [run("npm run sync"), run("npm run sync:klaviyo")]);
        let django = [
            ("manage.py", ""),
            ("shop/management/commands/klaviyo_sync.py", ""),
            ("shop/management/commands/serve.py", ""),
        ];
        let place = "shop/management/commands/klaviyo_sync.py".to_owned();
        assert_eq!(found(&django), [(run("python manage.py klaviyo_sync"), place)]);
        assert_eq!(found(&[("package.json", "{ broken")]), []);
    }
}
