// Written by `npm run codegen` from schema/operations. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** How serious something is: as Meta says, where Meta does (account_alerts), else the gateway's own judgement. */
export type AlertSeverity =
  /** Something was refused, or messages cannot be sent. */
  | 'CRITICAL'
  /** Nothing is wrong. */
  | 'INFORMATIONAL'
  /** Somebody should act, or look: also anything that this release of the gateway does not know. */
  | 'WARNING';

/** What an alert can be about. */
export type AlertSubjectType =
  /** The customer's account; the id is its WABA id. */
  | 'ACCOUNT'
  /** Something that this release of the gateway does not know. */
  | 'OTHER'
  /** A number. Most fields of Meta name it by its digits and not by its id. */
  | 'PHONE_NUMBER'
  /** A business portfolio. */
  | 'PORTFOLIO'
  /** The business profile of a number (CURRENT_STATUS_ID). */
  | 'PROFILE'
  /** A message template. */
  | 'TEMPLATE';

/** A new solution and the partner that is invited to it. */
export type CreateSolutionInput = {
  /** App that will own the solution; may be left out when one app is configured. */
  appId?: string | null | undefined;
  /** The same request with the same key gets the first outcome, also after a restart and from another instance, and is not sent again; another request with it is a CONFLICT. A refusal whose cause may pass frees it. 1 to 255 characters. */
  idempotencyKey?: string | null | undefined;
  /** The one side that may send messages. It cannot be changed afterwards. */
  messaging: MessagingSide;
  /** Name, 2 to 75 characters. It cannot be changed through the API. */
  name: string;
  /** Meta id of the app that is invited. */
  partnerAppId: string;
};

/** What can be done about credit. */
export type CreditAction =
  /** Take a line from a business: `revokeCreditAllocation`. */
  | 'REVOKE'
  /** Share a line with an account: `shareCreditLine`. */
  | 'SHARE';

/** Whether a line is shared. */
export type CreditAllocationStatus =
  /** Graph's `request_status` is DELETED: every account of the business has lost it. */
  | 'REVOKED'
  /** It is among the records that Graph lists, which are those that are active. */
  | 'SHARED'
  /** It could not be read, or it is not listed and not DELETED either. */
  | 'UNKNOWN';

/** What an account can be invoiced in; rates follow it. Meta's page "Share and revoke credit lines" has these six. */
export type CreditCurrency =
  /** ISO 4217 code AUD. */
  | 'AUD'
  /** ISO 4217 code EUR. */
  | 'EUR'
  /** ISO 4217 code GBP. */
  | 'GBP'
  /** ISO 4217 code IDR. */
  | 'IDR'
  /** ISO 4217 code INR. */
  | 'INR'
  /** ISO 4217 code USD. */
  | 'USD';

/** Meta documents two ways. It says that the second is being tested and will replace the first. */
export type CreditSharingMethod =
  /** One call with the system token. Our system user has to be on the account. */
  | 'SHARE_AND_ATTACH'
  /** The owner is read with the customer's business token, the line shared with the system token, and attached with the business token. What dies between the two writes is gone on with by the same request. */
  | 'SHARE_THEN_ATTACH';

/** Which events: those that meet everything that is given. */
export type EventFilter = {
  /** That this app was told: global id or Meta app id. */
  appId?: string | null | undefined;
  /** Of one of these kinds. */
  kinds?: Array<EventKind> | null | undefined;
  /** About this solution: Meta solution id, or global id, then only what the app that it names was told. */
  solutionId?: string | null | undefined;
  /** From one of these sources. */
  sources?: Array<EventSource> | null | undefined;
  /** About this account: WABA id, or global id, then only what the app that it names was told. */
  wabaId?: string | null | undefined;
};

/** What an event is about. */
export type EventKind =
  /** Something about an account, a number, a template or a portfolio wants attention or has changed, in one of Meta's webhook fields beside `account_update`. */
  | 'ACCOUNT_ALERT'
  /** News of a customer's partner-led verification. */
  | 'BUSINESS_VERIFICATION_UPDATED'
  /** A customer granted the app its permissions (PARTNER_APP_INSTALLED). */
  | 'CLIENT_WABA_APP_INSTALLED'
  /** The app's permissions ended (PARTNER_APP_UNINSTALLED). */
  | 'CLIENT_WABA_APP_UNINSTALLED'
  /** A customer shared an account (PARTNER_ADDED). */
  | 'CLIENT_WABA_ONBOARDED'
  /** An account is no longer shared, or was deleted (PARTNER_REMOVED, ACCOUNT_DELETED). Of its numbers it says nothing: other accounts of the customer may list them, and keep them. */
  | 'CLIENT_WABA_REMOVED'
  /** Anything else about an account: restriction, violation, reconnection … */
  | 'CLIENT_WABA_UPDATED'
  /** A credit line of ours was taken from all accounts of a business, through this gateway. */
  | 'CREDIT_REVOKED'
  /** A credit line of ours was shared with an account, through this gateway. */
  | 'CREDIT_SHARED'
  /** An event this gateway has no type for. */
  | 'OTHER'
  /** One number of an account left, or pauses: it is used in the WhatsApp Business app as well (PARTNER_REMOVED or ACCOUNT_OFFBOARDED with a number and no account). The account may stay as it is. */
  | 'PHONE_NUMBER_DISCONNECTED'
  /** Such a number is back (ACCOUNT_RECONNECTED with a number). */
  | 'PHONE_NUMBER_RECONNECTED'
  /** A dialog of Embedded Signup ended, as the page that opened it says (`reportSignupSession`). A hint, and no arrival. */
  | 'SIGNUP_SESSION'
  /** A solution was saved as a draft, or its request was sent. */
  | 'SOLUTION_CREATED'
  /** Something about a solution changed. */
  | 'SOLUTION_UPDATED';

/** Where an event comes from. */
export type EventSource =
  /** An action taken through this gateway, or a look it took. */
  | 'GATEWAY'
  /** Found by comparing with Graph: a webhook that never came. */
  | 'RECONCILED'
  /** Sent by Meta. */
  | 'WEBHOOK';

/** One of the two sides of a solution. */
export type MessagingSide =
  /** The app that creates the solution. */
  | 'OWNER'
  /** The app that is invited. */
  | 'PARTNER';

/** Which account, and what the steps need that are left. */
export type OnboardClientWabaInput = {
  /** The app that acts; may be left out when one configured app sees the account. */
  appId?: string | null | undefined;
  /** The line to share, used with `currency`; may be left out when the app's business has one credit line. */
  creditLineId?: string | null | undefined;
  /** In which credit is shared, with our system user added to the account where it is missing; without it no credit is. */
  currency?: CreditCurrency | null | undefined;
  /** Beside `pin`: country whose servers keep the number's data; Meta's own choice when left out. */
  dataLocalizationRegion?: string | null | undefined;
  /** The same request with the same key, once nothing was left to do, gets the first outcome and takes no step; what was left is gone on with. Another request with it is a CONFLICT; the PIN is not compared. 1 to 255 characters. */
  idempotencyKey?: string | null | undefined;
  /** Beside `pin`: the number that is registered, also where another one is connected; may be left out when one waits. */
  phoneNumberId?: string | null | undefined;
  /** Six digits: the two-step verification PIN of the number that is registered, or one that a number without may get; without it no number is registered. Never shown, logged or stored. */
  pin?: string | null | undefined;
  /** The account: global id or WABA id. */
  wabaId: string;
};

/** What an account needs before its customer can send messages. */
export type OnboardingStepKind =
  /** The customer's business token can be had, and opens the account. */
  | 'BUSINESS_TOKEN'
  /** Messages are paid from the credit line of the Solution Partner. */
  | 'CREDIT_SHARED'
  /** A phone number of the account is connected. */
  | 'PHONE_NUMBER_REGISTERED'
  /** The customer shares the account with the portfolio of the app. */
  | 'SHARED_WITH_PARTNER'
  /** The app is subscribed to the webhooks of the account. */
  | 'WEBHOOKS_SUBSCRIBED';

/** How far a step is. */
export type OnboardingStepState =
  /** Something else has to be done before. */
  | 'BLOCKED'
  /** It is as it should be, as Graph shows it now. */
  | 'DONE'
  /** It was done and has ended, or cannot be done any more. */
  | 'FAILED'
  /** This app has no part in it. */
  | 'NOT_NEEDED'
  /** It can be done now: see `waitsFor` for who does it. */
  | 'TODO'
  /** It could not be read now: `reason` says why. Nothing is guessed. */
  | 'UNKNOWN';

/** How far a partner's part in a solution is. */
export type PartnerStatus =
  /** Takes part. */
  | 'ACCEPTED'
  /** Took part once. */
  | 'DEACTIVATED'
  /** Saved, not sent. */
  | 'DRAFT'
  /** Begun. */
  | 'INITIATED'
  /** Invited; has not answered. */
  | 'NOTIFICATION_SENT'
  /** Declined. */
  | 'REJECTED'
  /** Graph says nothing, or something that its documents do not: see `graphStatus`. */
  | 'UNKNOWN';

/** Who can bring something on. */
export type Party =
  /** The business that owns the account. */
  | 'CUSTOMER'
  /** Graph did not answer, limits, or reviews: wait. */
  | 'META'
  /** The other side of the solution. */
  | 'PARTNER'
  /** Whoever runs or calls this gateway. */
  | 'US';

/** What kind of expected failure it is. Errors of queries carry the same codes in `extensions.code`. */
export type ProblemCode =
  /** It contradicts something that was asked for before. */
  | 'CONFLICT'
  /** The input can never work: change it. */
  | 'INVALID_INPUT'
  /** There is no such thing, or the app may not see it: Graph does not tell which. */
  | 'NOT_FOUND'
  /** It exists, and this app may not do this. */
  | 'NOT_PERMITTED'
  /** A change was sent and no definite answer came. The same request again looks whether it happened, and does not send it twice; the message says so where Graph has no way to look. The problem has the code and the trace id of Graph's last word, where there was one. */
  | 'OUTCOME_UNKNOWN'
  /** Meta's quota is used up, or a code, a PIN or a registration was tried too often: wait. */
  | 'RATE_LIMITED'
  /** The gateway's own store cannot be used now. As a problem of a mutation: what could not be put on record was not sent. */
  | 'STORE_UNAVAILABLE'
  /** A token that Graph needs is missing, expired or revoked: ours to renew, or for the customer to give once more by signing up again. `waitsFor` says which. */
  | 'TOKEN_INVALID'
  /** Graph refused for a reason of its own: see its message. When it gave none (`{"success":false}`), the same request may be sent again at once. */
  | 'UPSTREAM_REFUSED'
  /** Graph did not answer, or not in a way that can be used. As a problem of a mutation: nothing was changed. */
  | 'UPSTREAM_UNAVAILABLE'
  /** It cannot be done in the state that the solution, account or number is in, or it is so already. */
  | 'WRONG_STATE';

/** Which allocation ends. It hits every account of the business: see `CreditAllocation.clientWabas`. */
export type RevokeCreditAllocationInput = {
  /** Global id or allocation configuration id. */
  allocationId: string;
  /** The app that acts; may be left out when one configured app sees the allocation. */
  appId?: string | null | undefined;
  /** Revoking hits every account of the business: say which business, to show you mean it. Global id or Meta id. */
  confirmReceivingBusinessId: string;
  /** The same request with the same key gets the first outcome, also after a restart and from another instance, and is not sent again; another request with it is a CONFLICT. A refusal whose cause may pass frees it. 1 to 255 characters. */
  idempotencyKey?: string | null | undefined;
};

/** Which account takes which line. */
export type ShareCreditLineInput = {
  /** Adds our system user to the account first where it is missing or has too few tasks: MANAGE, or MANAGE_BILLING where the solution gave us no MESSAGING. Without it a missing user is told, and nothing is changed. */
  addSystemUser?: boolean | null | undefined;
  /** The app that acts; may be left out when one configured app sees the account and has a credit line. */
  appId?: string | null | undefined;
  /** May be left out when the app's business has one credit line. */
  creditLineId?: string | null | undefined;
  /** What the account is invoiced in. It stands with the line, which cannot be changed. */
  currency: CreditCurrency;
  /** The same request with the same key gets the first outcome, also after a restart and from another instance, and is not sent again; another request with it is a CONFLICT. A refusal whose cause may pass frees it. 1 to 255 characters. */
  idempotencyKey?: string | null | undefined;
  /** How; the outcome is the same. */
  method?: CreditSharingMethod | null | undefined;
  /** The customer comes from another Solution Partner. Then nothing can be shared on the last three days and the first four of a month, and the line pays from the first of the next month on. Graph does not tell, so say it. */
  switchedPartner?: boolean | null | undefined;
  /** The account: global id or WABA id. */
  wabaId: string;
};

/** How a dialog of Embedded Signup ended. */
export type SignupSessionOutcome =
  /** The customer left the dialog, or reported an error in it (CANCEL). */
  | 'CANCELLED'
  /** The dialog failed (ERROR). */
  | 'ERROR'
  /** The customer went through to an end: FINISH, or any of its kinds. */
  | 'FINISHED'
  /** An end that this gateway does not know: see `sessionEvent`. */
  | 'UNKNOWN';

/** A step in the life of a solution. */
export type SolutionAction =
  /** The invited partner accepts; it cannot be taken back. */
  | 'ACCEPT'
  /** The other side agrees: the solution ends. */
  | 'ACCEPT_DEACTIVATION'
  /** The invited partner declines. */
  | 'REJECT'
  /** The other side declines: the solution stays active. */
  | 'REJECT_DEACTIVATION'
  /** The owner asks to end an active solution. */
  | 'REQUEST_DEACTIVATION';

/** Which solution, and which app acts. */
export type SolutionActionInput = {
  /** The app that acts; may be left out when one configured app takes part in the solution. */
  appId?: string | null | undefined;
  /** The same request with the same key gets the first outcome, also after a restart and from another instance, and is not sent again; another request with it is a CONFLICT. A refusal whose cause may pass frees it. 1 to 255 characters. */
  idempotencyKey?: string | null | undefined;
  /** Global id or Meta solution id. */
  solutionId: string;
};

/** One status from Graph's two axes. */
export type SolutionStatus =
  /** Accepted: customers can be onboarded. */
  | 'ACTIVE'
  /** Ended for good. */
  | 'DEACTIVATED'
  /** Saved, no request sent. "Draft" in Meta's dashboard. */
  | 'DRAFT'
  /** The partner is invited and has not answered. "Pending" in the dashboard. */
  | 'INITIATED'
  /** Active, and a deactivation request waits for its answer. Customers can still be onboarded. */
  | 'PENDING_DEACTIVATION'
  /** The partner declined. "Inactive" in the dashboard. */
  | 'REJECTED'
  /** Graph says something that its documents do not (see the raw values), or could not be asked after an action or event. */
  | 'UNKNOWN';

export type AppsQueryVariables = Exact<{ [key: string]: never; }>;


export type AppsQuery = { apps: Array<{ appId: string, name: string | null, businessId: string | null, solutions: { edges: Array<{ node: { solutionId: string, name: string | null, status: SolutionStatus } }> } | null }> };

export type WatchSolutionsSubscriptionVariables = Exact<{
  solutionId?: string | null | undefined;
  appId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchSolutionsSubscription = { solutionStatusChanged: { cursor: string, initial: boolean, status: SolutionStatus, previousStatus: SolutionStatus | null, occurredAt: string, source: EventSource, solution: { solutionId: string, name: string | null, acceptsOnboarding: boolean } } };

export type CreateSolutionMutationVariables = Exact<{
  input: CreateSolutionInput;
}>;


export type CreateSolutionMutation = { createSolution:
    | { solution: { solutionId: string, name: string | null, status: SolutionStatus } }
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
   };

type ProblemFields_GatewayProblem_Fragment = { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean };

type ProblemFields_GraphApiProblem_Fragment = { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean };

type ProblemFields_InvalidInputProblem_Fragment = { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean };

type ProblemFields_WrongStateProblem_Fragment = { __typename: 'WrongStateProblem', code: ProblemCode, message: string, retryable: boolean };

export type ProblemFieldsFragment =
  | ProblemFields_GatewayProblem_Fragment
  | ProblemFields_GraphApiProblem_Fragment
  | ProblemFields_InvalidInputProblem_Fragment
  | ProblemFields_WrongStateProblem_Fragment
;

export type SolutionQueryVariables = Exact<{
  id: string;
}>;


export type SolutionQuery = { solution: { solutionId: string, name: string | null, status: SolutionStatus, graphStatus: string | null, graphPendingRequest: string | null, ownerPermissions: Array<string> | null, ownerApp: { name: string | null } | null, partners: { edges: Array<{ node: { status: PartnerStatus, permissions: Array<string> | null, app: { name: string | null } | null } }> } | null, actions: Array<{ appId: string, action: SolutionAction, available: boolean, reason: string | null }> | null } | null };

export type AcceptSolutionMutationVariables = Exact<{
  input: SolutionActionInput;
}>;


export type AcceptSolutionMutation = { acceptSolution:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { solution: { solutionId: string, status: SolutionStatus, acceptsOnboarding: boolean } }
    | { __typename: 'WrongStateProblem', code: ProblemCode, message: string, retryable: boolean }
   };

export type EmbeddedSignupQueryVariables = Exact<{
  id: string;
  configId: string;
}>;


export type EmbeddedSignupQuery = { solution: { status: SolutionStatus, acceptsOnboarding: boolean, embeddedSignup: { solutionId: string, options: unknown } | null } | null };

export type WatchOnboardingSubscriptionVariables = Exact<{
  solutionId?: string | null | undefined;
  appId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchOnboardingSubscription = { clientWabaOnboarded: { cursor: string, occurredAt: string, clientWaba: { wabaId: string, name: string | null, ownerBusiness: { businessId: string, name: string | null } | null }, solution: { solutionId: string, name: string | null } | null } };

export type ClientWabasQueryVariables = Exact<{ [key: string]: never; }>;


export type ClientWabasQuery = { apps: Array<{ name: string | null, clientWabas: { edges: Array<{ node: { wabaId: string, name: string | null, currency: string | null, status: string | null, health: { canSendMessage: string | null, entities: Array<{ entityType: string | null, canSendMessage: string | null, errors: Array<{ code: number | null, description: string | null, waitsFor: Party | null }> }> } | null, restrictions: Array<{ type: string, until: string | null }> | null, phoneNumbers: { edges: Array<{ node: { displayPhoneNumber: string | null, verifiedName: string | null, status: string | null, nameStatus: string | null, messagingLimit: string | null, coexistence: boolean | null } }> } | null, subscribedApps: Array<{ name: string | null }> | null, solutions: { edges: Array<{ node: { solutionId: string, name: string | null } }> } | null } }> } | null }> };

export type OnboardingChecklistQueryVariables = Exact<{
  wabaId: string;
  appId?: string | null | undefined;
}>;


export type OnboardingChecklistQuery = { clientWaba: { wabaId: string, name: string | null, onboarding: { complete: boolean, steps: Array<{ kind: OnboardingStepKind, state: OnboardingStepState, reason: string | null, waitsFor: Party | null, at: string | null, since: string | null }>, blockers: Array<{ code: string, message: string, since: string, waitsFor: Party, action: string | null, help: string | null }> | null } | null, phoneNumbers: { edges: Array<{ node: { phoneNumberId: string, displayPhoneNumber: string | null, status: string | null, registrationBudget: { used: number, remaining: number, nextReleaseAt: string | null } | null } }> } | null } | null };

export type OnboardingProgressSubscriptionVariables = Exact<{
  wabaId: string;
  appId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type OnboardingProgressSubscription = { clientWabaOnboardingProgress: { cursor: string, initial: boolean, onboarding: { complete: boolean, steps: Array<{ kind: OnboardingStepKind, state: OnboardingStepState, reason: string | null }>, blockers: Array<{ code: string, waitsFor: Party }> | null } | null } };

export type OnboardClientWabaMutationVariables = Exact<{
  input: OnboardClientWabaInput;
}>;


export type OnboardClientWabaMutation = { onboardClientWaba:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { attempts: Array<{ kind: OnboardingStepKind, problem:
          | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
          | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
          | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
          | { __typename: 'WrongStateProblem', code: ProblemCode, message: string, retryable: boolean }
         | null }>, onboarding: { complete: boolean, steps: Array<{ kind: OnboardingStepKind, state: OnboardingStepState, reason: string | null, at: string | null }>, blockers: Array<{ code: string, message: string, waitsFor: Party, action: string | null }> | null } | null }
   };

export type CreditLinesQueryVariables = Exact<{
  wabaId: string;
}>;


export type CreditLinesQuery = { apps: Array<{ name: string | null, creditLines: Array<{ creditLineId: string, legalEntityName: string | null, allocations: { edges: Array<{ node: { allocationId: string, status: CreditAllocationStatus, receivingBusiness: { businessId: string, name: string | null } | null } }> } | null }> | null }>, clientWaba: { creditActions: Array<{ action: CreditAction, appId: string, available: boolean, reason: string | null, notice: string }> | null } | null };

export type ShareCreditLineMutationVariables = Exact<{
  input: ShareCreditLineInput;
}>;


export type ShareCreditLineMutation = { shareCreditLine:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { verified: boolean | null, clientWaba: { wabaId: string, currency: string | null }, creditAllocation: { allocationId: string, status: CreditAllocationStatus, receivingBusiness: { businessId: string, name: string | null } | null } }
   };

export type CreditAllocationQueryVariables = Exact<{
  wabaId: string;
}>;


export type CreditAllocationQuery = { creditAllocation: { allocationId: string, status: CreditAllocationStatus, graphRequestStatus: string | null, funds: boolean | null, receivingBusiness: { businessId: string, name: string | null } | null, clientWabas: { edges: Array<{ node: { wabaId: string, name: string | null } }> } | null, actions: Array<{ action: CreditAction, available: boolean, reason: string | null, notice: string }> | null } | null };

export type RevokeCreditAllocationMutationVariables = Exact<{
  input: RevokeCreditAllocationInput;
}>;


export type RevokeCreditAllocationMutation = { revokeCreditAllocation:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { creditAllocation: { allocationId: string, status: CreditAllocationStatus, graphRequestStatus: string | null } }
   };

export type RequestDeactivationMutationVariables = Exact<{
  input: SolutionActionInput;
}>;


export type RequestDeactivationMutation = { requestSolutionDeactivation:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { solution: { solutionId: string, status: SolutionStatus, acceptsOnboarding: boolean } }
    | { __typename: 'WrongStateProblem', code: ProblemCode, message: string, retryable: boolean }
   };

export type RejectDeactivationMutationVariables = Exact<{
  input: SolutionActionInput;
}>;


export type RejectDeactivationMutation = { rejectSolutionDeactivation:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { solution: { solutionId: string, status: SolutionStatus, acceptsOnboarding: boolean } }
    | { __typename: 'WrongStateProblem', code: ProblemCode, message: string, retryable: boolean }
   };

export type AcceptDeactivationMutationVariables = Exact<{
  input: SolutionActionInput;
}>;


export type AcceptDeactivationMutation = { acceptSolutionDeactivation:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { solution: { solutionId: string, status: SolutionStatus, acceptsOnboarding: boolean } }
    | { __typename: 'WrongStateProblem', code: ProblemCode, message: string, retryable: boolean }
   };

export type RejectSolutionMutationVariables = Exact<{
  input: SolutionActionInput;
}>;


export type RejectSolutionMutation = { rejectSolution:
    | { __typename: 'GatewayProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'GraphApiProblem', code: ProblemCode, message: string, retryable: boolean }
    | { __typename: 'InvalidInputProblem', code: ProblemCode, message: string, retryable: boolean }
    | { solution: { solutionId: string, status: SolutionStatus, acceptsOnboarding: boolean } }
    | { __typename: 'WrongStateProblem', code: ProblemCode, message: string, retryable: boolean }
   };

export type EventsQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type EventsQuery = { events: { edges: Array<{ cursor: string, node:
        | { kind: EventKind, source: EventSource, occurredAt: string, appId: string }
        | { event: string, wabaId: string | null, ownerBusinessId: string | null, kind: EventKind, source: EventSource, occurredAt: string, appId: string, onboardedThrough: string | null }
        | { kind: EventKind, source: EventSource, occurredAt: string, appId: string }
        | { kind: EventKind, source: EventSource, occurredAt: string, appId: string }
        | { kind: EventKind, source: EventSource, occurredAt: string, appId: string }
        | { solutionId: string, reportedStatus: string | null, kind: EventKind, source: EventSource, occurredAt: string, appId: string }
       }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type WatchEventsSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchEventsSubscription = { events:
    | { __typename: 'AccountAlertEvent', cursor: string, kind: EventKind, source: EventSource, occurredAt: string, appId: string, severity: AlertSeverity | null, waitsFor: Party | null, field: string, code: string | null, text: string | null, subject: { type: AlertSubjectType, metaId: string | null, displayPhoneNumber: string | null } }
    | { __typename: 'ClientWabaEvent', cursor: string, kind: EventKind, source: EventSource, occurredAt: string, appId: string, severity: AlertSeverity | null, waitsFor: Party | null, event: string, wabaId: string | null, ownerBusinessId: string | null, onboardedThrough: string | null }
    | { __typename: 'CreditEvent', cursor: string, kind: EventKind, source: EventSource, occurredAt: string, appId: string, severity: AlertSeverity | null, waitsFor: Party | null, allocationId: string | null, receivingBusinessId: string | null, creditedWaba: string | null }
    | { __typename: 'OtherEvent', cursor: string, kind: EventKind, source: EventSource, occurredAt: string, appId: string, severity: AlertSeverity | null, waitsFor: Party | null, field: string, payload: unknown }
    | { __typename: 'SignupSessionEvent', cursor: string, kind: EventKind, source: EventSource, occurredAt: string, appId: string, severity: AlertSeverity | null, waitsFor: Party | null, outcome: SignupSessionOutcome, step: string | null, errorCode: string | null, advice: string | null, wabaIds: Array<string> }
    | { __typename: 'SolutionEvent', cursor: string, kind: EventKind, source: EventSource, occurredAt: string, appId: string, severity: AlertSeverity | null, waitsFor: Party | null, solutionId: string, reportedStatus: string | null }
    | { __typename: 'StreamHeartbeat', cursor: string, at: string }
    | { __typename: 'StreamLagged', missed: number | null, resumeFrom: string }
   };

export const ProblemFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<ProblemFieldsFragment, unknown>;
export const AppsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Apps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"apps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"appId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"businessId"}},{"kind":"Field","name":{"kind":"Name","value":"solutions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<AppsQuery, AppsQueryVariables>;
export const WatchSolutionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchSolutions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"solutionId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"appId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionStatusChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"solutionId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"solutionId"}}},{"kind":"Argument","name":{"kind":"Name","value":"appId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"appId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"initial"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"previousStatus"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"acceptsOnboarding"}}]}}]}}]}}]} as unknown as DocumentNode<WatchSolutionsSubscription, WatchSolutionsSubscriptionVariables>;
export const CreateSolutionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateSolution"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateSolutionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createSolution"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateSolutionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<CreateSolutionMutation, CreateSolutionMutationVariables>;
export const SolutionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Solution"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"graphStatus"}},{"kind":"Field","name":{"kind":"Name","value":"graphPendingRequest"}},{"kind":"Field","name":{"kind":"Name","value":"ownerApp"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ownerPermissions"}},{"kind":"Field","name":{"kind":"Name","value":"partners"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"app"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"appId"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}}]} as unknown as DocumentNode<SolutionQuery, SolutionQueryVariables>;
export const AcceptSolutionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AcceptSolution"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"acceptSolution"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"acceptsOnboarding"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<AcceptSolutionMutation, AcceptSolutionMutationVariables>;
export const EmbeddedSignupDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EmbeddedSignup"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"configId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"acceptsOnboarding"}},{"kind":"Field","name":{"kind":"Name","value":"embeddedSignup"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"configId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"configId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"options"}}]}}]}}]}}]} as unknown as DocumentNode<EmbeddedSignupQuery, EmbeddedSignupQueryVariables>;
export const WatchOnboardingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchOnboarding"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"solutionId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"appId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clientWabaOnboarded"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"solutionId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"solutionId"}}},{"kind":"Argument","name":{"kind":"Name","value":"appId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"appId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"clientWaba"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ownerBusiness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"businessId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<WatchOnboardingSubscription, WatchOnboardingSubscriptionVariables>;
export const ClientWabasDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ClientWabas"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"apps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"clientWabas"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"canSendMessage"}},{"kind":"Field","name":{"kind":"Name","value":"entities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"entityType"}},{"kind":"Field","name":{"kind":"Name","value":"canSendMessage"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"waitsFor"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"restrictions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"until"}}]}},{"kind":"Field","name":{"kind":"Name","value":"phoneNumbers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"displayPhoneNumber"}},{"kind":"Field","name":{"kind":"Name","value":"verifiedName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"nameStatus"}},{"kind":"Field","name":{"kind":"Name","value":"messagingLimit"}},{"kind":"Field","name":{"kind":"Name","value":"coexistence"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"subscribedApps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"solutions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ClientWabasQuery, ClientWabasQueryVariables>;
export const OnboardingChecklistDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OnboardingChecklist"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"appId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clientWaba"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"onboarding"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"appId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"appId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"waitsFor"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"since"}}]}},{"kind":"Field","name":{"kind":"Name","value":"blockers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"waitsFor"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"help"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"phoneNumbers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phoneNumberId"}},{"kind":"Field","name":{"kind":"Name","value":"displayPhoneNumber"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"registrationBudget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"remaining"}},{"kind":"Field","name":{"kind":"Name","value":"nextReleaseAt"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<OnboardingChecklistQuery, OnboardingChecklistQueryVariables>;
export const OnboardingProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"OnboardingProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"appId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clientWabaOnboardingProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"wabaId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}}},{"kind":"Argument","name":{"kind":"Name","value":"appId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"appId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"initial"}},{"kind":"Field","name":{"kind":"Name","value":"onboarding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"blockers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"waitsFor"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OnboardingProgressSubscription, OnboardingProgressSubscriptionVariables>;
export const OnboardClientWabaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"OnboardClientWaba"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OnboardClientWabaInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"onboardClientWaba"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OnboardClientWabaPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"problem"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"onboarding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"blockers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"waitsFor"}},{"kind":"Field","name":{"kind":"Name","value":"action"}}]}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<OnboardClientWabaMutation, OnboardClientWabaMutationVariables>;
export const CreditLinesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CreditLines"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"apps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"creditLines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"creditLineId"}},{"kind":"Field","name":{"kind":"Name","value":"legalEntityName"}},{"kind":"Field","name":{"kind":"Name","value":"allocations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allocationId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"receivingBusiness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"businessId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"clientWaba"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"creditActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"appId"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"notice"}}]}}]}}]}}]} as unknown as DocumentNode<CreditLinesQuery, CreditLinesQueryVariables>;
export const ShareCreditLineDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ShareCreditLine"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ShareCreditLineInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"shareCreditLine"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ShareCreditLinePayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verified"}},{"kind":"Field","name":{"kind":"Name","value":"clientWaba"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"creditAllocation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allocationId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"receivingBusiness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"businessId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<ShareCreditLineMutation, ShareCreditLineMutationVariables>;
export const CreditAllocationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CreditAllocation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"creditAllocation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"wabaId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allocationId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"graphRequestStatus"}},{"kind":"Field","name":{"kind":"Name","value":"funds"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"wabaId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"wabaId"}}}]},{"kind":"Field","name":{"kind":"Name","value":"receivingBusiness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"businessId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"clientWabas"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"notice"}}]}}]}}]}}]} as unknown as DocumentNode<CreditAllocationQuery, CreditAllocationQueryVariables>;
export const RevokeCreditAllocationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RevokeCreditAllocation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeCreditAllocationInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revokeCreditAllocation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeCreditAllocationPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"creditAllocation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allocationId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"graphRequestStatus"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<RevokeCreditAllocationMutation, RevokeCreditAllocationMutationVariables>;
export const RequestDeactivationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequestDeactivation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestSolutionDeactivation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"acceptsOnboarding"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<RequestDeactivationMutation, RequestDeactivationMutationVariables>;
export const RejectDeactivationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RejectDeactivation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rejectSolutionDeactivation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"acceptsOnboarding"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<RejectDeactivationMutation, RejectDeactivationMutationVariables>;
export const AcceptDeactivationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AcceptDeactivation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"acceptSolutionDeactivation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"acceptsOnboarding"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<AcceptDeactivationMutation, AcceptDeactivationMutationVariables>;
export const RejectSolutionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RejectSolution"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rejectSolution"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionActionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"acceptsOnboarding"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Problem"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]} as unknown as DocumentNode<RejectSolutionMutation, RejectSolutionMutationVariables>;
export const EventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Events"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"EventFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"appId"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"reportedStatus"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ClientWabaEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"event"}},{"kind":"Field","name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"ownerBusinessId"}},{"kind":"Field","alias":{"kind":"Name","value":"onboardedThrough"},"name":{"kind":"Name","value":"solutionId"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<EventsQuery, EventsQueryVariables>;
export const WatchEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"EventFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Event"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"appId"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}},{"kind":"Field","name":{"kind":"Name","value":"waitsFor"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SolutionEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"solutionId"}},{"kind":"Field","name":{"kind":"Name","value":"reportedStatus"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ClientWabaEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"event"}},{"kind":"Field","name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"ownerBusinessId"}},{"kind":"Field","alias":{"kind":"Name","value":"onboardedThrough"},"name":{"kind":"Name","value":"solutionId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AccountAlertEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"subject"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"metaId"}},{"kind":"Field","name":{"kind":"Name","value":"displayPhoneNumber"}}]}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SignupSessionEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"advice"}},{"kind":"Field","name":{"kind":"Name","value":"wabaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreditEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allocationId"}},{"kind":"Field","alias":{"kind":"Name","value":"creditedWaba"},"name":{"kind":"Name","value":"wabaId"}},{"kind":"Field","name":{"kind":"Name","value":"receivingBusinessId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamLagged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missed"}},{"kind":"Field","name":{"kind":"Name","value":"resumeFrom"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamHeartbeat"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OtherEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}}]}}]}}]} as unknown as DocumentNode<WatchEventsSubscription, WatchEventsSubscriptionVariables>;
