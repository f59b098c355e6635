import { z } from 'zod'
import { componentCircle } from './component-circle.ts'
import { prefixFault } from './tag-prefix.ts'

const folder = z
  .string()
  .min(1)
  .max(300)
  .refine(
    (path) => !/^\/|^\.\.|\/\.\.(?:\/|$)|[*?[\]{}\\]/.test(path),
    'write a folder or a file of the repository such as apps/web, without wildcards',
  )

const component = {
  path: z
    .union([folder, z.array(folder).min(1).max(100)])
    .describe('Its folder or file, or a list of them; "." is all that no other component holds'),
  tag: z
    .string()
    .max(200)
    .regex(/^[^\s~^:?*[\\{}]*\{version\}$/, 'end it in {version}, for example web-v{version}')
    .superRefine((tag, context) => {
      if (!tag.endsWith('{version}')) return
      const fault = prefixFault(tag.slice(0, -'{version}'.length))
      if (fault !== null)
        context.addIssue({ code: 'custom', message: `${fault}; write for example web-v{version}` })
    })
    .optional()
    .describe('Its tags; when absent those that begin with its name, else <name>-v{version}'),
  'depends-on': z
    .array(z.string())
    .max(200)
    .default([])
    .describe('Components that it is built from: what changes in them is released with it, as a patch'),
  group: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Components of one group are released together, as one version'),
}

/** A long circle by its beginning and its end. */
const shown = (circle: readonly string[]): readonly string[] =>
  circle.length > 12 ? [...circle.slice(0, 10), '…', ...circle.slice(-1)] : circle

const named = z.object(component)

/** The components as version, order and scope see them. */
export type ComponentsPolicy = Record<string, z.output<typeof named>>

/**
 * Several components of one repository, each with its own version, tag and plan, by name. `own` are the sections of the
 * configuration that a component may have for itself.
 */
export const componentsPolicy = <Own extends z.ZodRawShape>(own: Own) =>
  z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
          'write letters, digits, dots, dashes and underscores, a letter or digit first',
        ),
      z.strictObject({ ...component, ...own }),
    )
    .default({})
    .superRefine((components, context) => {
      const tags = new Map<string, string>()
      for (const [name, { tag, 'depends-on': needs }] of Object.entries(components as ComponentsPolicy)) {
        const other = tag === undefined ? undefined : tags.get(tag)
        if (tag !== undefined) tags.set(tag, name)
        if (other !== undefined)
          context.addIssue({
            code: 'custom',
            path: [name, 'tag'],
            message: `is the tag of ${other} too; each component has a tag of its own`,
          })
        needs.forEach((need, index) => {
          if (need === name || !Object.hasOwn(components, need))
            context.addIssue({
              code: 'custom',
              path: [name, 'depends-on', index],
              message:
                need === name
                  ? 'a component cannot need itself'
                  : 'write the name of a component of this file',
            })
        })
      }
      const circle = componentCircle(components as ComponentsPolicy)
      if (circle)
        context.addIssue({
          code: 'custom',
          path: [circle[0] ?? '', 'depends-on'],
          message: `components need each other in a circle: ${shown(circle).join(' → ')}; take one of these needs out`,
        })
    })
