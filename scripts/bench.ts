import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { markdownTable } from 'markdown-table'
import { names } from '../actions/dispatch.ts'
import { benchBaselines } from './bench-baselines.ts'
import { benchPlan } from './bench-plan.ts'
import { benchRisk } from './bench-risk.ts'
import { benchVerdict } from './bench-verdict.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

// Written to file descriptor 3 as the process ends: what the whole process used, Node's own start included.
const meter = `import { writeSync } from 'node:fs'
process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String(user + system)) })`

/** CPU milliseconds (user and system) of one process of this Node that runs `words`. */
function cpu(words: readonly string[], cwd: string): number {
  const preload = `data:text/javascript,${encodeURIComponent(meter)}`
  const { output, error } = spawnSync(process.execPath, ['--import', preload, ...words], {
    cwd,
    // No input and no token: an action loads, reads its inputs, and ends there.
    env: { PATH: process.env['PATH'], GITHUB_API_URL: 'http://127.0.0.1:9', RUNNER_TEMP: cwd },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    timeout: 60_000,
  })
  const used = Number(output?.[3]?.toString() || Number.NaN)
  if (error || Number.isNaN(used)) throw new Error(`node ${words.join(' ')} did not end by itself`)
  return used / 1000
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** Bare Node and every program, in turns so that a busy moment of the machine hits all alike. */
function startUp(rounds: number): string {
  const cwd = mkdtempSync(join(tmpdir(), 'relman-bench-'))
  const actions = names.filter((name) => name !== 'relman')
  const programs = new Map([
    ['node alone', ['-e', '0']],
    ...actions.map((name): [string, string[]] => [name, [join(root, 'dist', name, 'index.js')]]),
  ])
  const used = new Map([...programs.keys()].map((name): [string, number[]] => [name, []]))
  try {
    for (let round = -1; round < rounds; round += 1) {
      for (const [name, words] of programs) {
        const milliseconds = cpu(words, cwd)
        if (round >= 0) used.get(name)?.push(milliseconds)
      }
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
  const bare = median(used.get('node alone') ?? [])
  const rows = [...used].map(([name, values]) => {
    const middle = median(values)
    return [name, middle.toFixed(0), (middle - bare).toFixed(0), Math.min(...values).toFixed(0)]
  })
  const head = ['program', 'CPU ms, median', 'over node alone', 'least']
  return `Node ${process.version}, ${rounds} rounds\n\n${markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r'] })}`
}

const [what = '', rounds = '20'] = process.argv.slice(2)
if (what === 'plan') {
  benchPlan(process.argv.slice(3))
} else if (what === 'baselines') {
  benchBaselines(process.argv.slice(3))
} else if (what === 'verdict') {
  await benchVerdict(process.argv.slice(3))
} else if (what === 'risk' && rounds === '--data' && process.argv[4]) {
  console.log(benchRisk(process.argv[4]))
} else if (what === 'start-up' && /^[1-9]\d*$/.test(rounds)) {
  console.log(startUp(Number(rounds)))
} else {
  console.error(
    'bench: write npm run bench -- start-up [rounds], plan [--repo DIR] [--rounds N], verdict [options], baselines [--runs N] [--seed N] or risk --data FILE',
  )
  process.exitCode = 1
}
