import { describe, expect, test } from "bun:test"
import { dirname } from "node:path"
import { circlesOf, type Graph, readSources, withoutComments } from "../support/sources.ts"

const sources = await readSources()
const aboveServices = findAboveServices()

test("the sources are found, and so are their imports", () => {
  expect(sources.length).toBeGreaterThan(60)
  expect(importsOf("src/main.ts")).toContain("src/app.ts")
  expect(importsOf("src/web/live/broadcast-feed.ts")).toContain("src/web/live/update.ts")
})

/** What the files of a folder may import, besides each other. */
const allowed: [folder: string, may: RegExp[]][] = [
  ["src/kernel/", [/^zod$/, /^@covenant-rpc\/ion$/]],
  // Knows no feature: its users pass what they cache.
  ["src/cache/", [/^bun:sqlite$/]],
  [
    "src/web/",
    [
      /^src\/cache\//,
      /^src\/kernel\/index\.ts$/,
      /^(elysia|memoirist|ipaddr\.js|@covenant-rpc\/ion|(pdfjs-dist|@infolektuell\/noto-color-emoji)\/package\.json)$/,
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
    // Connects the nodes of an installation. What it applies to them it gets as functions.
    "src/cluster/",
    [
      /^src\/(kernel\/index|rate-limit(-headers)?|observability\/[\w-]+)\.ts$/,
      /^src\/sidekick\/(outbox|sequence-tracker)\.ts$/,
      /^src\/(db|cache)\/[\w-]+\.ts$/,
      /^src\/db\/postgres\/(advisory-lock|versions)\.ts$/,
      /^src\/features\/presence\/(presence|shown-rooms)\.ts$/,
      /^(zod|bun|node:crypto|@covenant-rpc\/ion)$/,
    ],
  ],
  [
    "src/db/",
    [
      /^src\/cache\//,
      /^drizzle\/schema\.ts$/,
      /^drizzle-orm/,
      /^bun(:sqlite)?$/,
      /^src\/root\.ts$/,
      /^node:/,
      /^src\/features\/accounts\//,
    ],
  ],
  ["drizzle/", [/^drizzle-orm/, /^src\/features\/(messages\/extras|permissions\/bits)\.ts$/]],
  [
    "src/features/",
    [
      /^src\/(kernel\/index|config|covenant|observability\/(log|metrics)|rate-limit|root)\.ts$/,
      /^src\/(web|db|cache)\//,
      /^views\//,
      /^drizzle\/schema\.ts$/,
      /^(zod|elysia|drizzle-orm|better-auth|gemoji|nodemailer|openid-client|uqr$|@simplewebauthn\/server$|yazl|libheif-js|@jsquash\/avif|wink-porter2-stemmer$|@orama\/stemmers\/)/,
      /^node:/,
    ],
  ],
  [
    "views/",
    [
      /^@kitajs\/html$/,
      // Where its files are, and what a message's text becomes: pure, and known at the time of rendering.
      /^src\/(web\/(assets|clock|look)|cache\/once)\.ts$/,
      /^src\/features\/messages\/render\.ts$/,
      /^src\/features\/[\w-]+\/(contract|message-fields)\.ts$/,
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

test("only one file knows the client of Redis", () => {
  const users = sources.filter(({ text }) => /\bRedisClient\b/.test(text)).map(({ path }) => path)

  expect(users).toEqual(["src/cluster/redis-connection.ts"])
})

test("only one folder knows the client of Postgres", () => {
  const users = sources.filter(({ text }) =>
    /\bSQL\b.* from "bun"|\bBun\.(SQL|sql)\b/.test(withoutComments(text)),
  )

  expect(users.length).toBeGreaterThan(0)
  expect(users.map(({ path }) => path).filter((path) => !path.startsWith("src/db/postgres/"))).toEqual([])
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
  const fields = sources.filter(({ path }) => /^src\/features\/(\w+\/message-fields|names)\.ts$/.test(path))

  expect(fields.length).toBeGreaterThan(5)
  expect(
    fields
      .flatMap(({ imports }) => imports)
      .filter(({ from }) => !["zod", "src/features/names.ts"].includes(from)),
  ).toEqual([])
})

test("views take no more than types from the features, but for limits and the renderer", () => {
  const taken = sources
    .filter(({ path }) => path.startsWith("views/"))
    .flatMap(({ imports }) =>
      imports.filter(({ from, isType }) => from.startsWith("src/features/") && !isType),
    )

  expect([...new Set(taken.map(({ from }) => from))].toSorted()).toEqual([
    "src/features/audit-log/contract.ts",
    "src/features/automod/contract.ts",
    "src/features/bans/contract.ts",
    "src/features/data-exports/contract.ts",
    "src/features/feeds/contract.ts",
    "src/features/files/contract.ts",
    "src/features/files/message-fields.ts",
    "src/features/instance/contract.ts",
    "src/features/joining/contract.ts",
    "src/features/messages/contract.ts",
    "src/features/messages/render.ts",
    "src/features/polls/message-fields.ts",
    "src/features/profiles/contract.ts",
    "src/features/reminders/contract.ts",
    "src/features/reports/contract.ts",
    "src/features/search/contract.ts",
  ])
})

test("only config.ts reads the environment, and only the processes hand it over", () => {
  const processes = ["src/cli/cluster.ts", "src/cli/move.ts", "src/main.ts", "src/sidekick.ts"]
  const readers = sources.filter(({ text }) =>
    /\b(process|Bun|import\.meta)\.env\b/.test(withoutComments(text)),
  )

  expect(readers.map(({ path }) => path).filter((path) => path !== "src/config.ts")).toEqual(processes)
  for (const path of processes) {
    expect(sources.find((source) => source.path === path)?.text.match(/process\.env/g)).toHaveLength(1)
  }
})

describe("no circles", () => {
  test("among files, types counted", () => {
    expect(circlesOf(fileGraph())).toEqual([])
  })

  test("among the features' folders, below what knows the services", () => {
    const units = new Map<string, Set<string>>()
    for (const { path, imports } of sources) {
      if (!isBelowServices(path)) continue
      const targets = imports.map(({ from }) => from).filter(isBelowServices)
      const others = new Set(targets.map(unitOf)).difference(new Set([unitOf(path)]))
      units.set(unitOf(path), others.union(units.get(unitOf(path)) ?? new Set()))
    }
    expect(units.size).toBeGreaterThan(40)

    expect(circlesOf(units)).toEqual([])
  })
})

/** What must form no circle: a folder without its contract, its contract, and each file that is in no feature's folder. */
function unitOf(path: string): string {
  const folder = dirname(path)
  // The contract of messages is composed of what other features add to it, which stands apart for that.
  if (folder === "src/features" || path.endsWith("/message-fields.ts")) return path

  return /\/(contract|extras)\.ts$/.test(path) ? `${folder} (contract)` : folder
}

/**
 * The layers of `src/features`, from the ground up. A file imports from its own layer and those below.
 *
 * 1. Contracts and message fields: pure zod. `src/covenant.ts` composes the contract of them.
 * 2. What the services are made of: permissions, stores, hooks, limits, workers, caches, feeds. They take what they need
 *    as small interfaces, and know neither the services as a whole nor a request. Folders form no circle here.
 * 3. `services.ts`, the services as a whole; `visit.ts` and `forms.tsx`, a page's request.
 * 4. Handlers, routes, and what only they share: pages, live sessions, sending. They may use any feature's lower layers.
 * 5. Each feature's `index.ts`, which names its parts; `features/index.ts`, the list of them; the API's documentation.
 *
 * Above are `create-services.ts`, `chat.ts` and `app.ts`, which compose, and `main.ts`, the process.
 */
describe("the layers of features", () => {
  test("stores import no routes and no handlers", () => {
    const low =
      /\/(\w+-)*(contract|docs|extras|hooks|limits|message-fields|policy|store)\.ts$|\/permissions\//
    const features = sources.filter(({ path }) => path.startsWith("src/features/") && low.test(path))
    expect(features.length).toBeGreaterThan(70)

    expect(features.map(({ path }) => path).filter((path) => !isBelowServices(path))).toEqual([])
  })

  test("only a feature's index imports its handlers, routes and docs", () => {
    const part = /^src\/features\/([\w-]+)\/(?:live\/)?(handlers|routes|[\w-]*docs)\.tsx?$/
    const astray = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => part.test(from) && path !== `src/features/${from.match(part)?.[1]}/index.ts`)
        .map(({ from }) => `${path} imports ${from}`),
    )

    expect(astray).toEqual(["src/app.ts imports src/features/api/routes.tsx"])
  })

  test("only the list imports features' indexes, and only what composes imports the list", () => {
    const index = /^src\/features\/[\w-]+\/index\.ts$/
    const importers = (of: (path: string) => boolean) => [
      ...new Set(
        sources.filter(({ imports }) => imports.some(({ from }) => of(from))).map(({ path }) => path),
      ),
    ]

    expect(importers((path) => index.test(path))).toEqual(["src/features/index.ts"])
    expect(importers((path) => path === "src/features/index.ts")).toEqual([
      ...["src/app.ts", "src/chat.ts", "src/create-services.ts"],
    ])
  })
})

/** In `src/features`, and not importing the services as a whole, whether itself or by another. */
function isBelowServices(path: string): boolean {
  return path.startsWith("src/features/") && !aboveServices.has(path)
}

function findAboveServices(): Set<string> {
  const graph = fileGraph()
  const above = new Set(["src/features/services.ts"])
  // Everything that a file above stands on is visited again when it turns out to be above itself.
  for (const found of above) {
    for (const [path, targets] of graph) if (targets.has(found)) above.add(path)
  }
  return above
}

function fileGraph(): Graph {
  return new Map(sources.map(({ path, imports }) => [path, new Set(imports.map(({ from }) => from))]))
}

function importsOf(path: string): string[] {
  return sources.find((source) => source.path === path)?.imports.map(({ from }) => from) ?? []
}
