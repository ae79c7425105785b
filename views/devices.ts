/** In the order of asking: many browsers also name those that they descend from. */
const programs: [name: string, mark: RegExp][] = [
  ["Edge", /\bEdg(e|A|iOS)?\//],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(Firefox|FxiOS)\//],
  ["Chrome", /\b(Chrome|Chromium|CriOS|HeadlessChrome)\//],
  ["Safari", /\bSafari\//],
]
const systems: [name: string, mark: RegExp][] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\b(Macintosh|Mac OS X)\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
]

/** A browser or program by what it called itself: "Firefox on Linux", "curl". A hint for people, no proof. */
export function deviceName(userAgent: string | null): string {
  if (!userAgent) return "Unknown device"

  const [program, system] = [nameIn(programs, userAgent), nameIn(systems, userAgent)]
  if (program) return system ? `${program} on ${system}` : program
  return userAgent.match(/^[\w.-]{1,40}/)?.[0] ?? system ?? "Unknown device"
}

function nameIn(known: [name: string, mark: RegExp][], userAgent: string): string | undefined {
  return known.find(([, mark]) => mark.test(userAgent))?.[0]
}
