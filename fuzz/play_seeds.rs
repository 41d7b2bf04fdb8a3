// Included by the tests of the crates whose functions are fuzzed, so that the stable compiler plays the seeds, too.

/// Gives a fuzz target each of its seeds, whole and cut off in a few places.
fn play_seeds(target: &str, play: fn(&[u8])) {
    const CUTS: usize = 16;
    let package = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.ancestors().map(|folder| folder.join("fuzz/seeds").join(target)).find(|folder| folder.is_dir());
    let seeds = std::fs::read_dir(folder.unwrap_or_else(|| panic!("fuzz/seeds has no {target}"))).expect("it can be listed");
    let mut played = 0;
    for seed in seeds {
        let path = seed.expect("it can be listed").path();
        let bytes = std::fs::read(&path).expect("a seed can be read");
        for cut in 0..=CUTS {
            let end = bytes.len() * cut / CUTS;
            let played = std::panic::catch_unwind(|| play(&bytes[..end]));
            assert!(played.is_ok(), "{} fails, cut off after {end} bytes", path.display());
        }
        played += 1;
    }
    assert!(played > 0, "{target} has no seeds");
}
