/** Where the two stores' SQL differs in what a table is made of. */
export interface Dialect {
  /** The column that names an event's position. */
  readonly position: string
  /** A key that the store counts up by itself. */
  readonly counted: string
  readonly integer: string
  readonly bytes: string
  /** What stands behind a table's columns. */
  readonly table: string
  /** An expression for a new log's id: 16 hexadecimal digits. */
  readonly newId: string
  /** An expression for a key that nobody can guess. */
  readonly newKey: string
  /** `letterDigest` of a row of `dead_letters`, as an expression. */
  readonly letterDigest: string
  /** The bytes of a row of `dead_letters` as text, whatever they are, and no bytes at all. */
  readonly letterText: string
  readonly noBytes: string
  /** SQL that this store alone needs, by the number of the migration that it ends. */
  readonly own: Readonly<Record<number, string>>
}

/** A step from one version of the store to the next. */
export interface Migration {
  readonly sql: string
  /** True when a release that does not know it can no longer work on the store. */
  readonly breaks: boolean
}

/** A release that does not know it works on the store as before: it adds tables, and columns that may be left out. */
const additive = (sql: string): Migration => ({ sql, breaks: false })

/**
 * Numbered from 1: the version of a store is how many it has. Never edit one that was released. CONTRIBUTING.md says how
 * to write one.
 */
export function migrationsFor(dialect: Dialect): readonly Migration[] {
  return [
    additive(first(dialect)),
    additive(second(dialect)),
    additive(third(dialect)),
    additive(fourth),
    additive(fifth(dialect)),
    additive(sixth(dialect)),
    additive(seventh(dialect)),
    additive(tokensAndDocuments(dialect)),
    additive(accountIntake(dialect)),
    additive(attemptsAtWrites),
    additive(holdersOfWrites),
  ].map(({ sql, breaks }, index) => ({ sql: sql + (dialect.own[index + 1] ?? ''), breaks }))
}

/** The version of the store in the first release that promises anything to the next. */
const firstReleased = 11

/** The oldest version whose releases still work on a store that these migrations have made. */
export function compatibleFrom(migrations: readonly Migration[]): number {
  return Math.max(firstReleased, migrations.findLastIndex(({ breaks }) => breaks) + 1)
}

/** This release, as `package.json` names it. A store knows which one brought it up to date. */
export const release = '0.2.0'

/** What a store says of itself after its migrations. */
export const sealVersion = (migrations: readonly Migration[]): string =>
  `UPDATE log SET compatible_from = ${compatibleFrom(migrations)}, upgraded_by = '${release}'`

function first({ position, integer, table, newId }: Dialect): string {
  return `
  CREATE TABLE log (id TEXT NOT NULL);
  INSERT INTO log (id) VALUES (${newId});
  CREATE TABLE events (
    seq ${position},
    app_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    occurred_at ${integer} NOT NULL,
    received_at ${integer} NOT NULL,
    field TEXT NOT NULL,
    event TEXT,
    solution_id TEXT,
    waba_id TEXT,
    owner_business_id TEXT,
    reported_status TEXT,
    payload TEXT NOT NULL
  ) ${table};
  CREATE INDEX events_by_solution ON events (solution_id, seq) WHERE solution_id IS NOT NULL;
  CREATE INDEX events_by_waba ON events (waba_id, seq) WHERE waba_id IS NOT NULL;
  CREATE INDEX events_by_owner ON events (owner_business_id, seq) WHERE owner_business_id IS NOT NULL;
  CREATE TABLE writes (
    app_id TEXT NOT NULL,
    verb TEXT NOT NULL,
    key TEXT NOT NULL,
    input TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    started_at ${integer} NOT NULL,
    PRIMARY KEY (app_id, verb, key)
  ) ${table};
  `
}

function second({ counted, integer, bytes, table }: Dialect): string {
  return `
  CREATE TABLE retention (start ${integer} NOT NULL) ${table};
  INSERT INTO retention (start) VALUES (0);
  CREATE TABLE onboardings (
    app_id TEXT NOT NULL,
    waba_id TEXT NOT NULL,
    has_solution ${integer} NOT NULL,
    owner_business_id TEXT NOT NULL,
    solution_id TEXT,
    seq ${integer} NOT NULL,
    PRIMARY KEY (app_id, waba_id, has_solution)
  ) ${table};
  CREATE INDEX onboardings_by_waba ON onboardings (waba_id);
  CREATE INDEX onboardings_by_owner ON onboardings (owner_business_id);
  CREATE TABLE intake (
    app_id TEXT NOT NULL,
    minute ${integer} NOT NULL,
    received ${integer} NOT NULL,
    duplicates ${integer} NOT NULL,
    last_at ${integer} NOT NULL,
    PRIMARY KEY (app_id, minute)
  ) ${table};
  CREATE TABLE dead_letters (
    id ${counted},
    app_id TEXT NOT NULL,
    received_at ${integer} NOT NULL,
    reason TEXT NOT NULL,
    handled ${integer} NOT NULL,
    raw ${bytes} NOT NULL
  ) ${table};
  CREATE INDEX dead_letters_waiting ON dead_letters (app_id) WHERE handled = 0;
  CREATE TABLE redrives (
    id ${counted},
    letter_id ${integer} NOT NULL REFERENCES dead_letters (id) ON DELETE CASCADE,
    at ${integer} NOT NULL,
    handled ${integer} NOT NULL,
    detail TEXT
  ) ${table};
  CREATE INDEX redrives_by_letter ON redrives (letter_id);
  CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    token ${integer} NOT NULL,
    expires_at ${integer} NOT NULL
  ) ${table};
  `
}

function third({ integer, table }: Dialect): string {
  return `
  CREATE TABLE sharings (
    app_id TEXT NOT NULL,
    allocation_id TEXT NOT NULL,
    waba_id TEXT NOT NULL,
    business_id TEXT NOT NULL,
    credit_line_id TEXT,
    attached ${integer} NOT NULL,
    shared_at ${integer} NOT NULL,
    PRIMARY KEY (app_id, allocation_id, waba_id)
  ) ${table};
  CREATE INDEX sharings_by_waba ON sharings (waba_id);
  CREATE INDEX sharings_by_business ON sharings (business_id);
  CREATE INDEX sharings_by_allocation ON sharings (allocation_id);
  `
}

/** What is to be told of a write stays with it until it is in the event log. */
const fourth = `
  ALTER TABLE writes ADD COLUMN untold TEXT;
  CREATE INDEX writes_untold ON writes (started_at) WHERE untold IS NOT NULL;
  `

/** Of letters that are there twice already, the first keeps the name. */
function fifth({ integer, table, newKey, letterDigest }: Dialect): string {
  return `
  ALTER TABLE log ADD COLUMN cursor_key TEXT NOT NULL DEFAULT '';
  UPDATE log SET cursor_key = ${newKey};
  ALTER TABLE dead_letters ADD COLUMN digest TEXT;
  UPDATE dead_letters SET digest = ${letterDigest};
  UPDATE dead_letters SET digest = NULL WHERE id NOT IN (SELECT min(id) FROM dead_letters GROUP BY digest);
  CREATE UNIQUE INDEX dead_letters_by_digest ON dead_letters (digest);
  CREATE TABLE subscriptions (
    app_id TEXT PRIMARY KEY,
    seen_at ${integer} NOT NULL,
    missing_fields TEXT NOT NULL
  ) ${table};
  `
}

/**
 * Earlier releases kept the bodies of unknown fields and of what they could not read, and those can hold conversations
 * and people. Of such a letter only one that is a single change of a known field stays as it is.
 */
function sixth({ integer, letterText, noBytes }: Dialect): string {
  const holds = (text: string): string => `${letterText} LIKE '%"field":"${text}"%'`
  const isOneChange = `length(replace(${letterText}, '"field":', '')) = length(${letterText}) - length('"field":')`
  return `
  ALTER TABLE dead_letters ADD COLUMN size ${integer};
  UPDATE dead_letters SET size = length(raw);
  UPDATE dead_letters SET raw = ${noBytes} WHERE reason NOT LIKE 'could not be handled%'
    OR NOT (${holds('account_update')} OR ${holds('partner_solutions')}) OR NOT (${isOneChange});
  UPDATE events SET payload = '{"size":' || length(payload) || '}'
    WHERE kind = 'OTHER' AND source = 'WEBHOOK' AND field NOT IN ('account_update', 'partner_solutions');
  `
}

/** How far back a release may be that works on the store, and which one has brought it up to date. */
function seventh({ integer }: Dialect): string {
  return `
  ALTER TABLE log ADD COLUMN compatible_from ${integer} NOT NULL DEFAULT 0;
  ALTER TABLE log ADD COLUMN upgraded_by TEXT NOT NULL DEFAULT '';
  `
}

/** Customers' tokens and uploaded documents, encrypted. `seq`: up to where the log went when the token came. */
function tokensAndDocuments({ integer, bytes, table }: Dialect): string {
  return `
  CREATE TABLE tokens (
    app_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    business_id TEXT,
    waba_id TEXT,
    source TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed ${bytes} NOT NULL,
    digest TEXT NOT NULL,
    ends_at ${integer},
    fresh_until ${integer},
    stored_at ${integer} NOT NULL,
    seq ${integer} NOT NULL,
    PRIMARY KEY (app_id, kind, subject)
  ) ${table};
  CREATE INDEX tokens_by_digest ON tokens (digest);
  CREATE INDEX tokens_by_business ON tokens (business_id) WHERE business_id IS NOT NULL;
  CREATE INDEX tokens_by_waba ON tokens (waba_id) WHERE waba_id IS NOT NULL;
  CREATE INDEX tokens_by_end ON tokens (fresh_until) WHERE fresh_until IS NOT NULL;
  CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    key_id TEXT NOT NULL,
    sealed ${bytes} NOT NULL,
    size ${integer} NOT NULL,
    ends_at ${integer} NOT NULL
  ) ${table};
  CREATE INDEX documents_by_end ON documents (ends_at, size);
  `
}

/** What came for each account by minute, of which no event tells: its repeats. It is kept for some hours. */
function accountIntake({ integer, table }: Dialect): string {
  return `
  CREATE TABLE account_intake (
    app_id TEXT NOT NULL,
    waba_id TEXT NOT NULL,
    minute ${integer} NOT NULL,
    received ${integer} NOT NULL,
    duplicates ${integer} NOT NULL,
    last_at ${integer} NOT NULL,
    PRIMARY KEY (app_id, waba_id, minute)
  ) ${table};
  CREATE INDEX account_intake_by_minute ON account_intake (minute);
  `
}
/** Each attempt at a write has a token, and one at a time is pending of one verb on one object. */
const attemptsAtWrites = `
  ALTER TABLE writes ADD COLUMN attempt TEXT;
  ALTER TABLE writes ADD COLUMN object TEXT;
  CREATE UNIQUE INDEX writes_pending ON writes (verb, object) WHERE object IS NOT NULL AND state = 'pending';
  `

/** Which instance is at a write, so that nobody waits for one that is dead. */
const holdersOfWrites = 'ALTER TABLE writes ADD COLUMN holder TEXT'
