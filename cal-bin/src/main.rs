//! The `cal` command.

fn main() {}
