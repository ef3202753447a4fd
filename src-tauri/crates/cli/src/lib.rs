//! The command line: arguments, client of the local socket, output, exit codes.
