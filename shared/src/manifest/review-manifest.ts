import { type Conflict, versionConflicts } from '../dependency/compatibility.ts'
import type { Component } from '../dependency/component.ts'
import { type Deferred, decouple } from '../dependency/decouple.ts'
import { deployLayers, rollbackLayers } from '../dependency/deploy-order.ts'
import { splitByTeams } from '../dependency/split-teams.ts'
import { cut } from '../text/visible.ts'
import { type Checkpoint, checkpointOf } from './checkpoint.ts'
import { type Confirmation, confirmations } from './confirmation.ts'
import type { Manifest } from './manifest.ts'
import { blockedTeams, componentsOf } from './manifest-components.ts'

/** Why nothing may proceed: a stable code, and words that name the place and the fix. */
export type Blocker = {
  code:
    | 'nothing-ships'
    | 'not-confirmed'
    | 'not-ready'
    | 'incompatible'
    | 'system-not-ready'
    | 'no-checkpoint'
  text: string
}

export type ManifestReview = {
  /** What ships, in the order of deployment. */
  order: string[]
  layers: string[][]
  /** The sequence of the way back: `order` reversed. */
  rollback: string[]
  deferred: Deferred[]
  conflicts: Conflict[]
  confirmations: Confirmation[]
  /** Items of the readiness checklists that are open; `component` is null for those of the whole. */
  open: { component: string | null; item: string; owner: string | null }[]
  checkpoint: Checkpoint | null
  split: ReturnType<typeof splitByTeams>
  blockers: Blocker[]
  ready: boolean
}

/**
 * Row P8: what a manifest that was read comes to. Deferred components do not count: neither their confirmation nor their
 * checklist holds the rest. It is ready when nothing holds it; the go decision itself is taken at the checkpoint.
 */
export const reviewManifest = (manifest: Manifest): ManifestReview => {
  const { ship, deferred } = decouple(componentsOf(manifest), blockedTeams(manifest))
  const ships = new Set(ship.map(({ name }) => name))
  const parts = manifest.components.filter(({ component }) => ships.has(component))
  const layers = ship.length === 0 ? [] : deployLayers(ship)
  const review = {
    order: layers.flat(),
    layers,
    rollback: rollbackLayers(layers).flat(),
    deferred,
    conflicts: versionConflicts(ship, runsAfter(manifest, deferred)),
    confirmations: confirmations(manifest, parts),
    open: openItems(manifest, ships),
    checkpoint: checkpointOf(manifest),
    split: splitByTeams(ship),
  }
  const blockers = blockersOf(manifest, review, ship)
  return { ...review, blockers, ready: blockers.length === 0 }
}

/** What runs beside this release: what is installed, and of deferred components the version they stay at. */
const runsAfter = (manifest: Manifest, deferred: readonly Deferred[]): Record<string, string> => {
  const waiting = new Set(deferred.map(({ component }) => component))
  const stays = manifest.components.flatMap(({ component, previous }) =>
    waiting.has(component) && previous !== undefined ? [[component, previous] as const] : [],
  )
  return { ...manifest.installed, ...Object.fromEntries(stays) }
}

const openItems = (manifest: Manifest, ships: ReadonlySet<string>): ManifestReview['open'] => {
  const open = (items: Manifest['ready'], component: string | null) =>
    items
      .filter(({ done }) => !done)
      .map(({ item, owner }) => ({ component, item: cut(item, 300), owner: owner ?? null }))
  return [
    ...open(manifest.ready, null),
    ...manifest.components
      .filter(({ component }) => ships.has(component))
      .flatMap(({ component, ready }) => open(ready, component)),
  ]
}

const blockersOf = (
  manifest: Manifest,
  { conflicts, confirmations, open, checkpoint }: Omit<ManifestReview, 'blockers' | 'ready'>,
  ship: readonly Component[],
): Blocker[] => {
  const systems = new Set(ship.flatMap(({ external }) => external))
  const name = (text: string): string => cut(text, 100)
  return [
    ...(ship.length === 0
      ? [{ code: 'nothing-ships' as const, text: 'every component is deferred: nothing is left to release' }]
      : []),
    ...(checkpoint === null
      ? [{ code: 'no-checkpoint' as const, text: 'no go or no-go decision is planned: write checkpoint' }]
      : []),
    ...conflicts.map(({ why }) => ({ code: 'incompatible' as const, text: why })),
    ...Object.entries(manifest.systems ?? {})
      .filter(([system, { ready }]) => systems.has(system) && !ready)
      .map(([system, { owner, note }]) => ({
        code: 'system-not-ready' as const,
        text: `external system ${name(system)} is not ready${note ? `: ${cut(note, 200)}` : ''}${owner ? ` (ask ${name(owner)})` : ''}`,
      })),
    ...open.map(({ component, item, owner }) => ({
      code: 'not-ready' as const,
      text: `${component === null ? 'the whole' : name(component)}: "${item}" is not done${owner ? ` (ask ${name(owner)})` : ''}`,
    })),
    ...confirmations
      .filter(({ state }) => state !== 'confirmed')
      .map((each) => ({ code: 'not-confirmed' as const, text: unconfirmed(each, manifest.revision) })),
  ]
}

const unconfirmed = ({ team, state, revision, open }: Confirmation, present: number): string => {
  const what = open.map((component) => cut(component, 80)).join(', ')
  const said = state === 'stale' && revision !== present ? `, only revision ${revision}` : ''
  return `team ${cut(team, 100)} has not confirmed revision ${present}${said} (${what})`
}
