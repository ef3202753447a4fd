//! How this desk reads and writes numbers: the settings' page "Dialing" as rules.

use ringcard_core::PhoneNumber;
use ringcard_core::number::{
    DialRules, IncomingForm, LineKind, Region, describe, format_for_people, parse_incoming,
    parse_typed,
};
use ringcard_core::{CommandError, Target};
use ringcard_ipc::NumberPlace;
use ringcard_ipc::settings::{Dialing, IncomingNumbers};
use ringcard_mirror::Numbering;

/// The rules of the settings.
#[derive(Clone, Debug)]
pub struct Numbers {
    rules: DialRules,
}

impl Numbers {
    /// From the page "Dialing"; its country was checked when it was saved.
    pub fn of(dialing: &Dialing) -> Self {
        let region = Region::from_code(&dialing.country)
            .or_else(|| Region::from_code("DE"))
            .expect("DE is a country");
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            rules: DialRules {
                region,
                area_code: given(&dialing.area_code),
                outside_digit: given(&dialing.outside_digit),
                incoming: match dialing.incoming {
                    IncomingNumbers::National => IncomingForm::National,
                    IncomingNumbers::InternationalWithoutPlus => {
                        IncomingForm::InternationalWithoutPlus
                    }
                },
            },
        }
    }

    /// The country of numbers that name none.
    pub fn region(&self) -> Region {
        self.rules.region
    }

    /// How stored numbers are read whose records do not say it themselves.
    pub fn numbering(&self) -> Numbering {
        Numbering {
            region: self.rules.region,
            area_code: self.rules.area_code.clone(),
        }
    }

    /// What a telephone system signalled.
    pub fn incoming(&self, raw: &str) -> Option<PhoneNumber> {
        parse_incoming(raw, &self.rules)
    }

    /// What somebody typed, or a link holds.
    pub fn typed(&self, raw: &str) -> Result<PhoneNumber, CommandError> {
        parse_typed(raw, &self.rules).map_err(|_| CommandError::BadTarget)
    }

    /// The target of a command.
    pub fn target(&self, raw: &str, confirmed: bool) -> Result<Target, CommandError> {
        Ok(Target {
            number: self.typed(raw)?,
            confirmed,
        })
    }

    /// The form that people read.
    pub fn readable(&self, number: &PhoneNumber) -> String {
        format_for_people(number, self.rules.region)
    }

    /// Where a number is from.
    pub fn place(&self, number: &PhoneNumber) -> Option<NumberPlace> {
        let origin = describe(number)?;
        Some(NumberPlace {
            region: origin.region?.code(),
            mobile: matches!(origin.line, LineKind::Mobile),
        })
    }
}
