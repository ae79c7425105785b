/** A curve by its points: what was counted at each size. */
export type Line = { x: number; y: number }[]

export interface Chart {
  title: string
  /** What grows, and what is counted, with its unit. */
  x: string
  y: string
  /** By what stands in the legend. */
  lines: Record<string, Line>
}

const width = 720
const height = 400
const frame = { left: 64, right: 24, top: 76, bottom: 52 }
const colours = ["#2f6fde", "#c2571a", "#2f8f4e", "#9a4fc0"]

/** A chart as SVG, with both axes logarithmic: what grows in proportion rises by one where its cause does. */
export function svgOf({ title, x, y, lines }: Chart): string {
  const points = Object.values(lines).flat()
  const acrossOf = scale(
    points.map((point) => point.x),
    frame.left,
    width - frame.right,
  )
  const upOf = scale(
    points.map((point) => point.y),
    height - frame.bottom,
    frame.top,
  )
  const parts = [
    `<text x="${frame.left}" y="24" class="title">${Bun.escapeHTML(title)}</text>`,
    `<text x="${(frame.left + width - frame.right) / 2}" y="${height - 12}" text-anchor="middle">${Bun.escapeHTML(x)}</text>`,
    `<text x="${frame.left}" y="${frame.top - 12}">${Bun.escapeHTML(y)}</text>`,
    ...acrossOf.ticks.map((tick) => gridLine(acrossOf.at(tick), true, tick)),
    ...upOf.ticks.map((tick) => gridLine(upOf.at(tick), false, tick)),
    ...Object.entries(lines).flatMap(([name, line], i) => drawn(name, line, i, acrossOf.at, upOf.at)),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${Bun.escapeHTML(title)}">
<style>${style}</style>
<rect width="${width}" height="${height}" class="ground"/>
${parts.join("\n")}
</svg>
`
}

const style = `
text { font: 13px system-ui, sans-serif; fill: #333 }
.title { font-size: 16px; font-weight: 600 }
.ground { fill: #fff }
.grid { stroke: #ddd }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .ground { fill: #1b1d21 } .grid { stroke: #3a3d44 } }
`

/** Powers of ten around the values, spread evenly between two edges. */
function scale(values: number[], from: number, to: number) {
  const logs = values.filter((value) => value > 0).map(Math.log10)
  const low = Math.floor(Math.min(...logs) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs) - 1e-9))
  const at = (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from)
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
  return { at, ticks }
}

function gridLine(at: number, isAcross: boolean, tick: number): string {
  const place = Math.round(at * 10) / 10
  const text = tick.toLocaleString("en", { maximumFractionDigits: 4 })
  const [bottom, left] = [height - frame.bottom, frame.left]
  return isAcross
    ? `<path class="grid" d="M${place} ${frame.top}V${bottom}"/><text x="${place}" y="${bottom + 18}" text-anchor="middle">${text}</text>`
    : `<path class="grid" d="M${left} ${place}H${width - frame.right}"/><text x="${left - 8}" y="${place + 4}" text-anchor="end">${text}</text>`
}

function drawn(
  name: string,
  line: Line,
  index: number,
  across: (value: number) => number,
  up: (value: number) => number,
): string[] {
  const colour = colours[index % colours.length]
  const places = line.map((point) => [across(point.x).toFixed(1), up(point.y).toFixed(1)] as const)
  const legend = frame.left + index * 190
  return [
    `<path class="line" stroke="${colour}" d="M${places.map((place) => place.join(" ")).join("L")}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="4" fill="${colour}"/>`),
    `<circle cx="${legend + 5}" cy="42" r="5" fill="${colour}"/><text x="${legend + 16}" y="46">${Bun.escapeHTML(name)}</text>`,
  ]
}
