import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { chromium } from "playwright-core"

/** Where Debian, Ubuntu and the like put it. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

/** The same engine without windows, profiles and what else nobody sees here: it takes less than half the time. */
const shell = "/usr/bin/chromium-headless-shell"

/**
 * The browser that tests drive: `CHROMIUM_PATH`, the system's, or Playwright's own. The shell when it is there,
 * unless a test is about what only whole browsers do.
 */
export function findChromium({ isWhole = false } = {}): string | undefined {
  const own = chromium.executablePath()
  const known = [process.env.CHROMIUM_PATH, ...(isWhole ? [] : [shell]), ...places, own]
  return known.find((path) => path && existsSync(path))
}

/** By the system's packages where that is allowed, else Playwright's. */
function installChromium(): void {
  if (mayInstall) {
    const install = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
    run("apt-get", ["update", "-qq"])
    // Not every system has the shell.
    if (!run("apt-get", [...install, "chromium-headless-shell"])) run("apt-get", install)
  }
  if (!isThere()) run(process.execPath, ["x", "playwright-core", "install", "chromium"])
}

const mayInstall = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0
const isThere = () => findChromium({ isWhole: true }) !== undefined

function run(command: string, args: string[]): boolean {
  process.stderr.write(`$ ${command} ${args.join(" ")}\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  return spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], env }).status === 0
}

/** The system's Chromium was installed without its shell. */
const lacksShell = () => mayInstall && !existsSync(shell) && places.some((path) => path === findChromium())

if (import.meta.main && (!isThere() || lacksShell())) {
  installChromium()
  if (!isThere()) {
    process.stderr.write("The browser tests need Chromium: install it, or name it in CHROMIUM_PATH\n")
    process.exit(1)
  }
}
