import type { Plan } from '../../plan/plan.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import { type NewerVersion, newerVersions } from '../../promotion/newer-version.ts'
import type { Service } from '../../record/service.ts'
import { isNewer } from '../../version/is-newer.ts'

/** What the record knows of newer versions of the service in, or on their way to, an environment. */
export const readNewer = async (
  store: Pick<RecordStore, 'neighbours'>,
  plan: Plan,
  environment: string,
  service: Service,
): Promise<NewerVersion[]> => {
  const found = await store.neighbours((all) =>
    all
      .filter((one) => one.service === plan.service)
      .flatMap(({ service: name, releases }) =>
        releases
          .filter((release) => isNewer(release, plan.version))
          .map((release) => ({ service: name, release })),
      ),
  )
  const others = found.map(({ release, events }) => ({ version: release, events }))
  return newerVersions(
    plan,
    environment,
    others,
    service.blocked.map(({ version }) => version),
  )
}
