/** A stretch of code in a text: where it ends, and what is in it. */
export interface Code {
  end: number
  text: string
  /** Set for a block of its own, between three backticks. */
  isFence: boolean
  language?: string
}

const fenced = /^([\w+#.-]{1,20})?[ \t]*\n/

/**
 * Finds the code in a text, for whoever goes through it from left to right. It looks up where runs of backticks
 * end instead of searching for it from each: thousands that are never closed would cost their square.
 */
export class CodeFinder {
  readonly #runs = new Map<number, number[]>()
  readonly #lastFence: number

  constructor(private readonly text: string) {
    this.#lastFence = text.lastIndexOf("```")
    for (const { 0: run, index } of text.matchAll(/`+/g)) {
      const places = this.#runs.get(run.length)
      if (places) places.push(index)
      else this.#runs.set(run.length, [index])
    }
    for (const places of this.#runs.values()) places.reverse()
  }

  /** The code that begins with the backtick at `start`; never asked for a place before the last one. */
  at(start: number): Code | undefined {
    return this.#fenceAt(start) ?? this.#spanAt(start)
  }

  #fenceAt(start: number): Code | undefined {
    if (this.#lastFence < start + 3 || !this.text.startsWith("```", start)) return undefined

    const close = this.text.indexOf("```", start + 3)
    const inside = this.text.slice(start + 3, close)
    const [info = "", language] = inside.match(fenced) ?? []
    const text = inside.slice(info.length).replace(/^\n+/, "").trimEnd()
    if (text === "") return undefined

    return { end: close + 3, text, isFence: true, language }
  }

  #spanAt(start: number): Code | undefined {
    const length = afterRun(this.text, start) - start
    const places = this.#runs.get(length) ?? []
    while (places.length > 0 && (places.at(-1) ?? 0) <= start) places.pop()
    const close = places.at(-1)
    if (close === undefined) return undefined

    const text = this.text.slice(start + length, close)
    return text.trim() === "" ? undefined : { end: close + length, text, isFence: false }
  }
}

const turns = /[\n`\\]|\|\|+/g

/** Where the line ends that begins at `start`: code and what is hidden take the breaks that are in them along. */
export function lineEnd(text: string, start: number, code: CodeFinder): number {
  turns.lastIndex = start
  for (let turn = turns.exec(text); turn; turn = turns.exec(text)) {
    if (turn[0] === "\n") return turn.index
    if (turn[0] === "\\") turns.lastIndex = turn.index + 2
    else if (turn[0].startsWith("|")) turns.lastIndex = afterHidden(text, turn.index, turn[0].length)
    else turns.lastIndex = code.at(turn.index)?.end ?? afterRun(text, turn.index)
  }
  return text.length
}

/** Bars two by two: one pair begins what ends with the next, two pairs hide nothing. */
function afterHidden(text: string, start: number, length: number): number {
  const inside = start + length
  const close = (length >> 1) % 2 === 1 ? text.indexOf("||", inside) : -1
  return close < 0 ? inside : close + 2
}

/** Where the run of one character ends that stands at `start`. */
export function afterRun(text: string, start: number): number {
  let end = start
  while (text[end] === text[start]) end++
  return end
}
