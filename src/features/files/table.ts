/** The limits of a shown table. */
const maxRows = 500
const maxColumns = 50

/** The first rows of a table. */
export interface TextTable {
  rows: string[][]
  /** The table has more than is shown. */
  isCut: boolean
}

/** The rows of comma-separated values; with semicolons, tabs or bars between them too. Source: RFC 4180. */
export function tableOf(text: string, extension: string): TextTable {
  const separator = extension === "tsv" ? "\t" : separatorOf(text)
  const rows: string[][] = []
  let row: string[] = []
  let isCut = false
  const take = (cell: string) => {
    if (row.length < maxColumns) row.push(cell)
    else isCut = true
  }
  // A value: in quotes, which are doubled inside, or up to the next separator.
  const value = new RegExp(`"((?:[^"]|"")*)"?|([^\\n\\r${separator}]*)`, "y")
  // Excel's own line, which says what separates, and which it does not show.
  const start = text.match(/^sep=[,;\t|]\r?\n/)?.[0].length ?? 0
  for (let at = start; at < text.length; ) {
    if (rows.length >= maxRows) return { rows, isCut: true }
    value.lastIndex = at
    const [all = "", quoted, bare] = value.exec(text) ?? []
    take(quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'))
    at += all.length
    // Between quotes and the next separator nothing belongs.
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++
    if (text[at] === separator && at + 1 < text.length) {
      at++
      continue
    }
    at += text.startsWith("\r\n", at) ? 2 : 1
    rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push(row)
  return { rows, isCut }
}

/** The most frequent separator of the first line, outside quotes. Spreadsheets may name it in a line of its own. */
function separatorOf(text: string): string {
  const [line = ""] = text.split(/\r?\n/, 1)
  const [, said] = line.match(/^sep=([,;\t|])$/) ?? []
  if (said) return said

  const bare = line.replace(/"(?:[^"]|"")*"?/g, "")
  const counts = [",", ";", "\t", "|"].map((one) => ({ one, count: bare.split(one).length }))
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).one
}
