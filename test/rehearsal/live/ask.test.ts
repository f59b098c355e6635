import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { terminalPage } from '../../../rehearsal/live/approver-page.ts'
import { askPerson } from '../../../rehearsal/live/ask.ts'

const question = (role: string) => ({
  runId: 1,
  environment: `signoff-${role}`,
  reviewer: role,
  page: '# shop 1.2.0',
})

const until = async (text: () => string, part: string, times = 1) => {
  while (text().split(part).length <= times) await new Promise((done) => setTimeout(done, 20))
}

test('two roles that are asked together each get an answer of their own, and the page once', async () => {
  const input = new PassThrough()
  const output = new PassThrough()
  let said = ''
  output.on('data', (chunk) => {
    said += String(chunk)
  })
  const ask = askPerson(input, output)
  const answers = Promise.all([ask(question('engineering')), ask(question('operations'))])
  await until(() => said, 'Approve?')
  expect(said).not.toContain('signoff-operations')
  input.write('y\n')
  await until(() => said, 'Approve?', 2)
  input.write('n\n')
  expect((await answers).map(({ state }) => state)).toEqual(['approved', 'rejected'])
  expect(said.split('# shop 1.2.0')).toHaveLength(2)
})

test.each([
  ['yes', 'approved'],
  ['Y', 'approved'],
  ['', 'rejected'],
  ['no', 'rejected'],
  ['yesterday', 'rejected'],
])('the answer "%s" is %s', async (typed, state) => {
  const input = new PassThrough()
  const output = new PassThrough().resume()
  const answer = askPerson(input, output)(question('engineering'))
  input.write(`${typed}\n`)
  expect((await answer).state).toBe(state)
})

test('a closed terminal is no approval', async () => {
  const input = new PassThrough()
  const answer = askPerson(input, new PassThrough().resume())(question('engineering'))
  input.end()
  expect((await answer).state).toBe('rejected')
})

test.each([
  ['\u001b[2Jgone\u202e', '[2Jgone'],
  ['`content\\_type` \\#\u206012', '`content_type` #12'],
  ['<details><summary>All 2 changes</summary>\n\n- a\n- b\n\n</details>', 'All 2 changes:\n\n- a\n- b'],
  [
    `<details><summary>All 9 changes</summary>\n${'- a\n'.repeat(9)}</details>`,
    '(All 9 changes: see the folder of the summaries)',
  ],
])('what an approver reads at a terminal of %j', (markdown, shown) => {
  expect(terminalPage(markdown)).toBe(shown)
})
