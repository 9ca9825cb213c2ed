//! A PostgreSQL server of a test's own: in a folder that goes with it, on a socket in that folder, ended when the test ends.

use postgres::{Client, NoTls};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) struct Server {
    folder: TempDir,
    process: Child,
}

impl Server {
    /// A server, whose commits reach the disk if they are `durable`; none where there is no PostgreSQL.
    pub(crate) fn start(durable: bool) -> Option<Server> {
        match bin() {
            Some(bin) => Some(Server::start_of(&bin, durable)),
            None => {
                let why = "no initdb and postgres were found (pg_config, /usr/lib/postgresql/*/bin, PATH): apt-get install postgresql";
                assert!(std::env::var_os("PARURE_NEEDS_POSTGRES").is_none(), "{why}");
                // Past the harness, which shows what a test prints only where it fails.
                let told = format!("\nSKIPPED, NOTHING WAS PROVED: {why}\n\n");
                std::io::stderr().write_all(told.as_bytes()).unwrap();
                None
            }
        }
    }

    fn start_of(bin: &Path, durable: bool) -> Server {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let user = other_than_root();
        if let Some(user) = &user {
            assert!(Command::new("chown").arg(user).arg(folder.path()).status().unwrap().success());
        }
        let data = folder.path().join("data");
        let made = as_user(user.as_deref(), &bin.join("initdb"))
            .args(["--username=parure", "--auth=trust", "--encoding=UTF8", "--no-sync", "--pgdata"])
            .arg(&data)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut postgres = as_user(user.as_deref(), &bin.join("postgres"));
        postgres.arg("-D").arg(&data).arg("-k").arg(folder.path()).args(["-c", "listen_addresses="]);
        if !durable {
            postgres.args(["-c", "fsync=off", "-c", "synchronous_commit=off"]);
        }
        let process = postgres.current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let process = process.stderr(log).spawn().unwrap();
        let mut server = Server { folder, process };
        for _ in 0..600 {
            if Client::connect(&server.address(), NoTls).is_ok() {
                return server;
            }
            if server.process.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(server.folder.path().join("log")).unwrap_or_default();
        panic!("the server did not start: {log}");
    }

    pub(crate) fn address(&self) -> String {
        format!("host={} user=parure dbname=postgres", self.folder.path().display())
    }

    /// Where the server keeps what it holds.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// As anyone who brings SQL.
    pub(crate) fn sql(&self) -> Client {
        let mut client = Client::connect(&self.address(), NoTls).unwrap();
        client.batch_execute("SET search_path TO parure").unwrap();
        client
    }

    /// Another database, for another office.
    pub(crate) fn database(&self, name: &str) -> String {
        self.sql().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        format!("host={} user=parure dbname={name}", self.folder.path().display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // At once, without waiting for whoever is connected; what was made goes with the folder.
        let ended = Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status();
        if !ended.is_ok_and(|ended| ended.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Where the programs of the server lie.
fn bin() -> Option<PathBuf> {
    let has_all = |bin: &PathBuf| ["initdb", "postgres"].iter().all(|name| bin.join(name).exists());
    let told = Command::new("pg_config").arg("--bindir").output().ok();
    let told = told.map(|told| PathBuf::from(String::from_utf8_lossy(&told.stdout).trim()));
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    told.into_iter().chain(debian.into_iter().rev()).chain(path).find(has_all)
}

/// PostgreSQL does not run as root: whom it then runs as.
fn other_than_root() -> Option<String> {
    let told = |args: &[&str]| {
        let output = Command::new("id").args(args).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if told(&["-u"]).as_deref() != Some("0") {
        return None;
    }
    told(&["-u", "postgres"]).or_else(|| told(&["-u", "nobody"]))
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    // It becomes the program: what is ended later is the server itself.
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--clear-groups", "--"]).arg(program);
    command
}
