import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Special-purpose addresses (RFC 6890 and its registries): nothing that a provider lives at. */
const FORBIDDEN_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Those that embed an IPv4 address are refused as a whole: no provider is reached through them. */
const FORBIDDEN_V6: readonly [string, number][] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
];

/**
 * One list per family: Node compares an IPv4 address with IPv6 subnets in its mapped form, so `::ffff:0:0/96` in a common
 * list would forbid all of IPv4, and `127.0.0.0/8` would match `::ffff:127.0.0.1`.
 */
const LISTS = {
  ipv4: { loopback: toList([['127.0.0.0', 8]], 'ipv4'), forbidden: toList(FORBIDDEN_V4, 'ipv4') },
  ipv6: { loopback: toList([['::1', 128]], 'ipv6'), forbidden: toList(FORBIDDEN_V6, 'ipv6') },
};

/** Whether a request may go to this address. Loopback only where the development waiver says so. */
export function isReachable(address: string, allowLoopback: boolean): boolean {
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  if (family === undefined) return false;
  const { loopback, forbidden } = LISTS[family];
  if (loopback.check(address, family)) return allowLoopback;
  return !forbidden.check(address, family);
}

/** Networks of whoever runs Clancy (RFC 1918, RFC 4193). Not link-local: clouds keep their credentials there. */
const PRIVATE = {
  ipv4: toList(
    [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
    ],
    'ipv4',
  ),
  ipv6: toList([['fc00::', 7]], 'ipv6'),
};

export function isPrivate(address: string): boolean {
  if (isIPv4(address)) return PRIVATE.ipv4.check(address, 'ipv4');
  return isIPv6(address) && PRIVATE.ipv6.check(address, 'ipv6');
}

function toList(subnets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, family);
  return list;
}
