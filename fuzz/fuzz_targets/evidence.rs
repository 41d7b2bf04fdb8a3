#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| flowcheck_checklist::fuzz_targets::evidence(data));
