/** A piece of code in a text. */
export interface Code {
  /** Where it ends, its backticks included. */
  end: number
  text: string
  /** A code block, between three backticks or more. */
  isFence: boolean
  language?: string
}

/** Backticks of a code block, at least. */
const minFence = 3
const fenced = /^([\w+#.-]{1,20})?[ \t]*\n/

/** A run of backticks. */
interface Ticks {
  start: number
  length: number
  /** The next run that is at least as long, which ends a code block that begins with this one. */
  closer?: Ticks
}

/**
 * Finds code in a text that is read from left to right. Runs of backticks are indexed once: searching from each for its
 * end takes quadratic time when thousands are never closed.
 */
export class CodeFinder {
  readonly #text: string
  /** Positions of runs by their length, last first. */
  readonly #runs = new Map<number, number[]>()
  /** Runs that may begin a code block, by their positions. */
  readonly #fences = new Map<number, Ticks>()

  constructor(text: string) {
    this.#text = text
    // Most texts have none.
    if (!text.includes("`")) return

    /** Fences without a closer yet, the shortest last. */
    const open: Ticks[] = []
    for (const { 0: run, index } of text.matchAll(/`+/g)) {
      const positions = this.#runs.get(run.length)
      if (positions) positions.push(index)
      else this.#runs.set(run.length, [index])
      if (run.length < minFence) continue

      const fence: Ticks = { start: index, length: run.length }
      while ((open.at(-1)?.length ?? fence.length + 1) <= fence.length) (open.pop() as Ticks).closer = fence
      open.push(fence)
      this.#fences.set(index, fence)
    }
    for (const positions of this.#runs.values()) positions.reverse()
  }

  /** The code that begins with the backtick at `start`. Positions must not decrease from call to call. */
  at(start: number): Code | undefined {
    return this.#fenceAt(start) ?? this.#spanAt(start)
  }

  /** As in CommonMark, more backticks than three can enclose code that holds three. */
  #fenceAt(start: number): Code | undefined {
    const fence = this.#fences.get(start)
    if (fence?.closer === undefined) return undefined

    const { closer, length } = fence
    const inside = this.#text.slice(start + length, closer.start)
    const [info = "", language] = inside.match(fenced) ?? []
    const text = inside.slice(info.length).replace(/^\n+/, "").trimEnd()
    if (text === "") return undefined

    return { end: closer.start + closer.length, text, isFence: true, language }
  }

  #spanAt(start: number): Code | undefined {
    const length = runEnd(this.#text, start) - start
    const positions = this.#runs.get(length) ?? []
    while (positions.length > 0 && (positions.at(-1) ?? 0) <= start) positions.pop()
    const close = positions.at(-1)
    if (close === undefined) return undefined

    const inside = this.#text.slice(start + length, close)
    if (inside.trim() === "") return undefined

    // As in CommonMark: backticks at the ends of code are separated by a space.
    const text = inside.startsWith(" ") && inside.endsWith(" ") ? inside.slice(1, -1) : inside
    return { end: close + length, text, isFence: false }
  }
}

const lineTokens = /[\n`\\]|\|\|+/g

/** The end of the line that begins at `start`. Line breaks within code and spoilers do not end it. */
export function lineEnd(text: string, start: number, code: CodeFinder): number {
  lineTokens.lastIndex = start
  for (let token = lineTokens.exec(text); token; token = lineTokens.exec(text)) {
    if (token[0] === "\n") return token.index
    if (token[0] === "\\") lineTokens.lastIndex = token.index + 2
    else if (token[0].startsWith("|")) lineTokens.lastIndex = spoilerEnd(text, token.index, token[0].length)
    else lineTokens.lastIndex = code.at(token.index)?.end ?? runEnd(text, token.index)
  }
  return text.length
}

/** The end of the spoiler that begins with `length` bars; an even number of pairs hides nothing and ends at once. */
function spoilerEnd(text: string, start: number, length: number): number {
  const inside = start + length
  const close = (length >> 1) % 2 === 1 ? text.indexOf("||", inside) : -1
  return close < 0 ? inside : close + 2
}

/** The end of the run of one character that begins at `start`. */
export function runEnd(text: string, start: number): number {
  let end = start
  while (text[end] === text[start]) end++
  return end
}
