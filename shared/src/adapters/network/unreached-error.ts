/** Nothing was learnt of a host: the way to it failed (a name that cannot be resolved, a proxy, the own network). */
export class UnreachedError extends Error {}
