import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { onAccents, papers, schemes, shadesOf, stylesOf } from "../../src/features/look/accent.ts"
import { contrast, hexOf, minContrast } from "../../src/features/roles/colors.ts"

const tokens = readFileSync(join(import.meta.dir, "../../static/styles/tokens.css"), "utf8")

/** The colours of a token in the light and the dark scheme. */
function tokenOf(name: string): string[] {
  const [, ...colors] =
    tokens.match(`--${name}: light-dark\\((oklch\\([^)]*\\)), (oklch\\([^)]*\\))\\)`) ?? []
  return colors.map((color) => String(Bun.color(color, "hex")))
}

const numberOf = (hex = "") => Number.parseInt(hex.slice(1), 16)
const surfaces = ["paper", "sheet", "desk", "raised", "sunken", "glow", "danger-soft"]
const steps = [0, 64, 128, 192, 255]
const colors = steps.flatMap((red) =>
  steps.flatMap((green) => steps.map((blue) => hexOf(red * 65_536 + green * 256 + blue))),
)

test("any colour is readable on every background, and text on it too, in both schemes", () => {
  expect(tokenOf("paper")).toHaveLength(2) // or no ground is looked at
  for (const color of colors) {
    for (const [at, scheme] of schemes.entries()) {
      const { accent, soft, onAccent } = shadesOf(color, scheme)
      for (const ground of [...surfaces.map((name) => tokenOf(name)[at]), soft, onAccent]) {
        const isReadable = contrast(numberOf(accent), numberOf(ground)) >= minContrast
        expect([color, scheme, ground, isReadable]).toEqual([color, scheme, ground, true])
      }
    }
  }
})

test("a colour that can be read as it is stays as it is", () => {
  expect(shadesOf("#005d59", "light").accent).toBe("#005d59")
  expect(shadesOf("#9ceadc", "dark").accent).toBe("#9ceadc")
  expect(shadesOf("#9ceadc", "light").accent).not.toBe("#9ceadc")
  expect(stylesOf("#005d59")).toContain("--accent:light-dark(#005d59,")
})

test("paper and the text on buttons are those of the style sheet", () => {
  expect(schemes.map((scheme) => hexOf(papers[scheme]))).toEqual(tokenOf("paper"))
  expect(schemes.map((scheme) => hexOf(onAccents[scheme]))).toEqual(tokenOf("on-accent"))
})
