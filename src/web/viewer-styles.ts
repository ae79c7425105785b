import { visitFile } from "./reply.ts"

/** The rules that make a page look different for one viewer. `viewerId` has only letters, digits, `-` and `_`. */
export type StylesForViewer = (viewerId: string) => readonly string[]

/**
 * What differs on pages by their viewer, as a style sheet: markup is rendered once for everyone, so that "mine" is a rule
 * of a style sheet and not a rendering. Nothing in it is secret.
 */
export class ViewerStyles {
  readonly #rules: readonly StylesForViewer[]
  readonly #version: string

  constructor(rules: readonly StylesForViewer[]) {
    this.#rules = rules
    this.#version = new Bun.CryptoHasher("sha256").update(this.#rulesFor("")).digest("hex").slice(0, 8)
  }

  /** The URL of a viewer's style sheet. Browsers cache it forever, so it changes with the rules. */
  urlFor(viewerId: string): string {
    return `/viewers/${viewerId}.css?v=${this.#version}`
  }

  /** Answers with the style sheet of that file name; `undefined` when the name is no id. */
  answer(file: string, request: Request): Response | undefined {
    const id = file.match(/^([\w-]{1,64})\.css$/)?.[1]
    if (!id) return undefined

    return visitFile(request, this.#rulesFor(id), {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "private, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    })
  }

  #rulesFor(id: string): string {
    return this.#rules.flatMap((rules) => rules(id)).join("\n")
  }
}
