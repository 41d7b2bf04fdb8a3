#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| flowcheck::report::fuzz_targets::run_file(data));
