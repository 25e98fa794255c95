import { textAt } from '../lib/value.ts'
import { critical, fine, next, severities, unknown, warning, type Severity, type Verdict } from './verdict.ts'

type Codes = Readonly<Record<string, Verdict>>

/** By field and code; the pages of these names below "webhooks/reference" say what the codes mean. */
const byField: Readonly<Record<string, Codes>> = {
  account_alerts: {
    INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED: warning('CUSTOMER'),
    INCREASED_CAPABILITIES_ELIGIBILITY_FAILED: critical('CUSTOMER'),
    INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO: warning('CUSTOMER'),
    OBA_APPROVED: fine,
    OBA_REJECTED: critical('CUSTOMER'),
    PROFILE_PICTURE_LOST: warning('US'),
  },
  account_review_update: {
    APPROVED: fine,
    DEFERRED: warning('META'),
    PENDING: next('META'),
    REJECTED: critical('CUSTOMER'),
  },
  phone_number_name_update: {
    // The number has to be registered once more for the name to count (third-party reading of "Display names").
    APPROVED: next('US'),
    DEFERRED: warning('META'),
    PENDING: next('META'),
    REJECTED: critical('CUSTOMER'),
  },
  phone_number_quality_update: {
    ONBOARDING: next('META'),
    THROUGHPUT_UPGRADE: fine,
    // In older guides
    DOWNGRADE: warning('CUSTOMER'),
    FLAGGED: warning('CUSTOMER'),
    UNFLAGGED: fine,
    UPGRADE: fine,
  },
  message_template_status_update: {
    APPROVED: fine,
    // Deleted after 28 days
    ARCHIVED: warning('CUSTOMER'),
    DELETED: fine,
    DISABLED: critical('CUSTOMER'),
    FLAGGED: warning('CUSTOMER'),
    IN_APPEAL: next('META'),
    LIMIT_EXCEEDED: warning('CUSTOMER'),
    LOCKED: warning('CUSTOMER'),
    PAUSED: warning('CUSTOMER'),
    PENDING: next('META'),
    PENDING_DELETION: fine,
    REINSTATED: fine,
    REJECTED: critical('CUSTOMER'),
    UNARCHIVED: fine,
  },
  // RED comes before a pause and before disabling.
  message_template_quality_update: {
    GREEN: fine,
    RED: warning('CUSTOMER'),
    UNKNOWN: fine,
    YELLOW: warning('CUSTOMER'),
  },
  security: {
    PIN_CHANGED: warning(null),
    PIN_REQUEST_SUCCESS: fine,
    PIN_RESET_REQUEST: warning('CUSTOMER'),
  },
  payment_configuration_update: {
    Active: fine,
    'Needs Connecting': warning('CUSTOMER'),
    'Needs Testing': warning('CUSTOMER'),
  },
}

/** Fields in which no code decides. */
const ofField: Readonly<Record<string, Verdict>> = {
  account_settings_update: fine,
  business_capability_update: fine,
  message_template_components_update: fine,
  // A category sets the price.
  template_category_update: warning(null),
  template_correct_category_detection: warning('CUSTOMER'),
}

/** How serious an alert is, and who acts. */
export function verdictOfAlert(field: string, code: string | null, value: unknown): Verdict {
  // Announced 24 hours ahead: the time in which somebody can still object.
  if (field === 'template_category_update' && textAt(value, 'category_update_timestamp') !== null)
    return warning('CUSTOMER')
  const known = Object.hasOwn(byField, field) && code !== null ? byField[field]?.[code] : ofField[field]
  const { severity, waitsFor } = known ?? unknown
  return { severity: reported(value) ?? severity, waitsFor }
}

/** What Meta says of it, where Meta does. */
function reported(value: unknown): Severity | null {
  const said = textAt(value, 'alert_info', 'alert_severity') ?? textAt(value, 'alert_severity')
  return severities.find((one) => one === said) ?? null
}
