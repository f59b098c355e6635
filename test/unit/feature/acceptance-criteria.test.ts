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

test('hostile bodies are read in no time, and at most 100 criteria', () => {
  const start = performance.now()
  for (const body of [
    '<!--'.repeat(20_000),
    `${'- '.repeat(40_000)}x`,
    `#${' '.repeat(65_000)}`,
    '`'.repeat(65_000),
  ])
    read(body)
  expect(read('- [ ] a\n'.repeat(5_000))).toHaveLength(100)
  expect(performance.now() - start).toBeLessThan(30_000)
})
