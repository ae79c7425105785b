import { Readable } from "node:stream"
import { ZipFile } from "yazl"

/** The content of a file, as it comes. */
export type ArchiveContent = AsyncIterable<string | Uint8Array>

/**
 * A ZIP archive that is read while it is filled: nothing of it is held but the names of its files. What cannot be compressed
 * further is stored as it is.
 */
export class Archive {
  readonly #zip = new ZipFile()
  readonly #at: Date
  readonly #names = new Set<string>()

  /** `at`: the time that its files have. */
  constructor(at: Date) {
    this.#at = at
    this.#zip.on("error", (error: Error) => this.fail(error))
  }

  /** The bytes of the archive. */
  get output(): Readable {
    return this.#zip.outputStream as Readable
  }

  /** Adds a file. Resolves when its content was read, so that files are added one after another. */
  add(name: string, content: ArchiveContent, { isCompressed = true } = {}): Promise<void> {
    if (this.#names.has(name)) throw new Error(`The archive has ${JSON.stringify(name)} already`)
    this.#names.add(name)
    return new Promise((resolve, reject) => {
      this.#zip.addReadStreamLazy(name, { compress: isCompressed, mtime: this.#at }, (callback) => {
        const stream = Readable.from(asBytes(content), { objectMode: false })
        stream.once("error", reject).once("close", resolve)
        callback(null, stream)
      })
    })
  }

  addText(name: string, text: string): Promise<void> {
    return this.add(name, once(text))
  }

  addJson(name: string, value: unknown): Promise<void> {
    return this.addText(name, `${JSON.stringify(value, null, 2)}\n`)
  }

  /** Ends the archive. Its bytes still have to be read. */
  end(): void {
    this.#zip.end()
  }

  /** Makes reading the archive fail. */
  fail(error: Error): void {
    this.output.destroy(error)
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function* asBytes(content: ArchiveContent): AsyncGenerator<Buffer> {
  for await (const part of content) yield Buffer.from(part as Uint8Array)
}

/** Rows of a JSON array, some at a time, as the text of that array. */
export async function* jsonArray(pages: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  let before = "["
  for await (const rows of pages) {
    if (rows.length === 0) continue
    yield `${before}\n${rows.map((row) => JSON.stringify(row)).join(",\n")}`
    before = ","
  }
  yield before === "[" ? "[]\n" : "\n]\n"
}

/** Rows that a statement returns, page after page. */
export async function* paged<Row>(
  read: (limit: number, offset: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let offset = 0; ; offset += pageSize) {
    const rows = await read(pageSize, offset)
    if (rows.length > 0) yield rows
    if (rows.length < pageSize) return
  }
}

const pageSize = 500

/** A name that every file system takes, with an id so that it is the only one. */
export function fileName(name: string, id: string, ending = ""): string {
  const plain = name
    .normalize()
    .replace(/[^\p{L}\p{N} ._-]+/gu, "_")
    .replace(/\.{2,}|^[. ]+|[. ]+$/g, "")
    .slice(0, 60)
  return `${plain || "unnamed"} [${id}]${ending}`
}
