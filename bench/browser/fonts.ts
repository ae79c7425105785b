import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const folder = join(import.meta.dir, "../../data/bench/fonts")
const packages = ["fonts-liberation", "fonts-noto-color-emoji"]
const fonts = new Bun.Glob(
  "usr/share/fonts/truetype/{liberation,noto}/{LiberationSans-Regular,NotoColorEmoji}.ttf",
)

/**
 * The environment of a browser with the fonts of nearly all devices: one for text, and one of emoji in color. Without it the
 * chat loads its own, of which each part lays out the whole page; Debian's usual font for text draws some emoji in black. The
 * fonts are Debian's and are not installed: tests are about devices without emoji. Empty where they cannot be had.
 */
export function withUsualFonts(): Record<string, string> {
  mkdirSync(folder, { recursive: true })
  const areThere = () => [...fonts.scanSync(folder)].length === packages.length
  if (!areThere() && Bun.which("apt-get") && Bun.which("dpkg-deb")) unpackFonts()
  if (!areThere()) return {}

  const configuration = join(folder, "fonts.conf")
  writeFileSync(
    configuration,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <cachedir>${join(folder, "cache")}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Liberation Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Liberation Mono</family></prefer></alias>
</fontconfig>
`,
  )
  return { FONTCONFIG_FILE: configuration }
}

function unpackFonts(): void {
  const run = (...command: string[]) =>
    Bun.spawnSync(command, { cwd: folder, stdout: "ignore", stderr: "ignore" })
  run("apt-get", "download", "-qq", ...packages)
  for (const archive of new Bun.Glob("*.deb").scanSync(folder)) run("dpkg-deb", "-x", archive, ".")
}
