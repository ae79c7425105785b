import { expect, test } from "bun:test"
import { join } from "node:path"
import ts from "typescript"

const root = join(import.meta.dir, "../..")

/** Names that still stand for two things. The list only gets shorter. */
const exceptions: string[] = []

test("no exported name has two meanings", async () => {
  const files = new Map<string, string[]>()
  for await (const path of new Bun.Glob("{src,views,static,drizzle}/**/*.{ts,tsx,js}").scan({ cwd: root })) {
    for (const name of await declaredExports(path)) files.set(name, [...(files.get(name) ?? []), path])
  }
  expect(files.size).toBeGreaterThan(1000)

  const shared = [...files].filter(([, paths]) => paths.length > 1)
  expect(shared.filter(([name]) => !exceptions.includes(name))).toEqual([])
  expect(exceptions.filter((name) => !shared.some(([other]) => other === name))).toEqual([])
})

/** What a file declares and exports. What it only passes on is the same thing under the same name. */
async function declaredExports(path: string): Promise<Set<string>> {
  const text = await Bun.file(join(root, path)).text()
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : undefined
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const exported = statements.filter(
    (statement) =>
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  )
  return new Set(exported.flatMap(namesOf))
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name))
  }
  const { name } = statement as ts.DeclarationStatement
  return name && ts.isIdentifier(name) ? [name.text] : []
}

function namesIn(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]

  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []))
}
