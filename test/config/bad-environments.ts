/** A complete environment for one app. */
export const good = {
  META_APP_ID: '21202248997039',
  META_APP_SECRET: 'canary0app0secret0of0one',
  META_SYSTEM_TOKEN: 'canary-system-token-of-one',
  META_BUSINESS_ID: '506914307656634',
  WEBHOOK_VERIFY_TOKEN: 'canary-verify-token',
}

const app = {
  appId: '21202248997039',
  appSecret: 'canary0app0secret0of0one',
  systemToken: 'canary-system-token-of-one',
  businessId: '506914307656634',
  verifyToken: 'canary-verify-token',
}

interface Bad {
  readonly title: string
  /** `good` with these; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Content of the file that GATEWAY_CONFIG names, in the place of `good`. */
  readonly file?: unknown
  /** Each begins a line of the complaint, and there are no more. */
  readonly problems: readonly string[]
}

const without = (name: string): Bad => ({
  title: `no ${name}`,
  env: { [name]: undefined },
  problems: [`${name}: is missing`],
})
const wrong = (title: string, name: string, value: string, ...others: string[]): Bad => ({
  title,
  env: { [name]: value },
  problems: [`${name}: `, ...others],
})
const one = (title: string, change: object, ...problems: string[]): Bad => ({
  title,
  file: { apps: [{ ...app, ...change }] },
  problems: problems.map((problem) => `GATEWAY_CONFIG.apps.0.${problem}`),
})

export const badEnvironments: readonly Bad[] = [
  ...Object.keys(good).map(without),
  wrong('an empty app secret', 'META_APP_SECRET', ''),
  wrong('an app secret of spaces', 'META_APP_SECRET', '                    '),
  wrong('a short app secret', 'META_APP_SECRET', 'canary-short'),
  wrong('an app secret with a space in it', 'META_APP_SECRET', 'canary0app0 secret0of0one'),
  wrong('three app secrets', 'META_APP_SECRET', `${'canary0app0secret,'.repeat(2)}canary0app0secret`),
  wrong('a second app secret that is empty', 'META_APP_SECRET', 'canary0app0secret0of0one,'),
  wrong('a second app secret that is short', 'META_APP_SECRET', 'canary0app0secret0of0one,canary'),
  wrong('an empty system token', 'META_SYSTEM_TOKEN', ''),
  wrong('a system token with a line break', 'META_SYSTEM_TOKEN', 'canary-system-token\r\nx-evil: 1'),
  wrong('an empty verify token', 'WEBHOOK_VERIFY_TOKEN', ''),
  wrong('a verify token of spaces', 'WEBHOOK_VERIFY_TOKEN', '          '),
  wrong('a short verify token', 'WEBHOOK_VERIFY_TOKEN', 'canary'),
  ...[
    'localhost',
    'https://canary.example',
    '10.0.0.1',
    '*',
    'xn--canary.example',
    'a.example,,b.example',
  ].map((hosts) => wrong(`${hosts} as hosts of overrides`, 'WEBHOOK_OVERRIDE_HOSTS', hosts)),
  ...[
    'hooks.example.com',
    'http://example.com/done',
    'https://user:canary@example.com/done',
    'https://example.com/#done',
    'https://example.com/done,',
    'https://example.com/a b',
  ].map((uris) => wrong(`${uris} as addresses of redirect dialogs`, 'SIGNUP_REDIRECT_URIS', uris)),
  ...['proxy.example.com', '10.0.0.0/33', '10.0.0/8', '0.0.0.0/0', '::/0', '10.0.0.1,', 'fe80::1%eth0'].map(
    (proxies) => wrong(`${proxies} as trusted proxies`, 'TRUSTED_PROXIES', proxies),
  ),
  ...['facebook.com', 'AS32934', '0.0.0.0/0', '31.13.24.0/21;'].map((sources) =>
    wrong(`${sources} as sources of webhooks`, 'WEBHOOK_SOURCES', sources),
  ),
  ...['on', 'credit:USD', 'subscribe,credit:CHF', 'subscribe,'].map((rule) =>
    wrong(`${rule} as a rule for arrivals`, 'AUTO_ONBOARD', rule),
  ),
  ...['0', 'unlimited', '1000000'].map((limit) =>
    wrong(`${limit} as a weekly limit`, 'ONBOARDING_WEEKLY_LIMIT', limit),
  ),
  wrong('an app id of letters', 'META_APP_ID', 'canary'),
  wrong('an app id with a path in it', 'META_APP_ID', '123/canary'),
  wrong('a business id of 21 digits', 'META_BUSINESS_ID', '123456789012345678901'),
  wrong('an empty credit line', 'META_CREDIT_LINE_ID', ''),
  wrong('a credit line of letters', 'META_CREDIT_LINE_ID', 'canary'),
  wrong('a port of letters', 'PORT', 'canary'),
  wrong('a port with a fraction', 'PORT', '40.5'),
  wrong('a port in hexadecimal', 'PORT', '0x1000'),
  wrong('a negative port', 'PORT', '-1'),
  wrong('a port that does not exist', 'PORT', '65536'),
  {
    title: 'a public address without a key',
    env: { HOST: '0.0.0.0' },
    problems: ['GATEWAY_API_KEY: is required'],
  },
  {
    title: 'a name that only looks like loopback',
    env: { HOST: '127.0.0.1.canary.example' },
    problems: ['GATEWAY_API_KEY: is required'],
  },
  wrong('an empty API key', 'GATEWAY_API_KEY', ''),
  wrong('a short API key', 'GATEWAY_API_KEY', 'canary-key'),
  wrong('an API key with a space in it', 'GATEWAY_API_KEY', 'canary key of the gateway'),
  ...[
    ['an empty encryption key', ''],
    ['an encryption key that is not base64', 'canary key of the gateway'],
    ['an encryption key of 31 bytes', Buffer.alloc(31, 'canary').toString('base64')],
    ['three encryption keys', [1, 2, 3].map(() => Buffer.alloc(32, 'canary').toString('base64')).join()],
  ].map(([title = '', value = '']) => wrong(title, 'TOKEN_ENCRYPTION_KEY', value)),
  wrong('an encryption key in a file that is not there', 'TOKEN_ENCRYPTION_KEY_FILE', '/nowhere/canary'),
  {
    title: 'an encryption key of its own and in a file',
    env: { TOKEN_ENCRYPTION_KEY: 'canary', TOKEN_ENCRYPTION_KEY_FILE: '/nowhere/canary' },
    problems: ['TOKEN_ENCRYPTION_KEY: cannot be used together with TOKEN_ENCRYPTION_KEY_FILE'],
  },
  wrong('no URL', 'GRAPH_API_URL', 'canary'),
  wrong('a URL of another scheme', 'GRAPH_API_URL', 'file:///etc/canary'),
  wrong('a URL with a password', 'GRAPH_API_URL', 'https://user:canary@graph.facebook.com'),
  wrong('a URL with a token', 'GRAPH_API_URL', 'https://graph.facebook.com/?access_token=canary'),
  wrong('a version without v', 'GRAPH_API_VERSION', '26.0'),
  wrong('a version with a path', 'GRAPH_API_VERSION', 'v26.0/canary'),
  wrong('a store without a scheme', 'DATABASE_URL', 'canary.db'),
  wrong('a store of an unknown kind', 'DATABASE_URL', 'mysql://canary@localhost/x'),
  wrong('a store without a path', 'DATABASE_URL', 'file:'),
  wrong('a store on several hosts', 'DATABASE_URL', 'postgres://canary:can,ary@one,two/x'),
  wrong('notifications of a file', 'DATABASE_LISTEN_URL', 'file:canary.db'),
  wrong('too few connections for a store', 'DATABASE_POOL_SIZE', '2'),
  wrong('a heartbeat of letters', 'STREAM_HEARTBEAT_SECONDS', 'canary'),
  wrong('a check that is neither on nor off', 'MEMORY_CHECK', 'canary'),
  wrong('an unknown log level', 'LOG_LEVEL', 'canary'),
  {
    title: 'less than the week that limits are counted in',
    env: { RETENTION_DAYS: '6' },
    problems: ['RETENTION_DAYS: must be a number from 7 to 3650: limits of a week'],
  },
  {
    title: 'several things at once',
    env: {
      PORT: 'canary',
      LOG_LEVEL: 'canary',
      HOST: '0.0.0.0',
      META_APP_ID: 'canary',
      META_SYSTEM_TOKEN: undefined,
    },
    problems: [
      'PORT: ',
      'LOG_LEVEL: ',
      'META_APP_ID: ',
      'META_SYSTEM_TOKEN: is missing',
      'GATEWAY_API_KEY: ',
    ],
  },
  {
    title: 'production without credentials, and more that is wrong',
    env: {
      ...Object.fromEntries(Object.keys(good).map((name) => [name, undefined])),
      NODE_ENV: 'production',
      PORT: 'canary',
    },
    problems: ['PORT: ', ...Object.keys(good).map((name) => `${name}: is missing`)],
  },
  {
    title: 'production over plain HTTP',
    env: { NODE_ENV: 'production', GRAPH_API_URL: 'http://canary.example' },
    problems: ['GRAPH_API_URL: must be https'],
  },
  {
    title: 'variables and a file at once',
    env: { GATEWAY_CONFIG: '/canary/nowhere.json' },
    problems: [
      'GATEWAY_CONFIG: cannot be used together with META_APP_ID',
      'GATEWAY_CONFIG: names a file that cannot be read',
    ],
  },
  {
    title: 'a file that is not JSON',
    file: '{"canary',
    problems: ['GATEWAY_CONFIG: names a file that is not JSON'],
  },
  { title: 'a file that is a list', file: ['canary'], problems: ['GATEWAY_CONFIG: must be of type object'] },
  { title: 'a file without apps', file: {}, problems: ['GATEWAY_CONFIG.apps: is missing'] },
  {
    title: 'a file with no app',
    file: { apps: [] },
    problems: ['GATEWAY_CONFIG.apps: must name at least one app'],
  },
  {
    title: 'a file with an app twice',
    file: { apps: [app, app] },
    problems: ['GATEWAY_CONFIG.apps: names an appId twice'],
  },
  {
    title: 'a file with an unknown key',
    file: { apps: [app], extra: 'canary' },
    problems: ['GATEWAY_CONFIG: has unknown keys extra'],
  },
  {
    title: 'an app with an unknown key',
    file: { apps: [{ ...app, appSecrets: 'canary' }] },
    problems: ['GATEWAY_CONFIG.apps.0: has unknown keys appSecrets'],
  },
  one('an app without a secret', { appSecret: undefined }, 'appSecret: '),
  one('an app with an empty secret', { appSecret: '' }, 'appSecret: '),
  one('an app with a short secret', { appSecret: 'canary' }, 'appSecret: '),
  one('an app that may bring in nobody', { onboardingWeeklyLimit: 0 }, 'onboardingWeeklyLimit: '),
  one('an app with ids of letters', { appId: 'canary', businessId: 'canary' }, 'appId: ', 'businessId: '),
  one('an id that is a number', { appId: 21202248997039 }, 'appId: must be of type string'),
  one(
    'a secret in a variable that is empty',
    { appSecret: { env: 'CANARY_EMPTY' } },
    'appSecret: points to a variable',
  ),
  one(
    'a secret in a variable that is not there',
    { systemToken: { env: 'CANARY_NONE' } },
    'systemToken: points to a variable',
  ),
  one(
    'a secret in a variable that is too short',
    { systemToken: { env: 'CANARY_SHORT' } },
    'systemToken: must be a secret',
  ),
  one(
    'a secret in a file that is not there',
    { verifyToken: { file: '/canary/nowhere' } },
    'verifyToken: points to a file',
  ),
  one('a secret in neither', { appSecret: { vault: 'canary' } }, 'appSecret: must be a text'),
]
