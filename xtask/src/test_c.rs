//! The C library as its users meet it: installed, found, compiled against in C and C++, linked both ways, run under valgrind.

use crate::install::{STATIC_LIBS, install, shared_names};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const STRICT: [&str; 6] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", "-g"];
const SANITIZED: [&str; 4] =
    ["-std=c99", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
const VALGRIND: [&str; 6] = [
    "--quiet",
    "--num-callers=64",
    "--error-exitcode=99",
    "--leak-check=full",
    "--show-leak-kinds=all",
    "--errors-for-leak-kinds=all",
];

/// Where there is no CMake: which one is installed.
const CMAKE: &str = "cmake==3.31.6";

fn is_there(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok_and(|ran| ran.status.success())
}

/// What was found so far.
#[derive(Default)]
struct Checks {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Checks {
    fn tell(&mut self, name: &str, found: Result<(), String>) {
        match found {
            Ok(()) => {
                self.passed += 1;
                eprintln!("  ok       {name}");
            }
            Err(why) => {
                self.failed += 1;
                eprintln!("  FAILED   {name}\n{why}");
            }
        }
    }

    /// A tool that is needed, or that the check was skipped for want of it.
    fn needs(&mut self, name: &str, tool: &str, package: &str) -> bool {
        if is_there(tool) {
            return true;
        }
        self.skipped += 1;
        eprintln!("  SKIPPED  {name}: `{tool}` is not on this machine (Debian: apt-get install {package})");
        false
    }
}

/// Runs everything against the libraries in `built`.
pub(crate) fn test(root: &Path, built: &Path) -> bool {
    let work = built.join("c");
    let bench =
        Bench { root: root.to_owned(), tools: built.join("c-tools"), prefix: work.join("prefix"), work };
    let mut checks = Checks::default();
    let _ = fs::remove_dir_all(&bench.work);
    eprintln!("\n$ the C library: symbols, C99, C++17, static, valgrind, pkg-config, CMake");
    if !checks.needs("all of it", "gcc", "gcc") {
        eprintln!("0 passed, 0 failed, 1 skipped");
        return true;
    }
    let installed = fs::create_dir_all(&bench.work).and_then(|()| install(root, built, &bench.prefix));
    checks.tell("installed", installed.map_err(|why| why.to_string()));
    if checks.failed == 0 {
        bench.symbols(&mut checks);
        bench.till(&mut checks);
        bench.tables(&mut checks);
        bench.journal(&mut checks);
        bench.broken(&mut checks);
        bench.found(&mut checks);
    }
    println!("{} passed, {} failed, {} skipped", checks.passed, checks.failed, checks.skipped);
    checks.failed == 0
}

struct Bench {
    root: PathBuf,
    work: PathBuf,
    /// What was installed for the checks, which stays from one run to the next.
    tools: PathBuf,
    prefix: PathBuf,
}

fn ran(command: &mut Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    let Output { status, stdout, stderr } = command.output().map_err(|why| format!("{shown}: {why}"))?;
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    if status.success() {
        return Ok(stdout);
    }
    Err(format!("{shown}: {status}\n{stdout}{}", String::from_utf8_lossy(&stderr)))
}

fn same(expected: &str, found: &str) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("expected\n{expected}\nfound\n{found}")) }
}

/// Names of functions in the header: `parure_…(` outside of comments, macros and what it defines itself.
fn declared(header: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in header.lines().filter(|line| !line.trim_start().starts_with(['#', '/', '*'])) {
        let Some((before, _)) = line.split_once('(') else { continue };
        let name = before.rsplit([' ', '*']).next().unwrap_or_default();
        if name.starts_with("parure_") && !line.starts_with("static inline") && !line.starts_with(' ') {
            names.insert(name.to_owned());
        }
    }
    names
}

/// What a library defines, by `nm`.
fn defined(listing: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let mut words = line.split_whitespace().rev();
        let (name, kind) = (words.next()?, words.next()?);
        (kind == "T" || kind == "D" || kind == "B" || kind == "R").then(|| name.to_owned())
    };
    listing.lines().filter_map(name).collect()
}

impl Bench {
    fn lib(&self) -> PathBuf {
        self.prefix.join("lib")
    }

    fn source(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn symbols(&self, checks: &mut Checks) {
        if !checks.needs("symbols", "nm", "binutils") {
            return;
        }
        let header = fs::read_to_string(self.prefix.join("include/parure.h")).unwrap_or_default();
        let declared = declared(&header);
        let [real, soname, _] = shared_names();
        let shared = ran(Command::new("nm").args(["-D", "--defined-only"]).arg(self.lib().join(&real)));
        let equal = shared.and_then(|listing| {
            let defined = defined(&listing);
            let other: Vec<&String> = declared.symmetric_difference(&defined).collect();
            if other.is_empty() && declared.len() > 40 {
                Ok(())
            } else {
                Err(format!("only on one side: {other:?}"))
            }
        });
        checks
            .tell(&format!("the {} functions of the header are all that is exported", declared.len()), equal);
        let archive =
            ran(Command::new("nm").args(["-g", "--defined-only"]).arg(self.lib().join("libparure.a")));
        let there = archive.and_then(|listing| {
            let defined = defined(&listing);
            let missing: Vec<&String> = declared.difference(&defined).collect();
            if missing.is_empty() { Ok(()) } else { Err(format!("missing: {missing:?}")) }
        });
        checks.tell("the static library has them all", there);
        let dynamic = ran(Command::new("readelf").arg("-d").arg(self.lib().join(&real)));
        let named =
            dynamic.and_then(|told| if told.contains(&format!("[{soname}]")) { Ok(()) } else { Err(told) });
        checks.tell(&format!("SONAME {soname}"), named);
    }

    /// Compiles a program against what was installed.
    fn compile(
        &self,
        language: &[&str],
        source: &str,
        name: &str,
        link: &[String],
    ) -> Result<PathBuf, String> {
        let program = self.work.join(name);
        let compiler = if language.contains(&"c++") { "g++" } else { "gcc" };
        let mut command = Command::new(compiler);
        command.args(language).args(STRICT).arg(format!("-I{}", self.prefix.join("include").display()));
        command.arg(self.source(source)).args(["-x", "none"]).arg("-o").arg(&program).args(link);
        ran(&mut command).map(|_| program)
    }

    fn shared(&self) -> Vec<String> {
        let lib = self.lib();
        vec![format!("-L{}", lib.display()), "-lparure".to_owned(), format!("-Wl,-rpath,{}", lib.display())]
    }

    /// A folder with nothing in it.
    fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.work.join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|why| why.to_string()).map(|()| folder)
    }

    /// Whether an example prints what is committed.
    fn prints(&self, program: &Path, page: &str) -> Result<(), String> {
        self.prints_with(program, &[], page)
    }

    fn prints_with(&self, program: &Path, more: &[PathBuf], page: &str) -> Result<(), String> {
        let expected = fs::read_to_string(self.source(page)).unwrap_or_default();
        let told = ran(Command::new(program).arg(self.source("examples/maison.toml")).args(more))?;
        if std::env::var_os("UPDATE").is_some() {
            return fs::write(self.source(page), told).map_err(|why| why.to_string());
        }
        same(&expected, &told).map_err(|why| format!("{why}\n(`UPDATE=1 cargo xtask test-c` writes {page})"))
    }

    fn day(&self, program: &Path) -> Result<(), String> {
        self.prints(program, "examples/till.txt")
    }

    /// What docs/c.md and the README show of C, as one function after another's declarations.
    fn documented(&self) -> Result<(), String> {
        let mut body = String::new();
        for (page, at_least) in [("docs/c.md", 2), ("README.md", 1)] {
            let text = fs::read_to_string(self.source(page)).map_err(|why| why.to_string())?;
            let blocks: Vec<&str> = text
                .split("```c\n")
                .skip(1)
                .filter_map(|rest| rest.split_once("```"))
                .map(|(block, _)| block)
                .collect();
            if blocks.len() < at_least {
                return Err(format!("{} examples in {page}", blocks.len()));
            }
            for block in blocks {
                match block.strip_prefix("#include <parure.h>\n") {
                    Some(first) => body.push_str(first),
                    None => body.push_str(&format!("{{\n{block}}}\n")),
                }
            }
        }
        let text = format!(
            "#include <parure.h>\n#include <stdio.h>\n#include <time.h>\n\
             void shown(const char *text, size_t length);\nvoid shown(const char *text, size_t length)\n{{{body}}}\n"
        );
        let source = self.work.join("documented.c");
        fs::write(&source, text).map_err(|why| why.to_string())?;
        let mut command = Command::new("gcc");
        command.arg("-std=c99").args(STRICT).arg(format!("-I{}", self.prefix.join("include").display()));
        ran(command.arg("-c").arg(&source).arg("-o").arg(self.work.join("documented.o"))).map(|_| ())
    }

    fn till(&self, checks: &mut Checks) {
        let source = "examples/till.c";
        let c99 = self.compile(&["-std=c99"], source, "till-c99", &self.shared());
        checks.tell("till.c as C99, without a warning", c99.as_ref().map(|_| ()).map_err(Clone::clone));
        if let Ok(program) = &c99 {
            checks.tell("its day is as examples/till.txt says", self.day(program));
            let program_and_rules = [program.clone(), self.source("examples/maison.toml")];
            self.valgrind(checks, "its day under valgrind: no error, no leak", &program_and_rules, true);
        }
        if checks.needs("till.c as C++17", "g++", "g++") {
            let cpp = self.compile(&["-std=c++17", "-x", "c++"], source, "till-cpp", &self.shared());
            checks.tell("till.c as C++17, the same day", cpp.and_then(|program| self.day(&program)));
        }
        checks.tell("what docs/c.md and the README show compiles", self.documented());
        let mut link = vec![self.lib().join("libparure.a").display().to_string()];
        link.extend(STATIC_LIBS.map(str::to_owned));
        let alone = self.compile(&["-std=c99"], source, "till-static", &link);
        let alone = alone.and_then(|program| {
            self.day(&program)?;
            let needed = ran(Command::new("readelf").arg("-d").arg(&program))?;
            if needed.contains("libparure") { Err(needed) } else { Ok(()) }
        });
        checks.tell("linked statically, the same day", alone);
    }

    fn tables(&self, checks: &mut Checks) {
        let (source, page) = ("examples/tables.c", "examples/tables.txt");
        let c99 = self.compile(&["-std=c99"], source, "tables-c99", &self.shared());
        checks.tell("tables.c as C99, without a warning", c99.as_ref().map(|_| ()).map_err(Clone::clone));
        if let Ok(program) = &c99 {
            checks.tell("its tables are as examples/tables.txt says", self.prints(program, page));
            let program_and_rules = [program.clone(), self.source("examples/maison.toml")];
            self.valgrind(checks, "tables under valgrind: no error, no leak", &program_and_rules, true);
        }
        if checks.needs("tables.c as C++17", "g++", "g++") {
            let cpp = self.compile(&["-std=c++17", "-x", "c++"], source, "tables-cpp", &self.shared());
            let cpp = cpp.and_then(|program| self.prints(&program, page));
            checks.tell("tables.c as C++17, the same tables", cpp);
        }
    }

    /// A shop's file, through a power cut and up to its backup.
    fn journal(&self, checks: &mut Checks) {
        let (source, page) = ("examples/journal.c", "examples/journal.txt");
        let c99 = self.compile(&["-std=c99"], source, "journal-c99", &self.shared());
        checks.tell("journal.c as C99, without a warning", c99.as_ref().map(|_| ()).map_err(Clone::clone));
        if let Ok(program) = &c99 {
            let told = self
                .folder("journal")
                .and_then(|folder| self.prints_with(program, std::slice::from_ref(&folder), page));
            checks.tell("its days are as examples/journal.txt says", told);
            let line = self
                .folder("journal-valgrind")
                .map(|folder| vec![program.clone(), self.source("examples/maison.toml"), folder]);
            match line {
                Ok(line) => {
                    self.valgrind(checks, "a journal under valgrind: no error, no leak", &line, true);
                }
                Err(why) => checks.tell("a folder for a journal", Err(why)),
            }
        }
        if checks.needs("journal.c as C++17", "g++", "g++") {
            let cpp = self.compile(&["-std=c++17", "-x", "c++"], source, "journal-cpp", &self.shared());
            let told = cpp.and_then(|program| {
                let folder = self.folder("journal-cpp-files")?;
                self.prints_with(&program, std::slice::from_ref(&folder), page)
            });
            checks.tell("journal.c as C++17, the same days", told);
        }
    }

    /// Runs a program under valgrind; `clean` is whether it may have nothing to say.
    fn valgrind(&self, checks: &mut Checks, name: &str, line: &[PathBuf], clean: bool) {
        if !checks.needs(name, "valgrind", "valgrind") {
            return;
        }
        // Where a panic came from is not asked, and takes long to find here.
        let mut command = Command::new("valgrind");
        let kept = format!("--suppressions={}", self.source("xtask/src/valgrind.supp").display());
        let output = command.env("RUST_BACKTRACE", "0").args(VALGRIND).arg(kept).args(line).output();
        let found = output.map_err(|why| why.to_string()).and_then(|output| {
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            match (clean, output.status.code()) {
                (true, Some(0)) => Ok(()),
                (false, Some(99)) if told.contains("Invalid") => Ok(()),
                (_, code) => {
                    Err(format!("exit code {code:?}\n{told}{}", String::from_utf8_lossy(&output.stdout)))
                }
            }
        });
        checks.tell(name, found);
    }

    /// The same program with AddressSanitizer, which is told of what the library allocates and frees as well: many more calls in the same time.
    fn sanitized(&self, checks: &mut Checks, path: &str, (source, what): (&str, &str)) {
        let name = format!("{what} with AddressSanitizer: no error, no leak");
        let built = self.compile(&SANITIZED, path, &format!("{source}-sanitized"), &self.shared());
        let Ok(program) = built else {
            checks.skipped += 1;
            return eprintln!("  SKIPPED  {name}: this gcc has none (Debian: apt-get install libasan8)");
        };
        let all = ["11", "12", "13"].iter().try_for_each(|seed| {
            let line = self.drawn(&program, source, [seed, "10000"])?;
            ran(Command::new(&program).args(line.get(1..).unwrap_or_default()).env("RUST_BACKTRACE", "0"))
                .map(|_| ())
        });
        checks.tell(&name, all);
    }

    /// The line that runs a program whose calls are drawn from a seed, so many of them.
    fn drawn(&self, program: &Path, source: &str, [seed, count]: [&str; 2]) -> Result<Vec<PathBuf>, String> {
        let mut line =
            vec![program.to_owned(), self.source("examples/maison.toml"), seed.into(), count.into()];
        if source == "calls" {
            line.push(self.folder(&format!("calls-{seed}"))?);
        }
        Ok(line)
    }

    /// What must not be done, and what comes in any order.
    fn broken(&self, checks: &mut Checks) {
        let rules = self.source("examples/maison.toml");
        for (source, what, count) in
            [("calls", "calls in any order", "400"), ("streams", "streams of any kind", "150")]
        {
            let path = format!("bindings/c/tests/{source}.c");
            let built = self.compile(&["-std=c99"], &path, source, &self.shared());
            let name = format!("{source}.c as C99, without a warning");
            checks.tell(&name, built.as_ref().map(|_| ()).map_err(Clone::clone));
            let Ok(program) = built else { continue };
            for seed in ["1", "2", "3"] {
                let name = format!("{what} under valgrind, seed {seed}: no error, no leak");
                match self.drawn(&program, source, [seed, count]) {
                    Ok(line) => self.valgrind(checks, &name, &line, true),
                    Err(why) => checks.tell("a folder for the files of calls.c", Err(why)),
                }
            }
            self.sanitized(checks, &path, (source, what));
        }
        let twice =
            self.compile(&["-std=c99"], "bindings/c/tests/free_twice.c", "free-twice", &self.shared());
        checks
            .tell("free_twice.c as C99, without a warning", twice.as_ref().map(|_| ()).map_err(Clone::clone));
        if let Ok(program) = twice {
            for what in ["program", "book", "error", "answer"] {
                let name = format!("valgrind finds a {what} that is freed twice");
                self.valgrind(checks, &name, &[program.clone(), rules.clone(), what.into()], false);
            }
        }
    }

    /// Through what build systems ask.
    fn found(&self, checks: &mut Checks) {
        if checks.needs("pkg-config", "pkg-config", "pkg-config") {
            let flags = ran(Command::new("pkg-config")
                .args(["--cflags", "--libs", "parure"])
                .env("PKG_CONFIG_PATH", self.lib().join("pkgconfig")));
            let built = flags.and_then(|flags| {
                let program = self.work.join("till-pkg-config");
                let mut command = Command::new("gcc");
                command.arg("-std=c99").arg(self.source("examples/till.c")).arg("-o").arg(&program);
                command.args(flags.split_whitespace()).arg(format!("-Wl,-rpath,{}", self.lib().display()));
                ran(&mut command)?;
                self.day(&program)
            });
            checks.tell("built through pkg-config, the same day", built);
        }
        let cmake = self.own_cmake();
        if !is_there(&cmake) {
            checks.needs("CMake", "cmake", "cmake");
        } else if checks.needs("CMake", "make", "make") {
            checks.tell(
                "built through find_package(parure), shared and static, the same day",
                self.cmake(&cmake),
            );
        }
    }

    /// CMake as it is on this machine; where there is none, installed below the target folder with pip, if that can be had.
    fn own_cmake(&self) -> String {
        if is_there("cmake") {
            return "cmake".to_owned();
        }
        let folder = self.tools.join(CMAKE);
        let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
        if !is_there(&bin.join("cmake").to_string_lossy()) {
            eprintln!("  installs {CMAKE} below {}", folder.display());
            let made = ran(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
            let pip = "-m pip install --quiet --disable-pip-version-check --only-binary=:all: --retries 1";
            let install = pip.split(' ').chain([CMAKE]);
            let made = made.and_then(|_| ran(Command::new(bin.join("python")).args(install)));
            if let Err(why) = made {
                eprintln!("  {why}");
            }
        }
        bin.join("cmake").to_string_lossy().into_owned()
    }

    fn cmake(&self, cmake: &str) -> Result<(), String> {
        let folder = self.work.join("cmake");
        fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
        let lists = format!(
            "cmake_minimum_required(VERSION 3.16)\nproject(till C)\nfind_package(parure {} REQUIRED)\n\
             add_executable(till {till})\ntarget_link_libraries(till PRIVATE parure::parure)\n\
             add_executable(till-alone {till})\ntarget_link_libraries(till-alone PRIVATE parure::static)\n",
            env!("CARGO_PKG_VERSION"),
            till = self.source("examples/till.c").display()
        );
        fs::write(folder.join("CMakeLists.txt"), lists).map_err(|why| why.to_string())?;
        let mut configure = Command::new(cmake);
        configure.arg("-S").arg(&folder).arg("-B").arg(folder.join("build"));
        ran(configure.arg(format!("-DCMAKE_PREFIX_PATH={}", self.prefix.display())))?;
        ran(Command::new(cmake).arg("--build").arg(folder.join("build")))?;
        self.day(&folder.join("build/till"))?;
        self.day(&folder.join("build/till-alone"))
    }
}
