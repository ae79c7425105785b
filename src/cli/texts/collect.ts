import { join } from "node:path"
import ts from "typescript"
import { isProse, textOfChildren, writtenText } from "./text-of.ts"

/** A text that people read. */
export interface PageText {
  /** Relative to the project. */
  file: string
  /** The function, constant or component around it. */
  place: string
  text: string
  /** It says why something was refused. */
  isRefusal?: true
}

/** Text of programs: the documentation of the API, command lines, what developers read when they made a mistake. */
const notForPeople =
  /(^|\/)(\w+-)?docs\.ts$|^src\/(cli|config|kernel|observability|startup|db|cluster|sidekick|main)|^src\/features\/(api|messages\/text|files\/png|webhooks\/(discord|payload|wire))/

/** All texts of views, features and the browser's modules, by file in the order of the source. */
export async function collectTexts(root: string): Promise<PageText[]> {
  const files: string[] = []
  for (const pattern of ["views/**/*.{ts,tsx}", "src/**/*.{ts,tsx}", "static/*.js"]) {
    for await (const file of new Bun.Glob(pattern).scan({ cwd: root })) {
      if (!notForPeople.test(file) && !file.endsWith(".d.ts")) files.push(file)
    }
  }
  const sources = await Promise.all(
    files.toSorted().map(async (file) => ({ file, source: await Bun.file(join(root, file)).text() })),
  )
  return sources.flatMap(({ file, source }) => textsOfFile(file, source))
}

/** The texts of one file. */
export function textsOfFile(file: string, source: string): PageText[] {
  const kind = file.endsWith(".tsx") ? ts.ScriptKind.TSX : file.endsWith(".js") ? ts.ScriptKind.JS : undefined
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, kind)
  const texts: PageText[] = []
  const add = (node: ts.Node, text: string) => {
    const shown = text.replace(/\s+/g, " ").trim()
    if (!/\p{L}{2}/u.test(shown.replace(/\{[^}]*\}/g, ""))) return

    const isRefusal = isArgumentForPeople(node, /^(error|reject|Refusal|refuse)$/)
    texts.push({ file, place: placeOf(node), text: shown, ...(isRefusal && { isRefusal }) })
  }
  visit(tree, add)
  return texts
}

type Add = (node: ts.Node, text: string) => void

function visit(node: ts.Node, add: Add): void {
  if (isForPrograms(node)) return
  if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
    if (ts.isJsxElement(node)) visit(node.openingElement, add)
    visitChildren(node, add)
  } else if (ts.isJsxAttribute(node)) visitAttribute(node, add)
  else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
    const text = writtenText(node)
    if (isProse(text) || (isArgumentForPeople(node, sayingCalls) && text.includes(" "))) add(node, text)
    if (ts.isTemplateExpression(node)) for (const { expression } of node.templateSpans) visit(expression, add)
  } else ts.forEachChild(node, (child) => visit(child, add))
}

/** Text with the elements inside it is one text; other elements are looked into. */
function visitChildren(node: ts.JsxElement | ts.JsxFragment, add: Add): void {
  for (const { text, nodes } of textOfChildren(node.children)) {
    if (text !== undefined) add(nodes[0] ?? node, text)
    for (const child of nodes) {
      if (text === undefined) visit(child, add)
      else visitInside(child, add)
    }
  }
}

/** What is in a sentence has been collected with it, but for the attributes of its elements. */
function visitInside(node: ts.Node, add: Add): void {
  if (ts.isJsxAttribute(node)) visitAttribute(node, add)
  else if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node))
    ts.forEachChild(node, (child) => visitInside(child, add))
}

const attributesForPeople =
  /^(aria-(label|description|roledescription|valuetext)|title|placeholder|alt|label|hint|heading|legend|summary|empty|about|question|submit|action[A-Z]\w*|data-confirm|data-label|data-hint)$/

function visitAttribute(node: ts.JsxAttribute, add: Add): void {
  const name = node.name.getText()
  const value = node.initializer
  if (!value) return
  if (!attributesForPeople.test(name)) {
    if (!/^(class|id|href|name|type|rel|value|hx-|data-|style|d$|viewBox)/.test(name)) visit(value, add)
    return
  }
  const expression = ts.isJsxExpression(value) ? value.expression : value
  if (!expression) return
  const text = writtenText(expression)
  // What a variable holds is collected where it is written.
  if (text.replace(/\{[^}]*\}|[[\]|]/g, "").trim() !== "") add(node, text)
  else visit(expression, add)
}

const sayingCalls = /^(error|reject|Refusal|refuse|announce|say|fail)$/

/** The first argument of calls that show it to people. */
function isArgumentForPeople(node: ts.Node, calls: RegExp): boolean {
  const call = node.parent
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return false
  const name = call.expression.getText().split(".").at(-1) ?? ""
  return call.arguments?.[0] === node && calls.test(name)
}

/** Statements of SQL, imports, types, names, and errors that no user sees. */
function isForPrograms(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true
  if (ts.isTaggedTemplateExpression(node)) return true
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText())
  if (ts.isCallExpression(node))
    return /(^|\.)(log|logger|console|info|warn|debug|describe)$/.test(node.expression.getText())
  return false
}

/** The nearest name around a node. */
function placeOf(node: ts.Node): string {
  for (let at: ts.Node | undefined = node; at && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at) || ts.isClassDeclaration(at)) {
      if (at.name) return at.name.getText()
    }
    if (ts.isVariableDeclaration(at) && ts.isSourceFile(at.parent.parent.parent)) return at.name.getText()
    if (ts.isPropertyAssignment(at) && ts.isFunctionLike(at.initializer)) return at.name.getText()
  }
  return "module"
}
