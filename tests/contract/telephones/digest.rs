//! The answer to a digest challenge (RFC 2617, MD5), computed apart from the product's own login.

use md5::{Digest, Md5};

use super::message::Message;

/// The header that answers the challenge in `response` to a request of `method` to `uri`.
pub(super) fn authorization(
    response: &Message,
    request: &Message,
    login: (&str, &str),
) -> Option<(String, String)> {
    let (challenge_name, answer_name) = match response.status()? {
        401 => ("WWW-Authenticate", "Authorization"),
        407 => ("Proxy-Authenticate", "Proxy-Authorization"),
        _ => return None,
    };
    let challenge = response
        .all(challenge_name)
        .find(|value| !value.contains("SHA-"))?;
    let (user, secret) = login;
    let (realm, nonce) = (field(challenge, "realm")?, field(challenge, "nonce")?);
    let (method, uri) = (request.method(), request.uri());
    let account = hex_md5(&format!("{user}:{realm}:{secret}"));
    let what = hex_md5(&format!("{method}:{uri}"));
    let mut value =
        format!("Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\"");
    if let Some(opaque) = field(challenge, "opaque") {
        value += &format!(", opaque=\"{opaque}\"");
    }
    if field(challenge, "qop").is_some() {
        let own = format!("{:08x}", rand::random::<u32>());
        let answer = hex_md5(&format!("{account}:{nonce}:00000001:{own}:auth:{what}"));
        value += &format!(
            ", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"{own}\", response=\"{answer}\""
        );
    } else {
        let answer = hex_md5(&format!("{account}:{nonce}:{what}"));
        value += &format!(", algorithm=MD5, response=\"{answer}\"");
    }
    Some((answer_name.to_owned(), value))
}

fn field<'a>(challenge: &'a str, name: &str) -> Option<&'a str> {
    let parameters = challenge.split_once(' ')?.1;
    parameters.split(',').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim_matches('"'))
    })
}

fn hex_md5(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_qop_is_the_one_of_the_rules() {
        let response = Message::parse(
            b"SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"house\",nonce=\"n1\"\r\n\r\n",
        )
        .expect("a response");
        let request = Message::request("REGISTER", "sip:127.0.0.1");
        let (name, value) =
            authorization(&response, &request, ("101", "pw101")).expect("a challenge");
        let expected = hex_md5(&format!(
            "{}:n1:{}",
            hex_md5("101:house:pw101"),
            hex_md5("REGISTER:sip:127.0.0.1")
        ));
        assert_eq!(name, "Authorization", "401 is answered by Authorization");
        assert!(
            value.contains(&format!("response=\"{expected}\"")),
            "RFC 2617 section 3.2.2.1"
        );
    }
}
