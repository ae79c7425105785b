import { SaxesParser } from "saxes"

/** An element of an XML document. */
export interface XmlElement {
  name: string
  namespace: string
  attributes: Record<string, string>
  children: XmlElement[]
  /** Its own text. */
  text: string
}

/** Reads a document by a parser that refuses all that is not well-formed XML 1.0 with namespaces. */
export function parseXml(xml: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true })
  const root: XmlElement = { name: "", namespace: "", attributes: {}, children: [], text: "" }
  const open = [root]
  parser.on("error", (error) => {
    throw error
  })
  parser.on("opentag", ({ local, uri, attributes }) => {
    const values = Object.entries(attributes).map(([name, { value }]) => [name, value])
    const element = {
      name: local,
      namespace: uri,
      attributes: Object.fromEntries(values),
      children: [],
      text: "",
    }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on("text", (text) => {
    const element = open.at(-1)
    if (element) element.text += text
  })
  parser.on("closetag", () => open.pop())
  parser.write(xml).close()
  const [document] = root.children
  if (!document) throw new Error("The document is empty")
  return document
}

/** The children of an element with this name. */
export function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name === name)
}

/** The text of the first child with this name. */
export function textIn(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text
}
