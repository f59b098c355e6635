/** Running totals by `metric version instance`, each a function of Unix seconds; undefined where nothing is known. */
export type World = Record<string, (at: number) => number | string | undefined>

export type Labels = { version: string; pod: string }

/** Every series of a metric, by its labels. */
export const seriesOf = (world: World, metric: string): [Labels, World[string]][] =>
  Object.entries(world).flatMap(([key, value]) => {
    const [name, version = '', pod = ''] = key.split(' ')
    return name === metric ? [[{ version, pod }, value] as [Labels, World[string]]] : []
  })

/** What a vendor counted in a slice: a total that fell began anew; text is passed on as the vendor would have it. */
export const counted = (total: World[string], from: number, to: number): number | string | undefined => {
  const [before, after] = [total(from), total(to)]
  if (typeof after === 'string') return after
  if (after === undefined || typeof before !== 'number') return undefined
  return after >= before ? after - before : after
}

/** The beginnings of the slices that touch [from, to], on the vendor's own grid. */
export const slices = (from: number, to: number, step: number): number[] => {
  const found: number[] = []
  for (let at = Math.floor(from / step) * step; at <= to; at += step) found.push(at)
  return found
}

/** A counter of so many a second since Unix second 1,000. */
export const line =
  (perSecond: number, begin = 1000) =>
  (at: number): number =>
    Math.max(0, (at - begin) * perSecond)
