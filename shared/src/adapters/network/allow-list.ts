/** Whether a host may be on a private network: it is listed as the address writes it, alone or with its port. */
export const allowList =
  (entries: readonly string[]) =>
  (host: string, port: string): boolean =>
    entries.some((entry) => entry === host || entry === `${host}:${port}` || entry === `[${host}]:${port}`)
