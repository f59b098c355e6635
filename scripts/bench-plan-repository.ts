import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const kinds = ['fix', 'feat', 'chore', 'docs', 'perf', 'refactor', 'test', 'ci']
const areas = ['cart', 'search', 'login', 'payment', 'mail', 'stock', 'api', 'web']

export type Size = { commits: number; tags: number; since: number }

/**
 * A long history in a moment: `commits` on one line, `tags` spread over all but the last `since` of them, versions that grow.
 * One change in eight is a feature, so that every tool finds a minor version. No randomness: the same history each time.
 */
export function makeRepository(folder: string, { commits, tags, since }: Size): void {
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words], { stdio: 'ignore' })
  execFileSync('git', ['init', '-q', '-b', 'main', folder])
  const tagged = commits - since
  const lines: string[] = []
  let made = 0
  for (let number = 1; number <= commits; number += 1) {
    lines.push(commit(number))
    while (made < tags && made < Math.floor((number * tags) / tagged) && number <= tagged) {
      made += 1
      lines.push(`reset refs/tags/v1.${made}.0\nfrom :${number}\n\n`)
    }
  }
  execFileSync('git', ['-C', folder, 'fast-import', '--quiet', '--force'], {
    input: lines.join(''),
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  // What actions/checkout gives: one pack, packed refs.
  git('gc', '-q')
  git('checkout', '-q', 'main')
  execFileSync('git', ['clone', '-q', '--bare', folder, join(folder, '..', 'remote.git')])
  git('remote', 'add', 'origin', `file://${join(folder, '..', 'remote.git')}`)
  git('fetch', '-q', 'origin')
  git('branch', '-q', '--set-upstream-to=origin/main', 'main')
}

const commit = (number: number): string => {
  const subject = `${kinds[number % 8]}(${areas[(number >> 3) % 8]}): change ${number} of the shop (#${number})`
  const message = `${subject}\n\nWhat it does, in a line or two of text that people write.\n\nSigned-off-by: Ada <ada@example.org>\n`
  const content = `${number}\n`
  const who = `Person ${number % 40} <${number % 40}+p${number % 40}@users.noreply.github.com> ${1_500_000_000 + number * 600} +0000`
  return [
    `commit refs/heads/main\nmark :${number}\nauthor ${who}\ncommitter ${who}\n`,
    `data ${Buffer.byteLength(message)}\n${message}`,
    number > 1 ? `from :${number - 1}\n` : '',
    `M 100644 inline src/${areas[number % 8]}/${number % 200}.txt\ndata ${content.length}\n${content}\n`,
  ].join('')
}
