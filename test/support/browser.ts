import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = candidates.find((path) => existsSync(path))

/** Why browser tests are left out here; empty when they run. With CI=true they always run, and fail without Chromium. */
export const whySkipped =
  executablePath === undefined && process.env['CI'] !== 'true'
    ? ' (SKIPPED: no Chromium on this machine)'
    : ''

/** For what never comes; a slow machine is not meant. */
const patienceMs = 240_000

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A page that can reach one origin only, and what it tried or complained about. */
export interface LonelyPage {
  readonly page: Page
  /** Addresses outside the origin that were asked for. */
  readonly strangers: readonly string[]
  /** Errors and warnings of the console, also broken rules of the content security policy. */
  readonly trouble: readonly string[]
  close(): Promise<void>
}

export async function openLonelyPage(origin: string): Promise<LonelyPage> {
  if (executablePath === undefined) throw new Error('CI=true, and there is no Chromium to try GraphiQL in')
  const browser: Browser = await chromium.launch({
    executablePath,
    headless: true,
    args,
    timeout: patienceMs,
  })
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  page.setDefaultTimeout(patienceMs)
  const [strangers, trouble] = [[] as string[], [] as string[]]
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text())
  })
  page.on('pageerror', (error) => trouble.push(String(error)))
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(`${origin}/`)) return route.continue()
    strangers.push(url)
    return route.abort()
  })
  return { page, strangers, trouble, close: () => browser.close() }
}

/** GraphiQL as somebody's hands and eyes have it. */
export function graphiqlOn(page: Page) {
  const tabs = () => page.locator('.graphiql-tab-button')
  return {
    tabs,
    openTab: (name: string) => tabs().filter({ hasText: name }).click(),
    // The editor writes spaces as no-break spaces.
    editorShows: (text: RegExp) => page.locator('.graphiql-query-editor', { hasText: text }).waitFor(),
    /** Runs the open tab and waits for an answer that fits. */
    async run(answer: RegExp): Promise<string> {
      const shown = page.locator('.result-window', { hasText: answer })
      // GraphiQL learns the name of the operation a moment after a tab is opened: until then it runs the last one.
      for (;;) {
        await page.getByRole('button', { name: /Execute query/ }).click()
        const found = await shown.waitFor({ timeout: 2_000 }).catch((error: unknown) => error)
        if (!(found instanceof Error)) return shown.innerText()
      }
    },
    answerShows: (text: RegExp) => page.locator('.result-window', { hasText: text }).waitFor(),
    /** Kept for a look when SCREENSHOTS names a folder. */
    async screenshot(name: string): Promise<void> {
      const folder = process.env['SCREENSHOTS']
      if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
    },
  }
}
