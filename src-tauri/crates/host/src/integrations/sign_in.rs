//! Signing in: by the browser, or with the code of a Self Client. The former access is kept until
//! the new one is there.

use std::sync::Arc;
use std::time::Duration;

use ringcard_core::{IntegrationId, Sensitive, StatusReason};
use ringcard_crm::sources::zoho::{
    AnswerWords, SignIn, SignInError, TokenSink, Tokens, revoke, sign_in_with_code,
};
use ringcard_crm::{CrmSource as _, Error as CrmError, ErrorKind};
use ringcard_ipc::settings::{IntegrationSettings, SourceSettings};
use tokio::sync::oneshot;
use tracing::warn;

use super::zoho::{
    client_secret_name, clock, config, keep_tokens, kept_tokens, source_with, tokens_name,
};
use crate::clock::wall;
use crate::databases::SharedJournal;
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

/// What a sign-in works with.
pub struct SigningIn {
    /// The integration's settings.
    pub settings: IntegrationSettings,
    /// Where the access is kept.
    pub secrets: Arc<dyn SecretStore>,
    /// The organisation that the mirror belongs to, once it belongs to one.
    pub organisation: Option<String>,
    /// For the ledger.
    pub journal: SharedJournal,
}

/// Signs in and keeps the access. On a failure nothing has changed.
pub async fn sign_in(signing: SigningIn, way: SignInWay) -> Result<(), CrmError> {
    let (settings, secrets) = (&signing.settings, signing.secrets.as_ref());
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
    let former = kept_tokens(secrets, &name);
    let belongs = same_organisation(&signing, &tokens).await;
    let useless = match belongs {
        Ok(()) => {
            keep_tokens(secrets, &name, &tokens);
            former.filter(|former| former.refresh != tokens.refresh)
        }
        Err(_) => Some(tokens)
            .filter(|tokens| former.is_none_or(|former| former.refresh != tokens.refresh)),
    };
    if let Some(useless) = useless {
        // A user has few of them, and the oldest would be ended unasked.
        let _ = revoke(&config, &useless).await;
    }
    belongs
}

/// The mirror has the data of one organisation. A sign-in to another is refused before it could
/// replace the access to the right one.
async fn same_organisation(signing: &SigningIn, tokens: &Tokens) -> Result<(), CrmError> {
    let Some(expected) = &signing.organisation else {
        return Ok(());
    };
    let settings = &signing.settings;
    let nowhere: TokenSink = Arc::new(|_| {});
    let source = source_with(settings, tokens.clone(), nowhere).ok_or_else(wrong_client)?;
    let (account, tally) = source.account().await?;
    let id = IntegrationId::new(&settings.id);
    let journal = signing.journal.hold();
    if journal
        .spend(&id, wall(), (tally.calls, tally.credits))
        .is_err()
    {
        warn!("the cost of a sign-in could not be written to the ledger");
    }
    match account.organisation_id == *expected {
        true => Ok(()),
        false => {
            let error = CrmError::new(
                ErrorKind::Status(StatusReason::InvalidOrganization),
                "this sign-in belongs to another organisation than the local copy",
            );
            Err(error.finding(&account.organisation))
        }
    }
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
        // Nothing is being renewed yet: an accounts server that answers no words is out of reach.
        SignInError::Failed(mut error)
            if error.reason() == Some(StatusReason::TokenRefresh) && error.code.is_none() =>
        {
            error.kind = ErrorKind::Status(StatusReason::CrmUnreachable);
            error
        }
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
