import { Cache, immutable } from "../cache/cache.ts"
import { Clock, utc } from "./clock.ts"

/** What is known of somebody's clock; nothing of a part: as their browser has it. */
interface Wanted {
  zone?: string
  isTwelve?: boolean
}

/** More than there are time zones; a name that is none gets an entry too. */
const maxEntries = 2000

/** Caches the clocks by which pages are shown: creating one costs more than reading it a thousand times. */
export class Clocks {
  readonly #clocks = new Cache<Clock>({ maxEntries })

  /**
   * By which somebody's times are to be written: as they want it, else as their browser told in its cookie the last
   * time that it could run a script (`static/times.js`), else in UTC, which then says so.
   */
  of({ headers }: Request, { zone, isTwelve }: Wanted): Clock {
    const told = headers.get("cookie")?.match(/(?:^|;\s*)clock=(12|24)h\.([\w+\-/]{1,64})/)
    return this.in(zone ?? told?.[2], isTwelve ?? told?.[1] === "12")
  }

  /** In a zone by its name; in UTC for none, and for one that nobody knows. */
  in(zone = "", isTwelve = false): Clock {
    return this.#clocks.getOrCreate(`${isTwelve} ${zone}`, immutable, () => makeClock(zone, isTwelve))
  }
}

/** Is it a time zone by its name, such as `Europe/Berlin`? */
export function isZone(name: string): boolean {
  return name !== "" && !makeClock(name, false).saysZone
}

function makeClock(zone: string, isTwelve: boolean): Clock {
  if (zone === "") return isTwelve ? new Clock("UTC", true, true) : utc

  try {
    return new Clock(zone, isTwelve)
  } catch {
    return makeClock("", isTwelve)
  }
}
