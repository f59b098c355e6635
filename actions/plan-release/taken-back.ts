import { type Ended, exposedOf, howItEnded, wasTakenBack } from '@relman/core/caution/lessons'
import { raiseRisk, type TakenBack } from '@relman/core/caution/raise-risk'
import { releaseLevel } from '@relman/core/plan/assess-release'
import type { Plan } from '@relman/core/plan/plan'
import type { Git } from '@relman/core/ports/git'
import type { RecordStore } from '@relman/core/ports/record-store'
import { z } from 'zod'
import type { Scope } from './read-scope.ts'
import type { Weighed } from './weigh-release.ts'

const sha = z.string().regex(/^[0-9a-f]{40}$/)
const before = z.object({ previous: z.object({ sha }).nullable() })

/**
 * What the releases changed that were taken back of late (row L6), from their plans in the record and this clone. One that cannot be read
 * teaches nothing, and that is said.
 */
export const takenBack = async (
  git: Pick<Git, 'commits'>,
  store: RecordStore | null,
  past: readonly Ended[],
): Promise<{ back: TakenBack[]; gaps: string[] }> => {
  const back: TakenBack[] = []
  const gaps: string[] = []
  const exposed = exposedOf(past)
  for (const [index, ended] of exposed.entries()) {
    if (!store || !wasTakenBack(ended)) continue
    const unread = `what ${ended.version} changed, which was taken back, could not be read: its files raise no risk`
    const to = sha.safeParse(ended.sha)
    try {
      const text = ended.digest ? await store.plan(ended.digest) : null
      const plan = text === null ? undefined : before.safeParse(JSON.parse(text)).data
      if (!to.success || !plan?.previous) {
        gaps.push(unread)
        continue
      }
      const commits = await git.commits(plan.previous.sha, to.data, { paths: true })
      back.push({
        version: ended.version,
        why: howItEnded(ended),
        last: index === 0,
        shas: new Set(commits.map((commit) => commit.sha)),
        paths: new Set(commits.flatMap(({ paths }) => paths ?? [])),
      })
    } catch (error) {
      gaps.push(`${unread} (${error instanceof Error ? error.message : String(error)})`)
    }
  }
  return { back, gaps }
}

/**
 * The release with the changes one level riskier that touch what was taken back. Whether they belong together was judged before: else a
 * release that is tried again would have to be split.
 */
export const raiseWeighed = (
  weighed: Weighed,
  items: Scope['items'],
  back: readonly TakenBack[],
  hidden: number,
): { weighed: Weighed; lessons: Plan['lessons'] } => {
  const paths = new Map(items.map((item) => [item.change.sha, item.paths]))
  const known = weighed.changes.map((change) => ({ change, paths: paths.get(change.sha) ?? null }))
  const { items: raised, lessons } = raiseRisk(known, back)
  const changes = raised.map(({ change }) => change)
  const level = releaseLevel(changes, weighed.migrationRisk, hidden)
  return { weighed: { ...weighed, changes, level }, lessons }
}
