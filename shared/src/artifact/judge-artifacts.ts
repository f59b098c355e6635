import type { ArtifactsPolicy } from '../config/artifact-policy.ts'
import type { ArtifactFacts } from './artifact-facts.ts'
import { type Fault, type Finding, fails, lacks, passes } from './finding.ts'
import { judgeCandidate, type Shipped } from './judge-candidate.ts'
import type { PlannedArtifacts } from './planned-artifacts.ts'

type Demands = ArtifactsPolicy['require']

/**
 * Rows P15, P23, P25 as conditions that a release is held to. What the policy does not require is asked only where
 * something is known that speaks against the release; what would refuse it is excepted where the policy says so for this
 * version (`risk.exceptions`, `from: artifact`).
 */
export const judgeArtifacts = (planned: PlannedArtifacts, shipped: Shipped, demands: Demands): Finding[] => {
  const { exception } = planned
  const findings = [
    ...planned.items.flatMap((item) => judgeItem(item, shipped, demands)),
    ...judgeCandidate(planned, shipped, demands.includes('candidate')),
    ...planned.previous.flatMap((item) => judgePrevious(item, planned.items, demands)),
    ...judgeRetention(planned, demands),
  ]
  if (!exception) return findings
  return findings.map((one) =>
    one.state === 'fail' || one.state === 'missing'
      ? { ...one, state: 'excepted', remedy: `${exception.by}: ${exception.reason}` }
      : one,
  )
}

const judgeItem = (item: ArtifactFacts, shipped: Shipped, demands: Demands): Finding[] => [
  ...judgeDigest(item, demands.includes('digest')),
  ...judgeCommit(item, shipped, demands.includes('revision')),
  ...judgeSignature(item, demands.includes('signature')),
  ...judgeBom(item, demands.includes('sbom')),
]

const judgeDigest = (item: ArtifactFacts, required: boolean): Finding[] => {
  const { name, digest, wanted, pointed, state, why } = item
  if (digest === null && wanted === null && !required) return []
  const about = {
    id: `artifact-digest:${name}`,
    text: `${name} is there under the digest of the plan, and its tag leads to it`,
    threshold: digest ?? wanted ?? 'a digest',
  }
  const say = (observed: string | null, fault: Fault): Finding[] => [{ ...about, observed, ...fault }]
  if (state === 'unread' || state === 'not-asked') {
    const remedy = `${why}; let this job read it, then run it again`
    return say(
      digest === null ? null : `${digest}, by the plan alone`,
      lacks(required || digest === null, 'artifact-unread', remedy),
    )
  }
  if (digest === null || state === 'gone')
    return say(
      pointed ?? null,
      fails('artifact-missing', `${why || 'it is not there'}; build and push it, then plan again`),
    )
  if (pointed !== null && pointed !== digest)
    return say(pointed, fails('artifact-tag-moved', movedRemedy(item, pointed)))
  return say(digest, passes)
}

/** What to do depends on who named the digest of the plan: whoever pulls the tag must get that one, and no other. */
const movedRemedy = ({ from, digest, pointer }: ArtifactFacts, pointed: string): string => {
  const tag = pointer ?? 'its tag'
  const retag = `push ${tag} again so that it leads to ${digest}`
  if (from.startsWith('the input'))
    return `${from} names ${digest}, but ${tag} leads to ${pointed} now: if the digest that was given is right, ${retag}; if the tag is, plan again with artifact-digest ${pointed}, or without it`
  if (from.startsWith('the candidate'))
    return `${digest} is what ${from} shipped, but ${tag} leads to ${pointed} now: ${retag}, or remove that tag; what was not a candidate does not ship`
  return `${tag} led to ${digest} when this was planned and leads to ${pointed} now: find out who moved it; then ${retag}, or plan again to ship what it leads to now`
}

const judgeCommit = (item: ArtifactFacts, { sha }: Shipped, required: boolean): Finding[] => {
  const { name, commit, digest } = item
  if (!required && (commit === null || digest === null)) return []
  const about = {
    id: `artifact-commit:${name}`,
    text: `${name} was built from the commit of the plan`,
    threshold: sha,
  }
  if (commit === null)
    return [
      {
        ...about,
        observed: null,
        ...lacks(
          required,
          'artifact-commit-unknown',
          'write org.opencontainers.image.revision when it is built, or attest to its provenance',
        ),
      },
    ]
  const same = commit.sha === sha
  const remedy = `${commit.told} names another commit: build this one, plan that one, or add an exception for this version to risk.exceptions (from: artifact)`
  return [{ ...about, observed: commit.sha, ...(same ? passes : fails('artifact-of-other-commit', remedy)) }]
}

const judgeSignature = ({ name, signature }: ArtifactFacts, required: boolean): Finding[] => {
  const { state, how } = signature
  if (!required && state !== 'refused') return []
  const about = {
    id: `artifact-signature:${name}`,
    text: `the signature of ${name} was verified`,
    threshold: 'verified',
    observed: `${state}: ${how}`,
  }
  if (state === 'verified') return [{ ...about, ...passes }]
  if (state === 'absent')
    return [{ ...about, ...fails('signature-missing', 'sign it when it is built (actions/attest, cosign)') }]
  if (state === 'refused')
    return [
      {
        ...about,
        ...(required
          ? fails('signature-refused', 'find out whose artifact it is before anything is deployed')
          : lacks(false, 'signature-refused', how)),
      },
    ]
  if (state === 'present')
    return [
      {
        ...about,
        ...fails('signature-unverified', unverifiedRemedy(how)),
      },
    ]
  return [{ ...about, observed: null, ...lacks(true, 'signature-unknown', how) }]
}

/** What is missing is on the machine, in the policy, or with the artifact: `how` says which. */
const unverifiedRemedy = (how: string): string => {
  if (/is not on this machine/.test(how))
    return 'there is no program to verify it with: install gh (2.67 or newer) or cosign on the machine of plan-release; it was not verified, so it is no pass'
  if (/artifacts\.signer/.test(how))
    return 'say whose signature counts (artifacts.signer: key, or identity and issuer), and install cosign on the machine of plan-release'
  return 'let gh (2.67 or newer) or cosign be on the machine of plan-release, able to read the artifact, and name the signer (artifacts.signer)'
}

const judgeBom = ({ name, sbom }: ArtifactFacts, required: boolean): Finding[] => {
  const { state, how } = sbom
  if (!required) return []
  const about = {
    id: `artifact-sbom:${name}`,
    text: `${name} has a bill of materials (SBOM)`,
    threshold: 'present',
    observed: `${state}: ${how}`,
  }
  if (state === 'verified' || state === 'present') return [{ ...about, ...passes }]
  if (state === 'unknown') return [{ ...about, observed: null, ...lacks(true, 'sbom-unknown', how) }]
  const reason = state === 'absent' ? 'sbom-missing' : 'sbom-refused'
  return [{ ...about, ...fails(reason, 'attach one when it is built (SPDX or CycloneDX)') }]
}

/** Row P15, faults 52: what a rollback returns to must still be there. */
const judgePrevious = (
  item: ArtifactFacts,
  shipping: readonly ArtifactFacts[],
  demands: Demands,
): Finding[] => {
  const { name, version, digest, wanted, state, why } = item
  const about = {
    id: `rollback-artifact:${name}`,
    text: `the artifact of ${version}, which a rollback returns to, is still there`,
    threshold: digest ?? wanted ?? 'the artifact',
  }
  if (state === 'there') return [{ ...about, observed: digest, ...passes }]
  // Without a known digest only its tag was asked: that it is not there says nothing where versions have no such tags.
  const tagged = shipping.some((one) => one.reference === item.reference && one.pointer !== null)
  if (state === 'gone' && (digest !== null || wanted !== null || tagged))
    return [
      {
        ...about,
        observed: null,
        ...fails(
          'rollback-artifact-gone',
          `${why}: push it again under the same digest, or return to a version that is still there`,
        ),
      },
    ]
  return [
    { ...about, observed: null, ...lacks(demands.includes('retention'), 'rollback-artifact-unread', why) },
  ]
}

/** Row P25: what is gone of the versions that stay deployable is always told, and decides where the policy asks for it. */
const judgeRetention = ({ retained }: PlannedArtifacts, demands: Demands): Finding[] => {
  const required = demands.includes('retention')
  const lost = retained.filter(({ state }) => state !== 'there')
  const gone = lost.filter(({ state }) => state === 'gone')
  if (retained.length === 0 || (!required && gone.length === 0)) return []
  const versions = (some: typeof retained): string =>
    [...new Set(some.map(({ version }) => version))].join(', ')
  const about = {
    id: 'artifact-retention',
    text: 'the artifacts of the versions that stay deployable are still there',
    threshold: versions(retained),
    observed: lost.length === 0 ? 'all' : `not ${versions(lost)}`,
  }
  if (lost.length === 0) return [{ ...about, ...passes }]
  const why = lost[0]?.why ?? ''
  if (gone.length > 0 && required)
    return [
      {
        ...about,
        ...fails(
          'retention-broken',
          `${versions(gone)} cannot be deployed any more: push again what is gone, or keep fewer versions (promotion.keep)`,
        ),
      },
    ]
  return [{ ...about, ...lacks(required, gone.length > 0 ? 'retention-broken' : 'retention-unknown', why) }]
}
