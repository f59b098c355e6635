import { ConfigurationError } from '../../config/configuration-error.ts'
import { type Plan, plan as planSchema } from '../../plan/plan.ts'
import type { RecordStore } from '../../ports/record-store.ts'

/** The plan with this digest. @throws ConfigurationError when the record has none or it cannot be read */
export const readPlan = async (record: Pick<RecordStore, 'plan'>, digest: string): Promise<Plan> => {
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw new ConfigurationError(
      `input "digest": write the digest that plan-release gave, 64 hexadecimal digits, not ${JSON.stringify(digest.slice(0, 80))}`,
    )
  const text = await record.plan(digest)
  if (text === null) {
    throw new ConfigurationError(
      `input "digest": the record holds no plan ${digest}; pass the digest output of plan-release`,
    )
  }
  const parsed = planSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ConfigurationError(
    `plan ${digest}: ${issue?.path.join('.')}: ${issue?.message}; it was written by another version of relman`,
  )
}
