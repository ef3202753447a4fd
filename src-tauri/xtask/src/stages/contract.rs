//! Stages on the telephony contract: the real Asterisk is prepared, then both peers are asked the same.

use super::rust::test_target;
use super::{Context, targets};

pub fn prepare_asterisk(context: &Context) -> Result<(), String> {
    context.run(
        context
            .project
            .program("bash")
            .arg("tests/contract/asterisk/build-chroot.sh"),
    )
}

pub fn run(context: &Context) -> Result<(), String> {
    let ours = |name: &String| name.starts_with("contract_") || name.starts_with("asterisk_");
    for target in targets(context.project).into_iter().filter(ours) {
        context.run(test_target(context, &target))?;
    }
    Ok(())
}
