import { evaluate, type Scope } from '../expression/evaluate.ts'
import { mappingOf, type Tree } from './tree.ts'

export type Combination = {
  matrix: Record<string, unknown> /** Values that name the job. */
  segments: string[]
}
export type Strategy = {
  combinations: Combination[]
  failFast: boolean
  maxParallel: number
  matrix: boolean
}

export class MatrixFault extends Error {}

/** A matrix holds at most 256 jobs (docs: limits). */
const maxJobs = 256

/**
 * Expands `strategy:` in the order and with the rules of GitHub's own builder
 * (runner: src/Sdk/WorkflowParser/Conversion/MatrixBuilder.cs).
 * @throws MatrixFault for an empty vector or a matrix without a job, which GitHub refuses too.
 */
export function strategyOf(tree: Tree | undefined, scope: Scope): Strategy {
  const strategy = evaluate(tree, scope) as Record<string, unknown> | null
  const failFast = strategy?.['fail-fast'] !== false
  const limit = strategy?.['max-parallel']
  const maxParallel = typeof limit === 'number' && limit > 0 ? limit : Number.POSITIVE_INFINITY
  if (strategy?.matrix === undefined || (tree instanceof Map && mappingOf(tree).get('matrix') === undefined))
    return { combinations: [{ matrix: {}, segments: [] }], failFast, maxParallel, matrix: false }
  return { combinations: expand(strategy.matrix), failFast, maxParallel, matrix: true }
}

function expand(matrix: unknown): Combination[] {
  if (!isObject(matrix)) throw new MatrixFault('Matrix must be a mapping')
  const { include, exclude, ...vectors } = matrix
  const rows = (value: unknown, name: string) => {
    if (value === undefined || value === null) return []
    if (Array.isArray(value) && value.every(isObject)) return value as Record<string, unknown>[]
    throw new MatrixFault(`Matrix '${name}' must be a list of mappings`)
  }
  const extras = rows(include, 'include')
  const filters = rows(exclude, 'exclude')
  for (const [name, vector] of Object.entries(vectors)) {
    if (!Array.isArray(vector)) throw new MatrixFault(`Matrix vector '${name}' must be a list`)
    if (vector.length === 0) throw new MatrixFault(`Matrix vector '${name}' does not contain any values`)
  }
  for (const filter of filters)
    for (const key of Object.keys(filter))
      if (!(key in vectors))
        throw new MatrixFault(`Matrix exclude key '${key}' does not match any key within the matrix`)
  const matched = extras.map(() => false)
  const combinations: Combination[] = []
  for (const product of productOf(vectors)) {
    if (filters.some((filter) => matches(filter, product, Object.keys(filter)))) continue
    const full: Record<string, unknown> = { ...product }
    extras.forEach((extra, index) => {
      const keys = Object.keys(extra).filter((key) => key in vectors)
      if (!matches(extra, product, keys)) return
      matched[index] = true
      for (const [key, value] of Object.entries(extra)) if (!(key in vectors)) full[key] = value
    })
    combinations.push({ matrix: full, segments: segmentsOf(product) })
  }
  extras.forEach((extra, index) => {
    if (!matched[index]) combinations.push({ matrix: extra, segments: segmentsOf(extra) })
  })
  if (combinations.length === 0) throw new MatrixFault('Matrix must define at least one vector')
  if (combinations.length > maxJobs) throw new MatrixFault(`Matrix exceeds the limit of ${maxJobs} jobs`)
  return combinations
}

function productOf(vectors: Record<string, unknown>): Record<string, unknown>[] {
  const entries = Object.entries(vectors) as [string, unknown[]][]
  if (entries.length === 0) return []
  return entries.reduce<Record<string, unknown>[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  )
}

function matches(filter: Record<string, unknown>, row: Record<string, unknown>, keys: string[]): boolean {
  return keys.every((key) => JSON.stringify(filter[key]) === JSON.stringify(row[key]))
}

function segmentsOf(value: unknown): string[] {
  if (value === null || value === undefined || value === '') return []
  if (typeof value === 'object') return Object.values(value).flatMap(segmentsOf)
  return [String(value)]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `name (a, b)`, cut at 100 characters (runner: JobNameBuilder.cs). */
export function jobName(name: string, segments: string[]): string {
  const full = segments.length > 0 ? `${name} (${segments.join(', ')})` : name
  return full.length > 100 ? `${full.slice(0, 97)}...` : full
}
