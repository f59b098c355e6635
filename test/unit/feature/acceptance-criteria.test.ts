import { expect, test } from '@jest/globals'
import { readCriteria } from '@relman/core/feature/acceptance-criteria'

const read = (body: string, heading = 'Acceptance criteria') =>
  readCriteria(body, heading).map(({ text, met }) => `${met === null ? '?' : met ? 'x' : ' '} ${text}`)

test('the list below the heading, up to the next of its level; boxes elsewhere are no criteria', () => {
  const body = `Why\n- [ ] not one\n\n## **Acceptance Criteria:**\n\n- [x] a\n  * [ ] b\n### Later\n1. [X] c\n- plain\n## Notes\n- [ ] nor this`
  expect(read(body)).toEqual(['x a', '  b', 'x c', '? plain'])
})

test('without the heading every box counts, and nothing else', () => {
  expect(read('- [ ] a\r\n- note\r\n* [x] b\r\n[ ] no list')).toEqual(['  a', 'x b'])
  expect(read('just text')).toEqual([])
})

test('the heading is the one that the policy names', () => {
  expect(read('# Done when\n- [ ] a', 'done WHEN')).toEqual(['  a'])
})

test('code and comments hold no criteria, and neither hides what stands after it', () => {
  expect(read('```md\n- [ ] code <!--\n```\n- [ ] real')).toEqual(['  real'])
  expect(read('<!-- - [ ] hidden\n```\n-->\n- [ ] real')).toEqual(['  real'])
  expect(read('~~~\n- [ ] a\n```\n~~~\n- [x] b')).toEqual(['x b'])
  expect(read('- [x] a <!-- b --> c')).toEqual(['x a  c'])
})

test.each([
  ['a comment that is written as code', 'Write `<!-- why` first\n- [ ] real'],
  ['a comment that no paragraph ends', 'a <!-- b\n\n- [ ] real'],
  ['a comment that ends where it begins', '<!-->\n- [ ] real'],
  ['backticks that are no fence', '``` a ``` b\n- [ ] real'],
  ['a quotation', '> - [ ] real'],
])('%s hides no criterion that the page shows', (_, body) => {
  expect(read(body)).toEqual(['  real'])
})

test('a comment may be longer than its line', () => {
  expect(read('a <!-- b\n- [ ] hidden -->\n- [ ] real')).toEqual(['  real'])
  expect(read('<!--\n\n- [ ] hidden\n\n-->\n- [ ] real')).toEqual(['  real'])
})

test('the last of very many criteria counts like the first', () => {
  const body = `${'- [x] 😀\n'.repeat(13_000)}- [ ] last`
  const all = read(body)
  expect([all.length, all.at(-1)]).toEqual([13_001, '  last'])
})

test('hostile bodies are read in no time', () => {
  const start = performance.now()
  for (const body of [
    '<!--'.repeat(20_000),
    'a<!--\n'.repeat(20_000),
    `${'- '.repeat(40_000)}x`,
    `#${' '.repeat(65_000)}`,
    '`'.repeat(65_000),
    Array.from({ length: 500 }, (_, length) => '`'.repeat(length)).join(' '),
    `${'> '.repeat(60_000)}x`,
  ])
    read(body)
  expect(performance.now() - start).toBeLessThan(30_000)
})
