// Prometheus metrics in the text exposition format 0.0.4. Counting is a few additions and allocates nothing.

interface Instrument {
  lines(name: string): string[]
}

/** A value that only grows. `labels` is the text between the braces, such as `transport="ws"`. */
export class Counter implements Instrument {
  readonly #labels: string
  #value = 0

  constructor(labels = "") {
    this.#labels = labels
  }

  add(count = 1): void {
    this.#value += count
  }

  lines(name: string): string[] {
    return [`${name}${braced(this.#labels)} ${this.#value}`]
  }
}

/** A value that goes up and down. */
export class Gauge extends Counter {}

interface Family {
  name: string
  help: string
  type: "counter" | "gauge" | "histogram"
}

interface ObservableOptions {
  read(): number
  labels?: string
}

/** A value that another object holds; it is read when Prometheus asks. */
class Observable implements Instrument {
  readonly #labels: string
  readonly #read: () => number

  constructor(labels: string, read: () => number) {
    this.#labels = labels
    this.#read = read
  }

  lines(name: string): string[] {
    return [`${name}${braced(this.#labels)} ${this.#read()}`]
  }
}

/** Counts values in buckets; `bounds` are the buckets' upper limits, ascending. */
export class Histogram implements Instrument {
  readonly #bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket++
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
  }

  lines(name: string): string[] {
    let total = 0
    const buckets = [...this.#bounds, "+Inf"].map((bound, index) => {
      total += this.#counts[index] ?? 0
      return `${name}_bucket{le="${bound}"} ${total}`
    })
    return [...buckets, `${name}_sum ${this.#sum}`, `${name}_count ${total}`]
  }
}

/**
 * All metrics of a process, by name. A name may be registered several times with different labels; the first help
 * text counts.
 *
 * @example
 * const registry = new Registry()
 * const closes = registry.counter("closes_total", "Sockets closed.", `reason="lost"`)
 * closes.add()
 * registry.text()
 */
export class Registry {
  readonly #families = new Map<string, { head: string; instruments: Instrument[] }>()

  /** Registers a counter. */
  counter(name: string, help: string, labels?: string): Counter {
    return this.#add({ name, help, type: "counter" }, new Counter(labels))
  }

  /** Registers a gauge. */
  gauge(name: string, help: string, labels?: string): Gauge {
    return this.#add({ name, help, type: "gauge" }, new Gauge(labels))
  }

  /** Registers a histogram; `bounds` are the buckets' upper limits, ascending. */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    return this.#add({ name, help, type: "histogram" }, new Histogram(bounds))
  }

  /** Registers a gauge whose value is read by a callback. */
  observableGauge(name: string, help: string, read: () => number): void {
    this.#add({ name, help, type: "gauge" }, new Observable("", read))
  }

  /** Registers a counter whose value is read by a callback. */
  observableCounter(name: string, help: string, { read, labels = "" }: ObservableOptions): void {
    this.#add({ name, help, type: "counter" }, new Observable(labels, read))
  }

  /** Everything in Prometheus' text format. */
  text(): string {
    const families = [...this.#families].map(([name, { head, instruments }]) => {
      return [head, ...instruments.flatMap((instrument) => instrument.lines(name)), ""].join("\n")
    })
    return families.join("")
  }

  #add<T extends Instrument>({ name, help, type }: Family, instrument: T): T {
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
