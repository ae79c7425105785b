import { BlockList, isIP } from "node:net"

/** Of IPv4, all that is not for everyone. Source: IANA IPv4 Special-Purpose Address Registry, and RFC 5771. */
const closed4: [network: string, bits: number][] = [
  ["0.0.0.0", 8], // this host
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // behind a provider's translation
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local: metadata of clouds among it
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocols
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // relays of 6to4
  ["192.168.0.0", 16], // private
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, and broadcast
]

/**
 * Of IPv6 nothing is for everyone but global unicast: so neither `::1`, `fc00::` and `fe80::` nor what stands for an
 * IPv4 address (mapped, compatible, NAT64), of which nobody here knows where it would lead.
 */
const global6: [string, number] = ["2000::", 3]

/** And of that, not these. Source: IANA IPv6 Special-Purpose Address Registry. */
const closed6: [network: string, bits: number][] = [
  ["2001::", 23], // protocols: Teredo, benchmarks, ORCHID
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4: an IPv4 address inside
  ["3fff::", 20], // documentation
]

/** Made when first asked: the first list of a process takes Bun a good part of its start. */
let known: { blocked: BlockList; global: BlockList } | undefined

function makeLists() {
  const blocked = new BlockList()
  for (const [network, bits] of closed4) blocked.addSubnet(network, bits, "ipv4")
  for (const [network, bits] of closed6) blocked.addSubnet(network, bits, "ipv6")
  const global = new BlockList()
  global.addSubnet(...global6, "ipv6")
  return { blocked, global }
}

/** May anyone on the internet be reached there, and nothing of our own? `false` too for what is no address. */
export function isPublicAddress(address: string): boolean {
  known ??= makeLists()
  const { blocked, global } = known
  const version = isIP(address)
  if (version === 4) return !blocked.check(address, "ipv4")

  // With a zone (`fe80::1%eth0`) it is an interface's own.
  return (
    version === 6 &&
    !address.includes("%") &&
    global.check(address, "ipv6") &&
    !blocked.check(address, "ipv6")
  )
}
