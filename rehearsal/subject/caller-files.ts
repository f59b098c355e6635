import { parse, stringify } from 'yaml'

/** Where the demo service of this rehearsal listens. */
export type Addresses = { admin: string; prometheus: string }

/**
 * Margins for a rehearsal of a minute, never for production: a thousand requests a second and a base error rate of
 * 0.01 % prove in seconds what a real service proves in hours.
 */
export const rehearsalRollout = {
  steps: [
    { weight: 1, margin: 3, min: '2s', max: '30s' },
    { weight: 5, margin: 2, min: '2s', max: '25s' },
    { weight: 10, margin: 1, min: '2s', max: '25s' },
    { weight: 25, margin: 0.5, min: '2s', max: '25s' },
    { weight: 50, margin: 0.5, min: '2s', max: '25s' },
  ],
  look: '1s',
  drain: '0.5s',
  warmup: '0s',
  history: '15s',
  assume: { dispersion: 1.05, spread: 0.02 },
}

/** Whatever lies in the history is rehearsed as one release: its size is no reason to refuse here. */
const anySize = {
  changes: { low: 1_000_000, medium: 1_000_000, high: 1_000_000 },
  'high-groups': 1_000_000,
  majors: 1_000_000,
}

const metrics = (addresses: Addresses) => ({
  prometheus: { url: addresses.prometheus },
  allow: [new URL(addresses.prometheus).host, new URL(addresses.admin).host],
  checks: [
    {
      name: 'error-rate',
      kind: 'ratio',
      total: 'http_requests_total',
      events: 'http_requests_total{code=~"5.."}',
    },
    {
      name: 'latency',
      kind: 'latency',
      histogram: 'http_request_duration_seconds',
      margins: [10, 6, 4, 2, 2],
    },
    {
      name: 'orders',
      kind: 'rate',
      total: 'http_requests_total',
      events: 'orders_total',
      margins: [40, 30, 25, 25, 25],
    },
    {
      name: 'dependency-failures',
      about: 'dependency',
      kind: 'ratio',
      total: 'http_requests_total',
      events: 'dependency_failures_total',
      margins: [3, 2, 1, 0.5, 0.5],
    },
  ],
})

/** The configuration of the rehearsal: a person's own, with traffic, metrics and the pace replaced. */
export const rehearsalConfig = (addresses: Addresses, own: string | null): string => {
  const base = (own === null ? {} : (parse(own) ?? {})) as Record<string, unknown>
  const signoff = base['signoff'] ?? {
    low: ['engineering'],
    medium: ['engineering'],
    high: ['engineering', 'operations'],
  }
  const risk = (base['risk'] ?? {}) as Record<string, unknown>
  return stringify({
    ...base,
    signoff,
    risk: { tolerance: anySize, ...risk },
    rollout: { ...(base['rollout'] as object | undefined), ...rehearsalRollout },
    traffic: { driver: 'http', url: `${addresses.admin}/weight` },
    metrics: metrics(addresses),
  })
}

const callerWorkflow = `name: release
on:
  workflow_dispatch:
    inputs:
      ref: { type: string, default: "" }
      from: { type: string, default: "" }
permissions: {}
jobs:
  relman:
    uses: org/relman/.github/workflows/release.yml@v1
    permissions: { contents: write, actions: read, checks: read, statuses: read, deployments: write, issues: write, pull-requests: read, attestations: read, packages: read }
    with:
      ref: \${{ inputs.ref }}
      from: \${{ inputs.from }}
`

const watchdogWorkflow = `name: watchdog
on:
  schedule: [{ cron: "*/10 * * * *" }]
permissions: {}
jobs:
  relman:
    uses: org/relman/.github/workflows/watchdog.yml@v1
    permissions: { contents: write, actions: read, deployments: write, issues: write }
`

const deployAction = `name: deploy
description: Starts the new version beside the stable one
inputs:
  operation: { required: true }
  version: { required: true }
  environment: { required: true }
runs:
  using: node24
  main: deploy.mjs
`

const deployScript = (
  admin: string,
) => `const { INPUT_VERSION: version, INPUT_OPERATION: operation } = process.env
if (operation === 'promote') {
  console.log(\`\${version} is the stable version now; the demo service ends with this release, so nothing is re-based\`)
} else {
  const answer = await fetch('${admin}/deploy', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version }),
  })
  if (!answer.ok) throw new Error(\`the demo service refused to start \${version}: \${await answer.text()}\`)
  console.log(\`\${version} runs beside the stable version and gets no traffic yet\`)
}
`

/**
 * What a caller's repository holds to use relman, by path. The names are new: GitHub lets no job publish a release of a
 * commit whose workflow files differ from the default branch's.
 */
export const callerFiles = (addresses: Addresses, own: string | null): Record<string, string> => ({
  '.github/relman.yml': rehearsalConfig(addresses, own),
  '.github/workflows/rehearsed-release.yml': callerWorkflow,
  '.github/workflows/rehearsed-watchdog.yml': watchdogWorkflow,
  '.github/actions/relman-deploy/action.yml': deployAction,
  '.github/actions/relman-deploy/deploy.mjs': deployScript(addresses.admin),
})
