//! The program `parure`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(parure_cli::run(std::env::args_os()))
}
