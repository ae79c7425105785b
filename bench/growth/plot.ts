/** The points of one line of a chart. */
export type Line = { x: number; y: number }[]

export interface Chart {
  title: string
  /** Labels of the axes, with their units. */
  x: string
  y: string
  /** By the label in the legend. */
  lines: Record<string, Line>
}

/** One axis: where a value lies, and where the grid has its lines. */
interface Axis {
  positionOf(value: number): number
  ticks: number[]
}

const width = 720
const height = 400
const margin = { left: 64, right: 24, top: 76, bottom: 52 }
const colours = ["#2f6fde", "#c2571a", "#2f8f4e", "#9a4fc0"]
const legendSpacing = 190

const style = `
text { font: 13px system-ui, sans-serif; fill: #333 }
.title { font-size: 16px; font-weight: 600 }
.background { fill: #fff }
.grid { stroke: #ddd }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .background { fill: #1b1d21 } .grid { stroke: #3a3d44 } }
`

/** Renders a chart as SVG with logarithmic axes: proportional growth is a line with slope one. */
export function renderChart({ title, x, y, lines }: Chart): string {
  const points = Object.values(lines).flat()
  const xs = points.map((point) => point.x)
  const ys = points.map((point) => point.y)
  const horizontal = logAxis(xs, margin.left, width - margin.right)
  const vertical = logAxis(ys, height - margin.bottom, margin.top)
  const parts = [
    ...labels({ title, x, y }),
    ...horizontal.ticks.map((tick) => verticalGridLine(horizontal.positionOf(tick), tick)),
    ...vertical.ticks.map((tick) => horizontalGridLine(vertical.positionOf(tick), tick)),
    ...Object.entries(lines).flatMap(([name, line], index) => [
      ...renderLine(line, colourOf(index), { horizontal, vertical }),
      renderLegend(name, index),
    ]),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${Bun.escapeHTML(title)}">
<style>${style}</style>
<rect width="${width}" height="${height}" class="background"/>
${parts.join("\n")}
</svg>
`
}

function labels({ title, x, y }: Omit<Chart, "lines">): string[] {
  const middle = (margin.left + width - margin.right) / 2
  return [
    `<text x="${margin.left}" y="24" class="title">${Bun.escapeHTML(title)}</text>`,
    `<text x="${middle}" y="${height - 12}" text-anchor="middle">${Bun.escapeHTML(x)}</text>`,
    `<text x="${margin.left}" y="${margin.top - 12}">${Bun.escapeHTML(y)}</text>`,
  ]
}

/** An axis from `start` to `end` that covers the values, with a tick at each power of ten. */
function logAxis(values: number[], start: number, end: number): Axis {
  const logs = values.filter((value) => value > 0).map(Math.log10)
  // The tolerance keeps a value that is a power of ten from adding another decade.
  const low = Math.floor(Math.min(...logs) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs) - 1e-9))
  return {
    positionOf: (value) => start + ((Math.log10(value) - low) / (high - low)) * (end - start),
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  }
}

function verticalGridLine(position: number, tick: number): string {
  const [at, bottom] = [round(position), height - margin.bottom]
  return `<path class="grid" d="M${at} ${margin.top}V${bottom}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${tickText(tick)}</text>`
}

function horizontalGridLine(position: number, tick: number): string {
  const at = round(position)
  return `<path class="grid" d="M${margin.left} ${at}H${width - margin.right}"/><text x="${margin.left - 8}" y="${at + 4}" text-anchor="end">${tickText(tick)}</text>`
}

function renderLine(
  line: Line,
  colour: string,
  { horizontal, vertical }: { horizontal: Axis; vertical: Axis },
): string[] {
  const positions = line.map(
    ({ x, y }) => [horizontal.positionOf(x).toFixed(1), vertical.positionOf(y).toFixed(1)] as const,
  )
  return [
    `<path class="line" stroke="${colour}" d="M${positions.map((position) => position.join(" ")).join("L")}"/>`,
    ...positions.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="4" fill="${colour}"/>`),
  ]
}

function renderLegend(name: string, index: number): string {
  const x = margin.left + index * legendSpacing
  return `<circle cx="${x + 5}" cy="42" r="5" fill="${colourOf(index)}"/><text x="${x + 16}" y="46">${Bun.escapeHTML(name)}</text>`
}

const colourOf = (index: number) => colours[index % colours.length] ?? ""
const round = (position: number) => Math.round(position * 10) / 10
const tickText = (tick: number) => tick.toLocaleString("en", { maximumFractionDigits: 4 })
