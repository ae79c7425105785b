import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"

const root = join(import.meta.dir, "../..")
const maxLines = 60

/** Longer functions that are waiting to be split. The list only gets shorter. */
const exceptions = [
  "src/app.ts createApp",
  "src/create-services.ts createServices",
  "src/features/accounts/routes.tsx accountsRoutes",
  "src/features/bots/routes.tsx botsRoutes",
  "src/features/conversations/routes.tsx conversationsRoutes",
  "src/features/invites/routes.tsx invitesRoutes",
  "src/features/messages/routes.tsx messagesRoutes",
  "src/features/permissions/store.ts statements",
  "src/features/rooms/live/routes.ts liveRoutes",
  "src/features/servers/routes.tsx serversRoutes",
  "src/features/threads/store.ts statements",
  "views/api-reference.tsx OperationItem",
  "views/bots.tsx BotPage",
  "views/composer.tsx ComposerForm",
  "views/people-picker.tsx PeoplePicker",
  "views/room-header.tsx RoomHeader",
  "views/shell.tsx ServerRail",
]

test("the browser's functions are short", () => {
  const functions = functionsOf("static/*.js")
  expect(functions.length).toBeGreaterThan(200)

  expect(longOf(functions)).toEqual([])
})

test("the server's functions are short, but for those that are known", () => {
  const functions = [...functionsOf("src/**/*.{ts,tsx}"), ...functionsOf("views/**/*.tsx")]
  expect(functions.length).toBeGreaterThan(1000)

  expect(longOf(functions)).toEqual(exceptions)
})

interface MeasuredFunction {
  path: string
  name: string
  lines: number
}

function longOf(functions: MeasuredFunction[]): string[] {
  const long = functions.filter(({ lines }) => lines > maxLines)
  return long.map(({ path, name }) => `${path} ${name}`).toSorted()
}

function functionsOf(pattern: string): MeasuredFunction[] {
  return [...new Bun.Glob(pattern).scanSync(root)].flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8")
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    const found: MeasuredFunction[] = []
    const visit = (node: ts.Node) => {
      if (ts.isFunctionLike(node) && "body" in node && node.body) {
        const [start, end] = [node.getStart(), node.end].map(
          (position) => file.getLineAndCharacterOfPosition(position).line,
        )
        found.push({ path, name: nameOf(node), lines: (end ?? 0) - (start ?? 0) + 1 })
      }
      ts.forEachChild(node, visit)
    }
    visit(file)
    return found
  })
}

/** Its own name, or that of the declaration it is in. */
function nameOf(node: ts.Node): string {
  if ("name" in node && node.name) return (node.name as ts.Node).getText()
  return node.parent ? nameOf(node.parent) : ""
}
