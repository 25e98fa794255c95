import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isLoopback, readConfig } from '../../src/config/config.ts'
import { good } from './bad-environments.ts'

const folder = mkdtempSync(join(tmpdir(), 'mps-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (content: unknown): string => {
  const path = join(folder, 'apps.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}

describe('an environment', () => {
  it('may be empty: then there is no app, and nothing but loopback', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      graphUrl: 'https://graph.facebook.com',
      graphVersion: 'v27.0',
      databaseUrl: 'file:.data/gateway.db',
      databasePoolSize: 10,
      databaseListenUrl: null,
      apiKey: null,
      logLevel: 'info',
      production: false,
      apps: [],
    })
  })

  it('may leave what is no secret empty', () => {
    const env = {
      HOST: '',
      PORT: '',
      GRAPH_API_URL: '',
      GRAPH_API_VERSION: '',
      DATABASE_URL: '',
      LOG_LEVEL: '',
    }
    expect(readConfig(env)).toEqual(readConfig({}))
  })

  it('may have a comma in the password of its store', () => {
    const url = 'postgres://somebody:one,two@host/database'
    expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url)
  })

  it('may name one app', () => {
    expect(readConfig({ ...good, META_CREDIT_LINE_ID: '1972385232742146' }).apps).toEqual([
      {
        appId: good.META_APP_ID,
        appSecrets: [good.META_APP_SECRET],
        systemToken: good.META_SYSTEM_TOKEN,
        businessId: good.META_BUSINESS_ID,
        creditLineId: '1972385232742146',
        verifyToken: good.WEBHOOK_VERIFY_TOKEN,
      },
    ])
  })

  it('may hold two app secrets while one is being changed', () => {
    const [app] = readConfig({ ...good, META_APP_SECRET: 'the-new-app-secret, the-old-app-secret' }).apps
    expect(app?.appSecrets).toEqual(['the-new-app-secret', 'the-old-app-secret'])
  })

  it('may hold two encryption keys while one is being changed, itself or in a file', () => {
    const keys = ['the new one', 'the old one'].map((text) => Buffer.alloc(32, text).toString('base64'))
    expect(readConfig({ TOKEN_ENCRYPTION_KEY: keys.join(', ') }).encryptionKeys).toEqual(keys)
    writeFileSync(join(folder, 'keys'), `${keys.join(',')}\n`)
    expect(readConfig({ TOKEN_ENCRYPTION_KEY_FILE: join(folder, 'keys') }).encryptionKeys).toEqual(keys)
    expect(readConfig({}).encryptionKeys).toEqual([])
  })

  it('may name several apps in a file, their secrets in variables and files', () => {
    writeFileSync(join(folder, 'secret'), 'a-secret-in-a-file\n')
    const first = {
      appId: '1',
      businessId: '2',
      appSecret: { env: 'SECRETS' },
      systemToken: { file: join(folder, 'secret') },
      verifyToken: 'verify me twice',
    }
    const second = { ...first, appId: '3', creditLineId: '4', appSecret: 'a-secret-right-here' }
    const env = {
      GATEWAY_CONFIG: fileOf({ apps: [first, second] }),
      SECRETS: 'the-new-app-secret,the-old-app-secret',
    }
    expect(readConfig(env).apps).toMatchObject([
      {
        appId: '1',
        appSecrets: ['the-new-app-secret', 'the-old-app-secret'],
        systemToken: 'a-secret-in-a-file',
        creditLineId: null,
      },
      { appId: '3', appSecrets: ['a-secret-right-here'], creditLineId: '4', verifyToken: 'verify me twice' },
    ])
  })

  it('may be public with a key, and in production with credentials', () => {
    const env = {
      ...good,
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      PORT: '8080',
      GATEWAY_API_KEY: 'a-key-of-some-length',
    }
    expect(readConfig(env)).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      production: true,
      apiKey: 'a-key-of-some-length',
    })
  })

  it('may list the addresses that redirect dialogs end at; they stay as they are written', () => {
    expect(readConfig({}).redirectUris).toEqual([])
    const uris = 'https://Example.com/done?a=b, http://localhost:8080/done'
    expect(readConfig({ SIGNUP_REDIRECT_URIS: uris }).redirectUris).toEqual(uris.split(', '))
  })

  it('may say how many new customers Meta allows in a week, to all apps and to each', () => {
    expect(readConfig({}).onboardingWeeklyLimit).toBeNull()
    expect(readConfig({ ONBOARDING_WEEKLY_LIMIT: '10' }).onboardingWeeklyLimit).toBe(10)
    const app = {
      appId: '1',
      businessId: '2',
      appSecret: 'a-secret-right-here',
      systemToken: 'a-token-right-here',
      verifyToken: 'verify me twice',
    }
    const apps = [
      { ...app, onboardingWeeklyLimit: 1000 },
      { ...app, appId: '3' },
    ]
    const [first, second] = readConfig({ GATEWAY_CONFIG: fileOf({ apps }) }).apps
    expect(first?.onboardingWeeklyLimit).toBe(1000)
    expect(second).not.toHaveProperty('onboardingWeeklyLimit')
  })

  it('may allow hosts for overrides and onboard what arrives; both are off when it does not', () => {
    const off = { overrideHosts: [], autoOnboard: { subscribe: false, creditCurrency: null } }
    expect(readConfig({})).toMatchObject(off)
    expect(readConfig({ AUTO_ONBOARD: 'off' })).toMatchObject(off)
    expect(readConfig({ AUTO_ONBOARD: 'subscribe' }).autoOnboard).toEqual({
      subscribe: true,
      creditCurrency: null,
    })
    const both = {
      AUTO_ONBOARD: 'subscribe,credit:EUR',
      WEBHOOK_OVERRIDE_HOSTS: 'Hooks.example.com, *.a.example:8443',
    }
    expect(readConfig(both)).toMatchObject({
      overrideHosts: ['hooks.example.com', '*.a.example:8443'],
      autoOnboard: { subscribe: true, creditCurrency: 'EUR' },
    })
  })

  it('may in production reach a proxy on this machine over plain HTTP', () => {
    expect(readConfig({ ...good, NODE_ENV: 'production', GRAPH_API_URL: 'http://[::1]:3128' }).graphUrl).toBe(
      'http://[::1]:3128',
    )
  })
})

describe('loopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', 'LocalHost', '::1'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true)
  })

  it.each([
    '',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'localhost.example',
    '127.0.0.1.example',
    '127.0.0',
    '::ffff:127.0.0.1',
  ])('is not %s', (host) => expect(isLoopback(host)).toBe(false))
})
