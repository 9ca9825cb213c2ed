//! The C library where compilers and build systems look for it: header, libraries, pkg-config file, CMake package.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The number in `libparure.so.1`; a test of parure-c holds it to the header's.
pub(crate) const ABI: &str = "1";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a static library of Rust asks of the system besides libc.
pub(crate) const STATIC_LIBS: [&str; 3] = ["-lpthread", "-ldl", "-lm"];

/// Copies what was built into `built` below `prefix`.
pub(crate) fn install(root: &Path, built: &Path, prefix: &Path) -> io::Result<()> {
    let lib = prefix.join("lib");
    let cmake = lib.join("cmake/parure");
    for folder in [prefix.join("include"), lib.join("pkgconfig"), cmake.clone()] {
        fs::create_dir_all(folder)?;
    }
    fs::copy(root.join("include/parure.h"), prefix.join("include/parure.h"))?;
    put(&built.join("libparure.a"), &lib.join("libparure.a"))?;
    let [real, soname, plain] = shared_names();
    put(&built.join(&plain), &lib.join(&real))?;
    link(&real, &lib.join(&soname))?;
    link(&soname, &lib.join(&plain))?;
    fs::write(lib.join("pkgconfig/parure.pc"), pkg_config())?;
    fs::write(cmake.join("parure-config.cmake"), cmake_config(&soname))?;
    fs::write(cmake.join("parure-config-version.cmake"), cmake_version())
}

/// The file itself, the name that programs look for at run time, the name that a linker looks for.
pub(crate) fn shared_names() -> [String; 3] {
    if cfg!(target_os = "macos") {
        return [
            format!("libparure.{ABI}.{VERSION}.dylib"),
            format!("libparure.{ABI}.dylib"),
            "libparure.dylib".to_owned(),
        ];
    }
    [format!("libparure.so.{ABI}.{VERSION}"), format!("libparure.so.{ABI}"), "libparure.so".to_owned()]
}

/// A fresh file rather than the old one written over: a running program may have it open.
fn put(from: &Path, to: &PathBuf) -> io::Result<()> {
    if to.exists() {
        fs::remove_file(to)?;
    }
    fs::copy(from, to).map(|_| ())
}

#[cfg(unix)]
fn link(to: &str, name: &Path) -> io::Result<()> {
    if fs::symlink_metadata(name).is_ok() {
        fs::remove_file(name)?;
    }
    std::os::unix::fs::symlink(to, name)
}

#[cfg(not(unix))]
fn link(to: &str, name: &Path) -> io::Result<()> {
    fs::copy(name.with_file_name(to), name).map(|_| ())
}

fn pkg_config() -> String {
    format!(
        "prefix=${{pcfiledir}}/../..\nlibdir=${{prefix}}/lib\nincludedir=${{prefix}}/include\n\n\
         Name: parure\nDescription: a CRM and loyalty engine for tills\nVersion: {VERSION}\n\
         Cflags: -I${{includedir}}\nLibs: -L${{libdir}} -lparure\nLibs.private: {}\n",
        STATIC_LIBS.join(" ")
    )
}

fn cmake_config(soname: &str) -> String {
    let libs = STATIC_LIBS.map(|lib| lib.trim_start_matches("-l")).join(";");
    format!(
        "# parure::parure is the shared library, parure::static the static one.
get_filename_component(_parure_prefix \"${{CMAKE_CURRENT_LIST_DIR}}/../../..\" ABSOLUTE)
if(NOT TARGET parure::parure)
  add_library(parure::parure SHARED IMPORTED)
  set_target_properties(parure::parure PROPERTIES
    IMPORTED_LOCATION \"${{_parure_prefix}}/lib/{soname}\"
    IMPORTED_SONAME \"{soname}\"
    INTERFACE_INCLUDE_DIRECTORIES \"${{_parure_prefix}}/include\")
  add_library(parure::static STATIC IMPORTED)
  set_target_properties(parure::static PROPERTIES
    IMPORTED_LOCATION \"${{_parure_prefix}}/lib/libparure.a\"
    INTERFACE_INCLUDE_DIRECTORIES \"${{_parure_prefix}}/include\"
    INTERFACE_LINK_LIBRARIES \"{libs}\")
endif()
unset(_parure_prefix)
"
    )
}

/// Before 1.0 a minor version may change what is called how.
fn cmake_version() -> String {
    let minor = VERSION.rsplit_once('.').map_or(VERSION, |(minor, _)| minor);
    format!(
        "set(PACKAGE_VERSION \"{VERSION}\")
if(PACKAGE_FIND_VERSION VERSION_LESS_EQUAL PACKAGE_VERSION AND PACKAGE_FIND_VERSION VERSION_GREATER_EQUAL \"{minor}\")
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
elseif(NOT PACKAGE_FIND_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
else()
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
endif()
"
    )
}
