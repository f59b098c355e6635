import { expect, test } from '@jest/globals'
import { filesLike, read } from '../repo/tree.ts'
import { opinions } from './language-service.ts'

/** Where GitHub's language service is wrong: the file, what it says, and why that is not so. */
const mistaken: ReadonlyArray<readonly [path: string, says: string, why: string]> = []

const files = filesLike(/^(workflows|\.github\/workflows)\/[^/]+\.yml$|^actions\/[^/]+\/action\.yml$/)

test.each(files)("GitHub's language service finds nothing in %s", async (path) => {
  const found = await opinions(path, read(path))
  const known = mistaken.filter(([file]) => file === path).map(([, says]) => says)
  expect(found.filter((line) => !known.some((says) => line.includes(says)))).toEqual([])
  expect(known.filter((says) => !found.some((line) => line.includes(says)))).toEqual([])
})

test.each([
  ['timeout-minutes: 15', 'timeout_minutes: 15', /timeout_minutes/],
  ['needs: lock', 'needs: look', /look/],
  ['always()', 'allways()', /allways/],
  ["'success' && needs.walk", "'success' && needs.wlk", /wlk/],
  ['timeout-minutes: 350', 'timeout-minutes: long', /long/],
  ['$/actions/rollback', '$/actions/rollbak', /rollbak/],
  ['undo-result:', 'undone-result:', /undone-result/],
])('it speaks when %s becomes %s', async (find, replacement, sentence) => {
  const right = read('workflows/rollout.yml')
  const wrong = right.replace(find, replacement)
  expect(wrong).not.toBe(right)
  expect((await opinions('workflows/rollout.yml', wrong)).join('\n')).toMatch(sentence)
})

test('it reads an action.yml', async () => {
  const text = 'name: x\ndescription: x\nruns: { using: node24, mainn: a.js }\n'
  expect((await opinions('actions/x/action.yml', text)).join('\n')).toMatch(/mainn/)
})
