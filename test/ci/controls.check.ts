import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { blindJudge, deleteUndo, freshClone, workbench } from './product.ts'
import { jobsNamed, rehearse } from './rehearse.ts'

// A check that passes here too is no check.
jest.setTimeout(300_000)

const { folder, close } = workbench()
afterAll(close)
let count = 0
const play = (product: string, ...words: string[]) => {
  count += 1
  return rehearse(product, join(folder, `out-${count}`), words)
}

/** Those that every change waits for come first. */
const quick = ['errors', 'business-decline']
const slow = ['slow-tail', 'crash', 'dependency', 'late-errors', 'no-data']
const faults = process.env['RELMAN_CONTROLS'] === 'all' ? [...quick, ...slow] : quick

describe('with its fault switched off', () => {
  let product = ''
  beforeAll(() => {
    product = freshClone(folder)
  })
  for (const name of faults) {
    test(`${name} is released`, async () => {
      const { document, status } = await play(product, '--scenario', name, '--fault-off')
      expect({ outcome: document.outcome, status }).toEqual({ outcome: 'released', status: 0 })
      expect(document.traffic.canary).toBe(1)
    })
  }
})

test('with a judge that finds everything healthy, errors is no longer caught', async () => {
  const product = freshClone(folder)
  blindJudge(product)
  const { document } = await play(product, '--scenario', 'errors')
  expect(document.outcome).not.toBe('rolled-back')
  expect(document.steps.map(({ verdict }) => verdict)).not.toContain('unhealthy')
  expect(document.requests.failed).toBeGreaterThan(100)
})

test('with the undo job deleted, runner-lost is no longer rescued', async () => {
  const product = freshClone(folder)
  deleteUndo(product)
  const { document, status } = await play(product, '--scenario', 'runner-lost')
  expect({ outcome: document.outcome, status }).toEqual({ outcome: 'failed', status: 1 })
  expect(jobsNamed(document, 'walk the ladder')).toEqual(['failure'])
  expect(document.traffic.canary).toBeGreaterThan(0)
})
