import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '@relman/core/config/read-config'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/providers.md'), 'utf8')

/** The example below a heading of docs/providers.md, with its host replaced by a server of the test. */
export const recipe = (heading: string, server: string) => {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(section.split('\n## ')[0] ?? '') ?? []
  if (!yaml) throw new Error(`docs/providers.md has no example below "${heading}"`)
  const own = heading === 'Datadog' ? yaml.replace(/site: \S+/, `url: ${server}`) : replaceHost(yaml, server)
  const { metrics } = readConfig(own, `docs/providers.md (${heading})`)
  if (!metrics) throw new Error(`the example below "${heading}" has no metrics`)
  return { ...metrics, allow: [new URL(server).host] }
}

const replaceHost = (yaml: string, server: string): string =>
  yaml.replace(/https:\/\/[a-z.]+(?=[/?])/, server)
