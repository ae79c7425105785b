import { expect, test } from "bun:test"
import { open, seal } from "../../src/features/secret-box.ts"

const instance = { authSecret: "the secret of this instance alone" }

test("a sealed secret opens again, and no two look the same", () => {
  const [one, two] = [seal(instance, "JBSWY3DPEHPK3PXP ☂"), seal(instance, "JBSWY3DPEHPK3PXP ☂")]

  expect(open(instance, one)).toBe("JBSWY3DPEHPK3PXP ☂")
  expect(one).not.toBe(two)
  expect(one).not.toContain("JBSWY")
})

test("a secret that was changed, or sealed by another instance, does not open", () => {
  const sealed = seal(instance, "JBSWY3DPEHPK3PXP")
  expect(open(instance, sealed)).toBeDefined() // or the next assertions prove nothing

  const changed = `${sealed.slice(0, -1)}${sealed.endsWith("A") ? "Q" : "A"}`
  expect(open(instance, changed)).toBeUndefined()
  expect(open({ authSecret: "the secret of quite another instance" }, sealed)).toBeUndefined()
  for (const broken of ["", "short", "not base64 at all!"]) expect(open(instance, broken)).toBeUndefined()
})
