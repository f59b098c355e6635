import { changeRequest } from '@relman/core/change-request/change-request'
import { config } from '@relman/core/config/config'
import { criterion } from '@relman/core/gate/criterion'
import { manifest } from '@relman/core/manifest/manifest'
import { plan } from '@relman/core/plan/plan'
import { recordEvent } from '@relman/core/record/event'
import { replayReport } from '@relman/core/replay/replay-report'
import { rolloutState } from '@relman/core/rollout/rollout-state'
import { verdictFile } from '@relman/core/rollout/verdict-file'
import { result } from '@relman/core/runtime/result'
import { evidence } from '@relman/core/settlement/evidence'
import { observationSchema } from '@relman/core/verdict/observation'
import { verdictSchema } from '@relman/core/verdict/verdict'
import { z } from 'zod'

type Contract = { title: string; schema: z.ZodType; io: 'input' | 'output' }

/** Every contract with other programs and people, by the name of its file. What people write is published as they write it. */
export const contracts: Readonly<Record<string, Contract>> = {
  configuration: { title: 'relman configuration (.github/relman.yml)', schema: config, io: 'input' },
  manifest: { title: 'relman release manifest (release-manifest.yml)', schema: manifest, io: 'input' },
  plan: { title: 'relman release plan', schema: plan, io: 'output' },
  'record-event': { title: 'relman record event', schema: recordEvent, io: 'output' },
  criterion: { title: 'relman go or no-go criterion', schema: criterion, io: 'output' },
  observation: { title: 'relman observation of a metric', schema: observationSchema, io: 'output' },
  'verdict-file': { title: 'relman verdict.json of a rollout or window', schema: verdictFile, io: 'output' },
  verdict: { title: 'relman verdict', schema: verdictSchema, io: 'output' },
  'rollout-state': { title: 'relman rollout state', schema: rolloutState, io: 'output' },
  evidence: { title: 'relman evidence of a rollout', schema: evidence, io: 'output' },
  'replay-report': { title: 'relman report of replayed releases', schema: replayReport, io: 'output' },
  'change-request': { title: 'relman change request', schema: changeRequest, io: 'output' },
  result: { title: 'relman result output of every action', schema: result, io: 'output' },
}

/** What relman writes may get more keys (contracts only grow), so that no reader may refuse them. */
const opened = (schema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void => {
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties
}

/** The JSON Schema (2020-12) of each contract, as the text of its file in `docs/schemas`. */
export const schemaFiles = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(contracts).map(([name, { title, schema, io }]) => {
      const { $schema, ...body } = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        override: ({ jsonSchema }) => opened(jsonSchema, io),
      })
      return [`${name}.json`, `${JSON.stringify({ $schema, title, ...body }, null, 2)}\n`]
    }),
  )
