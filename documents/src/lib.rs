//! Official PDFs.
