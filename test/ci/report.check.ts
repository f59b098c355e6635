import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { root } from '../repo/tree.ts'
import { type Browser, openBrowser, openFile } from './browser.ts'
import { freshClone, workbench } from './product.ts'
import { rehearse } from './rehearse.ts'

jest.setTimeout(200_000)

const { folder, close } = workbench()
let browser: Browser
let product = ''
beforeAll(async () => {
  product = freshClone(folder)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  close()
})

type Look = { width?: number; colorScheme?: string; javaScriptEnabled?: boolean }
type Heading = { level: number; text: string; seen: boolean; quoted: boolean }
const headings = `[...document.querySelectorAll('h1,h2,h3')].map((one) => {
  const { width, height } = one.getBoundingClientRect()
  const { fontSize, visibility } = getComputedStyle(one)
  const quoted = one.closest('details') !== null // The summary of a job, folded.
  return { level: Number(one.tagName[1]), text: one.textContent.trim(), quoted,
    seen: quoted || (width > 20 && height > 8 && parseFloat(fontSize) >= 12 && visibility === 'visible') }
})`
const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const charts = `[...document.querySelectorAll('svg')].filter((one) => !one.closest('details')).map((one) => {
  const { width, height } = one.getBoundingClientRect()
  return { width, height, drawn: one.querySelectorAll('path, polyline, line, rect').length }
})`

describe.each(['healthy', 'errors'])('W4: the report of %s, in a browser', (scenario) => {
  let file = ''
  let words: string[] = []
  beforeAll(async () => {
    const { document, out } = await rehearse(product, join(folder, scenario), ['--scenario', scenario])
    file = join(out, 'report.html')
    words = [document.version, document.previous, document.outcome]
  })

  test('no error, no warning, nothing from the network', async () => {
    const { page, complaints, requests } = await openFile(browser, file)
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] })
    mkdirSync(join(root, 'reports'), { recursive: true })
    await page.screenshot({ path: join(root, 'reports', `report-${scenario}.png`), fullPage: true })
  })

  test('its headings can be read, and it says how the release ended', async () => {
    const { page } = await openFile(browser, file)
    const all = await page.evaluate<Heading[]>(headings)
    const own = all.filter(({ quoted }) => !quoted)
    expect(own.filter(({ level }) => level === 1)).toHaveLength(1)
    expect(own.filter(({ level }) => level === 2).length).toBeGreaterThan(2)
    expect(all.filter(({ text, seen }) => text === '' || !seen)).toEqual([])
    const text = (await page.evaluate<string>('document.body.innerText')).toLowerCase()
    for (const word of words) expect(text).toContain(word.toLowerCase().replace('rolled-back', 'rolled back'))
    expect(await page.evaluate<string>('document.title')).not.toBe('')
  })

  test('its charts are drawn', async () => {
    const { page } = await openFile(browser, file)
    const all = await page.evaluate<Array<{ width: number; height: number; drawn: number }>>(charts)
    expect(all.length).toBeGreaterThanOrEqual(3)
    expect(all.filter(({ width, height, drawn }) => width < 100 || height < 30 || drawn === 0)).toEqual([])
  })

  test.each([
    ['a telephone', { width: 390 }],
    ['a dark screen', { colorScheme: 'dark' }],
    ['a browser without scripts', { javaScriptEnabled: false }],
  ] as Array<[string, Look]>)('it fits %s', async (_, options) => {
    const { page, complaints, requests } = await openFile(browser, file, options)
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] })
    if (options.javaScriptEnabled !== false) expect(await page.evaluate<number>(wide)).toBeLessThanOrEqual(0)
  })
})

test('the check itself sees an error, a request and a page that is too wide', async () => {
  const file = join(folder, 'bad.html')
  writeFileSync(
    file,
    '<h1></h1><img src="nowhere.png"><p style="width:3000px">x</p><script>console.error("bad"); nothing()</script>',
  )
  const { page, complaints, requests } = await openFile(browser, file)
  expect(complaints.join('\n')).toMatch(/bad[\s\S]*nothing is not defined/)
  expect(requests.join('\n')).toMatch(/nowhere\.png/)
  expect(await page.evaluate<number>(wide)).toBeGreaterThan(1000)
  expect((await page.evaluate<Heading[]>(headings)).filter(({ text }) => text === '')).toHaveLength(1)
})
