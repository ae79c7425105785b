import ts from "typescript"

/** Elements that stand inside a sentence. */
const inline = /^(a|abbr|b|bdi|cite|code|em|i|kbd|mark|q|s|small|strong|time|Link|ClockTime|Time)$/

/** Strings that begin as a sentence does, and are for programs. */
const forPrograms = [
  // Signatures of files.
  /[^\P{Cc}\s]/u,
  // Paths of icons.
  /^M-?[\d.]+[ -][\d.]/,
  // Names of keys and of what browsers have.
  /^(Escape|Enter|Tab|Home|End|Notification|Worker)$/,
  // Headers and cookies.
  /^[A-Z][\w-]*\/|[:;] *\w+=|="/,
  // Names in code: constants, types, calls.
  /^[A-Z_\d]+$|^[A-Z][a-z]+[A-Z]|^\w+\(|=>/,
  // Keys of caches.
  /^\w+:\{|^\{\w+\} \w+:/,
]

/** Whether a string is a text for people, by its form: a word with a capital, or words that begin with one or with a value. */
export function isProse(text: string): boolean {
  if (forPrograms.some((pattern) => pattern.test(text))) return false

  const isWord = /^\p{Lu}\p{Ll}{2,}[.?…]?$/u.test(text)
  return isWord || /^["“]?(\p{Lu}|\{[^}]+\} \p{Ll}).* .*\p{Ll}/su.test(text)
}

/** The text of an expression: its strings, `{name}` for values, `[a|b]` for one of several. */
export function writtenText(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    return (
      node.head.text +
      node.templateSpans.map(({ expression, literal }) => writtenText(expression) + literal.text).join("")
    )
  }
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
    return writtenText(node.expression)
  if (ts.isConditionalExpression(node)) return oneOf(writtenText(node.whenTrue), writtenText(node.whenFalse))
  if (ts.isBinaryExpression(node)) return textOfBinary(node)
  if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
    return node.children.map(textOfChild).join("")
  }
  if (
    ts.isCallExpression(node) &&
    /^(escapeHtml|String)$/.test(node.expression.getText()) &&
    node.arguments[0]
  ) {
    return writtenText(node.arguments[0])
  }
  return `{${nameOf(node)}}`
}

function textOfBinary(node: ts.BinaryExpression): string {
  const { kind } = node.operatorToken
  if (kind === ts.SyntaxKind.PlusToken) return writtenText(node.left) + writtenText(node.right)
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return oneOf(writtenText(node.right), "")
  if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) {
    return oneOf(writtenText(node.left), writtenText(node.right))
  }
  return `{${nameOf(node)}}`
}

function oneOf(a: string, b: string): string {
  return a === b ? a : `[${a}|${b}]`
}

/** A short name of a value: the last property or the function that makes it. */
function nameOf(node: ts.Node): string {
  if (ts.isCallExpression(node)) return nameOf(node.expression)
  if (ts.isPropertyAccessExpression(node)) return node.name.getText()
  if (ts.isElementAccessExpression(node)) return nameOf(node.expression)
  return ts.isIdentifier(node) ? node.text : "value"
}

/** Children of an element in runs: sentences with what is inside them (`text`), and other nodes. */
export function textOfChildren(
  children: ts.NodeArray<ts.JsxChild>,
): { text?: string; nodes: ts.JsxChild[] }[] {
  const runs: { text?: string; nodes: ts.JsxChild[] }[] = []
  let run: ts.JsxChild[] = []
  const end = () => {
    const isSentence =
      run.some((child) => ts.isJsxText(child) && /\p{L}/u.test(child.text)) || run.some(isWords)
    if (isSentence) runs.push({ text: run.map(textOfChild).join(""), nodes: run })
    else runs.push(...run.map((child) => ({ nodes: [child] })))
    run = []
  }
  for (const child of children) {
    if (isInline(child)) run.push(child)
    else {
      end()
      runs.push({ nodes: [child] })
    }
  }
  end()
  return runs
}

/** An expression of nothing but texts. */
function isWords(child: ts.JsxChild): boolean {
  if (!ts.isJsxExpression(child) || !child.expression || child.expression.getText().includes("<"))
    return false
  return /\p{L}/u.test(writtenText(child.expression).replace(/\{[^}]*\}/g, ""))
}

function isInline(child: ts.JsxChild): boolean {
  if (ts.isJsxText(child)) return true
  if (ts.isJsxExpression(child)) return !!child.expression && !/<[A-Za-z]/.test(child.expression.getText())
  const tag = ts.isJsxElement(child)
    ? child.openingElement.tagName
    : ts.isJsxSelfClosingElement(child)
      ? child.tagName
      : undefined
  return tag !== undefined && inline.test(tag.getText())
}

function textOfChild(child: ts.JsxChild): string {
  // As JSX joins lines: a break with what indents it is nothing at the ends, and a space within.
  if (ts.isJsxText(child)) return child.text.replace(/^\s*\n\s*|\s*\n\s*$/g, "").replace(/\s*\n\s*/g, " ")
  if (ts.isJsxExpression(child)) return child.expression ? writtenText(child.expression) : ""
  if (ts.isJsxElement(child)) return writtenText(child)
  return ts.isJsxSelfClosingElement(child) ? `{${child.tagName.getText()}}` : ""
}
