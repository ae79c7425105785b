import type { Clock } from "../src/web/clock.ts"
import { Time } from "./times.tsx"
import { Field, type FormState } from "./ui.tsx"

/** A time that a form offers. */
export interface DueTime {
  choice: "20m" | "1h" | "3h" | "tomorrow" | "monday"
  label: string
  at: Date
}

/** Buttons that submit their form with a time, which each of them says. */
export function DueButtons({ times, clock }: { times: DueTime[]; clock: Clock }) {
  // On a Sunday, tomorrow is Monday.
  const different = times.filter(({ at }, index) => times.findIndex((one) => +one.at === +at) === index)
  return (
    <div class="due-times">
      {different.map(({ choice, label, at }) => (
        <button type="submit" name="when" value={choice}>
          <span safe>{label}</span> <Time at={at} clock={clock} />
        </button>
      ))}
    </div>
  )
}

/** A custom time. */
export function DueField({ label, clock, state }: { label: string; clock: Clock; state: FormState }) {
  const hint = clock.namesZone
    ? "In UTC. Choose your time zone in the settings"
    : `In your time zone, ${clock.zone.replaceAll("_", " ")}`
  return <Field name="dueAt" label={label} type="datetime-local" hint={hint} state={state} />
}

/** Enter in a field submits by the first button of a form, which must not be one that names another time. */
export function DefaultSubmit() {
  return <button type="submit" hidden />
}
