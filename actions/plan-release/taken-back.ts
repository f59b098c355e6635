import { type Ended, exposedOf, howItEnded, wasTakenBack } from '@relman/core/caution/lessons'
import type { TakenBack } from '@relman/core/caution/raise-risk'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Git } from '@relman/core/ports/git'
import type { RecordStore } from '@relman/core/ports/record-store'
import { z } from 'zod'

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
      if (!(error instanceof ConfigurationError) && !(error instanceof SyntaxError)) throw error
      gaps.push(unread)
    }
  }
  return { back, gaps }
}
