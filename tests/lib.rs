//! What the tests share: arrangements with verbs, and reading of fixtures.
