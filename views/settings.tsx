import { escapeHtml } from "@kitajs/html"
import { once } from "../src/cache/once.ts"
import { AccountPlace } from "./account-place.tsx"
import type { PageViewer } from "./layout.tsx"
import { type Places, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { DialogLink, FieldError, FormErrors, type FormState } from "./ui.tsx"

interface Props extends Places {
  viewer: PageViewer
  now: Date
  isSaved: boolean
  /** With what is chosen. */
  state: FormState
}

/** How its viewer wants their pages. */
export function SettingsPage({ viewer, now, isSaved, state, ...places }: Props) {
  return (
    <Shell title="Settings" viewer={viewer} {...places} bodyClass="home">
      <AccountPlace current="/settings">
        <main id="main" class="page">
          <h1>Settings</h1>
          {isSaved && <p role="status">Settings saved.</p>}
          <form id="settings" class="settings" method="post" action="/settings">
            <FormErrors state={state} />
            <section aria-labelledby="looks">
              <h2 id="looks">Appearance</h2>
              <Choice name="theme" legend="Theme" options={themes} state={state} />
              <Choice name="density" legend="Density" options={densities} state={state} />
              <Choice name="reducedMotion" legend="Motion" options={motions} state={state} />
            </section>
            <section aria-labelledby="times">
              <h2 id="times">Time</h2>
              <ZoneField state={state} />
              <Choice name="timeFormat" legend="Time format" options={formats} state={state} />
              <p class="hint">
                Current time: <Time at={now} clock={viewer.clock} />
              </p>
            </section>
            <section aria-labelledby="sound">
              <h2 id="sound">Sounds</h2>
              <Choice name="sounds" legend="Play a sound for" options={sounds} state={state} />
              <p class="hint">Only for messages you are not looking at, while a channel is open in a tab.</p>
              <p class="with-script">
                <button id="try-sound" type="button">
                  Test sound{" "}
                </button>
              </p>
            </section>
            <section aria-labelledby="keys">
              <h2 id="keys">Keyboard</h2>
              <Choice name="singleKeys" legend="Single-key shortcuts" options={keys} state={state} />
              <p class="hint">
                For example, R replies to a message. Shortcuts with Ctrl or Alt always work.{" "}
                <DialogLink href="/keyboard">All shortcuts</DialogLink>
              </p>
            </section>
            <p class="actions">
              <button class="primary" type="submit">
                Save
              </button>
            </p>
          </form>
        </main>
      </AccountPlace>
    </Shell>
  )
}

type Options = [value: string, label: string][]

const themes: Options = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
]
const densities: Options = [
  ["comfortable", "Comfortable"],
  ["compact", "Compact"],
]
const motions: Options = [
  ["system", "System"],
  ["on", "Reduced"],
]
const formats: Options = [
  ["system", "System"],
  ["24h", "14:30"],
  ["12h", "2:30 PM"],
]
const sounds: Options = [
  ["off", "Nothing"],
  ["mentions", "Mentions and direct messages"],
  ["all", "All messages"],
]

const keys: Options = [
  ["on", "On"],
  ["off", "Off"],
]

interface ChoiceProps {
  name: string
  legend: string
  options: Options
  state: FormState
}

/** One of a few, all in sight. */
function Choice({ name, legend, options, state }: ChoiceProps) {
  const error = state.errors?.[name]
  return (
    <fieldset class="choice" aria-describedby={error && `${name}-error`}>
      <legend safe>{legend}</legend>
      <div class="options">
        {options.map(([value, label]) => (
          <label>
            <input type="radio" name={name} value={value} checked={state.values?.[name] === value} />
            <span safe>{label}</span>
          </label>
        ))}
      </div>
      <FieldError name={name} error={error} />
    </fieldset>
  )
}

/** Time zones named by a place, by continent, and UTC. */
const zonesByContinent = once(() =>
  Map.groupBy([...Intl.supportedValuesOf("timeZone"), "UTC"], (zone) =>
    zone.includes("/") ? (zone.split("/")[0] ?? "") : "Other",
  ),
)

function ZoneField({ state }: { state: FormState }) {
  const zones = zonesByContinent()
  const chosen = state.values?.timeZone ?? ""
  const error = state.errors?.timeZone
  const isListed = chosen === "automatic" || [...zones.values()].flat().includes(chosen)
  return (
    <p class="field">
      <label for="timeZone">Time zone</label>
      <select
        id="timeZone"
        name="timeZone"
        aria-invalid={error ? "true" : undefined}
        aria-describedby={error ? "timeZone-hint timeZone-error" : "timeZone-hint"}
      >
        <option value="automatic">Browser's time zone</option>
        {/* By another of its names, or by none that there is. */}
        {!isListed && (
          <option value={escapeHtml(chosen)} selected safe>
            {chosen}
          </option>
        )}
        {[...zones].map(([part, names]) => (
          <optgroup label={part}>
            {names.map((zone) => (
              <option value={zone} selected={zone === chosen} safe>
                {placeIn(zone)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <small id="timeZone-hint" class="hint">
        Without JavaScript, your browser's time zone is unknown: choose one, or times are shown in UTC.
      </small>
      <FieldError name="timeZone" error={error} />
    </p>
  )
}

/** `Argentina, Salta` of `America/Argentina/Salta`. */
function placeIn(zone: string): string {
  const [, ...places] = zone.split("/")
  return places.length === 0 ? zone : places.join(", ").replaceAll("_", " ")
}
