/** An element as a browser's parser finds it. */
export interface Element {
  name: string
  attributes: Record<string, string>
  /** Its text with what is in it, as a reader sees it. */
  text: string
}

/** The elements of a page that a selector finds, in order. The parser follows the standard, so markup cannot hide. */
export function find(html: string, selector: string): Element[] {
  const found: Element[] = []
  const open: Element[] = []
  const rewriter = new HTMLRewriter().on(selector, {
    element(element) {
      const attributes = Object.fromEntries(
        [...element.attributes].map(([name, value]) => [name, decode(value ?? "")]),
      )
      const known = { name: element.tagName, attributes, text: "" }
      found.push(known)
      if (element.selfClosing || !element.canHaveContent) return
      open.push(known)
      element.onEndTag(() => void open.pop())
    },
    text({ text }) {
      for (const element of open) element.text += text
    },
  })
  rewriter.transform(html)
  return found.map((element) => ({ ...element, text: decode(element.text) }))
}

/** The one element that a selector finds. */
export function the(html: string, selector: string): Element {
  const [element, ...others] = find(html, selector)
  if (!element || others.length > 0)
    throw new Error(`${others.length + (element ? 1 : 0)} elements are ${selector}`)

  return element
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/** Text as it was before it was escaped. */
export function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return named[name] ?? whole
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal))
  })
}
