import type { Manifest } from '../manifest/manifest.ts'
import { canonicalJson } from '../record/canonical-json.ts'
import type { Operation } from './train.ts'

type Sha256 = (text: string) => string

/**
 * The name in the record under which the trains of a manifest stand, by the path of its file. No service can have it: a plus is
 * not allowed there. What it has live is the train that left last.
 */
export const trainService = (file: string, sha256: Sha256): string =>
  file === 'release-manifest.yml' ? 'release+train' : `release+train+${sha256(file).slice(0, 10)}`

/** The name of a train in the record and in markers: its own where that is plain, else what is plain of it and a hash. */
export const trainSlug = ({ name }: Pick<Manifest, 'name'>, sha256: Sha256): string => {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return plain === name ? plain : `${plain || 'train'}-${sha256(name).slice(0, 10)}`
}

/**
 * The revision of a manifest: the canonical JSON of all that teams agree to, and its SHA-256. Confirmations, ticks of
 * checklists and the readiness of systems are left out: they change without changing what is agreed.
 */
export const trainRevision = (manifest: Manifest, sha256: Sha256): { text: string; digest: string } => {
  const undone = (items: Manifest['ready']) => items.map((item) => ({ ...item, done: false }))
  const { $schema: _, teams, systems, ready, components, ...rest } = manifest
  const agreed = {
    ...rest,
    ...(teams && { teams: mapped(teams, ({ confirmed: _, ...team }) => team) }),
    ...(systems && { systems: mapped(systems, (system) => ({ ...system, ready: true })) }),
    ready: undone(ready),
    components: components.map(({ confirmed: _, ready: items, ...part }) => ({
      ...part,
      ready: undone(items),
    })),
  }
  const text = canonicalJson(agreed)
  return { text, digest: sha256(text) }
}

/**
 * The key of one run in a repository of a train: given to it as the input `train`, and found again in the run's name. Only
 * hexadecimal digits, so that nothing of the manifest reaches a script of that repository.
 */
export const runKey = (
  run: { train: string; digest: string; component: string; operation: Operation },
  sha256: Sha256,
): string => sha256(canonicalJson(run)).slice(0, 24)

const mapped = <In, Out>(record: Readonly<Record<string, In>>, of: (value: In) => Out): Record<string, Out> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]))
