//! Everything that crosses to the windows or the command line, declared once.
