import { z } from 'zod'

const count = (max: number) => z.number().int().min(0).max(max)

/** What `POST /__sim/reset {seed}` takes: the size of the world, and how the undecided parts behave. */
export const Seed = z.strictObject({
  solutions: count(5000).default(0),
  wabas: count(20_000).default(0),
  /** Accounts that belong to Lucky Shrub's own portfolio. */
  ownedWabas: count(1000).default(0),
  partnersPerSolution: z.number().int().min(1).max(20).default(1),
  /** Credit lines of Lucky Shrub; only a Solution Partner has any. */
  creditLines: count(5).default(1),
  /**
   * Meta's account model: `new` since 2026-09-23, in which each partner has an account of its own on one number, or the
   * one before, in which a number is on one account.
   */
  accountModel: z.enum(['new', 'old']).default('new'),
  /** Where Meta's guide and reference show different replies, which of the two is given. */
  replyShapes: z.enum(['guide', 'reference']).default('guide'),
  /** What a line's sharings of one business come as: a list as from any edge, or the bare record of the page's sample. */
  allocationReply: z.enum(['list', 'record']).default('list'),
  /** A cursor is dead as soon as a row of its list comes or goes, or when the row has gone that it stands behind. */
  cursorLife: z.enum(['list', 'row']).default('list'),
  /** "Require App Secret": for all apps, or for the apps named. */
  requireAppSecret: z.union([z.boolean(), z.array(z.string())]).default(false),
  /** Whether a declined deactivation sends a webhook. Meta names six triggers and this is not one. */
  declinedDeactivationWebhook: z.boolean().default(false),
  /** The key of the WhatsApp usage header: Meta's page says the token's business. */
  usageKey: z.enum(['business', 'waba']).default('business'),
  /** Whether `whatsapp_credit_attach` wants the system user on the account as well. Meta's page does not say. */
  attachNeedsUser: z.boolean().default(false),
  /** A user assigned to an account again: the tasks are replaced, or it is refused (only Meta's OpenAPI file says so). */
  assignedAgain: z.enum(['replace', 'refuse']).default('replace'),
  /** Whether a Tech Provider's 201st new customer of a week is refused. */
  weeklyLimit: z.boolean().default(true),
  /** Whether `/me/application_details` exists: one guide shows it, no reference and no SDK does. */
  applicationDetails: z.boolean().default(true),
  /** Platform limit per app and hour is 200 times this. */
  dailyActiveUsers: z.number().int().min(1).default(100_000),
})
export type Seed = z.input<typeof Seed>
export type Settings = z.output<typeof Seed>
