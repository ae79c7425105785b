import { describe, expect, test } from "bun:test"
import { dirname, join, relative } from "node:path"

const root = join(import.meta.dir, "../..")

/** A file of the project and what it imports: files by their path, packages by their name. */
interface Source {
  path: string
  text: string
  imports: { from: string; isType: boolean }[]
}

const sources = await readSources()

test("the sources are found, and so are their imports", () => {
  expect(sources.length).toBeGreaterThan(60)
  expect(importsOf("src/main.ts")).toContain("src/app.ts")
  expect(importsOf("src/web/live/broadcast-feed.ts")).toContain("src/web/live/update.ts")
})

/** What the files of a folder may import, besides each other. */
const allowed: [folder: string, may: RegExp[]][] = [
  ["src/kernel/", [/^zod$/, /^@covenant-rpc\/ion$/]],
  // Knows nothing: whoever caches says what.
  ["src/cache/", [/^bun:sqlite$/]],
  [
    "src/web/",
    [
      /^src\/cache\//,
      /^src\/kernel\/index\.ts$/,
      /^(elysia|memoirist|ipaddr\.js|@covenant-rpc\/ion)$/,
      /^node:/,
    ],
  ],
  [
    // The other process: it knows the kernel and the edge, and nothing of the chat.
    "src/sidekick/",
    [
      /^src\/(kernel\/index|config|observability\/[\w-]+)\.ts$/,
      /^src\/web\//,
      /^(zod|elysia|@covenant-rpc\/ion)$/,
    ],
  ],
  [
    "src/db/",
    [
      /^src\/cache\//,
      /^drizzle\/schema\.ts$/,
      /^drizzle-orm/,
      /^bun:sqlite$/,
      /^node:/,
      /^src\/features\/accounts\//,
    ],
  ],
  ["drizzle/", [/^drizzle-orm/, /^src\/features\/messages\/extras\.ts$/]],
  [
    "src/features/",
    [
      /^src\/(kernel\/index|config|covenant|observability\/(log|metrics)|rate-limit)\.ts$/,
      /^src\/(web|db|cache)\//,
      /^views\//,
      /^drizzle\/schema\.ts$/,
      /^(zod|elysia|drizzle-orm|better-auth|gemoji)/,
      /^node:/,
    ],
  ],
  [
    "views/",
    [
      /^@kitajs\/html$/,
      // Where its files are, and what a message's text becomes: pure, and known at the time of rendering.
      /^src\/web\/(assets|clock|viewer-styles)\.ts$/,
      /^src\/features\/messages\/render\.ts$/,
      /^src\/features\/\w+\/(contract|message-fields)\.ts$/,
    ],
  ],
]

describe("imports point one way", () => {
  test.each(allowed)("from %s", (folder, may) => {
    const inside = sources.filter(({ path }) => path.startsWith(folder))
    expect(inside.length).toBeGreaterThan(0)

    const astray = inside.flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => !from.startsWith(folder) && !may.some((pattern) => pattern.test(from)))
        .map(({ from }) => `${path} imports ${from}`),
    )

    expect(astray).toEqual([])
  })

  test("nothing but the process imports the app, and nothing at all a process", () => {
    const importers = (path: string) =>
      sources.filter(({ imports }) => imports.some(({ from }) => from === path)).map((source) => source.path)

    expect(importers("src/app.ts")).toEqual(["src/main.ts"])
    expect(importers("src/main.ts")).toEqual([])
    expect(importers("src/sidekick.ts")).toEqual([])
  })
})

test("of the kernel only what speaks over a network encodes, and nothing else of it needs that", () => {
  const isNetwork = (path: string) => path.startsWith("src/kernel/network/")
  const kernel = sources.filter(({ path }) => path.startsWith("src/kernel/") && !isNetwork(path))

  const astray = kernel.filter(({ imports }) => imports.some(({ from }) => /^@|network\//.test(from)))
  expect(astray.map(({ path }) => path)).toEqual([])
})

/** Parts of a feature that another may not use, with those it must. */
const closed = /^src\/features\/(\w+)\/(routes|handlers|fragments|live|log)\.tsx?$/
const exceptions = new Set([
  // A room's feed carries who is there, who writes, and what stands around it, beside its messages.
  "src/features/rooms/live/feeds.ts imports src/features/presence/fragments.tsx",
  "src/features/rooms/live/member-presence.ts imports src/features/presence/fragments.tsx",
])

test("a feature uses another's contract, policy and store, never its routes or handlers", () => {
  const astray = sources.flatMap(({ path, imports }) => {
    const feature = path.match(/^src\/features\/(\w+)\//)?.[1]
    const taken = imports.filter(
      ({ from }) => feature && ![feature, undefined].includes(from.match(closed)?.[1]),
    )
    return taken.map(({ from }) => `${path} imports ${from}`)
  })

  expect(astray.filter((use) => !exceptions.has(use))).toEqual([])
  expect([...exceptions].filter((use) => !astray.includes(use))).toEqual([]) // what nobody needs is no exception
})

test("what features add to messages is pure zod: the contract of messages is made from it", () => {
  const fields = sources.filter(({ path }) => /^src\/features\/\w+\/message-fields\.ts$/.test(path))

  expect(fields.length).toBeGreaterThan(5)
  expect(fields.flatMap(({ imports }) => imports).filter(({ from }) => from !== "zod")).toEqual([])
})

test("views take no more than types from the features, but for limits and the renderer", () => {
  const taken = sources
    .filter(({ path }) => path.startsWith("views/"))
    .flatMap(({ imports }) =>
      imports.filter(({ from, isType }) => from.startsWith("src/features/") && !isType),
    )

  expect([...new Set(taken.map(({ from }) => from))].toSorted()).toEqual([
    "src/features/bans/contract.ts",
    "src/features/files/contract.ts",
    "src/features/files/message-fields.ts",
    "src/features/messages/contract.ts",
    "src/features/messages/render.ts",
    "src/features/search/contract.ts",
  ])
})

test("only config.ts reads the environment, and only the processes hand it over", () => {
  const processes = ["src/main.ts", "src/sidekick.ts"]
  const readers = sources.filter(({ text }) =>
    /\b(process|Bun|import\.meta)\.env\b/.test(withoutComments(text)),
  )

  expect(readers.map(({ path }) => path).filter((path) => path !== "src/config.ts")).toEqual(processes)
  for (const path of processes) {
    expect(sources.find((source) => source.path === path)?.text.match(/process\.env/g)).toHaveLength(1)
  }
})

test("no file imports itself in a circle within the kernel and the edge", () => {
  const inner = new Set(sources.map(({ path }) => path).filter((path) => /^src\/(kernel|web)\//.test(path)))
  const circles = [...inner].filter((start) => {
    const reached = new Set<string>()
    const visit = (path: string) => {
      for (const { from, isType } of sources.find((source) => source.path === path)?.imports ?? []) {
        if (isType || !inner.has(from) || reached.has(from)) continue
        reached.add(from)
        visit(from)
      }
    }
    visit(start)
    return reached.has(start)
  })

  expect(circles).toEqual([])
})

function importsOf(path: string): string[] {
  return sources.find((source) => source.path === path)?.imports.map(({ from }) => from) ?? []
}

async function readSources(): Promise<Source[]> {
  const found: Source[] = []
  for (const folder of ["src", "views", "drizzle"]) {
    for await (const name of new Bun.Glob(`${folder}/**/*.{ts,tsx}`).scan({ cwd: root })) {
      const text = await Bun.file(join(root, name)).text()
      found.push({ path: name, text, imports: readImports(name, text) })
    }
  }
  return found.toSorted((a, b) => a.path.localeCompare(b.path))
}

function readImports(path: string, text: string): Source["imports"] {
  const statement =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^"'`;]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/g
  return [...withoutComments(text).matchAll(statement)].map(([, type, from, awaited]) => {
    const name = from ?? awaited ?? ""
    const target = name.startsWith(".") ? relative(root, join(root, dirname(path), name)) : name
    return { from: target, isType: type !== undefined }
  })
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1")
}
