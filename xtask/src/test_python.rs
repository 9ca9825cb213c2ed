//! The Python wheel as its users meet it: built, installed into an environment of its own, tried out, its stubs checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where everything lies that this step makes.
struct Bench<'r> {
    root: &'r Path,
    work: PathBuf,
}

/// Builds the wheel and runs everything that must hold of it.
pub(crate) fn test(root: &Path, target: &Path) -> bool {
    let bench = Bench { root, work: target.join("python") };
    let done = bench.environment() && bench.install() && bench.expected() && bench.tests() && bench.types();
    if !done {
        eprintln!("the Python wheel: FAILED");
    }
    done
}

impl Bench<'_> {
    fn environment_folder(&self) -> PathBuf {
        self.work.join("venv")
    }

    /// A command of the environment.
    fn tool(&self, name: &str) -> Command {
        let folder = if cfg!(windows) { "Scripts" } else { "bin" };
        let mut command = Command::new(self.environment_folder().join(folder).join(name));
        command.current_dir(self.root.join("bindings/python"));
        // An environment that the caller is in has no say.
        command
            .env_remove("PYTHONPATH")
            .env_remove("VIRTUAL_ENV")
            .env("PARURE_EXPECTED", self.work.join("expected"));
        command
    }

    fn python(&self, arguments: &[&str]) -> Command {
        let mut command = self.tool("python");
        command.args(arguments);
        command
    }

    /// The environment, with the tools at the versions that are asked for.
    fn environment(&self) -> bool {
        let python = ["python3", "python"].into_iter().find(|name| {
            let asked = "import sys, venv; sys.exit(sys.version_info < (3, 10))";
            Command::new(name).args(["-c", asked]).status().is_ok_and(|ran| ran.success())
        });
        let Some(python) = python else {
            eprintln!(
                "FAILED: the wheel needs Python 3.10 or newer with venv (Debian: apt-get install python3-venv)"
            );
            return false;
        };
        let asked =
            fs::read_to_string(self.root.join("bindings/python/requirements-test.txt")).unwrap_or_default();
        let tools: Vec<&str> = asked.lines().filter(|line| line.contains("==")).collect();
        eprintln!("\n$ the Python wheel, in an environment below {}", self.environment_folder().display());
        eprintln!("  installs {} and what these need", tools.join(", "));
        let exists = self.python(&["-m", "pip", "--version"]).output().is_ok_and(|ran| ran.status.success());
        let mut venv = Command::new(python);
        venv.args(["-m", "venv", "--clear"]).arg(self.environment_folder());
        (exists || ran(&mut venv))
            && ran(&mut self.python(&[
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
                "requirements-test.txt",
            ]))
    }

    /// The wheel, built as the other tests are, so that what they have built serves here too, and installed.
    fn install(&self) -> bool {
        let wheels = self.work.join("wheels");
        let _ = fs::remove_dir_all(&wheels);
        let mut build = self.tool("maturin");
        build.args(["build", "--quiet", "--profile", "dev", "--strip=false", "--out"]).arg(&wheels);
        if !ran(&mut build) {
            return false;
        }
        let wheel = fs::read_dir(&wheels).ok().and_then(|mut all| all.find_map(Result::ok));
        let Some(wheel) = wheel.map(|wheel| wheel.path()) else {
            eprintln!("FAILED: no wheel below {}", wheels.display());
            return false;
        };
        let mut install = self.python(&["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        ran(install.args(["--no-deps", "--force-reinstall"]).arg(wheel))
    }

    /// What the Rust door answers, for the Python door to be held to.
    fn expected(&self) -> bool {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut write = Command::new(cargo);
        write
            .args("run --quiet --locked --package parure-tests --bin expected --".split(' '))
            .current_dir(self.root);
        ran(write.arg(self.work.join("expected")))
    }

    fn tests(&self) -> bool {
        ran(&mut self.python(&["-m", "pytest"]))
    }

    fn types(&self) -> bool {
        ran(&mut self.python(&["-m", "mypy.stubtest", "parure"]))
            && ran(&mut self.python(&["-m", "mypy", "--strict", "--package", "parure"]))
            && ran(&mut self.python(&[
                "-m",
                "mypy",
                "--strict",
                "tests",
                "benches",
                "../../examples/till.py",
                "../../examples/cdnow_polars.py",
            ]))
    }
}

fn ran(command: &mut Command) -> bool {
    let program =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let arguments: Vec<_> =
        command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
    eprintln!("  $ {program} {}", arguments.join(" "));
    match command.status() {
        Ok(status) if status.success() => true,
        Ok(status) => {
            eprintln!("  FAILED: {status}");
            false
        }
        Err(why) => {
            eprintln!("  FAILED: it can't be run: {why}");
            false
        }
    }
}
