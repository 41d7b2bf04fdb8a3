//! Postal addresses of companies.

/// A company's postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Street and number.
    pub(crate) street: String,
    /// City.
    pub(crate) city: String,
    /// Postal code.
    pub(crate) zip: String,
    /// Country, in English.
    pub(crate) country: String,
}

/// Streets, and cities with the beginning of their postal codes.
const STREETS: [&str; 7] =
    ["Harbour Street", "Mill Lane", "Station Road", "Orchard Way", "Quay Street", "Chapel Row", "Market Square"];
const CITIES: [(&str, &str); 5] =
    [("Lisbon", "1000-0"), ("Porto", "4000-0"), ("Braga", "4700-0"), ("Coimbra", "3000-0"), ("Faro", "8000-0")];

impl Address {
    /// The address of the company of this name: always the same, and another for another name.
    pub(crate) fn of(name: &str) -> Self {
        // FNV-1a: a hash that is the same in every run.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let pick = |of: usize, shift: u32| (hash >> shift) as usize % of;
        let (city, zip) = CITIES[pick(CITIES.len(), 3)];
        Self {
            street: format!("{} {}", 1 + pick(197, 11), STREETS[pick(STREETS.len(), 7)]),
            city: city.to_owned(),
            zip: format!("{zip}{:02}", pick(100, 17)),
            country: "Portugal".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_have_addresses_of_their_own() {
        let names =
            ["Juniper Trading", "Fernhill Goods", "Saltwater Supply", "Lanternlight Market", "Copperfield Store", ""];
        let addresses = names.map(Address::of);
        for (at, address) in addresses.iter().enumerate() {
            assert!(!addresses[..at].contains(address), "{address:?}");
            assert_eq!(address.zip.len(), 8, "{address:?}");
        }
    }
}
