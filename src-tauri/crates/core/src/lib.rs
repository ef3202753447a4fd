//! Words and rules of calls, numbers and contacts: no I/O, no clock, no runtime.
