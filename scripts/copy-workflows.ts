import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const target = join(root, '.github/workflows')

/** GitHub calls workflows only from `.github/workflows`; the sources live where a reader looks for them. */
mkdirSync(target, { recursive: true })
for (const name of readdirSync(join(root, 'workflows')).filter((file) => file.endsWith('.yml'))) {
  const source = readFileSync(join(root, 'workflows', name), 'utf8')
  writeFileSync(join(target, name), `# Copied from workflows/${name} by npm run workflows; edit that file.\n${source}`)
}
