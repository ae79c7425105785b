import { describe, expect, test } from "bun:test"
import { contrast, grounds, hexOf, minContrast, readableColor } from "../../../src/features/roles/colors.ts"

const named = [0x00_00_01, 0xff_ff_ff, 0xff_00_00, 0x00_ff_00, 0x00_00_ff, 0xff_ff_00, 0x80_80_80, 0x2e_8b_57]
const random = Array.from({ length: 500 }, (_, index) => (index * 2_654_435_761) % 0x1_00_00_00)

describe.each(["light", "dark"] as const)("in the %s theme", (scheme) => {
  test("every color can be read", () => {
    for (const color of [...named, ...random]) {
      const readable = readableColor(color, scheme)
      expect([hexOf(color), contrast(readable, grounds[scheme]) >= minContrast]).toEqual([hexOf(color), true])
      expect(readable).toBeLessThanOrEqual(0xff_ff_ff)
    }
  })

  test("a color that can be read stays, and another changes no more than it must", () => {
    const good = scheme === "light" ? 0x1a_3a_5c : 0xff_e0_c0
    expect(readableColor(good, scheme)).toBe(good)

    const bad = scheme === "light" ? 0xff_ff_00 : 0x00_00_ff
    expect(contrast(readableColor(bad, scheme), grounds[scheme])).toBeLessThan(minContrast + 0.15)
  })
})

test("contrast is WCAG's", () => {
  expect(contrast(0, 0xff_ff_ff)).toBeCloseTo(21, 5)
  expect(contrast(0x77_77_77, 0xff_ff_ff)).toBeCloseTo(4.48, 2)
})
