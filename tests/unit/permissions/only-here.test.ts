import { describe, expect, test } from "bun:test"
import { join } from "node:path"

// What a viewer may do is decided in src/features/permissions and nowhere else: roles will be added there alone.

const root = join(import.meta.dir, "../../..")
const own = "src/features/permissions/"

const sources = await readSources()

/** Files that name the owner of a server without deciding by it. */
const namesOwner: Record<string, string> = {
  "src/features/servers/contract.ts": "a field of the contract",
  "src/features/servers/store.ts": "reads that field; makes the owner the first member",
  "src/features/servers/handlers.ts": "creates a server",
  "src/features/conversations/store.ts": "creates a conversation",
  "src/features/members/contract.ts": "a field of the contract",
  "src/features/members/store.ts": "reads that field",
  "src/features/members/docs.ts": "an example of that field",
  "src/features/api/sample.ts": "an example of a server",
  "src/features/profiles/contract.ts": "a field of the contract",
  "src/features/profiles/docs.ts": "an example of that field",
  "src/features/profiles/require-profile.ts": "returns that field",
  "src/features/moderation/decide-on-member.ts": "says why nobody may act on the owner, after `canActOn`",
  "src/features/transfers/handlers.ts": "makes another member the owner",
  "src/features/transfers/store.ts": "stores the owner",
  "views/member-roles.tsx": "shows that field as a badge",
  "views/members.tsx": "shows that field as a badge",
  "src/cli/seed.ts": "creates a server",
  "src/cli/workspace/fill-workspace.ts": "creates a server",
}

/** Files that name the table of memberships without deciding by it. */
const namesMembers: Record<string, string> = {
  "src/features/members/store.ts": "lists, adds and removes members",
  "src/features/members/listed.ts": "lists those who may view a channel",
  "src/features/members/kept-membership.ts": "keeps what a membership was, and restores it",
  "src/features/automod/store.ts": "times members out",
  "src/features/data-exports/server-store.ts": "lists members' names for the archive of a server",
  "src/features/audit-log/store.ts": "reads nicknames",
  "src/features/reports/store.ts": "reads nicknames",
  "src/features/face-columns.ts": "reads nicknames",
  "src/features/inbox/items.ts":
    "looks for unread mentions in somebody's servers, before it asks who may read them",
  "src/features/messages/append.ts": "reads nicknames",
  "src/features/profiles/faces.ts": "reads nicknames",
  "src/features/profiles/store.ts": "reads nicknames and servers in common",
  "src/features/joining/store.ts": "notes who accepted the rules, and counts joins",
  "src/features/servers/order.ts": "orders someone's own servers",
  "src/features/moderation/nicknames.ts": "changes nicknames",
  "src/features/moderation/timeouts.ts": "times members out",
  "src/db/sqlite/versions.ts": "counts the changes of tables",
  "src/cli/workspace/fill-workspace.ts": "adds members",
}

const owner = /\b(ownerId|isOwner|owner_id)\b/
const membership = /\b(serverMembers|server_members)\b/

test("the sources are read, and these names are found in them", () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(sources.filter(({ path, text }) => path.startsWith(own) && owner.test(text)).length).toBeGreaterThan(
    2,
  )
})

describe("outside of permissions", () => {
  test("only the files listed here read a server's owner", () => {
    expect(naming(owner)).toEqual(Object.keys(namesOwner).toSorted())
  })

  test("no file compares a server's owner", () => {
    const compared = [
      /\b(ownerId|isOwner)\b\s*([!=]==?|&&|\?[^.:]|\|\|)/,
      /([!=]==?|!|&&|\|\|)\s*[\w.?]*\b(ownerId|isOwner)\b(?!\s*:)/,
      /\b(eq|ne|inArray)\([^)]*\bownerId\b/,
      /\bowner_id\b\s*(=|<>|in\b)/,
      /\.includes\([^)]*\bownerId\b/,
    ]
    const found = linesWith(
      ({ path }) => !path.startsWith(own),
      (line) => compared.some((pattern) => pattern.test(line)),
    )

    expect(found).toEqual([
      // Shown, not decided by.
      'views/member-roles.tsx: {isOwner && <span class="badge">owner</span>}',
      'views/members.tsx: {member.isOwner && <span class="badge">owner</span>}',
    ])
  })

  test("only the files listed here read the table of memberships", () => {
    expect(naming(membership)).toEqual(Object.keys(namesMembers).toSorted())
  })
})

test("it knows the database, the kernel, how people are named and what is read, and no other feature", () => {
  const imports = sources
    .filter(({ path }) => path.startsWith(own))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\bfrom\s+"([^"]+)"/g)].map(([, from = ""]) => ({ path, from })),
    )
  expect(imports.length).toBeGreaterThan(20)

  const may =
    /^(\.\/[\w-]+\.ts|\.\.\/\.\.\/(kernel\/index|db\/\w+|cache\/\w+)\.ts|\.\.\/(face-columns|read-count)\.ts|(\.\.\/){3}drizzle\/schema\.ts|drizzle-orm|zod)$/
  expect(imports.filter(({ from }) => !may.test(from))).toEqual([])
})

/** The files outside of permissions in which a name is, but for comments. */
function naming(pattern: RegExp): string[] {
  return sources
    .filter(({ path, text }) => !path.startsWith(own) && pattern.test(text))
    .map(({ path }) => path)
    .toSorted()
}

function linesWith(isOf: (source: Source) => boolean, fits: (line: string) => boolean): string[] {
  return sources.filter(isOf).flatMap(({ path, text }) =>
    text
      .split("\n")
      .filter(fits)
      .map((line) => `${path}: ${line.trim()}`),
  )
}

interface Source {
  path: string
  text: string
}

async function readSources(): Promise<Source[]> {
  const found: Source[] = []
  for (const folder of ["src", "views"]) {
    for await (const path of new Bun.Glob(`${folder}/**/*.{ts,tsx}`).scan({ cwd: root })) {
      if (path.startsWith("src/kernel/")) continue
      found.push({ path, text: withoutComments(await Bun.file(join(root, path)).text()) })
    }
  }
  return found.toSorted((a, b) => a.path.localeCompare(b.path))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1")
}
