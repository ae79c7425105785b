/**
 * Is the text of a paste what was meant, and not its files? Office programs add a picture of the text. Browsers add a page
 * with nothing but the picture, and file managers the names of the files.
 * @param {DataTransfer} clipboardData
 */
export function hasText(clipboardData) {
  const html = clipboardData
    .getData("text/html")
    .replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<[^>]*>/g, "")
  if (html.trim() !== "") return true

  const names = [...clipboardData.files].map(({ name }) => name)
  return clipboardData
    .getData("text/plain")
    .split("\n")
    .map((line) => line.trim())
    .some((line) => line !== "" && !line.startsWith("file:") && !names.includes(fileName(line)))
}

/** @param {string} path */
function fileName(path) {
  return path.split(/[\\/]/).at(-1) ?? ""
}
