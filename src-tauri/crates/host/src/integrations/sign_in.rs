//! Signing in: by the browser, or with the code of a Self Client. The former access is kept until
//! the new one is there.

use std::sync::Arc;
use std::time::Duration;

use ringcard_core::{Sensitive, StatusReason};
use ringcard_crm::sources::zoho::{
    AnswerWords, SignIn, SignInError, Tokens, revoke, sign_in_with_code,
};
use ringcard_crm::{Error as CrmError, ErrorKind};
use ringcard_ipc::settings::{IntegrationSettings, SourceSettings};

use tokio::sync::oneshot;

use super::zoho::{client_secret_name, clock, config, keep_tokens, tokens_name};
use crate::secrets::SecretStore;

/// How long the browser may take.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// How somebody signs in.
pub enum SignInWay {
    /// By the browser; the page to open is told first.
    Browser(oneshot::Sender<String>),
    /// With the code of a Self Client.
    Code(Sensitive<String>),
}

/// Signs in and keeps the access. On a failure nothing has changed.
pub async fn sign_in(
    settings: IntegrationSettings,
    secrets: Arc<dyn SecretStore>,
    way: SignInWay,
) -> Result<(), CrmError> {
    let SourceSettings::Zoho(zoho) = &settings.source;
    let config = config(zoho).map_err(|_| wrong_client())?;
    let secret = secrets
        .get(&client_secret_name(&settings.id))
        .ok()
        .flatten();
    let tokens = match way {
        SignInWay::Browser(page) => by_browser(config.clone(), secret, page).await,
        SignInWay::Code(code) => {
            let secret = secret.unwrap_or_default();
            sign_in_with_code(&config, &code, secret, &clock()).await
        }
    };
    let tokens = tokens.map_err(crm_error)?;
    let name = tokens_name(&settings.id);
    let former = secrets.get(&name).ok().flatten();
    keep_tokens(secrets.as_ref(), &name, &tokens);
    if let Some(former) = former.and_then(|text| serde_json::from_str::<Tokens>(text.expose()).ok())
        && former.refresh != tokens.refresh
    {
        // A user has few of them, and the oldest would be ended unasked.
        let _ = revoke(&config, &former).await;
    }
    Ok(())
}

async fn by_browser(
    config: ringcard_crm::sources::zoho::Config,
    secret: Option<Sensitive<String>>,
    page: oneshot::Sender<String>,
) -> Result<Tokens, SignInError> {
    let sign_in = SignIn::begin(config, clock()).await?;
    let _ = page.send(sign_in.authorize_url().to_string());
    let consent = sign_in.wait(PATIENCE, &words()).await?;
    match consent.tokens(None).await {
        // The secret is used only where Zoho refuses without.
        Err(SignInError::SecretNeeded) if secret.is_some() => consent.tokens(secret).await,
        outcome => outcome,
    }
}

fn words() -> AnswerWords {
    AnswerWords::default()
}

fn wrong_client() -> CrmError {
    CrmError::new(
        ErrorKind::Status(StatusReason::InvalidToken),
        "the client id or the data centre is wrong",
    )
}

fn crm_error(error: SignInError) -> CrmError {
    let status = |reason, message| CrmError::new(ErrorKind::Status(reason), message);
    let invalid = StatusReason::InvalidToken;
    match error {
        SignInError::Failed(error) => error,
        SignInError::SecretNeeded => {
            let mut error = status(invalid, "the CRM asks for the client's secret");
            error.code = Some("invalid_client_secret".into());
            error
        }
        SignInError::WrongClient => wrong_client(),
        SignInError::WrongCode => status(invalid, "the code is used up or too old; make a new one"),
        SignInError::TimedOut => status(invalid, "the browser did not come back in time"),
        SignInError::Refused => status(StatusReason::Forbidden, "the consent was refused"),
        SignInError::PortTaken => status(
            StatusReason::TokenRefresh,
            "the port for the browser's way back is taken",
        ),
        SignInError::ForeignState | SignInError::ForeignServer => status(
            invalid,
            "what came back from the browser does not belong to this sign-in",
        ),
        SignInError::NotLasting => status(invalid, "the CRM gave no lasting access"),
    }
}
