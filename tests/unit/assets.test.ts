import { expect, test } from "bun:test"
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { openAssets } from "../../src/web/assets.ts"

const folder = join(import.meta.dir, "../../static")

test("the same files have the same URLs in every process, and any change gives all of them new ones", async () => {
  const changed = mkdtempSync(join(tmpdir(), "assets-"))
  try {
    cpSync(folder, join(changed, "static"), { recursive: true })
    symlinkSync(join(folder, "../src"), join(changed, "src"))
    writeFileSync(join(changed, "static/icons/icon.svg"), "<svg/>")

    const [one, again, other] = [
      await openAssets(folder),
      await openAssets(folder),
      await openAssets(join(changed, "static")),
    ]

    expect(one.url("app.js")).toMatch(/^\/static\/\w{12}\/app\.js$/)
    expect(again.url("app.js")).toBe(one.url("app.js"))
    expect(other.url("app.js")).not.toBe(one.url("app.js"))
  } finally {
    rmSync(changed, { recursive: true })
  }
})

test("a file that does not exist has no URL", async () => {
  const assets = await openAssets(folder)

  expect(() => assets.url("nothing.js")).toThrow("nothing.js")
})

test("the joined files are served, and the sources of static/ are not", async () => {
  const assets = await openAssets(folder)
  const ask = (name: string) => assets.serve({ version: "any", name }, new Request("http://localhost/"))

  expect(ask("app.css")?.status).toBe(200)
  for (const name of ["tsconfig.json", "htmx.d.ts", "live.js", "styles/tokens.css", "../package.json"]) {
    expect(ask(name)).toBeUndefined()
  }
})

test("a page loads one module with htmx in it, and the rest when it is needed, each as one file", async () => {
  const assets = await openAssets(folder)
  const read = async (name: string) =>
    (await assets.serve({ version: "any", name }, new Request("http://localhost/"))?.text()) ?? ""
  const isImporting = /\bimport\s*["{*]|\bimport\s+\w+\s+from\b/
  const onDemandIn = (text: string) =>
    [...text.matchAll(/\bimport\("\.\/([^"]+)"\)/g)].map(([, name = ""]) => name)

  const app = await read("app.js")

  expect(app).toContain("window.htmx=htmx")
  expect(app).not.toMatch(isImporting)
  // Help with writing and other parts that few visits need.
  const onDemand = new Set(onDemandIn(app))
  expect(onDemand.size).toBeGreaterThan(5)
  for (const name of onDemand) {
    const text = await read(name)
    expect([name, text.length > 100, isImporting.test(text)]).toEqual([name, true, false])
    for (const next of onDemandIn(text)) onDemand.add(next)
  }
})

test("a file is compressed fast for the first who asks, and as well as it can be for the next", async () => {
  const assets = await openAssets(folder)
  const ask = async () => {
    const request = new Request("http://localhost/", { headers: { "accept-encoding": "gzip, br" } })
    return new Uint8Array(
      (await assets.serve({ version: "any", name: "app.css" }, request)?.arrayBuffer()) ?? [],
    )
  }

  const first = await ask()
  await assets.settled()
  const next = await ask()

  expect(next.length).toBeGreaterThan(1000)
  expect(next.length).toBeLessThan(first.length * 0.95)
  expect(brotliDecompressSync(next)).toEqual(brotliDecompressSync(first))
})

test("the emoji font is declared in parts that exist, has no letters or digits, and stands beside its licence", async () => {
  const assets = await openAssets(folder)
  const ask = (name: string) => assets.serve({ version: "any", name }, new Request("http://localhost/"))
  const sheet = (await ask("emoji.css")?.text()) ?? ""
  const faces = [...sheet.matchAll(/font-family:(\w+);src:url\(([^)]*)\)[^;]*;unicode-range:([^}]*)/g)]

  expect(faces.length).toBe(11)
  for (const [, family, url = "", ranges = ""] of faces) {
    const part = ask(url)
    expect([url, part?.headers.get("content-type")]).toEqual([url, "font/woff2"])
    expect(((await part?.bytes()) ?? []).slice(0, 4)).toEqual(new TextEncoder().encode("wOF2"))
    if (family === "Emoji") expect(ranges).not.toMatch(/U\+(\w\w|30-39|fe0f)(,|$)/i)
  }
  expect(ask("flags/dist/TwemojiCountryFlags.woff2")?.headers.get("content-type")).toBe("font/woff2")
  expect(await ask("emoji/LICENSE")?.text()).toContain("SIL OPEN FONT LICENSE")
  expect(await ask("flags/LICENSE.md")?.text()).toContain("CC BY 4.0")
  for (const name of ["emoji/package.json", "emoji/files/../index.css", "flags/dist/index.mjs"])
    expect(ask(name)).toBeUndefined()
})
