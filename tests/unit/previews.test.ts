import { describe, expect, test } from "bun:test"
import { linksIn } from "../../src/features/previews/links.ts"
import { decodePage, readPage } from "../../src/features/previews/page.ts"
import { cpuMs } from "../support/cpu.ts"

describe("the links that get a preview", () => {
  test.each<[content: string, links: string[]]>([
    ["no link", []],
    [
      "see https://a.example/ and http://b.example/x?y=1#z.",
      ["https://a.example/", "http://b.example/x?y=1#z"],
    ],
    ["[a page](https://a.example/) > quoted", ["https://a.example/"]],
    [
      "> https://a.example/\n- https://b.example/\n# https://c.example/",
      "abc".split("").map((x) => `https://${x}.example/`),
    ],
    ["https://a.example/ https://a.example/", ["https://a.example/"]],
    [
      [1, 2, 3, 4, 5].map((n) => `https://a.example/${n}`).join(" "),
      [1, 2, 3].map((n) => `https://a.example/${n}`),
    ],
    ["not <https://a.example/>", []],
    ["`https://a.example/`", []],
    ["```\nhttps://a.example/\n```", []],
    ["||https://a.example/||", []],
    ["ftp://a.example/ javascript://a.example/", []],
  ])("of %j", (content, links) => expect(linksIn(content)).toEqual(links))
})

describe("the metadata of a page", () => {
  test("prefers Open Graph and Twitter cards to the title", () => {
    const title = "<title>For everyone</title><meta name=description content='Also'>"
    const card = '<meta name="twitter:title" content="A card"><meta property="OG:Title" content="A graph">'
    const rest =
      '<meta property="og:site_name" content="Site"><meta property="og:image" content="/a.png"><meta property="og:description" content="Words">'

    expect(readPage(title)).toMatchObject({ title: "For everyone", description: "Also" })
    expect(readPage(title + card + rest)).toEqual({
      title: "A graph",
      description: "Words",
      siteName: "Site",
      image: "/a.png",
    })
    expect(readPage("<p>nothing</p>")).toBeNull()
    expect(readPage("<title> \u202e\u200f </title>")).toBeNull()
  })

  test("is short plain text: no markup, nothing that cannot be seen or that turns the text around", () => {
    const title =
      "&lt;b&gt;A&amp;amp;\n\t B&#x202e;&#0;&#x110000;\u202e\u2066c\u0301\u0301\u0301\u0301\u0301\u0301 &unknown;"
    const page = readPage(`<title>${title}</title><meta name="description" content="${"x".repeat(100_000)}">`)

    expect(page?.title).toBe("<b>A&amp; B \ufffd\ufffd c\u0301\u0301\u0301 &unknown;")
    expect(page?.description).toHaveLength(320)
    expect(readPage(`<title>${"😀".repeat(500)}</title>`)?.title.isWellFormed()).toBe(true)
  })

  test("is the first title, not that of a picture", () => {
    expect(readPage("<title>Page</title><svg><title>Picture</title></svg>")?.title).toBe("Page")
  })

  test("is read in the letters that it is written in", () => {
    const cyrillic = new Uint8Array([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])
    const page = (meta: string) =>
      Buffer.concat([Buffer.from(`${meta}<title>`), cyrillic, Buffer.from("</title>")])

    expect(readPage(decodePage(page(""), "text/html; charset=windows-1251"))?.title).toBe("Привет")
    expect(readPage(decodePage(page('<meta charset="windows-1251">'), "text/html"))?.title).toBe("Привет")
    expect(readPage(decodePage(page(""), "text/html; charset=no-such"))?.title).toContain("\ufffd")
  })

  test("is parsed quickly in hostile pages", async () => {
    const pages = [
      "<meta ".repeat(80_000),
      `<title>${"<".repeat(500_000)}`,
      `<title>${"&#x41;".repeat(80_000)}`,
      `<title>${"\u0301".repeat(200_000)}`,
      `<title>${" ".repeat(500_000)}x`,
      "<a><b><i>".repeat(50_000),
    ]
    for (const page of pages) {
      expect(await cpuMs(() => readPage(page))).toBeLessThan(1000)
    }
    const late = readPage(
      `<title>Page</title>${"<i>".repeat(50_000)}<meta property="og:title" content="Too late">`,
    )
    expect(late?.title).toBe("Page")
  })
})
