import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const source = join(root, 'workflows')
const target = join(root, '.github/workflows')
const workflowsIn = (folder: string) => readdirSync(folder).filter((name) => /^[^.].*\.yml$/.test(name))

// GitHub calls workflows only from `.github/workflows`; the sources live where a reader looks for them. What starts
// with a dot there is the project's own.
mkdirSync(target, { recursive: true })
const names = workflowsIn(source)
for (const name of workflowsIn(target).filter((name) => !names.includes(name))) rmSync(join(target, name))
for (const name of names) {
  const header = `# Copied from workflows/${name} by npm run generate; edit that file.\n`
  writeFileSync(join(target, name), header + readFileSync(join(source, name), 'utf8'))
}
