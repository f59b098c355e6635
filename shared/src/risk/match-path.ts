import picomatch from 'picomatch'

/**
 * A matcher for a few globs. Extended globs are off: a nested `+(…)` makes a regular expression that never ends. The
 * configuration bounds length and wildcards of each glob.
 */
export const matchPath = (globs: readonly string[]): ((path: string) => boolean) => {
  const tests = globs.map((glob) =>
    picomatch(glob.replace(/(\*\*\/)+/g, '**/'), { dot: true, noextglob: true, windows: false }),
  )
  return (path) => path.length <= 4_096 && tests.some((test) => test(path.replace(/\n/g, ' ')))
}
