import { isIP } from "node:net"
import ipaddr from "ipaddr.js"

/**
 * Whose limits an IP counts toward: for IPv6 the first 64 bits, since a single client may use every address that begins
 * with them (RFC 6177); an IPv4 address, also one inside IPv6, is itself.
 */
export function networkOf(ip: string): string {
  if (isIP(ip) !== 6) return ip

  const [address = ""] = ip.split("%")
  const parsed = ipaddr.process(address)
  if (parsed.kind() === "ipv4") return parsed.toString()
  const groups = (parsed as ipaddr.IPv6).parts.slice(0, 4).map((group) => group.toString(16))
  return `${groups.join(":")}::/64`
}
