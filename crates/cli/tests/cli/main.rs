//! The command line as people and scripts meet it: what it prints, what it writes, how it exits.

mod answers;
mod cdnow;
mod journal;
mod people;
mod programs;
mod readme;
mod rows;
mod shop;
