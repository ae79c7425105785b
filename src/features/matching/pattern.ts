import { normalizeForPatterns } from "./normalize.ts"
import {
  type Assertion,
  type CharacterSet,
  PatternFault,
  type PatternNode,
  parsePattern,
} from "./pattern-syntax.ts"
import type { Steps } from "./words.ts"

/** Most instructions of one pattern: for each character of a text, matching looks at each at most once. */
export const maxInstructions = 500

type Instruction =
  | { op: "character"; set: CompiledSet }
  | { op: "assertion"; at: Assertion }
  | { op: "split"; a: number; b: number }
  | { op: "match" }

/** A pattern, matched by simulating all its states at once (Thompson), so without backtracking. */
export class Pattern {
  readonly #program: Instruction[]

  /** Throws a `PatternFault`. */
  constructor(pattern: string) {
    this.#program = compile(parsePattern(pattern))
    if (this.matches("")) throw new PatternFault("This pattern matches every message, also an empty one")
  }

  /** How many instructions it has. */
  get size(): number {
    return this.#program.length
  }

  /** Is the pattern anywhere in the text? Takes at most `size` steps for each character. */
  matches(text: string, steps?: Steps): boolean {
    const codes = Array.from(normalizeForPatterns(text), (character) => character.codePointAt(0) ?? 0)
    return new Simulation(this.#program, codes, steps).run()
  }
}

/** The sentence that says why a pattern cannot be used; `undefined` when it can. */
export function faultOfPattern(pattern: string): string | undefined {
  try {
    new Pattern(pattern)
    return undefined
  } catch (error) {
    if (error instanceof PatternFault) return error.message
    throw error
  }
}

class Simulation {
  readonly #program: readonly Instruction[]
  readonly #codes: readonly number[]
  readonly #steps: Steps | undefined
  /** The position at which an instruction was last added, so that it is added once. */
  readonly #addedAt: Int32Array

  constructor(program: readonly Instruction[], codes: readonly number[], steps?: Steps) {
    this.#program = program
    this.#codes = codes
    this.#steps = steps
    this.#addedAt = new Int32Array(program.length).fill(-1)
  }

  run(): boolean {
    let current: number[] = []
    for (let position = 0; position <= this.#codes.length; position++) {
      const next: number[] = []
      // The instructions that wait for this character, and a new beginning: the pattern may start anywhere.
      for (const waiting of [...current, -1]) {
        if (this.#add(waiting + 1, position, next)) return true
      }
      current = next.filter((index) => this.#accepts(index, position))
    }
    return false
  }

  /** Adds an instruction and what follows without reading a character. Returns whether the match is complete. */
  #add(first: number, position: number, waiting: number[]): boolean {
    const pending = [first]
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (this.#addedAt[index] === position) continue
      this.#addedAt[index] = position
      if (this.#steps) this.#steps.count++

      const instruction = this.#program[index]
      if (!instruction || instruction.op === "match") return true
      if (instruction.op === "character") waiting.push(index)
      else if (instruction.op === "split") pending.push(instruction.b, instruction.a)
      else if (this.#holds(instruction.at, position)) pending.push(index + 1)
    }
    return false
  }

  #accepts(index: number, position: number): boolean {
    const instruction = this.#program[index]
    const code = this.#codes[position]
    return code !== undefined && instruction?.op === "character" && instruction.set.has(code)
  }

  #holds(at: Assertion, position: number): boolean {
    if (at === "start") return position === 0
    if (at === "end") return position === this.#codes.length

    const isBoundary = isWord(this.#codes[position - 1]) !== isWord(this.#codes[position])
    return at === "boundary" ? isBoundary : !isBoundary
  }
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && /[\p{L}\p{N}_]/u.test(String.fromCodePoint(code))
}

/** A set of characters without regard to case. Remembers its last answer: copies of a set are asked for each character. */
class CompiledSet {
  readonly #set: CharacterSet
  #code = -1
  #answer = false

  constructor(set: CharacterSet) {
    this.#set = set
  }

  has(code: number): boolean {
    if (code === this.#code) return this.#answer

    const { ranges, isNegated } = this.#set
    const isIn = (one: number) => ranges.some(([from, to]) => from <= one && one <= to)
    this.#code = code
    this.#answer = [code, ...otherCasesOf(code)].some(isIn) !== isNegated
    return this.#answer
  }
}

/** The text is in lower case; what a pattern names may not be. */
function otherCasesOf(code: number): number[] {
  const upper = String.fromCodePoint(code).toUpperCase()
  const other = upper.codePointAt(0)
  return other === undefined || other === code || [...upper].length > 1 ? [] : [other]
}

function compile(node: PatternNode): Instruction[] {
  return new Compiler().compile(node)
}

class Compiler {
  readonly #program: Instruction[] = []
  readonly #sets = new Map<CharacterSet, CompiledSet>()
  /** Counts nodes, too: a repeated empty group would take time and emit nothing. */
  #work = 0

  compile(node: PatternNode): Instruction[] {
    this.#emit(node)
    this.#program.push({ op: "match" })
    return this.#program
  }

  #emit(node: PatternNode): void {
    if (this.#program.length >= maxInstructions || ++this.#work > maxInstructions * 4) {
      throw new PatternFault("This pattern is too large: repeat less, or split it into several")
    }
    if (node.kind === "sequence") for (const part of node.nodes) this.#emit(part)
    else if (node.kind === "assertion") this.#program.push({ op: "assertion", at: node.at })
    else if (node.kind === "character") this.#program.push({ op: "character", set: this.#compiled(node.set) })
    else if (node.kind === "choice") this.#emitChoice(node.options)
    else this.#emitRepeat(node)
  }

  #emitChoice([option, ...others]: PatternNode[]): void {
    if (!option) return
    const fork = others.length > 0 ? this.#split() : undefined
    this.#emit(option)
    if (!fork) return

    const leave = this.#split()
    fork.b = this.#program.length
    this.#emitChoice(others)
    leave.a = this.#program.length
    leave.b = this.#program.length
  }

  #emitRepeat({ repeated, min, max }: PatternNode & { kind: "repeat" }): void {
    for (let count = 0; count < min; count++) this.#emit(repeated)
    if (max === Number.POSITIVE_INFINITY) {
      const start = this.#program.length
      const fork = this.#split()
      this.#emit(repeated)
      const back = this.#split()
      back.a = start
      back.b = start
      fork.b = this.#program.length
      return
    }
    const forks = Array.from({ length: max - min }, () => {
      const fork = this.#split()
      this.#emit(repeated)
      return fork
    })
    for (const fork of forks) fork.b = this.#program.length
  }

  /** A fork whose ways both lead to the next instruction, until they are changed. */
  #split(): Instruction & { op: "split" } {
    const next = this.#program.length + 1
    const split = { op: "split" as const, a: next, b: next }
    this.#program.push(split)
    return split
  }

  #compiled(set: CharacterSet): CompiledSet {
    const known = this.#sets.get(set) ?? new CompiledSet(set)
    this.#sets.set(set, known)
    return known
  }
}
