import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { minify } from '@swc/core'
import { names } from '../actions/dispatch.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const build = join(root, 'build')
const rehearse = 'rehearsal/rehearse.js'
const wasm = 'libpg-query.wasm'

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'dist') },
    only: { type: 'string' },
    draft: { type: 'boolean', default: false },
  },
})
const out = resolve(options.out)

const bundles = { core: buildCore, rehearse: buildRehearse, sql: buildSql }
const wanted = Object.entries(bundles).filter(([name]) => !options.only || options.only === name)
if (wanted.length === 0) {
  stop(`--only ${options.only}: write one of ${Object.keys(bundles).join(', ')}`)
}
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`)
for (const [, build] of wanted) await build()

async function buildCore(): Promise<void> {
  const dispatcher = join(build, 'actions/dispatch.js')
  const missing: string[] = []
  const draft = readFileSync(dispatcher, 'utf8').replace(
    /^.*import\('(\.[^']+)'\).*$/gm,
    (line, file: string) => {
      if (existsSync(join(build, 'actions', file))) return line
      missing.push(line)
      return ''
    },
  )
  absent(missing)
  const entry = join(build, 'actions/dispatch-draft.js')
  if (missing.length > 0) writeFileSync(entry, draft)
  await bundle(missing.length > 0 ? entry : dispatcher, join(out, 'core'))
  for (const name of names) {
    mkdirSync(join(out, name), { recursive: true })
    writeFileSync(
      join(out, name, 'index.js'),
      `import { main } from '../core/index.js'\nawait main('${name}')\n`,
    )
  }
}

async function buildRehearse(): Promise<void> {
  const entry = join(build, rehearse)
  if (existsSync(entry)) await bundle(entry, join(out, 'rehearse'))
  else absent([rehearse])
}

/**
 * PostgreSQL's own parser, apart from everything else: large, and loaded only for a release with migrations. CommonJS,
 * because its loader finds the WebAssembly by __dirname; ncc does not see that file.
 */
async function buildSql(): Promise<void> {
  const folder = join(out, 'sql')
  const entry = join(build, 'sql.cjs')
  writeFileSync(
    entry,
    "const { loadModule, parseSync } = require('libpg-query')\n" +
      'exports.open = async () => { await loadModule(); return { parseSync } }\n',
  )
  pack(entry, folder)
  copyFileSync(join(root, 'node_modules/libpg-query/wasm', wasm), join(folder, wasm))
  chmodSync(join(folder, wasm), 0o644)
}

/** One ncc build into `folder`, then every file minified: ncc's own --minify leaves out the chunks. */
async function bundle(entry: string, folder: string): Promise<void> {
  pack(entry, folder)
  const files = readdirSync(folder).sort()
  const strangers = files.filter((file) => !/^(\d+\.)?index\.js$|^licenses\.txt$/.test(file))
  if (strangers.length > 0) {
    stop(
      `ncc copied files that no bundle of relman should need into ${basename(folder)}: ${strangers.join(', ')}. ` +
        'It does so where code joins __dirname or import.meta.url with a path: read the path from an argument instead.',
    )
  }
  for (const file of files.filter((file) => file.endsWith('.js'))) {
    await minifyFile(join(folder, file))
  }
}

function pack(entry: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js')
  const options = ['--no-cache', '--quiet', '--license', 'licenses.txt', '--out', folder]
  execFileSync(process.execPath, [ncc, 'build', entry, ...options], { cwd: root, stdio: 'inherit' })
  rmSync(join(folder, 'package.json'), { force: true })
}

async function minifyFile(file: string): Promise<void> {
  const source = readFileSync(file, 'utf8')
  // ncc exits 0 when a module is missing and leaves this behind.
  const hole = /eval\("require"\)\("([^"]*)"\)/.exec(source)
  if (hole) stop(`${basename(file)}: the module ${hole[1]} was not found, so ncc left a hole in the bundle`)
  const { code } = await minify(source, {
    module: true,
    compress: { passes: 2 },
    mangle: true,
    format: { comments: false },
  })
  writeFileSync(file, `${code.trimEnd()}\n`)
}

function absent(missing: readonly string[]): void {
  if (missing.length === 0) return
  const sentence = `tsc has not written\n  ${missing.map((line) => line.trim()).join('\n  ')}`
  if (!options.draft) stop(sentence)
  console.error(`draft, left out: ${sentence}`)
}

function stop(sentence: string): never {
  console.error(`build: ${sentence}`)
  process.exit(1)
}
