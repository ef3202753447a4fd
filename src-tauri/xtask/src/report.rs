//! What a run says at its end: one row for each stage and the line that machines read.

use std::time::Duration;

/// How a stage ended.
pub enum Verdict {
    /// It ran and was right; the text names a part that could not run, if any.
    Passed(Option<String>),
    /// It ran and was wrong.
    Failed(String),
    /// This system cannot run it.
    Absent(String),
}

/// One stage's row.
pub struct Row {
    /// The stage.
    pub name: &'static str,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub verdict: Verdict,
}

/// Whether a stage that cannot run here counts as a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is only said.
    Tolerated,
    /// It fails the run.
    Fails,
}

/// The table and, alone on the last line, the counts.
pub fn summary(rows: &[Row], missing: Missing) -> String {
    let width = rows
        .iter()
        .map(|row| row.name.len())
        .max()
        .unwrap_or(0)
        .max("stage".len());
    let mut text = format!("{:<width$}  {:>7}  result\n", "stage", "seconds");
    for row in rows {
        let result = match &row.verdict {
            Verdict::Passed(None) => "ok".to_owned(),
            Verdict::Passed(Some(note)) => format!("ok, but {note}"),
            Verdict::Failed(why) => format!("FAILED: {why}"),
            Verdict::Absent(why) => format!("not on this system: {why}"),
        };
        text.push_str(&format!(
            "{:<width$}  {:>7.1}  {result}\n",
            row.name,
            row.took.as_secs_f64()
        ));
    }
    let total: Duration = rows.iter().map(|row| row.took).sum();
    text.push_str(&format!(
        "{:<width$}  {:>7.1}\n\n",
        "all",
        total.as_secs_f64()
    ));
    let [passed, failed, skipped] = counts(rows, missing);
    text.push_str(&format!(
        "{passed} passed, {failed} failed, {skipped} skipped"
    ));
    text
}

/// Whether the run as a whole is green.
pub fn is_green(rows: &[Row], missing: Missing) -> bool {
    counts(rows, missing)[1] == 0
}

fn counts(rows: &[Row], missing: Missing) -> [usize; 3] {
    let passed = rows
        .iter()
        .filter(|row| matches!(row.verdict, Verdict::Passed(_)))
        .count();
    let absent = rows
        .iter()
        .filter(|row| matches!(row.verdict, Verdict::Absent(_)))
        .count();
    let failed = rows.len() - passed - absent;
    match missing {
        Missing::Tolerated => [passed, failed, absent],
        Missing::Fails => [passed, failed + absent, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |name, verdict| Row {
            name,
            took: Duration::from_millis(1500),
            verdict,
        };
        vec![
            row("fmt", Verdict::Passed(None)),
            row("windows-clippy", Verdict::Absent("no mingw".into())),
        ]
    }

    #[test]
    fn the_last_line_is_the_counts_alone() {
        let text = summary(&rows(), Missing::Tolerated);
        assert_eq!(
            text.lines().last(),
            Some("1 passed, 0 failed, 1 skipped"),
            "the CI reads this line"
        );
        assert!(
            text.contains("not on this system: no mingw"),
            "the reason stands in the table"
        );
    }

    #[test]
    fn a_missing_stage_fails_when_all_are_required() {
        assert!(
            is_green(&rows(), Missing::Tolerated),
            "a developer may lack a compiler for Windows"
        );
        assert!(!is_green(&rows(), Missing::Fails), "the CI may not");
    }
}
