//! The one HTTP client: TLS by rustls with ring and the system's roots, time limits, no cookies.
