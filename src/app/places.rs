//! A world's values for the placeholders of `flowcheck.yaml`.

/// What stands for `{port}`, `{data}`, `{klaviyo_www}` and `{klaviyo_api}` in one world.
#[derive(Debug, Clone)]
pub struct Places {
    /// A port that was free a moment ago.
    pub port: u16,
    /// An empty folder of the world's own.
    pub data: String,
    /// Base URL of the fake Klaviyo's pages.
    pub klaviyo_www: String,
    /// Base URL of the fake Klaviyo's token endpoint and API.
    pub klaviyo_api: String,
}

impl Places {
    /// `text` with its placeholders filled in.
    pub fn fill(&self, text: &str) -> String {
        text.replace("{port}", &self.port.to_string())
            .replace("{data}", &self.data)
            .replace("{klaviyo_www}", self.klaviyo_www.trim_end_matches('/'))
            .replace("{klaviyo_api}", self.klaviyo_api.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_and_base_urls_end_without_a_slash() {
        let places = Places {
            port: 4711,
            data: "/tmp/w1".to_owned(),
            klaviyo_www: "http://klaviyo.localhost:9/".to_owned(),
            klaviyo_api: "http://127.0.0.1:9/".to_owned(),
        };
        assert_eq!(
            places.fill("app --port {port} --data {data} {klaviyo_www}/x {klaviyo_api}/y {tenant}"),
            "app --port 4711 --data /tmp/w1 http://klaviyo.localhost:9/x http://127.0.0.1:9/y {tenant}"
        );
    }
}
