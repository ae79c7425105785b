import { isIP } from "node:net"
import ipaddr from "ipaddr.js"

/** The only IPv6 block that holds public addresses. Source: RFC 4291, section 2.4, and IANA's IPv6 address space. */
const globalUnicast6 = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number]

/**
 * Whether an IP is reachable from anywhere on the internet and so cannot be one of this machine or its network.
 * `false` for private, loopback, link-local (cloud metadata), shared, multicast, documentation and reserved ranges,
 * for anything that is not a plain IP, and for IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64,
 * 6to4, Teredo): a gateway decides where those lead.
 *
 * @example
 * isPublicIp("1.1.1.1") // true
 * isPublicIp("169.254.169.254") // false
 * isPublicIp("::ffff:8.8.8.8") // false
 */
export function isPublicIp(text: string): boolean {
  // ipaddr.js also reads "127.1", "0x7f.1" and octal parts; resolvers and sockets disagree about those.
  // A zone (`fe80::1%eth0`) names an interface of this machine.
  if (isIP(text) === 0 || text.includes("%")) return false

  const ip = ipaddr.parse(text)
  if (ip.range() !== "unicast") return false
  // For ipaddr.js unassigned IPv6 space and IPv4-compatible addresses (`::127.0.0.1`) are unicast too.
  return ip.kind() === "ipv4" || (ip as ipaddr.IPv6).match(globalUnicast6)
}
