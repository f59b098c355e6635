import type { RecordStore } from '../../ports/record-store.ts'

/** Whether this rollout still has the right to move: its fencing token is the one of the lease that stands. */
export type Fence = 'ours' | 'released' | 'taken'

/** `released`: nobody holds the service. `taken`: another rollout does, and its traffic is not ours to touch. */
export const readFence = async (
  record: Pick<RecordStore, 'service'>,
  service: string,
  digest: string,
  token: number,
): Promise<Fence> => {
  const { lease } = await record.service(service)
  if (!lease) return 'released'
  return lease.token === token && lease.digest === digest ? 'ours' : 'taken'
}
