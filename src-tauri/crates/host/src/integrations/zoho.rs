//! Zoho from the settings: the only place of this room that names it.

use std::sync::Arc;

use ringcard_core::{IntegrationId, Sensitive};
use ringcard_crm::CrmSource;
use ringcard_crm::sources::zoho::{
    Clock, Config, DataCentre, ExtraField, LoopbackZoho, Setup, TokenSink, Tokens, ZohoSource,
};
use ringcard_ipc::settings::{IntegrationSettings, SourceSettings, ZohoSettings};
use ringcard_ipc::{ErrorCode, Failure};

use crate::clock::wall;
use crate::secrets::SecretStore;

/// The name of the secret that gives access.
pub fn tokens_name(integration: &str) -> String {
    format!("integration.{integration}.tokens")
}

/// The name of the client's secret, where the company gave one.
pub fn client_secret_name(integration: &str) -> String {
    format!("integration.{integration}.client_secret")
}

/// The source of an integration, when somebody has signed in.
pub fn source(
    settings: &IntegrationSettings,
    secrets: &Arc<dyn SecretStore>,
) -> Option<Box<dyn CrmSource>> {
    let name = tokens_name(&settings.id);
    let tokens = kept_tokens(secrets.as_ref(), &name)?;
    let store = secrets.clone();
    let sink = move |tokens: &Tokens| keep_tokens(store.as_ref(), &name, tokens);
    let source = source_with(settings, tokens, Arc::new(sink))?;
    Some(Box::new(source))
}

/// The source of an integration with these tokens; `sink` gets every change of them.
pub fn source_with(
    settings: &IntegrationSettings,
    tokens: Tokens,
    sink: TokenSink,
) -> Option<ZohoSource> {
    let SourceSettings::Zoho(zoho) = &settings.source;
    let setup = Setup {
        integration: IntegrationId::new(&settings.id),
        config: config(zoho).ok()?,
        tokens,
        clock: clock(),
        sink,
        limits: None,
    };
    ZohoSource::new(setup).ok()
}

/// The tokens as they were kept, where there are any.
pub fn kept_tokens(secrets: &dyn SecretStore, name: &str) -> Option<Tokens> {
    let kept = secrets.get(name).ok().flatten()?;
    serde_json::from_str(kept.expose()).ok()
}

/// Keeps the tokens over a restart. A keychain that refuses costs one renewal at the next start.
pub fn keep_tokens(secrets: &dyn SecretStore, name: &str, tokens: &Tokens) {
    let Ok(text) = serde_json::to_string(tokens) else {
        return;
    };
    if secrets.set(name, &Sensitive::new(text)).is_err() {
        tracing::warn!("the access to the CRM could not be kept in the keychain");
    }
}

/// The clock that sources use.
pub fn clock() -> Clock {
    Arc::new(wall)
}

/// The source's own settings.
pub fn config(zoho: &ZohoSettings) -> Result<Config, Failure> {
    let mut config = Config::new(data_centre(zoho)?, &zoho.client_id);
    config.modules = zoho.modules.clone();
    config.extra_fields = [ExtraField::Email, ExtraField::City, ExtraField::Note].into();
    config.redirect_port = (zoho.redirect_port != 0).then_some(zoho.redirect_port);
    config.login_hint = (!zoho.login_hint.is_empty()).then(|| zoho.login_hint.clone());
    Ok(config)
}

fn data_centre(zoho: &ZohoSettings) -> Result<DataCentre, Failure> {
    Ok(match zoho.data_centre.as_str() {
        "us" => DataCentre::Us,
        "eu" => DataCentre::Eu,
        "in" => DataCentre::In,
        "au" => DataCentre::Au,
        "jp" => DataCentre::Jp,
        "ca" => DataCentre::Ca,
        "sa" => DataCentre::Sa,
        "uk" => DataCentre::Uk,
        "cn" => DataCentre::Cn,
        _ => {
            let refused = |_| {
                let message = "A custom address is only allowed on this PC.";
                Failure::new(ErrorCode::AddressRefused, message)
            };
            let address = || zoho.custom_address.clone().try_into().map_err(refused);
            DataCentre::Custom(LoopbackZoho {
                accounts: address()?,
                api: address()?,
            })
        }
    })
}
