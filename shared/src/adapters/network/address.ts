import { BlockList, isIP } from 'node:net'

/** Never a service of anyone's: cloud metadata, link-local, multicast, reserved. No list allows these. */
const forbidden = new BlockList()
forbidden.addSubnet('169.254.0.0', 16, 'ipv4')
forbidden.addSubnet('224.0.0.0', 3, 'ipv4')
forbidden.addAddress('100.100.100.200', 'ipv4')
forbidden.addAddress('168.63.129.16', 'ipv4')
forbidden.addAddress('192.0.0.192', 'ipv4')
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addSubnet('ff00::', 8, 'ipv6')
forbidden.addAddress('fd00:ec2::254', 'ipv6')
forbidden.addAddress('fd20:ce::254', 'ipv6')

/** Networks that a machine shares with things that trust whoever reaches them. */
const internal = new BlockList()
internal.addSubnet('0.0.0.0', 8, 'ipv4')
internal.addSubnet('10.0.0.0', 8, 'ipv4')
internal.addSubnet('100.64.0.0', 10, 'ipv4')
internal.addSubnet('127.0.0.0', 8, 'ipv4')
internal.addSubnet('172.16.0.0', 12, 'ipv4')
internal.addSubnet('192.0.0.0', 24, 'ipv4')
internal.addSubnet('192.168.0.0', 16, 'ipv4')
internal.addSubnet('198.18.0.0', 15, 'ipv4')
internal.addAddress('::', 'ipv6')
internal.addAddress('::1', 'ipv6')
internal.addSubnet('fc00::', 7, 'ipv6')
// Site-local addresses and Teredo tunnels (RFC 3879, 4380): given up, and still routed within some networks.
internal.addSubnet('fec0::', 10, 'ipv6')
internal.addSubnet('2001::', 32, 'ipv6')

export type AddressClass = 'public' | 'private' | 'forbidden' | 'none'

/**
 * What kind of address this is; IPv4 inside IPv6 (mapped, translated, NAT64, 6to4, Teredo) is judged as the IPv4 it leads
 * to.
 */
export const classify = (address: string): AddressClass => {
  const family = isIP(address)
  if (family === 0) return 'none'
  const inner = family === 6 ? embedded(address) : null
  if (inner) {
    const kind = classify(inner)
    return kind === 'public' && internal.check(address, 'ipv6') ? 'private' : kind
  }
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (forbidden.check(address, type)) return 'forbidden'
  return internal.check(address, type) ? 'private' : 'public'
}

/** The IPv4 address that an IPv6 one carries, or null. */
const embedded = (address: string): string | null => {
  const groups = expand(address)
  const [a, b, c] = groups
  const leading = (count: number) => groups.slice(0, count).every((group) => group === 0)
  if (leading(5) && (groups[5] === 0xffff || (groups[5] === 0 && (groups[6] ?? 0) > 0)))
    return v4(groups[6], groups[7])
  // Translated by SIIT (RFC 2765): ::ffff:0:a.b.c.d.
  if (leading(4) && groups[4] === 0xffff && groups[5] === 0) return v4(groups[6], groups[7])
  // A Teredo client, written with every bit turned over (RFC 4380, 4).
  if (a === 0x2001 && b === 0) return v4(~(groups[6] ?? 0) & 0xffff, ~(groups[7] ?? 0) & 0xffff)
  if (a === 0x64 && b === 0xff9b) return v4(groups[6], groups[7])
  return a === 0x2002 ? v4(b, c) : null
}

const v4 = (high = 0, low = 0): string => [high >> 8, high & 255, low >> 8, low & 255].join('.')

const expand = (address: string): number[] => {
  const bare = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [w, x, y, z] = parts.slice(0, 4).map(Number)
    return `${(((w ?? 0) << 8) | (x ?? 0)).toString(16)}:${(((y ?? 0) << 8) | (z ?? 0)).toString(16)}`
  })
  const [head = '', tail] = bare.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array<string>(Math.max(0, middle)).fill('0'), ...right].map((group) =>
    Number.parseInt(group, 16),
  )
}
