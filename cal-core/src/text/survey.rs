//! One quick pass over the whole input, so that the line reader need not look
//! again for what most inputs do not have.

/// What occurs anywhere in the input.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Survey {
    /// A control character other than tab, CR and LF.
    pub(crate) control: bool,
    /// A CR that is not followed by LF.
    pub(crate) bare_cr: bool,
    /// Not valid UTF-8 as a whole; single lines may still be, once unfolded.
    pub(crate) not_utf8: bool,
}

/// Looks at every byte once, in blocks that the compiler can vectorize.
pub(crate) fn survey(input: &[u8]) -> Survey {
    let mut control = false;
    let mut carriage_returns = false;
    let mut high = false;
    for block in input.chunks(4096) {
        let (mut c, mut r, mut h) = (0_u8, 0_u8, 0_u8);
        for &byte in block {
            c |= u8::from(byte < 0x20)
                & u8::from(byte != b'\t')
                & u8::from(byte != b'\n')
                & u8::from(byte != b'\r')
                | u8::from(byte == 0x7f);
            r |= u8::from(byte == b'\r');
            h |= byte & 0x80;
        }
        control |= c != 0;
        carriage_returns |= r != 0;
        high |= h != 0;
    }
    Survey {
        control,
        bare_cr: carriage_returns && has_bare_cr(input),
        not_utf8: high && std::str::from_utf8(input).is_err(),
    }
}

fn has_bare_cr(input: &[u8]) -> bool {
    let (Some((&last, _)), Some(rest)) = (input.split_last(), input.get(1..)) else {
        return false;
    };
    if last == b'\r' {
        return true;
    }
    input
        .chunks(4096)
        .zip(rest.chunks(4096))
        .any(|(here, next)| {
            here.iter().zip(next).fold(0_u8, |bare, (&a, &b)| {
                bare | u8::from(a == b'\r') & u8::from(b != b'\n')
            }) != 0
        })
}
