import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../repo/tree.ts'

/** As much of Playwright as a page is looked at with; `.ci/checks/50-chromium.jest.sh` installs it. */
export type Page = {
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void
  on(event: 'pageerror', listener: (error: Error) => void): void
  on(event: 'request', listener: (request: { url(): string }) => void): void
  goto(url: string, options?: { waitUntil?: 'load' }): Promise<unknown>
  evaluate<Result>(script: string): Promise<Result>
  screenshot(options: { path: string; fullPage: boolean }): Promise<unknown>
  waitForTimeout(milliseconds: number): Promise<void>
}

export type Browser = {
  newPage(options: {
    viewport: { width: number; height: number }
    javaScriptEnabled?: boolean
    colorScheme?: string
  }): Promise<Page>
  close(): Promise<void>
}

/** The browser of this machine, with a profile of its own that ends with it. */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import(join(root, 'build/chromium/node_modules/playwright-core/index.mjs'))
  return chromium.launch({
    executablePath: process.env['RELMAN_BROWSER'] ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page on a file, and what it complained of or asked the network for meanwhile. */
export async function openFile(
  browser: Browser,
  file: string,
  options: { width?: number; javaScriptEnabled?: boolean; colorScheme?: string } = {},
): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
  const { width = 1280, ...rest } = options
  const page = await browser.newPage({ viewport: { width, height: 900 }, ...rest })
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const url = pathToFileURL(file).href
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url())
  })
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(500)
  return { page, complaints, requests }
}
