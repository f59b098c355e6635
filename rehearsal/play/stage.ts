import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Arguments } from '../command/arguments.ts'
import { flaky } from '../github/faults.ts'
import { startGithub } from '../github/server.ts'
import type { Scenario } from '../scenario/scenarios.ts'
import { startBench } from '../service/bench.ts'
import { callerFiles } from '../subject/caller-files.ts'
import { commitFiles } from '../subject/commit-files.ts'
import { copyHistory } from '../subject/copy-history.ts'
import { type Preview, previewPlan } from '../subject/preview-plan.ts'

const branch = 'main'
export const users = ['ana', 'kim', 'maintainer'] as const
export const maintainer = 'maintainer'
const rate = 1000

/** Everything a rehearsal needs before the first workflow starts: history, plan preview, service, GitHub. */
export const openStage = async (
  given: Arguments,
  own: string | null,
  scenario: Scenario,
  folder: string,
  out: string,
  product: string,
) => {
  const subject = copyHistory(given.repo, join(folder, 'history.git'), given.from, given.to)
  // The addresses stand in the caller's configuration, and the stable version's name in the plan: ports come first.
  const ports = { data: await freePort(), admin: await freePort(), prometheus: await freePort() }
  const addresses = {
    admin: `http://127.0.0.1:${ports.admin}`,
    prometheus: `http://127.0.0.1:${ports.prometheus}`,
  }
  if (own !== null) checkOwn(product, subject, own, folder)
  const head = commitFiles(subject.gitDir, subject.to, branch, callerFiles(addresses, own))
  const preview: Preview = previewPlan(product, subject, branch, join(folder, 'preview'))
  const fault = given.faultOff ? undefined : scenario.fault
  const bench = await startBench({
    seed: given.seed,
    rate,
    stable: preview.previous,
    outDir: out,
    ports,
    scrapeMilliseconds: 250,
    ...(fault ? { fault } : {}),
  })
  const log = join(out, 'github.log')
  mkdirSync(out, { recursive: true })
  writeFileSync(log, '')
  const event = given.faultOff ? undefined : scenario.event
  const hub = await startGithub({
    gitDir: subject.gitDir,
    owner: 'rehearsal',
    repo: subject.name,
    defaultBranch: branch,
    users: [...users],
    log: (line) => appendFileSync(log, `${line}\n`),
    ...(event === 'flaky-github' ? { faults: flaky(given.seed) } : {}),
  })
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
  protect('signoff-engineering', event === 'unprotect' ? [] : ['ana'])
  protect('signoff-operations', ['kim'])
  protect('production', [])
  hub.putCheckRun(subject.to, { name: 'test', conclusion: event === 'red-check' ? 'failure' : 'success' })
  return { subject, head, preview, bench, hub, branch }
}

export type Stage = Awaited<ReturnType<typeof openStage>>

/** A person's own file is read by the product first, as it stands, so that an error names its line. */
const checkOwn = (
  product: string,
  subject: ReturnType<typeof copyHistory>,
  own: string,
  folder: string,
): void => {
  commitFiles(subject.gitDir, subject.to, branch, { '.github/relman.yml': own })
  previewPlan(product, subject, branch, join(folder, 'preview'))
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
