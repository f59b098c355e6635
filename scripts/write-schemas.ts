import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { schemaFiles } from './contract-schemas.ts'

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/schemas')
mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(join(folder, name), text)
