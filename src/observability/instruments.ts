// Prometheus' instruments (exposition format 0.0.4). Measuring is a few additions: nothing is allocated for it.

interface Instrument {
  lines(name: string): string[]
}

/** Only grows. */
export class Counter implements Instrument {
  #value = 0

  constructor(private readonly labels = "") {}

  add(count = 1): void {
    this.#value += count
  }

  lines(name: string): string[] {
    return [`${name}${braced(this.labels)} ${this.#value}`]
  }
}

/** Goes up and down. */
export class Gauge extends Counter {}

/** A figure that is read when someone asks, because it is kept elsewhere anyway. */
class Reading implements Instrument {
  constructor(
    private readonly labels: string,
    private readonly read: () => number,
  ) {}

  lines(name: string): string[] {
    return [`${name}${braced(this.labels)} ${this.read()}`]
  }
}

/** How values are spread over buckets, each named by its largest value. */
export class Histogram implements Instrument {
  readonly #counts: Float64Array
  #sum = 0

  constructor(private readonly bounds: readonly number[]) {
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.bounds.length && value > (this.bounds[bucket] ?? 0)) bucket++
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
  }

  lines(name: string): string[] {
    let total = 0
    const buckets = [...this.bounds, "+Inf"].map((bound, index) => {
      total += this.#counts[index] ?? 0
      return `${name}_bucket{le="${bound}"} ${total}`
    })
    return [...buckets, `${name}_sum ${this.#sum}`, `${name}_count ${total}`]
  }
}

/** All that is measured, by name. One name may be taken several times, with different labels. */
export class Registry {
  readonly #families = new Map<string, { head: string; instruments: Instrument[] }>()

  counter(name: string, help: string, labels?: string): Counter {
    return this.#add(name, help, "counter", new Counter(labels))
  }

  gauge(name: string, help: string, labels?: string): Gauge {
    return this.#add(name, help, "gauge", new Gauge(labels))
  }

  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    return this.#add(name, help, "histogram", new Histogram(bounds))
  }

  /** A counter or gauge whose figure `read` knows. */
  reading(name: string, help: string, type: "counter" | "gauge", read: () => number, labels = ""): void {
    this.#add(name, help, type, new Reading(labels, read))
  }

  text(): string {
    const families = [...this.#families].map(([name, { head, instruments }]) => {
      return [head, ...instruments.flatMap((instrument) => instrument.lines(name)), ""].join("\n")
    })
    return families.join("")
  }

  #add<T extends Instrument>(name: string, help: string, type: string, instrument: T): T {
    const head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}`
    const family = this.#families.get(name) ?? { head, instruments: [] }
    family.instruments.push(instrument)
    this.#families.set(name, family)
    return instrument
  }
}

function braced(labels: string): string {
  return labels && `{${labels}}`
}
