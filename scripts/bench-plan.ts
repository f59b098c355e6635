import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { markdownTable } from 'markdown-table'
import { makeRepository } from './bench-plan-repository.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
// semantic-release needs a newer Node than relman: all tools run on the Node of actions.
const node = join(root, 'node_modules/node/bin/node')

const versions = {
  'semantic-release': '25.0.9',
  'git-cliff': '2.14.2',
  'conventional-changelog': '8.1.3',
  'conventional-changelog-conventionalcommits': '10.2.1',
}

type Used = { cpu: number; megabytes: number; status: number }
type Tool = { name: string; words: string[] }

/**
 * CPU (user and system, children included) and the largest resident set of any process below it, as the kernel counts them;
 * Python's resource module is what every machine of CI has to ask for them. What is counted before the program starts is
 * that of a wrapper around Python (pyenv), which hands its children on.
 */
const meter = `import resource, subprocess, sys
used = lambda: resource.getrusage(resource.RUSAGE_CHILDREN)
before = used()
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
after = used()
seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(seconds, after.ru_maxrss, done.returncode)`

function run({ words }: Tool, cwd: string, temp: string): Used {
  const { stdout, error } = spawnSync('python3', ['-c', meter, ...words], {
    cwd,
    encoding: 'utf8',
    timeout: 600_000,
    env: {
      ...process.env,
      PATH: [dirname(node), process.env['PATH']].join(':'),
      GIT_CONFIG_GLOBAL: '/dev/null',
      RUNNER_TEMP: temp,
      GITHUB_WORKSPACE: cwd,
      GITHUB_OUTPUT: '',
      GITHUB_REPOSITORY: 'acme/shop',
      'INPUT_DRY-RUN': 'true',
      INPUT_RECORD: 'false',
    },
  })
  const [seconds = Number.NaN, kilobytes = Number.NaN, status = -1] = (stdout ?? '').split(' ').map(Number)
  if (error || Number.isNaN(seconds)) throw new Error(`${words.join(' ')} did not end by itself`)
  return { cpu: seconds * 1000, megabytes: kilobytes / 1024, status }
}

/** The rivals, in a folder of the bench's own that is kept for the next run. */
function install(): string {
  const folder = join(root, 'build/bench-plan')
  const wanted = JSON.stringify({ private: true, dependencies: versions }, null, 2)
  const manifest = join(folder, 'package.json')
  if (existsSync(manifest) && readFileSync(manifest, 'utf8') === wanted) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(manifest, wanted)
  const env = { ...process.env, PATH: [dirname(node), process.env['PATH']].join(':') }
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
      cwd: folder,
      env,
      stdio: 'inherit',
    })
  } catch (error) {
    rmSync(manifest)
    throw error
  }
  return folder
}

function toolsFor(repository: string, since: string, modules: string): Tool[] {
  const bin = (name: string) => join(modules, 'node_modules/.bin', name)
  const range = `${since}..HEAD`
  const plugins = ['@semantic-release/commit-analyzer', '@semantic-release/release-notes-generator'].join(',')
  const remote = execFileSync('git', ['-C', repository, 'remote', 'get-url', 'origin'], {
    encoding: 'utf8',
  }).trim()
  const branch = execFileSync('git', ['-C', repository, 'branch', '--show-current'], {
    encoding: 'utf8',
  }).trim()
  return [
    { name: 'git log A..HEAD', words: ['git', 'log', '--format=%H%n%B', range] },
    { name: 'node alone', words: [node, '-e', '0'] },
    { name: 'relman plan-release', words: [node, join(root, 'dist/plan-release/index.js')] },
    { name: 'git-cliff, version and notes', words: [bin('git-cliff'), '--unreleased', '--bump'] },
    {
      name: 'conventional-changelog, notes',
      words: [bin('conventional-changelog'), '-p', 'conventionalcommits', '-r', '1'],
    },
    {
      name: 'semantic-release --dry-run, version and notes',
      words: [
        node,
        bin('semantic-release'),
        '--dry-run',
        '--no-ci',
        '-r',
        remote,
        '-b',
        branch,
        '-p',
        plugins,
      ],
    },
  ]
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Rounds in turns, so that a busy moment of the machine hits all alike; the first round warms the disk and is not counted. */
function measure(tools: readonly Tool[], repository: string, rounds: number): string {
  const temp = mkdtempSync(join(tmpdir(), 'relman-bench-plan-'))
  const used = new Map(tools.map(({ name }): [string, Used[]] => [name, []]))
  try {
    for (let round = -1; round < rounds; round += 1)
      for (const tool of tools) {
        const one = run(tool, repository, temp)
        if (round >= 0) used.get(tool.name)?.push(one)
      }
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
  const all = (name: string) => (used.get(name) ?? []).map((one) => one.cpu)
  const cpu = (name: string) => median(all(name))
  const floor = cpu('git log A..HEAD') + cpu('node alone')
  const rows = [...used].map(([name, values]) => {
    const failed = values.some(({ status }) => status !== 0) ? ' (failed)' : ''
    const most = Math.max(...values.map(({ megabytes }) => megabytes))
    const times = [cpu(name) / floor, cpu(name) / cpu('relman plan-release')]
    const least = Math.min(...all(name))
    return [
      name + failed,
      cpu(name).toFixed(0),
      least.toFixed(0),
      ...times.map((each) => each.toFixed(1)),
      most.toFixed(0),
    ]
  })
  const head = ['program', 'CPU ms, median', 'least', 'times the floor', 'times relman', 'memory MB, most']
  const load = loadavg()
    .map((each) => each.toFixed(1))
    .join(', ')
  return `${markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r'] })}\n\nLoad of the machine at the end: ${load}`
}

/**
 * `npm run bench -- plan [--repo DIR] [--rounds N]`: what planning costs beside its rivals, on a generated repository (30,000
 * commits, 12,000 tags, 600 changes since) and, for memory, on one of 50,000 commits of which 2,000 are new; or on any clone.
 * The floor is `git log A..HEAD` and a bare Node start.
 */
export function benchPlan(words: string[]): void {
  const { values } = parseArgs({
    args: words,
    options: {
      repo: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      since: { type: 'string' },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number')
  const modules = install()
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const git = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim()
  const node24 = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`${named.join(', ')}; Node ${node24}, ${git}, ${rounds} rounds\n`)
  if (values.repo) {
    const repo = resolve(values.repo)
    const last =
      values.since ??
      execFileSync('git', ['-C', repo, 'describe', '--tags', '--abbrev=0'], { encoding: 'utf8' }).trim()
    console.log(`Changes since ${last}\n\n${measure(toolsFor(repo, last, modules), repo, rounds)}`)
    return
  }
  const base = mkdtempSync(join(tmpdir(), 'relman-bench-plan-'))
  try {
    for (const [title, size] of [
      ['30,000 commits, 12,000 tags, 600 changes', { commits: 30_000, tags: 12_000, since: 600 }],
      ['50,000 commits, 1,000 tags, 2,000 changes', { commits: 50_000, tags: 1_000, since: 2_000 }],
    ] as const) {
      const folder = join(base, String(size.commits), 'work')
      mkdirSync(folder, { recursive: true })
      makeRepository(folder, size)
      console.log(`${title}\n\n${measure(toolsFor(folder, `v1.${size.tags}.0`, modules), folder, rounds)}\n`)
    }
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}
