// Each reason, refusal and error code as a sentence and an advice. A missing one is a type error.
import type { AdviceKind } from "../bindings/AdviceKind";
import type { CommandError } from "../bindings/CommandError";
import type { ErrorCode } from "../bindings/ErrorCode";
import type { Failure } from "../bindings/Failure";
import type { LinkTrouble } from "../bindings/LinkTrouble";
import type { StatusReason } from "../bindings/StatusReason";
import type { Key } from "../../shared/i18n.svelte";

/** What happened, and what can be done about it. */
export interface Sentence {
  readonly what: Key;
  readonly advice: Key;
}

/** What the button of a trouble does. */
export type Repair = "sign_in" | "refresh" | "frequency" | "remove" | "none";

/** A reason with the one repair, and with another way out where there is one. */
export interface Reasoned extends Sentence {
  readonly repair: Repair;
  readonly second?: Repair;
}

const commandErrors: Record<CommandError, Sentence> = {
  no_such_call: { what: "command.no_such_call", advice: "command.no_such_call.advice" },
  not_now: { what: "command.not_now", advice: "command.not_now.advice" },
  busy: { what: "command.busy", advice: "command.busy.advice" },
  no_such_target: { what: "command.no_such_target", advice: "command.no_such_target.advice" },
  target_busy: { what: "command.target_busy", advice: "command.target_busy.advice" },
  target_away: { what: "command.target_away", advice: "command.target_away.advice" },
  target_unchecked: { what: "command.target_unchecked", advice: "command.target_unchecked.advice" },
  wants_no_calls: { what: "command.wants_no_calls", advice: "command.wants_no_calls.advice" },
  bad_target: { what: "command.bad_target", advice: "command.bad_target.advice" },
  no_right: { what: "command.no_right", advice: "command.no_right.advice" },
  not_supported: { what: "command.not_supported", advice: "command.not_supported.advice" },
  own_phone_unreachable: { what: "command.own_phone_unreachable", advice: "command.own_phone_unreachable.advice" },
  refused_by_pbx: { what: "command.refused_by_pbx", advice: "command.refused_by_pbx.advice" },
  link_down: { what: "command.link_down", advice: "command.link_down.advice" },
};

const reasons: Record<StatusReason, Reasoned> = {
  inactive_token: { what: "reason.inactive_token", advice: "reason.inactive_token.advice", repair: "sign_in" },
  invalid_token: { what: "reason.invalid_token", advice: "reason.invalid_token.advice", repair: "sign_in" },
  trial_expired: { what: "reason.trial_expired", advice: "reason.trial_expired.advice", repair: "remove" },
  token_refresh: { what: "reason.token_refresh", advice: "reason.token_refresh.advice", repair: "refresh" },
  no_account: { what: "reason.no_account", advice: "reason.no_account.advice", repair: "sign_in" },
  invalid_organization: { what: "reason.invalid_organization", advice: "reason.invalid_organization.advice", repair: "sign_in", second: "remove" },
  insufficient_permissions: { what: "reason.insufficient_permissions", advice: "reason.insufficient_permissions.advice", repair: "refresh" },
  forbidden: { what: "reason.forbidden", advice: "reason.forbidden.advice", repair: "sign_in" },
  api_limit_exceeded: { what: "reason.api_limit_exceeded", advice: "reason.api_limit_exceeded.advice", repair: "frequency" },
  offline: { what: "reason.offline", advice: "reason.offline.advice", repair: "refresh" },
  crm_unreachable: { what: "reason.crm_unreachable", advice: "reason.crm_unreachable.advice", repair: "refresh" },
  crm_refused: { what: "reason.crm_refused", advice: "reason.crm_refused.advice", repair: "refresh" },
  clock_skew: { what: "reason.clock_skew", advice: "reason.clock_skew.advice", repair: "refresh" },
  sync_stale: { what: "reason.sync_stale", advice: "reason.sync_stale.advice", repair: "refresh" },
};

const linkTroubles: Record<LinkTrouble, Sentence> = {
  host_not_found: { what: "link.host_not_found", advice: "link.host_not_found.advice" },
  unreachable: { what: "link.unreachable", advice: "link.unreachable.advice" },
  wrong_protocol: { what: "link.wrong_protocol", advice: "link.wrong_protocol.advice" },
  authentication_failed: { what: "link.authentication_failed", advice: "link.authentication_failed.advice" },
  rights_missing: { what: "link.rights_missing", advice: "link.rights_missing.advice" },
  certificate_refused: { what: "link.certificate_refused", advice: "link.certificate_refused.advice" },
  lost: { what: "link.lost", advice: "link.lost.advice" },
  shutting_down: { what: "link.shutting_down", advice: "link.shutting_down.advice" },
  not_configured: { what: "link.not_configured", advice: "link.not_configured.advice" },
};

type PlainCode = Exclude<ErrorCode["kind"], "command" | "needs_confirmation" | "integration">;
const plainCodes: Record<PlainCode, Sentence> = {
  bad_request: { what: "error.bad_request", advice: "error.bad_request.advice" },
  bad_setting: { what: "error.bad_setting", advice: "error.bad_setting.advice" },
  locked_by_policy: { what: "error.locked_by_policy", advice: "error.locked_by_policy.advice" },
  settings_not_saved: { what: "error.settings_not_saved", advice: "error.settings_not_saved.advice" },
  not_found: { what: "error.not_found", advice: "error.not_found.advice" },
  keychain_refused: { what: "error.keychain_refused", advice: "error.keychain_refused.advice" },
  address_refused: { what: "error.address_refused", advice: "error.address_refused.advice" },
  ending: { what: "error.ending", advice: "error.ending.advice" },
  internal: { what: "error.internal", advice: "error.internal.advice" },
};

const advices: Record<AdviceKind, Key> = {
  frequent_refresh: "advice.frequent_refresh",
  no_area_code: "advice.no_area_code",
  unsecured_link: "advice.unsecured_link",
};

/** A word about a setting that was saved and is allowed. */
export function sayAdvice(kind: AdviceKind): Key {
  return advices[kind];
}

export function sayCommandError(error: CommandError): Sentence {
  return commandErrors[error];
}

export function sayReason(reason: StatusReason): Reasoned {
  return reasons[reason];
}

export function sayLinkTrouble(trouble: LinkTrouble): Sentence {
  return linkTroubles[trouble];
}

export function sayErrorCode(code: ErrorCode): Sentence {
  switch (code.kind) {
    case "command":
    case "needs_confirmation":
      return commandErrors[code.why];
    case "integration":
      return reasons[code.why];
    default:
      return plainCodes[code.kind];
  }
}

export function sayFailure(failure: Failure): Sentence {
  return sayErrorCode(failure.code);
}
