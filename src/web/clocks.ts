import { Cache, immutable } from "../cache/cache.ts"
import { Clock, utc } from "./clock.ts"

/** A viewer's settings; what is missing is as their browser has it. */
interface ClockSettings {
  zone?: string
  isTwelve?: boolean
}

/** More than there are time zones; unknown names take an entry too. */
const maxEntries = 2000

/** Caches the clocks of pages: creating one costs more than using it a thousand times. */
export class Clocks {
  readonly #clocks = new Cache<Clock>({ maxEntries })

  /**
   * A viewer's clock: by their settings, else by the cookie that their browser set when it last ran a script
   * (`static/times.js`), else UTC, which then names itself.
   */
  of({ headers }: Request, { zone, isTwelve }: ClockSettings): Clock {
    const cookie = headers.get("cookie")?.match(/(?:^|;\s*)clock=(12|24)h\.([\w+\-/]{1,64})/)
    return this.in(zone ?? cookie?.[2], isTwelve ?? cookie?.[1] === "12")
  }

  /** The clock of a zone; UTC for an empty or unknown name. */
  in(zone = "", isTwelve = false): Clock {
    return this.#clocks.getOrCreate(`${isTwelve} ${zone}`, immutable, () => makeClock(zone, isTwelve))
  }
}

/** Is it the name of a time zone, such as `Europe/Berlin`? */
export function isZone(name: string): boolean {
  return name !== "" && !makeClock(name, false).namesZone
}

function makeClock(zone: string, isTwelve: boolean): Clock {
  if (zone === "") return isTwelve ? new Clock("UTC", true, true) : utc

  try {
    return new Clock(zone, isTwelve)
  } catch {
    return makeClock("", isTwelve)
  }
}
