import { expect, test } from '@jest/globals'
import { renderMarkdown } from '../../../rehearsal/report/markdown.ts'

test.each([
  ['<img src=x onerror=alert(1)>', '<img'],
  ['<script>alert(1)</script>', '<script'],
  ['<details onclick=alert(1)>', '<details onclick'],
  ['[x](javascript:alert(1))', 'javascript:'],
  ['[x](data:text/html,hi)', 'href'],
  ['![x](https://example.org/x.png)', '<img'],
  ['text <b onmouseover="x">bold</b>', '<b onmouseover'],
])('faults 6, 8: %s is inert in the report', (markdown, harmful) => {
  expect(renderMarkdown(markdown)).not.toContain(harmful)
})

test('details, tables and https links are kept, comments are not shown', () => {
  const html = renderMarkdown(
    '<!-- marker -->\n<details><summary>More</summary>\n\n| a |\n|---|\n| b |\n\n[x](https://example.org)\n\n</details>',
  )
  expect(html).toContain('<details><summary>More</summary>')
  expect(html).toContain('<table>')
  expect(html).toContain('href="https://example.org"')
  expect(html).not.toContain('marker')
})

test('an xy chart of Mermaid is drawn with its own names, another diagram stays code', () => {
  const chart = renderMarkdown(
    '```mermaid\nxychart-beta\n  title "errors, %: first line new, second line stable"\n  x-axis "s" 0 --> 4\n  y-axis "%" 0 --> 2\n  line [0, 1, 2]\n  line [0, 0, 0]\n```',
  )
  expect(chart).toContain('<svg')
  expect(chart).toContain('stable')
  const coloured = renderMarkdown(
    '```mermaid\n%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#b7e1c5, #cf222e, #0969da"}}}}%%\nxychart-beta\n  title "errors: %"\n  x-axis "minutes" 0 --> 4\n  y-axis "%" 0 --> 2\n  bar [1, 1, 1]\n  line [0, 1, 2]\n  line [0, 0, 0]\n```',
  )
  expect(coloured).toContain('<svg')
  for (const colour of ['#b7e1c5', '#cf222e', '#0969da']) expect(coloured).toContain(`stroke="${colour}"`)
  expect(coloured).toContain('>240 s<')
  expect(coloured).not.toContain('first line')
  expect(renderMarkdown('```mermaid\nflowchart LR\n a-->b\n```')).toContain('<pre><code>flowchart')
})
