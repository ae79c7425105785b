import { expect, test } from "bun:test"
import { networkOf } from "../../src/web/network-of.ts"

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:0001:2::1%eth0", "2001:db8:1:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["", ""],
  ["unknown", "unknown"],
  ["2001:db8::/64", "2001:db8::/64"],
])("the limits of %p are those of %p", (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})
