import { describe, expect, test } from "bun:test"
import { renderContent } from "../../../src/features/messages/render.ts"
import { hardPieces, hostileLinks } from "../../support/corpora/hostile-links.ts"
import { cpuMs } from "../../support/cpu.ts"
import { find, the } from "../../support/html.ts"

describe("a link", () => {
  test.each(hostileLinks)("in %j leads only where it says, and carries nothing else", expectLinks)

  test("is one, however long it is", () => {
    const long = `https://example.org/${"a".repeat(100_000)}`
    expectLinks(long, [long])
  })

  test.each(hardPieces)("and 2,000 characters of %j are rendered within 20 ms", async (piece) => {
    const text = piece.repeat(2000).slice(0, 2000)
    const pathological = [
      text,
      `https://${text.slice(9)}x`,
      `x${text.slice(2)}x`,
      `https://a${text.slice(10)}b`,
    ]

    for (const one of pathological) {
      let cost = Number.POSITIVE_INFINITY
      // The first runs are slower, until they are compiled.
      for (let run = 0; run < 5; run++) cost = Math.min(cost, await cpuMs(() => renderContent(one)))
      expect(cost).toBeLessThan(20)
    }
  })

  test("and its cost grows with its length, not faster", async () => {
    const costOf = (length: number) => cpuMs(() => renderContent(`https://${".".repeat(length)}x`))
    await costOf(1000)

    // 10,000 times 10,000 steps would take seconds.
    expect(Math.min(await costOf(100_000), await costOf(100_000))).toBeLessThan(200)
  })
})

function expectLinks(text: string, hrefs: string[]): void {
  const html = `<div>${renderContent(text)}</div>`

  const attributes = { target: "_blank", rel: "noopener noreferrer nofollow ugc" }
  const links = hrefs.map((href) => ({ name: "a", attributes: { href, ...attributes }, text: href }))
  expect(find(html, "div *")).toEqual(links)
  expect(the(html, "div").text).toBe(text)
}
