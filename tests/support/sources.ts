import { dirname, join, relative } from "node:path"

const root = join(import.meta.dir, "../..")

/** A file of the project and what it imports: files by their path, packages by their name. */
export interface Source {
  path: string
  text: string
  imports: { from: string; isType: boolean }[]
}

/** The files of `src`, `views` and `drizzle`. */
export async function readSources(): Promise<Source[]> {
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

export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1")
}

/** What each node points to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** The circles of a graph: groups of nodes of which each can be reached from each other one (Tarjan's algorithm). */
export function circlesOf(graph: Graph): string[][] {
  const circles: string[][] = []
  const numbers = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  for (const node of graph.keys()) if (!numbers.has(node)) visit(node)
  return circles

  function visit(node: string): number {
    const number = numbers.size
    numbers.set(node, number)
    lowest.set(node, number)
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue
      const low = !numbers.has(next) ? visit(next) : stack.includes(next) ? (numbers.get(next) ?? 0) : number
      lowest.set(node, Math.min(lowest.get(node) ?? 0, low))
    }
    if (lowest.get(node) === number) {
      const group = stack.splice(stack.indexOf(node))
      if (group.length > 1) circles.push(group.toSorted())
    }
    return lowest.get(node) ?? 0
  }
}
