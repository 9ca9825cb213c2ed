#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parure_tests::drive::program(bytes));
