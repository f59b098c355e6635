import type { RehearsedGithub } from '../github/server.ts'
import type { RecordedEvent } from './played.ts'

/** What was done twice although it had to be done once, each in one sentence; also a fault that was never injected. */
export const notExactlyOnce = async (
  hub: RehearsedGithub,
  record: readonly RecordedEvent[],
): Promise<string[]> => [
  ...twice(hub.releases().map(({ tag }) => `release ${tag}`)),
  ...twice(hub.deployments().map(({ payload }) => `deployment of ${JSON.stringify(payload)}`)),
  ...twice(
    hub
      .deployments()
      .flatMap(({ statuses }) => statuses.map(({ description }) => `status "${description ?? ''}"`)),
  ),
  ...twice((await hub.issues.all()).filter(({ pull }) => !pull).map(({ title }) => `ticket "${title}"`)),
  ...twice(record.map(({ release, key }) => `event ${release} ${key}`)),
  ...hub.missingFaults().map((fault) => `fault never injected: ${JSON.stringify(fault)}`),
]

const twice = (names: readonly string[]): string[] =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `done twice: ${name}`,
  )
