//! Writing it, and what a signature covers.

use super::SharedAvailability;
use super::reader::Reader;
use crate::{Error, Layer, Slot};

pub(super) const MAGIC: &[u8; 6] = b"CALFBZ";
pub(super) const VERSION: u8 = 1;

/// Availability as it came, with the signature that it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAvailability {
    unjudged: SharedAvailability,
    signed: Vec<u8>,
    signature: Option<Vec<u8>>,
}

impl SharedAvailability {
    /// How many bytes may be read.
    pub const MAX_BYTES: usize = 1 << 20;

    /// As bytes, without signature.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let window = Slot::covering(self.layers.window());
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        // `new` refuses longer names, and `from_bytes` cannot meet one.
        bytes.push(u8::try_from(self.person.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(self.person.as_bytes());
        bytes.extend_from_slice(&self.made.timestamp().to_le_bytes());
        bytes.extend_from_slice(&window.start.number().to_le_bytes());
        bytes.extend_from_slice(&window.end.number().to_le_bytes());
        for layer in Layer::ALL {
            let slots = self.layers.slots(layer).to_bytes_within(&window);
            bytes.extend_from_slice(&u32::try_from(slots.len()).unwrap_or(0).to_le_bytes());
            bytes.extend_from_slice(&slots);
        }
        bytes
    }

    /// As bytes, with the signature that `sign` makes of them.
    ///
    /// # Errors
    ///
    /// [`Error::Shared`] if the signature is empty or longer than 255 bytes.
    pub fn to_signed_bytes(&self, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, Error> {
        let mut bytes = self.to_bytes();
        let signature = sign(&bytes);
        let length = u8::try_from(signature.len())
            .ok()
            .filter(|length| *length > 0);
        let reason = "a signature has 1 to 255 bytes";
        bytes.push(length.ok_or(Error::Shared { reason })?);
        bytes.extend_from_slice(&signature);
        Ok(bytes)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. A signature is read over:
    /// to have it judged, use [`SignedAvailability::from_bytes`].
    ///
    /// # Errors
    ///
    /// As [`SignedAvailability::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Ok(SignedAvailability::from_bytes(bytes)?.unjudged)
    }
}

impl SignedAvailability {
    /// Reads what [`SharedAvailability::to_signed_bytes`] wrote, or the same
    /// without a signature. The work and memory are bounded by the length of
    /// `bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::Shared`] if it is longer than
    /// [`MAX_BYTES`](SharedAvailability::MAX_BYTES), no such file, of another
    /// version, cut, or holds what cannot be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > SharedAvailability::MAX_BYTES {
            return Err(Error::Shared {
                reason: "it is too long",
            });
        }
        let mut reader = Reader::new(bytes);
        let unjudged = reader.availability()?;
        let signed = bytes.len() - reader.rest().len();
        let signature = reader.signature()?;
        Ok(Self {
            unjudged,
            signed: bytes.get(..signed).unwrap_or_default().to_vec(),
            signature: signature.map(<[u8]>::to_vec),
        })
    }

    /// The availability, if `is_genuine` says so of the bytes that were signed
    /// and the signature.
    ///
    /// # Errors
    ///
    /// [`Error::Shared`] if it says no, or there is no signature.
    pub fn verified(
        self,
        is_genuine: impl FnOnce(&[u8], &[u8]) -> bool,
    ) -> Result<SharedAvailability, Error> {
        let refused = |reason| Err(Error::Shared { reason });
        match &self.signature {
            None => refused("it is not signed"),
            Some(signature) if is_genuine(&self.signed, signature) => Ok(self.unjudged),
            Some(_) => refused("the signature is not genuine"),
        }
    }

    /// Whether it came with a signature, genuine or not.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }
}
