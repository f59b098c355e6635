import { z } from 'zod'
import { plainAddress } from './plain-address.ts'
import { duration } from './units.ts'

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'write the name of an environment variable, such as REGISTRY_TOKEN')
const hosts = z
  .array(z.string().regex(/^[^\s/*@]+$/, 'write host or host:port, without https://, path or *'))
  .max(50)
  .default([])
const plainText = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^-\s]/, 'no dash or space at the beginning')

export const artifactDemands = [
  'digest',
  'candidate',
  'revision',
  'signature',
  'sbom',
  'retention',
  'promotion',
] as const

/** How artifacts are looked up and what they must have (rows P23–P25). `artifact` itself names the first. */
export const artifactsPolicy = z.strictObject({
  more: z
    .array(z.string().min(1).max(300))
    .max(9)
    .default([])
    .describe('What is released together with artifact, in the same forms'),
  require: z
    .array(z.enum(artifactDemands))
    .default([])
    .describe(
      'What an artifact must have, else the gate says no-go: a known digest; a candidate before a final version; the very commit of the plan; a verified signature; a bill of materials; every kept version still there; that each environment before the last told this very digest',
    ),
  registry: z
    .strictObject({
      host: z
        .string()
        .regex(/^[^\s/*@]+$/, 'write host or host:port')
        .optional()
        .describe('The registry that user and password are for; that of artifact when absent'),
      user: variable.default('RELMAN_REGISTRY_USER'),
      password: variable.default('RELMAN_REGISTRY_TOKEN'),
      realms: hosts.describe(
        'Other hosts that may be given the password, where the registry sends clients there for a token',
      ),
      allow: hosts.describe('Registries (host or host:port) that may be on a private network'),
      plain: hosts.describe('Registries (host:port) that speak http without TLS; they are given no password'),
      npm: plainAddress
        .optional()
        .describe('Registry of npm packages; npm_config_registry of the environment when absent'),
      timeout: duration.pipe(z.number().positive().max(120)).default(15),
    })
    .prefault({})
    .describe(
      'user and password are names of environment variables; without them a registry is asked anonymously, ghcr.io with github-token',
    ),
  patience: z
    .strictObject({
      each: duration.pipe(z.number().positive().max(600)).default(90),
      all: duration.pipe(z.number().positive().max(600)).default(300),
    })
    .prefault({})
    .describe(
      'How long is looked for one artifact of one version, and for all of them together; what was not looked at by then is not known',
    ),
  signer: z
    .strictObject({
      workflow: plainText
        .optional()
        .describe(
          'The workflow that must have attested: owner/name/.github/workflows/build.yml (gh attestation verify)',
        ),
      key: plainText
        .optional()
        .describe('Public key of cosign: a path on the policy branch, or an address of a key service'),
      identity: plainText.optional().describe('Identity of a keyless signature of cosign, with issuer'),
      issuer: plainText.optional().describe('OIDC issuer of a keyless signature of cosign, with identity'),
    })
    .refine(
      ({ identity, issuer, key }) =>
        (identity === undefined) === (issuer === undefined) && !(key && identity),
      'write identity and issuer together, or key alone',
    )
    .prefault({})
    .describe(
      'Whose signature counts; without one gh accepts any workflow of this repository, and cosign is not run',
    ),
})

export type ArtifactsPolicy = z.output<typeof artifactsPolicy>
