//! A row of chances from a seed that is handed in: the state stays pure, and tests know what comes.

/// The row. Good enough to spread waits; nothing secret may depend on it.
#[derive(Clone, Debug)]
pub struct Luck(u64);

impl Luck {
    /// The row of a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next chance (SplitMix64, of which the upper half is taken).
    pub fn draw(&mut self) -> u16 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u16::try_from((mixed ^ (mixed >> 31)) >> 48).expect("16 bits are left")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_desktops_draw_differently_and_one_repeats_itself() {
        let row = |seed| {
            let mut luck = Luck::of(seed);
            [luck.draw(), luck.draw(), luck.draw()]
        };
        assert_eq!(row(7), row(7), "a test knows what comes");
        assert_ne!(row(7), row(8), "desktops do not knock at once");
        assert_ne!(row(7)[0], row(7)[1], "nor twice after the same wait");
    }
}
