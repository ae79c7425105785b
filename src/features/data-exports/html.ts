/** A readable page of an archive. It needs nothing else: no script, and a style of its own. */
export function htmlBegin(title: string): string {
  const escaped = Bun.escapeHTML(title)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped}</title>
<style>
body { max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
article { margin-block: 1rem; }
time { font-size: 0.875rem; }
p { margin-block: 0.25rem; white-space: pre-wrap; }
</style>
</head>
<body>
<main>
<h1>${escaped}</h1>
`
}

export const htmlEnd = "</main>\n</body>\n</html>\n"

/** A list of links within the archive, relative to its root. */
export function htmlLinks(links: { path: string; text: string }[], root = ""): string {
  const items = links.map(
    ({ path, text }) =>
      `<li><a href="${Bun.escapeHTML(root + pathUrl(path))}">${Bun.escapeHTML(text)}</a></li>`,
  )
  return `<ul>\n${items.join("\n")}\n</ul>\n`
}

function pathUrl(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/")
}

/** One message, with the files that were sent with it. */
export function htmlMessage(message: {
  content: string
  createdAt: Date
  attachments: { file: string; name: string }[]
}): string {
  const { content, createdAt, attachments } = message
  const at = createdAt.toISOString()
  const files = attachments.map(({ file, name }) => ({ path: file, text: name }))
  return `<article>
<time datetime="${at}">${at.replace("T", " ").slice(0, 19)} UTC</time>
<p>${Bun.escapeHTML(content)}</p>
${files.length > 0 ? htmlLinks(files, "../") : ""}</article>
`
}
