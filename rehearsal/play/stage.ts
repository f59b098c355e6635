import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Arguments, UsageError } from '../command/arguments.ts'
import { flaky } from '../github/faults.ts'
import { startGithub } from '../github/server.ts'
import type { Scenario } from '../scenario/scenarios.ts'
import { startBench } from '../service/bench.ts'
import { callerFiles } from '../subject/caller-files.ts'
import { commitFiles } from '../subject/commit-files.ts'
import { copyHistory, type Subject } from '../subject/copy-history.ts'
import { type Preview, previewPlan } from '../subject/preview-plan.ts'
import { strangersTo } from '../subject/strangers.ts'
import type { Place } from './place.ts'

const branch = 'main'
export const maintainer = 'maintainer'
const rate = 1000

/** Everything a rehearsal needs before the first workflow starts: history, plan preview, service, GitHub. */
export const openStage = async (given: Arguments, scenario: Scenario, place: Place) => {
  const { own, folder, out, ending } = place
  const subject = copyHistory(given.repo, join(folder, 'history.git'), given.from, given.to)
  // The addresses stand in the caller's configuration, and the stable version's name in the plan: ports come first.
  const ports = { data: await freePort(), admin: await freePort(), prometheus: await freePort() }
  const addresses = {
    admin: `http://127.0.0.1:${ports.admin}`,
    prometheus: `http://127.0.0.1:${ports.prometheus}`,
  }
  if (own !== null) await checkOwn(place, subject, own, given.config ?? '--config')
  const head = commitFiles(subject.gitDir, subject.to, branch, callerFiles(addresses, own))
  const preview: Preview = await previewPlan(place, subject, branch)
  // The run may find more risk than the preview, which asks no GitHub, and then ask one more role.
  const rooms = new Set([
    ...preview.signoffs.map(({ environment }) => environment),
    'signoff-engineering',
    'signoff-operations',
  ])
  const approvers = strangersTo(subject, rooms.size)
  const fault = given.faultOff ? undefined : scenario.fault
  ending.throwIfAborted()
  const bench = await startBench({
    seed: given.seed,
    rate,
    stable: preview.previous,
    outDir: out,
    ports,
    scrapeMilliseconds: 250,
    ...(fault ? { fault } : {}),
  }).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  })
  const log = join(out, 'github.log')
  writeFileSync(log, '')
  const event = given.faultOff ? undefined : scenario.event
  const opening = startGithub({
    gitDir: subject.gitDir,
    owner: 'rehearsal',
    repo: subject.name,
    defaultBranch: branch,
    users: [...approvers, maintainer],
    log: (line) => appendFileSync(log, `${line}\n`),
    ...(event === 'flaky-github' ? { faults: flaky(given.seed) } : {}),
  })
  const hub = await opening.catch(async (error: unknown) => {
    await bench.close()
    throw error
  })
  const listening = { service: bench.dataUrl, ...addresses, github: hub.apiUrl }
  // Whoever waits for the file finds all of it.
  writeFileSync(join(out, 'addresses.json.part'), `${JSON.stringify(listening, null, 2)}\n`)
  renameSync(join(out, 'addresses.json.part'), join(out, 'addresses.json'))
  const protect = (name: string, reviewers: string[]) =>
    hub.putEnvironment({
      name,
      reviewers,
      preventSelfReview: true,
      waitTimerMinutes: 0,
      secrets: {},
      variables: {},
      canAdminsBypass: false,
    })
  for (const [index, environment] of [...rooms].entries()) {
    const reviewers = approvers.slice(index, index + 1)
    protect(environment, event === 'unprotect' && index === 0 ? [] : reviewers)
  }
  protect(preview.environment, [])
  hub.putCheckRun(subject.to, { name: 'test', conclusion: event === 'red-check' ? 'failure' : 'success' })
  return { subject, head, preview, bench, hub, branch }
}

export type Stage = Awaited<ReturnType<typeof openStage>>

/** A person's own file is read by the product first, as it stands, so that an error names its line. */
const checkOwn = async (place: Place, subject: Subject, own: string, file: string): Promise<void> => {
  const path = '.github/relman.yml'
  commitFiles(subject.gitDir, subject.to, branch, { [path]: own })
  await previewPlan(place, subject, branch).catch((error: unknown) => {
    throw error instanceof UsageError ? new UsageError(error.message.replaceAll(path, () => file)) : error
  })
}

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? done(address.port) : fail(new Error('no free port')),
      )
    })
  })
