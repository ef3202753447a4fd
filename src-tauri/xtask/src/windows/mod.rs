//! Building for Windows on Debian, and running there what was built.

mod lock;
mod openssl;
mod toolchain;
mod wine;

pub use lock::{locked_checksum, locked_version};
pub use toolchain::{TARGET, Toolchain};
pub use wine::Wine;
