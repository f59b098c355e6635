/** The rows, one array for each column. */
export interface Columns {
  at: Float64Array
  latency: Float32Array
  status: Uint16Array
  version: Uint8Array
  flags: Uint8Array
}

/** Columns of `length` rows that begin with those of `old`. */
export function columnsOf(length: number, old?: Columns): Columns {
  const columns = {
    at: new Float64Array(length),
    latency: new Float32Array(length),
    status: new Uint16Array(length),
    version: new Uint8Array(length),
    flags: new Uint8Array(length),
  }
  if (old !== undefined) {
    columns.at.set(old.at)
    columns.latency.set(old.latency)
    columns.status.set(old.status)
    columns.version.set(old.version)
    columns.flags.set(old.flags)
  }
  return columns
}
