import type { ComponentsPolicy } from '../config/components-policy.ts'

/** Components with a path that holds no file: no change there can ever release them. `files` are all paths of a commit. */
export const pathsWithoutFiles = (
  components: ComponentsPolicy,
  files: readonly string[],
): Array<{ name: string; path: string }> => {
  const holds = (path: string): boolean => {
    const bare = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
    return bare === '.' || files.some((file) => file === bare || file.startsWith(`${bare}/`))
  }
  return Object.entries(components).flatMap(([name, { path }]) =>
    [path]
      .flat()
      .filter((each) => !holds(each))
      .map((each) => ({ name, path: each })),
  )
}
