import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { chromium } from "playwright-core"

/** Where Debian, Ubuntu and the like put it. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

/** The browser that tests drive: `CHROMIUM_PATH`, the system's, or Playwright's own. */
export function findChromium(): string | undefined {
  const own = chromium.executablePath()
  return [process.env.CHROMIUM_PATH, ...places, own].find((path) => path && existsSync(path))
}

/** Installs Chromium where there is none: by the system's package where that is allowed, else Playwright's. */
function installChromium(): void {
  const isDebian = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0
  if (isDebian) {
    run("apt-get", ["update", "-qq"])
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"])
  }
  if (!findChromium()) run(process.execPath, ["x", "playwright-core", "install", "chromium"])
}

function run(command: string, args: string[]): void {
  process.stderr.write(`$ ${command} ${args.join(" ")}\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], env })
}

if (import.meta.main && !findChromium()) {
  installChromium()
  if (!findChromium()) {
    process.stderr.write("The browser tests need Chromium: install it, or name it in CHROMIUM_PATH\n")
    process.exit(1)
  }
}
