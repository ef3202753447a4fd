//! New settings in force: only what changed is started anew, nothing needs a restart.

use std::time::Duration;

use ringcard_app::{Event, IntegrationSetup, Setup, SyncEvent};
use ringcard_core::{IntegrationId, LineId, Sensitive, Timestamp};
use ringcard_ipc::settings::{IntegrationSettings, LineSettings, Settings, SettingsView};
use ringcard_ipc::{AppEvent, Failure};
use ringcard_mirror::{FillState, Mirror};
use ringcard_sync::Schedule;
use tracing::warn;

use crate::desk::{Desk, modules};
use crate::integrations::{Connected, source};
use crate::lines::{BuiltFrom, RunningLine, is_told_apart, listed_colleagues};
use crate::numbers::Numbers;
use crate::{settings, views};

impl Desk {
    /// Takes new settings into force and writes them. Only what changed is started anew.
    pub async fn save(&mut self, settings: Settings) -> Result<(), Failure> {
        self.policy = settings::load_policy(&self.rooms.home);
        let policy = &self.policy.policy;
        policy.check(&settings, &self.settings)?;
        settings::save(&self.rooms.home.settings_file(), &settings, policy)?;
        self.forget_removed(&settings);
        let other_modules = self.with_other_modules(&settings);
        self.settings = settings;
        self.apply_settings().await;
        for id in other_modules {
            self.take_modules(&id).await;
        }
        Ok(())
    }

    /// Settings or secrets changed.
    pub async fn apply_settings(&mut self) {
        self.numbers = Numbers::of(&self.settings.dialing);
        self.read_listed_colleagues();
        self.connect_integrations();
        let setup = self.setup();
        self.step(Event::Settings(Box::new(setup))).await;
        self.rekey_mirrors();
        self.start_lines().await;
        let view = self.settings_view();
        self.tell(AppEvent::Settings(Box::new(view)));
    }

    /// The settings as the form needs them.
    pub(crate) fn settings_view(&self) -> SettingsView {
        let secrets = self.rooms.secrets.as_ref();
        views::settings_view(&self.settings, secrets, &self.policy)
    }

    /// Country and area code decide how stored numbers are read.
    pub(crate) fn rekey_mirrors(&self) {
        self.rekeying.want(self.numbers.numbering(), self.mirrors());
    }

    /// An integration that is no longer in the settings leaves nothing behind.
    fn forget_removed(&mut self, settings: &Settings) {
        for former in &self.settings.integrations {
            if settings.integrations.iter().any(|one| one.id == former.id) {
                continue;
            }
            let id = IntegrationId::new(&former.id);
            self.integrations.remove(&id);
            if let Some(refresh) = self.refreshes.remove(&id) {
                refresh.abort();
            }
            self.rooms.databases.delete_mirror(&id);
            for what in ["tokens", "client_secret"] {
                let name = format!("integration.{}.{what}", former.id);
                if self.rooms.secrets.delete(&name).is_err() {
                    warn!("a secret of a removed integration could not be deleted");
                }
            }
        }
    }

    /// The integrations in which modules were ticked or unticked.
    fn with_other_modules(&self, settings: &Settings) -> Vec<IntegrationId> {
        let former = &self.settings.integrations;
        let other = settings.integrations.iter().filter(|one| {
            former
                .iter()
                .any(|before| before.id == one.id && modules(before) != modules(one))
        });
        other.map(|one| IntegrationId::new(&one.id)).collect()
    }

    /// What was unticked is found no more from now on, also where the CRM cannot be reached; what was ticked is read.
    async fn take_modules(&mut self, id: &IntegrationId) {
        let is_it = |one: &&IntegrationSettings| one.id == id.as_str();
        let settings = self.settings.integrations.iter().find(is_it);
        let mirror = self.rooms.databases.mirror(id, self.numbers.region());
        if let (Some(settings), Some(mirror)) = (settings, mirror) {
            let kept = modules(settings);
            // Many records take long; no call waits for it.
            tokio::task::spawn_blocking(move || {
                let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
                if mirror.keep_modules(&kept).is_err() {
                    warn!("modules that are not wanted any more could not be forgotten");
                }
            });
        }
        let changed = Box::new(SyncEvent::OtherModules);
        self.step(Event::Sync(id.clone(), changed)).await;
    }

    /// Somebody signed in: the source is built anew with the new access.
    pub async fn signed_in(&mut self, id: &IntegrationId) {
        self.sign_ins.remove(id);
        self.integrations.remove(id);
        self.apply_settings().await;
        let signed_in = Box::new(SyncEvent::SignedIn);
        self.step(Event::Sync(id.clone(), signed_in)).await;
    }

    pub(crate) fn connect_integrations(&mut self) {
        let settings = &self.settings.integrations;
        self.integrations
            .retain(|id, _| settings.iter().any(|one| one.id == id.as_str()));
        for one in settings {
            let id = IntegrationId::new(&one.id);
            if let Some(source) = source(one, &self.rooms.secrets) {
                let former = self.integrations.remove(&id);
                let mirror = self.rooms.databases.mirror(&id, self.numbers.region());
                let connected = Connected::new(source, former.as_deref(), mirror.as_deref());
                self.integrations.insert(id, connected);
            }
        }
    }

    pub(crate) async fn start_lines(&mut self) {
        let wanted: Vec<BuiltFrom> = self
            .settings
            .lines
            .iter()
            .map(|one| self.built_from(one))
            .collect();
        let former = std::mem::take(&mut self.lines);
        for (id, running) in former {
            match wanted.contains(&running.built_from) {
                true => drop(self.lines.insert(id, running)),
                false => running.stop().await,
            }
        }
        for built_from in wanted {
            let id = LineId::new(&built_from.settings.id);
            if self.lines.contains_key(&id) {
                continue;
            }
            let calls = self.state.calls().map(|tracked| &tracked.call);
            let open = calls
                .filter(|call| call.line == id && !call.state.is_ended())
                .cloned()
                .collect();
            let running = RunningLine::start(built_from, open, self.rooms.inbox.clone());
            self.lines.insert(id, running);
        }
    }

    pub(crate) fn built_from(&self, line: &LineSettings) -> BuiltFrom {
        let secret = self.rooms.secrets.get(&format!("line.{}.secret", line.id));
        BuiltFrom {
            settings: line.clone(),
            dialing: self.settings.dialing.clone(),
            secret: secret
                .ok()
                .flatten()
                .unwrap_or_else(|| Sensitive::new(String::new())),
            installation: match is_told_apart(line) {
                true => self.rooms.home.installation(),
                false => String::new(),
            },
        }
    }

    pub(crate) fn read_listed_colleagues(&mut self) {
        self.listed.clear();
        for line in &self.settings.lines {
            if line.colleagues_file.is_empty() {
                continue;
            }
            match listed_colleagues(line.colleagues_file.as_ref()) {
                Ok(listed) => self.listed.extend(listed),
                Err(_) => warn!("the file of colleagues cannot be read"),
            }
        }
    }

    pub(crate) fn setup(&self) -> Setup {
        Setup {
            lines: self
                .settings
                .lines
                .iter()
                .map(|line| LineId::new(&line.id))
                .collect(),
            integrations: self
                .settings
                .integrations
                .iter()
                .map(|one| self.integration_setup(one))
                .collect(),
            hide_after: Duration::from_secs(self.settings.general.hide_after_seconds.into()),
            missed_call_toast: self.settings.general.missed_call_toast,
        }
    }

    fn integration_setup(&self, one: &IntegrationSettings) -> IntegrationSetup {
        let id = IntegrationId::new(&one.id);
        let mirror = self.rooms.databases.mirror(&id, self.numbers.region());
        let times = one.refresh_at.iter();
        IntegrationSetup {
            signed_in: self.integrations.contains_key(&id),
            refreshed_at: mirror.and_then(|mirror| refreshed_at(&mirror, one)),
            schedule: Schedule {
                every: Some(Duration::from_secs(u64::from(one.refresh_minutes) * 60)),
                at: times
                    .filter_map(|time| jiff::civil::Time::strptime("%H:%M", time).ok())
                    .collect(),
            },
            zone: jiff::tz::TimeZone::system(),
            id,
        }
    }
}

/// When the mirror last agreed with the CRM. Nothing while a module that is wanted was not read whole: a first filling
/// that was broken off goes on at once.
fn refreshed_at(mirror: &Mirror, settings: &IntegrationSettings) -> Option<Timestamp> {
    let filled = |module: &String| {
        let state = mirror.fill_state(module);
        matches!(state, Ok(FillState::Filled { .. }))
    };
    let whole = modules(settings).iter().all(filled);
    whole.then(|| mirror.as_of().ok().flatten()).flatten()
}
