import { describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { scripts } from "../../package.json"
import { configurationPage } from "../../src/cli/docs/configuration-page.ts"
import { root } from "../support/markdown.ts"

// The README and the guides under docs/ agree with the code.

interface Guide {
  path: string
  text: string
  /** The text without its code blocks. */
  prose: string
}

const maxCell = 100
const maxReadmeLines = 130

const guides = await readGuides()

test("the guides are found", () => {
  const paths = guides.map(({ path }) => path)

  expect(paths).toContain("README.md")
  expect(paths).toContain("docs/guarantees.md")
  expect(paths).toContain("docs/decisions/README.md")
  expect(paths).toContain("bench/README.md")
})

test("the README is short", () => {
  expect(guideAt("README.md").text.split("\n").length).toBeLessThanOrEqual(maxReadmeLines)
})

test("the configuration page is what `bun run docs` writes", () => {
  expect(guideAt("docs/configuration.md").text).toBe(configurationPage())
})

test("every decision is in the list of decisions", () => {
  const decisions = guides.map(({ path }) => path).filter((path) => /^docs\/decisions\/\d/.test(path))
  const listed = linksIn(guideAt("docs/decisions/README.md")).map(({ target }) => `docs/decisions/${target}`)

  expect(decisions.length).toBeGreaterThan(20)
  expect(listed.toSorted()).toEqual(decisions.toSorted())
})

test("the tutorial shows the code as it is", async () => {
  const excerpts = excerptsIn(guideAt("docs/adding-a-feature.md").text)
  expect(excerpts.length).toBeGreaterThan(15)

  for (const { path, lines } of excerpts) {
    const code = codeLines(await Bun.file(join(root, path)).text())
    expect([path, missingFrom(code, lines)]).toEqual([path, undefined])
  }
})

describe.each(guides)("$path", (guide) => {
  test("has tables that can be read as text", () => {
    const rows = guide.prose.split("\n").filter((line) => line.startsWith("|"))
    const cells = rows.flatMap((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))

    expect(cells.filter((cell) => cell.length > maxCell)).toEqual([])
  })

  test("has local links that lead somewhere", () => {
    const broken = linksIn(guide).filter(({ target, anchor }) => !leadsSomewhere(guide, target, anchor))

    expect(broken).toEqual([])
  })

  test("names paths and commands that exist", () => {
    expect(pathsIn(guide.text).filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(commandsIn(guide.text).filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })
})

async function readGuides(): Promise<Guide[]> {
  const found: Guide[] = []
  for (const pattern of ["*.md", "{docs,bench,src}/**/*.md"]) {
    for await (const path of new Bun.Glob(pattern).scan({ cwd: root })) {
      if (path.includes("node_modules/")) continue
      const text = await Bun.file(join(root, path)).text()
      found.push({ path, text, prose: text.replaceAll(/```[\s\S]*?```/g, "") })
    }
  }
  return found.toSorted((a, b) => a.path.localeCompare(b.path))
}

function guideAt(path: string): Guide {
  return guides.find((guide) => guide.path === path) as Guide
}

function linksIn({ prose }: Guide): { target: string; anchor: string | undefined }[] {
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link)
  return links
    .filter((link) => !/^(https?|mailto):/.test(link))
    .map((link) => {
      const [target = "", anchor] = link.split("#")
      return { target, anchor }
    })
}

function leadsSomewhere({ path, text }: Guide, target: string, anchor: string | undefined): boolean {
  const file = target === "" ? path : normalize(join(dirname(path), target))
  if (!existsSync(join(root, file))) return false

  const content = target === "" ? text : guideAt(file)?.text
  return anchor === undefined || headingsOf(content ?? "").includes(anchor)
}

/** The ids that GitHub gives to headings. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  )
}

/** Paths of this repository in code spans; not those with a placeholder. */
function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`((?:src|views|static|drizzle|tests|docs|bench|chaos)\/[\w./-]*)`/g)]
  return spans.map(([, path = ""]) => path)
}

function commandsIn(text: string): string[] {
  const commands = [...text.matchAll(/\bbun run ([\w:-]+)/g)].map(([, name = ""]) => name)
  return commands.filter((name) => name !== "src")
}

/** The code blocks that follow a sentence "… `path`:". */
function excerptsIn(text: string): { path: string; lines: string[] }[] {
  const found = text.matchAll(/`([\w./-]+)`:\n\n```(\w+)\n([\s\S]*?)```/g)
  return [...found].map(([, path = "", language, code = ""]) => ({
    path,
    lines: codeLines(language === "diff" ? code.replaceAll(/^[+ ]/gm, "") : code),
  }))
}

/** The lines of some code without indentation, comments and elisions. */
function codeLines(code: string): string[] {
  const lines = code.replaceAll(/\/\*\*[\s\S]*?\*\//g, "").split("\n")
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "…" && !line.startsWith("//"))
}

/** The first line of an excerpt that does not follow the others in the code. */
function missingFrom(code: string[], excerpt: string[]): string | undefined {
  let at = 0
  return excerpt.find((line) => {
    const found = code.indexOf(line, at)
    at = found + 1
    return found < 0
  })
}
